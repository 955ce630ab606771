"""Months as texts: how they follow each other, and which of them are asked for and missing."""

from datetime import date

import pytest

from intents.desk.projects.items import ItemKind, MonitoringItem
from intents.desk.projects.months import (
    Bounds,
    asked,
    first_day,
    following,
    gaps,
    last_full,
    month_of,
    months,
    spans,
)
from intents.desk.projects.records import Project

POWER = MonitoringItem("電力量", ItemKind.FIGURE, "kWh", "2026-02")
SLIPS = MonitoringItem("検針票", ItemKind.DOCUMENT, "", "2026-04")


def _project(*recorded: tuple[str, str], items: tuple[MonitoringItem, ...] = (POWER, SLIPS)) -> Project:
    return Project(
        id=1, project_id="P-1", title="t", organisation="o", items=items, recorded=tuple(sorted(recorded))
    )


@pytest.mark.parametrize(
    ("month", "by", "wanted"),
    [
        ("2026-01", 1, "2026-02"),
        ("2026-12", 1, "2027-01"),
        ("2026-01", -1, "2025-12"),
        ("2026-03", 12, "2027-03"),
        ("2026-03", -15, "2024-12"),
    ],
)
def test_months_follow_each_other(month: str, by: int, wanted: str) -> None:
    """Across years, in both directions."""
    assert following(month, by) == wanted
    assert following(wanted, -by) == month


def test_the_last_full_month() -> None:
    """The one before, on the first as on the last day of a month."""
    assert [last_full(date(2026, *day)) for day in ((3, 1), (3, 31), (1, 15))] == [
        "2026-02",
        "2026-02",
        "2025-12",
    ]
    assert (month_of(date(2026, 3, 31)), first_day("2026-03")) == ("2026-03", date(2026, 3, 1))
    assert list(months("2025-11", "2026-02")) == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert list(months("2026-02", "2026-01")) == []


def test_each_item_is_asked_for_from_its_own_month_on() -> None:
    """With what is missing of each month, the oldest first."""
    found = asked(_project(("電力量", "2026-02"), ("電力量", "2026-04")), Bounds(), "2026-04")
    assert found == {"2026-02": (), "2026-03": (POWER,), "2026-04": (SLIPS,)}
    assert gaps(_project(("電力量", "2026-02")), Bounds(), "2026-04") == {
        "2026-03": (POWER,),
        "2026-04": (POWER, SLIPS),
    }
    assert gaps(_project(items=()), Bounds(), "2026-04") == {}


def test_nothing_is_asked_for_outside_the_period() -> None:
    """A month that shares a day with it is."""
    bounds = Bounds(date(2026, 3, 31), date(2026, 5, 1))
    assert list(asked(_project(), bounds, "2026-12")) == ["2026-03", "2026-04", "2026-05"]
    assert list(asked(_project(), Bounds(date(2026, 6, 1), date(2026, 5, 1)), "2026-12")) == []


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ((), ""),
        (("2026-03",), "2026-03"),
        (("2026-03", "2026-04"), "2026-03 \u2013 2026-04"),
        (("2026-05", "2025-12", "2026-01", "2026-02"), "2025-12 \u2013 2026-02, 2026-05"),
    ],
)
def test_months_in_few_words(found: tuple[str, ...], text: str) -> None:
    """Runs by their ends."""
    assert spans(found) == text
