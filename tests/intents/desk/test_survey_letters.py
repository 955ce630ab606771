"""Who is asked to answer a survey and when, and what comes of it, with real books on SQLite."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from intents.desk import meetings, survey_clock, surveys
from intents.desk.books import Recipient
from intents.desk.consultations import Pen
from intents.desk.meeting_records import MeetingReply, NewInvitation
from intents.desk.moments import TOKYO
from intents.desk.refused import Refused
from intents.desk.seats import SeatState
from intents.desk.seminar_records import NewSeminar, SeminarKind, SeminarState, SignUp
from intents.desk.survey_records import Kind, NewAnswer, NewSurvey, Survey, SurveyMoment, SurveyQuestion
from intents.desk.survey_results import Results, results
from intents.notices import load_notices
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage.books import books
from storage.database import Database
from storage.tables import outbox
from tests.kit import NOON

PEN = Pen(load_notices(), load_wording())
START = datetime(2026, 12, 10, 13, 30, tzinfo=TOKYO)
END = START + timedelta(hours=2)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUESTIONS = (
    SurveyQuestion(text="役に立ちましたか", kind=Kind.SCALE),
    SurveyQuestion(text="次は", kind=Kind.ONE, options=("相談", "なし")),
    SurveyQuestion(text="費用の悩み", kind=Kind.TEXT, theme="費用"),
    SurveyQuestion(text="人手の悩み", kind=Kind.TEXT, theme="体制"),
)


class Event:
    """A seminar or a meeting with a survey, and a clock that a test sets."""

    def __init__(self, database: Database, moment: SurveyMoment, kind: SeminarKind) -> None:
        self.database, self.now = database, NOON
        with books(database, NOON, "staff:t") as opened:
            new = NewSeminar(title="会", kind=kind, starts_at=START, ends_at=END, capacity=9)
            self.event = opened.seminars.add(new)
            self.survey = surveys.create(
                opened,
                NewSurvey(
                    title="問い",
                    seminar=self.event.id,
                    closes_at=END + 10 * DAY,
                    questions=QUESTIONS,
                    moment=moment,
                ),
            )

    def sign_up(self, name: str, state: SeatState = SeatState.CONFIRMED) -> str:
        """Somebody is registered."""
        with books(self.database, NOON, "staff:t") as opened:
            to = Recipient(0, f"web:{name}", f"{name}@example.jp", Lang.JA)
            wanted = SignUp(to=to, name=name, organisation="個人")
            return opened.seminars.register(self.event.id, wanted, state).number

    def tick(self, *moments: datetime) -> list[str]:
        """The clock at these moments, twice each; gives the keys of the letters so far, without way and survey."""
        for self.now in moments:
            for _ in range(2):
                with books(self.database, self.now, "clock") as opened:
                    survey_clock.tick(opened, PEN)
        with self.database.look() as connection:
            mine = select(outbox.c.key).where(outbox.c.key.startswith("survey:")).order_by(outbox.c.id)
            keys = connection.scalars(mine).all()
        return [":".join(key.split(":")[2:4]) for key in keys]

    def answer(self, who: str, answers: dict[str, tuple[str, ...]], comment: str = "") -> None:
        """Somebody answers."""
        with books(self.database, self.now, "person:x") as opened:
            new = NewAnswer(respondent=who, person="web:x", answers=answers, comment=comment)
            surveys.answer(opened, self.survey.number, new)

    def results(self) -> Results:
        """What came of it."""
        with books(self.database, self.now, "staff:t") as opened:
            return results(opened, self.survey)


@pytest.fixture
def seminar(sqlite_database: Database) -> Event:
    """A seminar with a survey after it."""
    return Event(sqlite_database, SurveyMoment.AFTER, SeminarKind.SEMINAR)


@pytest.fixture
def meeting(sqlite_database: Database) -> Event:
    """A meeting with a survey before it."""
    return Event(sqlite_database, SurveyMoment.BEFORE, SeminarKind.MEETING)


def test_asked_an_hour_after_the_end_and_reminded_once(seminar: Event) -> None:
    """Not before, not who waits; the reminder three days later only to who has not answered; none after that."""
    first, second = seminar.sign_up("a"), seminar.sign_up("b")
    seminar.sign_up("c", SeatState.WAITING)
    assert seminar.tick(END, END + HOUR - timedelta(seconds=1)) == []
    asked = [f"{first}:survey_asked", f"{second}:survey_asked"]
    assert seminar.tick(END + HOUR, END + 2 * HOUR) == asked
    seminar.answer(first, {"1": ("5",)})
    assert seminar.tick(END + HOUR + 3 * DAY - timedelta(seconds=1)) == asked
    assert seminar.tick(END + HOUR + 3 * DAY, END + 9 * DAY) == [*asked, f"{second}:survey_reminder"]


def test_who_did_not_come_is_not_asked(seminar: Event) -> None:
    """Where attendance was taken; who is found to have come later is asked then."""
    came, absent = seminar.sign_up("a"), seminar.sign_up("b")
    _came(seminar, came)
    assert seminar.tick(END + HOUR) == [f"{came}:survey_asked"]
    _came(seminar, absent)
    assert seminar.tick(END + DAY) == [f"{came}:survey_asked", f"{absent}:survey_asked"]


def _came(event: Event, number: str) -> None:
    with books(event.database, END, "staff:t") as opened:
        one = opened.seminars.registration(number)
        assert one
        opened.seminars.update(replace(one, attended=True))
        opened.seminars.save(replace(event.event, state=SeminarState.HELD))


@pytest.mark.parametrize("how", ["closed", "over", "cancelled"])
def test_nothing_leaves_when_it_is_over(seminar: Event, how: str) -> None:
    """Closed by hand, by its day, or the seminar did not take place."""
    number = seminar.sign_up("a")
    with books(seminar.database, NOON, "staff:t") as opened:
        if how == "closed":
            surveys.set_open(opened, seminar.survey.number, is_open=False)
        if how == "cancelled":
            opened.seminars.save(replace(seminar.event, state=SeminarState.CANCELLED))
    late = END + 10 * DAY if how == "over" else END + HOUR
    assert seminar.tick(late) == []
    with pytest.raises(Refused, match="survey_closed"):
        seminar.answer(number, {"1": ("5",)})


def test_before_a_meeting_who_is_invited_is_asked(meeting: Event) -> None:
    """By the clock's next tick, until the start; not who declined. The answers are read by theme and department."""
    wanted = [
        NewInvitation(prefecture="群馬県", department=f"{name}課", name=name, mail=f"{name}@example.jp")
        for name in ("林政", "環境")
    ]
    with books(meeting.database, NOON, "staff:t") as opened:
        first, second = meetings.invite(opened, PEN, meeting.event.number, wanted)
        meetings.reply(opened, PEN, second.number, MeetingReply(to=second.to, attending=False))
    assert meeting.tick(NOON + HOUR) == [f"{first.number}:survey_asked"]
    meeting.answer(first.number, {"3": ("委託費",)}, "よろしく")
    found = meeting.results()
    assert {theme: [(one.group, one.text) for one in said] for theme, said in found.themes.items()} == {
        "費用": [("群馬県 林政課", "委託費")],
        "体制": [],
    }
    assert [one.group for one in found.comments] == ["群馬県 林政課"]
    meeting.now = START
    with pytest.raises(Refused, match="survey_closed"):
        meeting.answer(second.number, {"3": ("旅費",)})


