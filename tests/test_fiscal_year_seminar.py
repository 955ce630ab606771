"""The seminar of fiscal year 2022 as its public report tells it (seed-kanto-r4), replayed through the real rules.

The report gives: 200 seats, then 250; 216 attended; 11 took a consultation that they had asked for in advance.
How many waited, declined or let an offer lapse it does not tell: those figures are examples.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy import func, select

from bot.seminar_csv import names_in
from intents.desk import clock_work, seminars, seminars_staff, surveys
from intents.desk.books import Recipient
from intents.desk.moments import TOKYO
from intents.desk.seats import SeatState
from intents.desk.seminar_buttons import letters_with_buttons
from intents.desk.seminar_letters import SeminarLetters
from intents.desk.seminar_records import NewSeminar, Registration, SignUp
from intents.desk.survey_records import Kind, NewAnswer, NewSurvey, SurveyQuestion
from intents.desk.survey_results import results
from intents.messages import Submitted
from intents.notices import load_notices
from knowledge.model import Lang
from storage.books import StoredBooks, books
from storage.database import Database
from storage.tables import audit, consultation, outbox
from tests.world import WORDING, Talk, form_of

# seed-kanto-r4 (fiscal year 2022).
SEATS, RAISED, ATTENDED, CONSULTATIONS = 200, 250, 216, 11
STARTS = datetime(2022, 11, 29, 13, 30, tzinfo=TOKYO)
# Examples: the report does not tell them.
WAITED, DECLINED, LAPSED = 60, 4, 6
OPENED = datetime(2022, 10, 3, 9, 0, tzinfo=TOKYO)
RAISE = datetime(2022, 11, 10, 10, 0, tzinfo=TOKYO)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOTICES = load_notices()
USEFUL = SurveyQuestion(text="役に立ちましたか", kind=Kind.SCALE, required=True)
T = TypeVar("T")


class Year:
    """The office's books with a clock that the replay moves."""

    def __init__(self, database: Database) -> None:
        self.database, self.now = database, OPENED
        ends = STARTS + 2 * HOUR
        new = NewSeminar(title="制度と活用セミナー", starts_at=STARTS, ends_at=ends, capacity=SEATS)
        self.seminar = self.run(lambda opened, _: seminars_staff.create(opened, new))
        self.number = self.seminar.number

    def run(self, use: Callable[[StoredBooks, SeminarLetters], T]) -> T:
        """One transaction at this moment."""
        with books(self.database, self.now, "staff:t") as opened:
            return use(opened, letters_with_buttons(opened.links, NOTICES, WORDING))

    def accept(self, *numbers: str) -> None:
        """So many take the seat that is held for them."""
        for number in numbers:
            self.run(partial(_accept, number))

    def all(self) -> tuple[Registration, ...]:
        """Everybody, in the order of arrival."""
        return self.run(lambda opened, _: opened.seminars.registrations(self.seminar.id))

    def states(self) -> Counter[SeatState]:
        """How many stand where."""
        return Counter(one.state for one in self.all())

    def numbers(self, state: SeatState) -> list[str]:
        """The numbers of those who stand there, in the order of arrival."""
        return [one.number for one in self.all() if one.state is state]

    def tick(self, at: datetime) -> None:
        """It is that late, and two processes see it."""
        self.now = at
        for _ in range(2):
            self.run(lambda opened, __: clock_work.tick(opened, NOTICES, WORDING))

    def keys(self, part: str) -> list[str]:
        """The keys of letters of one kind."""
        with self.database.look() as connection:
            return [key for key in connection.scalars(select(outbox.c.key)) if part in key]


def _accept(number: str, opened: StoredBooks, letters: SeminarLetters) -> Registration:
    return seminars.accept(opened, letters, number)


def _decline(number: str, opened: StoredBooks, letters: SeminarLetters) -> Registration:
    return seminars.decline(opened, letters, number)


def _by_chat(year: Year, number: int) -> None:
    """Somebody signs up by talking, and asks for a consultation in the same go."""
    talk = Talk(year.database, f"c{number}")
    talk.line = replace(talk.line, clock=lambda: year.now)
    token = form_of(talk.say("説明会に申し込みたい")).token
    fields = {
        "consent": "yes",
        "seminar": year.number,
        "party": "1",
        "organisation": f"相談{number}社",
        "name": f"相談{number}人目",
        "mail": f"p{number}@example.jp",
        "phone": "",
        "question": "",
        "wants_consultation": "yes",
        "stage": "stage_interest",
        "about": "創出の流れを知りたい",
    }
    talk.say(Submitted(token, fields))
    assert "K-" in talk.text("送信")


def _by_books(year: Year, number: int) -> None:
    to = Recipient(0, f"web:p{number}", f"p{number}@example.jp", Lang.JA)
    wanted = SignUp(to=to, name=f"{number}人目", organisation="試験工業")
    year.run(lambda opened, letters: seminars.sign_up(opened, letters, year.number, wanted))


def _fill(year: Year) -> None:
    """Two hundred and sixty arrive; every twentieth by chat with a consultation, until there are eleven."""
    for number in range(1, SEATS + WAITED + 1):
        year.now += timedelta(minutes=5)
        by_chat = number % 20 == 0 and number // 20 <= CONSULTATIONS
        (_by_chat if by_chat else _by_books)(year, number)


