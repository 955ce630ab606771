"""What comes in month by month: recorded once, corrected with both values kept, and asked about when it looks odd."""

from datetime import date, timedelta

import pytest

from intents.desk.projects import readings
from intents.desk.projects.items import Doubt, ItemKind, MonitoringItem, Reading
from intents.desk.projects.records import NewProject
from intents.desk.refused import Refused
from intents.readers.misread import Misread
from knowledge.wording import load_wording
from storage.audit import lines
from storage.books import StoredBooks, books
from storage.database import Database
from tests.kit import NOON

TODAY = date(2026, 11, 24)
POWER = MonitoringItem("電力量", ItemKind.FIGURE, "kWh", "2026-02")
SLIPS = MonitoringItem("検針票", ItemKind.DOCUMENT, "", "2026-02")


def _entered(database: Database, **kept: str) -> None:
    """A project with two items; `kept` are figures by month, such as `m03="120"`."""
    with books(database, NOON, "staff:t") as opened:
        project = opened.projects.add(NewProject(project_id="P-1", title="t", organisation="o"))
        opened.projects.put_items(project.id, [POWER, SLIPS])
        for month, value in kept.items():
            opened.readings.put(
                project.id, Reading(item="電力量", month=f"2026-{month.removeprefix('m')}", value=value)
            )


def _record(
    database: Database, value: str, month: str = "2026-10", item: str = "電力量", *, sure: bool = False
) -> Reading:
    with books(database, NOON, "staff:t") as opened:
        wanted = Reading(item=item, month=month, value=value, by="contact:1")
        return readings.record(opened, "P-1", wanted, TODAY, sure=sure)


def _kept(database: Database) -> list[tuple[str, str, str, str]]:
    def look(opened: StoredBooks) -> list[tuple[str, str, str, str]]:
        found = opened.readings.of(1)
        return [(one.item, one.month, one.value, one.doubt.value) for one in found]

    with books(database, NOON, "staff:t") as opened:
        return look(opened)


# ------------------------------------------------ recording


def test_what_came_in_is_kept_once(database: Database) -> None:
    """The same twice is once; the project's version grows, and the audit has one line."""
    _entered(database)
    with books(database, NOON, "staff:t") as opened:
        before = opened.projects.find("P-1")
    first = _record(database, "1200")
    again = _record(database, "1200")
    assert (first.value, again.value, again.by) == ("1200", "1200", "contact:1")
    assert _kept(database) == [("電力量", "2026-10", "1200", "")]
    with books(database, NOON, "staff:t") as opened:
        after = opened.projects.find("P-1")
    assert before
    assert after
    assert after.version == before.version + 1
    assert after.recorded == (("電力量", "2026-10"),)
    told = [one for one in lines(database, "project:P-1") if one.action == "reading_recorded"]
    assert [one.after for one in told] == [
        {"item": "電力量", "month": "2026-10", "value": "1200", "doubt": ""}
    ]


def test_another_value_needs_a_correction(database: Database) -> None:
    """Which keeps both in the audit; a correction of nothing is a record."""
    _entered(database)
    _record(database, "1200")
    with pytest.raises(Refused) as refused:
        _record(database, "1300")
    assert (refused.value.problem, refused.value.places["value"]) == ("recorded_already", "1200")
    with books(database, NOON + timedelta(hours=1), "staff:t") as opened:
        wanted = Reading(item="電力量", month="2026-10", value="1300", by="staff:t")
        readings.correct(opened, "P-1", wanted, TODAY, reason="read again")
        same = readings.correct(opened, "P-1", wanted, TODAY)
        assert same.value == "1300"
        readings.correct(opened, "P-1", Reading(item="検針票", month="2026-10", value="10月.pdf"), TODAY)
    assert _kept(database) == [("検針票", "2026-10", "10月.pdf", ""), ("電力量", "2026-10", "1300", "")]
    told = {one.action: one for one in lines(database, "project:P-1")}
    assert told["reading_corrected"].before == {"value": "1200", "doubt": ""}
    assert told["reading_corrected"].reason == "read again"


@pytest.mark.parametrize(
    ("item", "month", "problem"),
    [
        ("電力", "2026-10", "no_such_item"),
        ("電力量", "2026-01", "month_early"),
        ("電力量", "2026-11", "month_not_over"),
        ("電力量", "2027-01", "month_not_over"),
    ],
)
def test_what_is_not_asked_for_is_refused(database: Database, item: str, month: str, problem: str) -> None:
    """By its reason; nothing is written."""
    _entered(database)
    with pytest.raises(Refused) as refused:
        _record(database, "1", month, item)
    assert refused.value.problem == problem
    assert f"project_reading.{problem}" in load_wording().texts
    assert _kept(database) == []


