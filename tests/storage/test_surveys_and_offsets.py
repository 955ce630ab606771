"""Surveys and offset applications on both engines: one answer that counts, one application, whoever comes at once."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from intents.desk import offset_applications, survey_clock, surveys
from intents.desk.books import Recipient
from intents.desk.case_records import CaseKind
from intents.desk.case_records import case_number as number
from intents.desk.consultations import Pen
from intents.desk.offset_records import Application, Contact, NewApplication, Stance
from intents.desk.offsets import Item
from intents.desk.seats import SeatState
from intents.desk.seminar_records import NewSeminar, SignUp
from intents.desk.survey_records import Answer, Kind, NewAnswer, NewSurvey, Survey, SurveyQuestion
from intents.notices import load_notices
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage import inbox
from storage.books import StoredBooks, books
from storage.database import Database, DatabaseDown
from storage.offsets import StoredOffsets
from storage.surveys import StoredSurveys
from storage.tables import case, offset_application, outbox, survey_answer
from storage.tokens import mint
from storage.unit_of_work import turn
from tests.kit import NOON, opened_case, said

PEN = Pen(load_notices(), load_wording())
RACERS = 5
TO = Recipient(0, "web:p1", "taro@example.jp", Lang.JA)
NEW = NewApplication(
    supplier="山崎醸造(株)",
    prefecture="新潟県",
    portals="新潟三越伊勢丹",
    items=(Item("味の詰合せ", 50, Decimal("2.9")), Item("味噌", 50)),
    credit="sado-toki",
    leaflet=True,
    name="山田太郎",
    mail="taro@example.jp",
    phone="",
    person="web:p1",
    lang=Lang.JA,
)


def _together(run: Callable[[int], None]) -> list[type[BaseException]]:
    """Runs at once, again while the database is busy as senders do; gives the kinds of faults."""
    gate = Barrier(RACERS)

    def one(place: int) -> type[BaseException] | None:
        gate.wait()
        while True:
            try:
                run(place)
                return None
            except DatabaseDown:
                time.sleep(0.01)
            except IntegrityError as fault:
                return type(fault)

    with ThreadPoolExecutor(RACERS) as pool:
        return [fault for fault in pool.map(one, range(RACERS)) if fault]


# ------------------------------------------------ one answer counts


def _survey(database: Database) -> Survey:
    with books(database, NOON, "staff:t") as opened:
        starts = NOON - timedelta(hours=4)
        seminar = opened.seminars.add(
            NewSeminar(title="会", starts_at=starts, ends_at=starts + timedelta(hours=1), capacity=9)
        )
        opened.seminars.register(
            seminar.id, SignUp(to=TO, name="山田", organisation="個人"), SeatState.CONFIRMED
        )
        question = SurveyQuestion(text="問い", kind=Kind.TEXT)
        closes = NOON + timedelta(days=9)
        return surveys.create(
            opened, NewSurvey(title="題", seminar=seminar.id, closes_at=closes, questions=(question,))
        )


class Unlocked(StoredSurveys):
    """The lock left out, and time between looking and writing, and between writing and the end."""

    def lock(self, survey: int) -> Survey:
        """Reads without a lock."""
        found = self.find(f"Q-{survey}")
        assert found
        return found

    def answers(self, survey: int) -> tuple[Answer, ...]:
        """Looks, and dawdles."""
        found = super().answers(survey)
        time.sleep(0.1)
        return found

    def answered(self, survey: int) -> frozenset[str]:
        """Looks, and dawdles."""
        found = super().answered(survey)
        time.sleep(0.1)
        return found

    def keep(self, survey: int, new: NewAnswer) -> Answer:
        """Writes, and dawdles before anybody else can see it."""
        kept = super().keep(survey, new)
        time.sleep(0.1)
        return kept


def _answer_at_once(
    database: Database, survey: Survey, store: type[StoredSurveys]
) -> list[type[BaseException]]:
    def run(place: int) -> None:
        with database.begin() as connection:
            opened = StoredBooks(connection, database, NOON, "person:web:p1")
            opened.surveys = store(connection, database, NOON)
            said = NewAnswer(respondent="R-00001", person="web:p1", answers={"1": (f"答え{place}",)})
            surveys.answer(opened, survey.number, said)

    return _together(run)


def _answer_states(database: Database) -> list[str]:
    with database.look() as connection:
        return sorted(connection.scalars(select(survey_answer.c.state)))


def test_answers_at_once_leave_one_that_counts(database: Database) -> None:
    """Nobody sees a fault; the others are kept as replaced."""
    assert _answer_at_once(database, _survey(database), StoredSurveys) == []
    assert _answer_states(database) == ["current", *["replaced"] * (RACERS - 1)]


def test_without_the_lock_answers_collide(postgres_database: Database) -> None:
    """The guard is the lock on the survey's row; the unique index still holds the count, at the price of faults."""
    assert IntegrityError in _answer_at_once(postgres_database, _survey(postgres_database), Unlocked)
    assert _answer_states(postgres_database).count("current") == 1