def _answer_offers(year: Year, offered: list[str]) -> None:
    """All but ten take the seat, four leave it, six do not answer."""
    taken = offered[: -(DECLINED + LAPSED)]
    year.accept(*taken)
    for number in offered[len(taken) : len(taken) + DECLINED]:
        year.run(partial(_decline, number))


def test_replay_seminar_fy2022(sqlite_database: Database) -> None:
    """From 200 seats to 250, the line in order and nobody lost; 216 came, 11 took a consultation."""
    year = Year(sqlite_database)
    _fill(year)
    line = year.numbers(SeatState.WAITING)
    assert year.states() == {SeatState.CONFIRMED: SEATS, SeatState.WAITING: WAITED}
    _raise(year, line)
    _settle_offers(year, line)
    _remind(year)
    _attend(year)
    _survey(year)
    with sqlite_database.look() as connection:
        assert connection.scalar(select(func.count()).select_from(consultation)) == CONSULTATIONS
    wished = [one for one in year.all() if one.wants_consultation]
    assert len(wished) == CONSULTATIONS


def _raise(year: Year, line: list[str]) -> None:
    """The preview says what the raise then does, in the order of arrival; once, and in the audit."""
    year.now = RAISE
    preview = year.run(lambda opened, _: seminars_staff.preview_raise(opened, year.number, RAISED))
    assert (preview.before, preview.after, preview.letters, preview.taken) == (SEATS, RAISED, 50, RAISED)
    assert len(preview.stay) == WAITED - 50
    offered = year.run(
        lambda opened, letters: seminars_staff.raise_capacity(opened, letters, year.number, RAISED, "満席")
    )
    assert tuple(one.id for one in offered) == preview.offered
    assert [one.number for one in offered] == line[:50]
    with year.database.look() as connection:
        row = connection.execute(select(audit).where(audit.c.action == "capacity_raised")).one()
    assert (row.before["capacity"], row.after["capacity"]) == (SEATS, RAISED)


def _settle_offers(year: Year, line: list[str]) -> None:
    """A seat that is left goes to the next in line, one without an answer a day later; all 260 are accounted for."""
    _answer_offers(year, line[:50])
    assert year.numbers(SeatState.OFFERED) == [*line[44:50], *line[50:54]]
    year.accept(*line[50:54])
    year.tick(RAISE + DAY - timedelta(seconds=1))
    assert year.states()[SeatState.EXPIRED] == 0
    year.tick(RAISE + DAY)
    assert year.numbers(SeatState.EXPIRED) == line[44:50]
    assert year.numbers(SeatState.OFFERED) == line[54:60]
    year.accept(*line[54:60])
    assert year.states() == {
        SeatState.CONFIRMED: RAISED,
        SeatState.DECLINED: DECLINED,
        SeatState.EXPIRED: LAPSED,
    }
    assert [one.id for one in year.all()] == sorted(one.id for one in year.all())


def _remind(year: Year) -> None:
    """On the day before and on the morning, once each for who has a seat, however often the clock looks."""
    year.tick((STARTS - DAY).replace(hour=10, minute=0))
    year.tick(STARTS.replace(hour=8, minute=30))
    for name in (":reminder:", ":reminder_today:"):
        sent = Counter(key.partition(name)[0] for key in year.keys(name) if key.endswith(":mail"))
        assert sent == dict.fromkeys(sent, 1)
        assert len(sent) == RAISED


def _attend(year: Year) -> None:
    """The list of who came, as a spreadsheet of Windows saves it: numbers, addresses, and somebody nobody knows."""
    year.now = STARTS + HOUR
    seated = [one for one in year.all() if one.state is SeatState.CONFIRMED][:ATTENDED]
    rows = [one.number if one.id % 2 else one.mail.upper() for one in seated]
    file = "受付番号かメール,名前\r\n" + "".join(
        f"{row},誰か\r\n" for row in [*rows, "x@example.com", rows[0]]
    )
    names = names_in(file.encode("cp932"))
    found = year.run(lambda opened, _: seminars_staff.take_attendance(opened, year.number, names))
    assert (len(found.came), len(found.absent), found.unknown) == (
        ATTENDED,
        RAISED - ATTENDED,
        ("x@example.com",),
    )
    assert sum(one.attended is True for one in year.all()) == ATTENDED


def _survey(year: Year) -> None:
    """Those who came are asked once, and their answers are counted."""
    closes = STARTS + 20 * DAY
    new = NewSurvey(title="ご感想", seminar=year.seminar.id, closes_at=closes, questions=(USEFUL,))
    survey = year.run(lambda opened, _: surveys.create(opened, new))
    year.tick(STARTS + 4 * HOUR)
    came = [one.number for one in year.all() if one.attended]
    with books(year.database, year.now, "person:web:p") as opened:
        for number in came[:54]:
            answer = NewAnswer(respondent=number, person="web:p", answers={"1": ("4",)})
            surveys.answer(opened, survey.number, answer)
    found = year.run(lambda opened, _: results(opened, survey))
    assert (found.reached, found.answered, found.per_mille) == (ATTENDED, 54, 250)