def test_the_response_rate_counts_everybody_who_was_reached(seminar: Event) -> None:
    """Asked or answered unasked; a scale has a mean, options their counts; replacing does not count twice."""
    numbers = [seminar.sign_up(name) for name in "abc"]
    seminar.tick(END + HOUR)
    seminar.answer(numbers[0], {"1": ("5",), "2": ("相談",)})
    seminar.answer(numbers[0], {"1": ("4",), "2": ("相談",)})
    seminar.answer(numbers[1], {"1": ("1",)})
    found = seminar.results()
    assert (found.reached, found.answered, found.per_mille) == (3, 2, 667)
    scale, choice = found.questions[:2]
    assert (scale.mean, scale.answered) == (Decimal("2.50"), 2)
    assert dict(choice.counts) == {"相談": 1, "なし": 0}


def test_who_was_never_asked_cannot_answer(seminar: Event, sqlite_database: Database) -> None:
    """A number of nobody, and of another event."""
    seminar.now = END + HOUR
    other = Event(sqlite_database, SurveyMoment.AFTER, SeminarKind.SEMINAR)
    for number in ("R-00099", other.sign_up("z"), "x"):
        with pytest.raises(Refused, match="not_asked"):
            seminar.answer(number, {"1": ("5",)})


def test_what_is_written_is_read_again(seminar: Event) -> None:
    """Every field of a survey comes back as it was."""
    with books(seminar.database, NOON, "staff:t") as opened:
        found = opened.surveys.find(seminar.survey.number)
        assert found == seminar.survey
        assert isinstance(found, Survey)
        assert opened.surveys.find("Q-99") is opened.surveys.find("x") is None
