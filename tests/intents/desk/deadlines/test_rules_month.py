"""MB-01: a date for each of the newest months of which something is missing, and for the one that runs."""

from intents.desk.deadlines.explain import explain
from intents.desk.deadlines.formulas_month import missing_of
from intents.desk.deadlines.records import Stop
from intents.desk.projects.items import ItemKind, MonitoringItem
from intents.desk.projects.months import months
from intents.desk.projects.records import Project
from knowledge.model import Lang
from knowledge.wording import load_wording
from tests.intents.desk.deadlines.world import TODAY, almanac, dates, day, days, left, project

POWER = MonitoringItem("電力量", ItemKind.FIGURE, "kWh", "2026-05")
SLIPS = MonitoringItem("検針票", ItemKind.DOCUMENT, "", "2026-09")


def _measured(*recorded: tuple[str, str], **fields: object) -> Project:
    return project(items=(SLIPS, POWER), recorded=tuple(sorted(recorded)), **fields)


def _power(first: str, last: str) -> tuple[tuple[str, str], ...]:
    return tuple(("電力量", month) for month in months(first, last))


def test_the_newest_three_months_and_the_running_one() -> None:
    """Due on the tenth of the following month, asked for on the fifth or the working day before it."""
    found = dates("MB-01", _measured())
    assert [each.due_on for each in found] == days("2026-09-10", "2026-10-10", "2026-11-10", "2026-12-10")
    assert [left(each)["ask"] for each in found] == days(
        "2026-09-04", "2026-10-05", "2026-11-05", "2026-12-04"
    )
    assert [each.key for each in found][-1] == "2026-12-10:2026-11"
    assert {each.kind for each in found} == {"practice"}


def test_one_item_is_asked_for_and_every_missing_month_is_named() -> None:
    """The first that is missing of that month, however many months are."""
    found = dates("MB-01", _measured(("検針票", "2026-10")))
    by_month = {dict(each.inputs)["for_month"]: dict(each.inputs) for each in found}
    assert {month: given["item"] for month, given in by_month.items()} == {
        "2026-08": "電力量",
        "2026-09": "検針票",
        "2026-10": "電力量",
        "2026-11": "検針票",
    }
    assert {given["missing_months"] for given in by_month.values()} == {"2026-05 \u2013 2026-10"}
    told = explain(found[0], load_wording(), Lang.JA)
    assert (told.about, "2026-08" in told.arithmetic) == ("2026-08 電力量", True)


def test_a_month_that_is_recorded_has_stopped() -> None:
    """So that what was open about it is done; older ones are not spoken of any more."""
    whole = (*_power("2026-05", "2026-10"), ("検針票", "2026-09"), ("検針票", "2026-10"))
    found = dates("MB-01", _measured(*whole))
    assert [each.stopped for each in found] == [Stop("recorded")] * 3 + [None]
    assert "missing_months" not in dict(found[-1].inputs)
    holed = dates("MB-01", _measured(*(one for one in whole if one != ("電力量", "2026-06"))))
    assert [(each.about, bool(each.stopped)) for each in holed] == [
        ("2026-06 電力量", False),
        ("2026-08", True),
        ("2026-09", True),
        ("2026-10", True),
        ("2026-11 検針票", False),
    ]


def test_it_stays_within_the_certification_period() -> None:
    """A month that shares a day with it counts; after its end nothing is asked for."""
    begun = _measured(cp_start="2026-10-31")
    assert [each.due_on for each in dates("MB-01", begun)] == days("2026-11-10", "2026-12-10")
    ended = _measured(cp_start="2026-01-01", cp_end="2026-07-01")
    assert [each.due_on for each in dates("MB-01", ended)] == days("2026-06-10", "2026-07-10", "2026-08-10")
    assert list(missing_of(ended, almanac(), TODAY)) == ["2026-05", "2026-06", "2026-07"]
    doubtful = _measured(cp_start="2026-10-31", unverified=frozenset({"cp_start"}))
    assert len(dates("MB-01", doubtful)) == 4


def test_the_running_month_is_planned_ahead_and_not_yet_missing() -> None:
    """Its notice leaves when it is over; on the first day of a month another one runs."""
    assert "2026-11" not in missing_of(_measured(), almanac(), TODAY)
    found = dates("MB-01", _measured(), on=day("2026-12-01"))
    assert [each.key.partition(":")[2] for each in found] == ["2026-09", "2026-10", "2026-11", "2026-12"]


def test_a_project_that_measures_nothing_has_none() -> None:
    """Nor one that begins to later."""
    assert dates("MB-01", project(cp_start="2026-01-01")) == []
    later = project(items=(MonitoringItem("電力量", ItemKind.FIGURE, "kWh", "2027-01"),))
    assert dates("MB-01", later) == []