@pytest.mark.parametrize(("store", "faults"), [(StoredSurveys, False), (Unlocked, True)])
def test_many_clocks_ask_once(
    postgres_database: Database, store: type[StoredSurveys], *, faults: bool
) -> None:
    """Each process ticks; under the lock one of them writes the letter, without it they collide."""
    _survey(postgres_database)

    def run(_: int) -> None:
        with postgres_database.begin() as connection:
            opened = StoredBooks(connection, postgres_database, NOON, "clock")
            opened.surveys = store(connection, postgres_database, NOON)
            survey_clock.tick(opened, PEN)

    assert bool(_together(run)) is faults
    with postgres_database.look() as connection:
        assert connection.scalar(select(func.count()).select_from(outbox)) == 1


# ------------------------------------------------ one application


class CheckedInCode(StoredOffsets):
    """Looks whether it is there, and then writes: what the unique index makes needless."""

    def claim(self, new: NewApplication, fingerprint: str) -> tuple[Application, bool]:
        """Looks, dawdles, writes."""
        same = [one for one in self.listing() if offset_applications.fingerprint(one) == fingerprint]
        time.sleep(0.1)
        if same:
            return same[0], True
        return super().claim(new, f"{fingerprint[:40]}{mint()}")


def _apply_at_once(database: Database, store: type[StoredOffsets]) -> int:
    """So many turns send the same application at once; gives the number of cases."""
    events = inbox.add(database, [said("x", conversation=f"c{n}") for n in range(RACERS)], "t")

    def run(place: int) -> None:
        with turn(database, events[place].event, NOON) as work:
            assert work
            work.recall(Lang.JA, "e", mint)
            work.offsets = store(work._connection, database, NOON)
            offset_applications.apply(work, PEN, NEW, TO, lambda: opened_case(work, CaseKind.OFFSET, "x"))

    assert _together(run) == []
    with database.look() as connection:
        return connection.scalar(select(func.count()).select_from(case)) or 0


def test_a_retry_at_once_is_one_application(database: Database) -> None:
    """One case, one letter."""
    assert _apply_at_once(database, StoredOffsets) == 1
    with database.look() as connection:
        assert connection.scalar(select(func.count()).select_from(offset_application)) == 1
        assert connection.scalar(select(func.count()).select_from(outbox)) == 1


def test_looking_before_writing_is_not_enough(postgres_database: Database) -> None:
    """Without the unique index the same application is there twice."""
    with postgres_database.begin() as connection:
        connection.execute(text("DROP INDEX uq_offset_application_fingerprint"))
    assert _apply_at_once(postgres_database, CheckedInCode) > 1


def test_what_is_written_is_read_again(database: Database) -> None:
    """Exact decimals, an unknown factor, the day of the retirement; a retired one makes room for a new one."""
    with books(database, NOON, "staff:t") as opened:
        claimed, already = opened.offsets.claim(NEW, "f")
        assert not already
        assert opened.offsets.claim(NEW, "f")[0] == claimed
        assert {name: getattr(claimed, name) for name in NewApplication.__slots__} == {
            name: getattr(NEW, name) for name in NewApplication.__slots__
        }
        opened.offsets.save(replace(claimed, retired_on=date(2027, 2, 1)))
        again, already = opened.offsets.claim(NEW, "f")
        assert not already
        assert {one.id: one.retired_on for one in opened.offsets.listing()} == {
            claimed.id: date(2027, 2, 1),
            again.id: None,
        }
        assert opened.offsets.find(number(99)) is opened.offsets.find("x") is None


def test_an_organisation_is_on_the_list_once(database: Database) -> None:
    """However its legal form is written; the newest word stands."""
    first = Contact(organisation="株式会社三宝", asked_on=date(2022, 6, 1))
    with books(database, NOON, "staff:t") as opened:
        opened.outreach.put(first)
        agreed = replace(first, state=Stance.AGREED, answered_on=date(2022, 7, 1), note="=1")
        opened.outreach.put(agreed)
        assert opened.outreach.listing() == (agreed,)
        assert opened.outreach.find("（株）三宝") == agreed
        assert opened.outreach.find("三方") is None
