"""What comes in month by month, on both engines: it comes back with its project, and costs the others nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from intents.desk.projects.items import Doubt, ItemKind, MonitoringItem, Reading
from intents.desk.projects.records import NewProject
from storage.books import StoredBooks, books
from storage.database import Database
from tests.kit import NOON

POWER = MonitoringItem("電力量", ItemKind.FIGURE, "kWh", "2026-02")
SLIPS = MonitoringItem("検針票", ItemKind.DOCUMENT, "", "2026-04")


def _fill(opened: StoredBooks) -> None:
    """Three projects, of which the second and the third measure something."""
    for number in (1, 2, 3):
        new = NewProject(project_id=f"P-{number}", title="t", organisation="o")
        added = opened.projects.add(new)
        if number > 1:
            opened.projects.put_items(added.id, [POWER, SLIPS])


@contextmanager
def _asked(database: Database) -> Iterator[list[str]]:
    """The statements that reach the engine."""
    said: list[str] = []

    def keep(_: object, __: object, statement: str, *___: object) -> None:
        said.append(statement)

    event.listen(database.engine, "before_cursor_execute", keep)
    yield said
    event.remove(database.engine, "before_cursor_execute", keep)


def test_what_came_in_comes_back(database: Database) -> None:
    """Every field; a second value of a month takes the place of the first."""
    later = NOON + timedelta(hours=1)
    with books(database, NOON, "staff:t") as opened:
        _fill(opened)
        opened.readings.put(2, Reading(item="電力量", month="2026-03", value="1"))
    with books(database, later, "staff:t") as opened:
        whole = Reading(
            item="電力量", month="2026-03", value="120.5", note="n", doubt=Doubt.HIGH, by="contact:1"
        )
        opened.readings.put(2, whole)
        opened.readings.put(2, Reading(item="検針票", month="2026-04", value="4月.pdf"))
        (slip, figure) = opened.readings.of(2)
        assert (slip.item, slip.doubt) == ("検針票", Doubt.NONE)
        assert (figure.value, figure.note, figure.doubt, figure.by, figure.at) == (
            "120.5",
            "n",
            Doubt.HIGH,
            "contact:1",
            later,
        )
        assert opened.readings.of(3) == ()


def test_a_project_comes_with_what_it_measures(database: Database) -> None:
    """Its items by name, and which of their months are there; its version has grown with each."""
    with books(database, NOON, "staff:t") as opened:
        _fill(opened)
        for month in ("2026-05", "2026-03"):
            opened.readings.put(3, Reading(item="電力量", month=month, value="1"))
    with books(database, NOON, "staff:t") as opened:
        one, two, three = opened.projects.page(0, 10)
        assert (one.items, one.recorded) == ((), ())
        assert (two.items, two.recorded) == ((SLIPS, POWER), ())
        assert three.recorded == (("電力量", "2026-03"), ("電力量", "2026-05"))
        assert three.version == two.version + 2
        for found in (opened.projects.find("P-3"), opened.projects.lock(3), *opened.projects.of([3])):
            assert found == three


@pytest.mark.parametrize("measuring", [False, True])
def test_a_page_asks_once_a_table(database: Database, measuring: bool) -> None:
    """However many projects there are; months are looked for only where something is measured."""
    with books(database, NOON, "staff:t") as opened:
        for number in range(40):
            added = opened.projects.add(NewProject(project_id=f"P-{number}", title="t", organisation="o"))
            if measuring:
                opened.projects.put_items(added.id, [POWER])
    with _asked(database) as said, database.look() as connection:
        found = StoredBooks(connection, database, NOON, "t").projects.page(0, 40)
    assert len(found) == 40
    assert len([one for one in said if one.startswith("SELECT")]) == (3 if measuring else 2)
    assert any("monitoring_record" in one for one in said) is measuring
