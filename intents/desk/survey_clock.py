"""Letters of surveys by the clock: asked once, an hour after the event or when the survey is there; reminded once.

Surveys share a weekly budget with nudges: who has had enough letters is asked when there is room again.
The reminder leaves three days later, to those who have not answered; nothing leaves after the survey has closed.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from functools import partial

from intents.desk.clock_units import Subject, Unit, due, in_batches
from intents.desk.consultations import Pen
from intents.desk.contact_budget import SURVEY, has_room
from intents.desk.moments import moment_text
from intents.desk.seminar_records import Seminar
from intents.desk.survey_books import SurveyBooks
from intents.desk.survey_records import Respondent, Survey, SurveyMoment
from intents.desk.surveys import ends_at, event_of, is_open, respondents
from intents.messages import Choice, Choices, ChoiceStyle, Reply, RunCommand

START = "survey.start"
AFTER_EVENT, REMIND_AFTER = timedelta(hours=1), timedelta(days=3)
ASK, REMIND = "survey_asked", "survey_reminder"
# Whom we may write to follows from what they signed up for.
PURPOSES = {"R": "seminar", "I": "meeting"}


def subjects(books: SurveyBooks) -> Iterator[Subject[SurveyBooks]]:
    """The surveys of which something may be due."""
    yield from (partial(_to_send, survey) for survey in books.surveys.running())


def _to_send(survey: Survey, books: SurveyBooks) -> Iterator[Unit[SurveyBooks]]:
    numbers = [one.number for one, _ in _due(books, survey)]
    yield from (partial(_send, survey.id, some) for some in in_batches(numbers))


def tick(books: SurveyBooks, pen: Pen) -> None:
    """Everything that is due now, in one transaction."""
    for unit in due(subjects, books):
        unit(books, pen)


def asks_from(survey: Survey, event: Seminar) -> datetime:
    """The moment from which people are asked."""
    return event.ends_at + AFTER_EVENT if survey.moment is SurveyMoment.AFTER else survey.created_at


def _due(books: SurveyBooks, survey: Survey) -> Iterator[tuple[Respondent, str]]:
    event = event_of(books, survey)
    if not is_open(survey, event, books.now) or books.now < asks_from(survey, event):
        return
    asked = {one.respondent: one for one in books.surveys.asked(survey.id)}
    answered = books.surveys.answered(survey.id)
    for one in respondents(books, survey, event):
        before = asked.get(one.number)
        if one.number in answered:
            continue
        if before is None:
            yield one, ASK
        elif before.reminded_at is None and before.asked_at + REMIND_AFTER <= books.now:
            yield one, REMIND


def _send(id_: int, numbers: Collection[str], books: SurveyBooks, pen: Pen) -> None:
    survey = books.surveys.lock(id_)
    for one, name in tuple(_due(books, survey)):
        if one.number in numbers and has_room(books, one.to):
            _write(books, pen, survey, one, name)
            note = books.surveys.note_asked if name == ASK else books.surveys.note_reminded
            note(id_, one.number)


def _write(books: SurveyBooks, pen: Pen, survey: Survey, one: Respondent, name: str) -> None:
    event, lang = event_of(books, survey), one.to.lang
    until = moment_text(pen.wording, ends_at(survey, event), lang)
    places = {"name": one.name, "title": event.title, "survey": survey.title, "until": until}
    action = RunCommand(START, given={"who": one.number, "survey": survey.number})
    button = Choice(pen.wording.say("survey.open_button", lang), books.links.issue(action))
    choices = Choices(pen.wording.say("survey.open_prompt", lang), (button,), ChoiceStyle.OFFER)
    letter = Reply((*pen.notices.parts(name, lang, **places), choices), lang)
    key, purpose = f"{SURVEY}:{survey.id}:{one.number}:{name}", PURPOSES[one.number[0]]
    books.post.send(key, one.to, letter, purpose=purpose, due=books.now)