def test_an_odd_value_is_kept_only_by_who_stands_by_it(database: Database) -> None:
    """With its doubt, which a later correction takes away."""
    _entered(database, m08="100", m09="110")
    with pytest.raises(Refused) as refused:
        _record(database, "1000")
    assert (refused.value.problem, refused.value.places["doubt"]) == ("reading_odd", Doubt.HIGH)
    assert _record(database, "1000", sure=True).doubt is Doubt.HIGH
    assert _kept(database)[-1] == ("電力量", "2026-10", "1000", "high")
    with books(database, NOON, "staff:t") as opened:
        wanted = Reading(item="電力量", month="2026-10", value="105")
        assert readings.correct(opened, "P-1", wanted, TODAY).doubt is Doubt.NONE


def test_an_item_of_somebody_elses_project_is_none(database: Database) -> None:
    """Names of items belong to their project."""
    _entered(database)
    with books(database, NOON, "staff:t") as opened:
        other = opened.projects.add(NewProject(project_id="P-2", title="t", organisation="o"))
        with pytest.raises(KeyError):
            opened.readings.put(other.id, Reading(item="電力量", month="2026-10", value="1"))
        assert opened.readings.of(other.id) == ()


# ------------------------------------------------ what looks odd


def _before(*values: str, last: str = "2026-09") -> tuple[Reading, ...]:
    """The newest first."""
    year, month = int(last[:4]), int(last[5:])
    return tuple(
        Reading(item="電力量", month=f"{year}-{month - place:02}", value=value)
        for place, value in enumerate(values)
    )


@pytest.mark.parametrize(
    ("value", "before", "doubt"),
    [
        ("100", (), Doubt.NONE),
        ("0", (), Doubt.NONE),
        ("-1", (), Doubt.NEGATIVE),
        ("-1", ("-1",), Doubt.NEGATIVE),
        ("0", ("100", "110"), Doubt.ZERO),
        ("0", ("100", "0"), Doubt.NONE),
        ("0", ("0", "0"), Doubt.NONE),
        ("300", ("100", "100", "100"), Doubt.NONE),
        ("300.1", ("100", "90", "110"), Doubt.HIGH),
        ("34", ("100", "90", "110"), Doubt.NONE),
        ("33", ("100", "90", "110"), Doubt.LOW),
        ("100", ("100", "110"), Doubt.SAME),
        ("110", ("100", "110"), Doubt.NONE),
        ("5", ("0", "0", "0"), Doubt.NONE),
        # One month far off does not change what is usual.
        ("120", ("100", "9999", "110"), Doubt.NONE),
        # Only what was measured is compared, not what a paper was called.
        ("120", ("8月.pdf", "110"), Doubt.NONE),
    ],
)
def test_a_figure_is_looked_at_beside_the_months_before(
    value: str, before: tuple[str, ...], doubt: Doubt
) -> None:
    """Against the median of up to twelve of them."""
    assert readings.doubt_of(POWER, value, "2026-10", _before(*before)) is doubt
    assert readings.doubt_of(SLIPS, value, "2026-10", _before(*before)) is Doubt.NONE


def test_the_same_figure_is_odd_only_next_to_its_own_month() -> None:
    """A month without a record lies between."""
    assert readings.doubt_of(POWER, "100", "2026-10", _before("100", last="2026-08")) is Doubt.NONE


def test_only_twelve_months_before_it_are_compared() -> None:
    """The newest; what is later, or of another item, is not looked at."""
    kept = [
        Reading(item="電力量", month=f"{year}-{month:02}", value="100")
        for year in (2024, 2025, 2026)
        for month in range(1, 13)
    ]
    found = readings.earlier([*kept, Reading(item="検針票", month="2026-09", value="x")], POWER, "2026-10")
    assert [one.month for one in found] == [
        *(f"2026-{month:02}" for month in range(9, 0, -1)),
        "2025-12",
        "2025-11",
        "2025-10",
    ]


def test_a_value_is_kept_as_it_can_be_compared() -> None:
    """Figures without groups, unit and zeros at the end; papers as they are called."""
    assert [readings.value_of(POWER, text) for text in ("1,200 kWh", "1.50", "0.0", "100")] == [
        "1200",
        "1.5",
        "0",
        "100",
    ]
    assert readings.value_of(SLIPS, " 検針票 10月.pdf ") == "検針票 10月.pdf"
    with pytest.raises(Misread):
        readings.value_of(SLIPS, "長" * (readings.NAME_LIMIT + 1))
