"""Money that runs out: whoever has a draft is told at the set levels, once each; a window closes itself."""

import threading
from datetime import date
from functools import partial

from intents.desk.nudges.records import ObligationState
from intents.desk.projects import rounds
from intents.desk.projects.records import Window, WindowKind
from storage.books import StoredBooks
from storage.database import Database
from tests.intents.desk.nudges.nudge_world import (
    at,
    days,
    do,
    enter,
    letters,
    look,
    obligations,
    text_of,
    tick,
)

NOW = at(2026, 5, 11, 8)


def _window(database: Database) -> int:
    def add(opened: StoredBooks) -> int:
        new = Window(
            id=0,
            kind=WindowKind.SUPPORT,
            name="検証費用の支援",
            year=2026,
            opens_on=date(2026, 4, 15),
            closes_at=at(2026, 10, 30, 17),
        )
        return rounds.add_window(opened, new).id

    return do(database, NOW, add)


def test_a_level_is_told_once_and_to_drafts_only(database: Database) -> None:
    """With what is left as of the last notice; another level is told again."""
    window = _window(database)
    draft = enter(database, NOW, "P-001", second="")
    idle = enter(
        database, NOW, "P-002", owner="idle@x.example", second="", registration_date=date(2026, 5, 1)
    )
    tick(database, NOW)
    assert "DL-12" in obligations(database, draft)
    assert "DL-12" in obligations(database, idle)
    do(database, NOW, lambda opened: rounds.use(opened, window, 55, date(2026, 5, 8)))
    days(database, at(2026, 5, 11), at(2026, 5, 14), hours=(10, 12))
    (told,) = letters(database)
    assert told.address["mail"] == "owner@factory.example"
    assert "55% が使われ、残りは 45%" in text_of(told)
    do(database, at(2026, 5, 15, 8), lambda opened: rounds.use(opened, window, 72, date(2026, 5, 15)))
    days(database, at(2026, 5, 15), at(2026, 5, 20), hours=(10,))
    assert "残りは 28%" in text_of(letters(database)[-1])
    assert len(letters(database)) == 2


def test_a_window_closes_itself(database: Database) -> None:
    """At its end, or when the money is gone; nobody is reminded of it any more."""
    window = _window(database)
    draft = enter(database, NOW, "P-001", second="")
    tick(database, NOW)
    tick(database, at(2026, 10, 30, 16, 59))
    closed = look(database, NOW, lambda opened: rounds.find_window(opened, window)).closed_at
    assert closed is None
    tick(database, at(2026, 10, 30, 17))
    assert look(database, NOW, lambda opened: rounds.find_window(opened, window)).closed_at is not None
    tick(database, at(2026, 10, 30, 17, 1))
    assert obligations(database, draft)["DL-12"].state is ObligationState.DONE


def test_staff_and_the_clock_at_once(postgres_database: Database) -> None:
    """Whoever comes second sees what the first one entered: the clock overwrites no figure of staff's."""
    window = _window(postgres_database)
    do(postgres_database, NOW, lambda opened: rounds.use(opened, window, 55, date(2026, 5, 8)))
    clock = threading.Thread(target=partial(tick, postgres_database, NOW))

    def enters(opened: StoredBooks) -> None:
        opened.calendars.hold()
        clock.start()
        # Long enough for the clock to have read what stands there now, if it could.
        clock.join(0.5)
        rounds.use(opened, window, 72, date(2026, 5, 11))

    do(postgres_database, NOW, enters)
    clock.join()
    stands = look(postgres_database, NOW, lambda opened: rounds.find_window(opened, window))
    assert (stands.used, stands.warned) == (72, (70,))
