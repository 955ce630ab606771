"""Surveys: what staff ask, who may answer and until when, and one answer of each that counts."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from intents.desk.meeting_records import Invitation
from intents.desk.refused import Refused
from intents.desk.seminar_excerpts import Seated
from intents.desk.seminar_records import Registration, Seminar, SeminarState
from intents.desk.seminar_seating import find_seminar
from intents.desk.survey_books import SurveyBooks
from intents.desk.survey_records import (
    Answer,
    NewAnswer,
    NewSurvey,
    Respondent,
    Survey,
    SurveyMoment,
    SurveyState,
)

# ------------------------------------------------ staff


def create(books: SurveyBooks, new: NewSurvey) -> Survey:
    """Writes a new survey down; what it says has been checked."""
    survey = books.surveys.add(new)
    after = {"title": survey.title, "seminar": survey.seminar, "moment": survey.moment}
    books.audit.note(survey.subject, "created", after=after)
    return survey


def set_open(books: SurveyBooks, number: str, *, is_open: bool) -> Survey:
    """Opens or closes a survey by hand; twice is once. Refused: no_survey, closing_past."""
    survey = books.surveys.lock(find_survey(books, number).id)
    state = SurveyState.OPEN if is_open else SurveyState.CLOSED
    if survey.state is state:
        return survey
    if is_open and survey.closes_at <= books.now:
        raise Refused("closing_past", number=survey.number, closes=survey.closes_at)
    now = replace(survey, state=state)
    books.surveys.save(now)
    books.audit.note(survey.subject, "opened" if is_open else "closed", before={"state": survey.state})
    return now


def find_survey(books: SurveyBooks, number: str) -> Survey:
    """The survey of that number, not locked. Refused: no_survey."""
    if found := books.surveys.find(number):
        return found
    raise Refused("no_survey", number=number)


def event_of(books: SurveyBooks, survey: Survey) -> Seminar:
    """The seminar or meeting that a survey is about."""
    return find_seminar(books, f"S-{survey.seminar}")


# ------------------------------------------------ who may answer


def ends_at(survey: Survey, event: Seminar) -> datetime:
    """Until when answers count: a survey that prepares an event ends with its start at the latest."""
    return (
        min(survey.closes_at, event.starts_at) if survey.moment is SurveyMoment.BEFORE else survey.closes_at
    )


def is_open(survey: Survey, event: Seminar, now: datetime) -> bool:
    """Whether it takes answers now."""
    begins = event.ends_at if survey.moment is SurveyMoment.AFTER else survey.created_at
    going = survey.state is SurveyState.OPEN and event.state is not SeminarState.CANCELLED
    return going and begins <= now < ends_at(survey, event)


def respondents(books: SurveyBooks, survey: Survey, event: Seminar) -> tuple[Respondent, ...]:
    """Who is asked: after the event those who came, or were to come where nobody noted who did; before it, who is invited."""
    after = survey.moment is SurveyMoment.AFTER
    held = after and event.state is SeminarState.HELD
    seated = books.seminars.seated(event.id)
    invited = books.invitations.of_meeting(event.id)
    return (
        *(_registered(one) for one in seated if one.attended or not held),
        *(_invited(one) for one in invited if _is_asked(one, after=after, held=held)),
    )


def _is_asked(one: Invitation, *, after: bool, held: bool) -> bool:
    if held:
        return one.attended is True
    return one.attending is True if after else one.attending is not False


def _registered(one: Registration | Seated) -> Respondent:
    return Respondent(one.number, one.name, one.to)


def _invited(one: Invitation) -> Respondent:
    return Respondent(one.number, one.name, one.to, f"{one.prefecture} {one.department}")


def respondent_of(books: SurveyBooks, survey: Survey, number: str) -> Respondent | None:
    """Who holds a letter with that number, if it is about the survey's event."""
    if (one := books.seminars.registration(number)) and one.seminar == survey.seminar:
        return _registered(one)
    invited = books.invitations.find(number)
    return _invited(invited) if invited and invited.seminar == survey.seminar else None


@dataclass(frozen=True, slots=True)
class Open:
    """A survey that a person may answer now, as whom, and what they answered before."""

    survey: Survey
    event: Seminar
    respondent: Respondent
    before: Answer | None


def open_for(books: SurveyBooks, person: str) -> tuple[Open, ...]:
    """The surveys that a person may answer now, in the order in which they close."""
    found = sorted(books.surveys.running(), key=lambda one: one.closes_at)
    return tuple(one for survey in found for one in _open_for(books, survey, person))


def _open_for(books: SurveyBooks, survey: Survey, person: str) -> Iterator[Open]:
    event = event_of(books, survey)
    if is_open(survey, event, books.now):
        mine = (one for one in respondents(books, survey, event) if one.to.person == person)
        yield from (Open(survey, event, one, answer_of(books, survey, one.number)) for one in mine)


def by_letter(books: SurveyBooks, number: str, who: str) -> Open | None:
    """The survey that a letter's button opens; nothing when it is over or the letter is not about it."""
    survey = books.surveys.find(number)
    respondent = respondent_of(books, survey, who) if survey else None
    if survey is None or respondent is None:
        return None
    event = event_of(books, survey)
    if not is_open(survey, event, books.now):
        return None
    return Open(survey, event, respondent, answer_of(books, survey, who))


def answer_of(books: SurveyBooks, survey: Survey, respondent: str) -> Answer | None:
    """What a respondent answered, the newest."""
    answers = books.surveys.answers(survey.id)
    return next((one for one in answers if one.respondent == respondent), None)


# ------------------------------------------------ answering


def answer(books: SurveyBooks, number: str, new: NewAnswer) -> Answer:
    """Keeps an answer; the newest of a respondent counts, the same once more is nothing new.

    Refused: no_survey, survey_closed, not_asked.
    """
    survey = books.surveys.lock(find_survey(books, number).id)
    event = event_of(books, survey)
    if not is_open(survey, event, books.now):
        raise Refused("survey_closed", title=survey.title)
    if respondent_of(books, survey, new.respondent) is None:
        raise Refused("not_asked", title=survey.title)
    before = answer_of(books, survey, new.respondent)
    if before and (before.answers, before.comment) == (new.answers, new.comment):
        return before
    kept = books.surveys.keep(survey.id, new)
    books.audit.note(survey.subject, "answered_anew" if before else "answered", after={"answer": kept.id})
    return kept
