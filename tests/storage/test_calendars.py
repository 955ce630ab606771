"""What staff enter, on both engines: rounds, windows and settings are written, changed and taken back."""

from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event

from intents.desk.projects.records import Round, Window, WindowKind
from storage.books import books
from storage.calendars import StoredCalendars
from storage.database import Database
from storage.tables import rule_setting
from tests.kit import NOON

WINDOW = Window(
    id=0,
    kind=WindowKind.SUPPORT,
    name="登録支援",
    year=2026,
    opens_on=date(2026, 4, 20),
    closes_at=NOON,
    announced_on=date(2026, 4, 1),
    used=40,
    used_as_of=date(2026, 11, 1),
    levels=(50, 80),
    warned=(50,),
    closed_at=NOON,
    source="窓口",
)


def test_rounds_by_number(database: Database) -> None:
    """Entered, changed, and open where nothing is known."""
    with books(database, NOON, "staff:x") as opened:
        opened.calendars.put_round(Round(60))
        opened.calendars.put_round(Round(59, date(2026, 12, 1), date(2026, 10, 1)))
        opened.calendars.put_round(Round(60, None, date(2027, 1, 8)))
    with books(database, NOON, "staff:x") as opened:
        assert opened.calendars.rounds() == (
            Round(59, date(2026, 12, 1), date(2026, 10, 1)),
            Round(60, None, date(2027, 1, 8)),
        )


def test_windows_come_back_and_stand_once(database: Database) -> None:
    """Every field; the same name in the same year is refused, and the newest year comes first."""
    with books(database, NOON, "staff:x") as opened:
        added = opened.calendars.add_window(WINDOW)
        assert replace(added, id=0) == WINDOW
        with pytest.raises(ValueError, match="登録支援"):
            opened.calendars.add_window(WINDOW)
        later = opened.calendars.add_window(replace(WINDOW, year=2027))
        opened.calendars.save_window(replace(added, used=None, closed_at=None))
    with books(database, NOON, "staff:x") as opened:
        assert opened.calendars.windows() == (later, replace(added, used=None, closed_at=None))


def test_settings_are_entered_and_taken_back(database: Database) -> None:
    """By rule and name, with who entered them; an empty value is none."""
    with books(database, NOON, "staff:dai") as opened:
        opened.calendars.put_setting("DL-05", "submission_month", "4")
        opened.calendars.put_setting("DL-05", "submission_month", "5")
        opened.calendars.put_setting("DL-10", "enabled", "yes")
        opened.calendars.put_setting("DL-10", "enabled", "")
        assert opened.calendars.settings() == {"DL-05": {"submission_month": "5"}}
    with database.look() as connection:
        row = connection.execute(rule_setting.select()).one()
    assert (row.by, row.at) == ("staff:dai", NOON)


def test_what_another_process_enters_counts_at_once(database: Database) -> None:
    """Each process keeps what it read last, and reads it anew once it has changed."""
    other = Database(database.engine.url.render_as_string(hide_password=False))
    for number in (59, 60):
        with books(database, NOON, "staff:x") as opened:
            opened.calendars.put_round(Round(number))
        with other.look() as connection:
            seen = StoredCalendars(connection, other, NOON, "").rounds()
        assert seen[-1] == Round(number)
    other.close()


def test_what_is_kept_costs_one_question(sqlite_database: Database) -> None:
    """As long as nothing was entered, nothing but the stamp is read."""
    asked: list[str] = []
    for _ in range(2):
        asked.clear()
        with sqlite_database.look() as connection:
            event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2]))
            found = StoredCalendars(connection, sqlite_database, NOON, "")
            assert (found.rounds(), found.windows(), found.settings()) == ((), (), {})
    assert len(asked) == 1


def test_what_came_to_nothing_is_forgotten(database: Database) -> None:
    """A round that was entered in a transaction that failed is in no process's memory."""
    with suppress(RuntimeError), books(database, NOON, "staff:x") as opened:
        opened.calendars.put_round(Round(59))
        assert opened.calendars.rounds() == (Round(59),)
        raise RuntimeError
    with books(database, NOON, "staff:x") as opened:
        assert opened.calendars.rounds() == ()
