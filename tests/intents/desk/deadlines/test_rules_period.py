"""Rules that follow from the certification period (DL-01 to DL-06, DL-10, DL-17): when they speak, and when they end."""

from datetime import date

import pytest

from intents.desk.deadlines.engine import deadlines
from intents.desk.deadlines.records import Stop
from intents.desk.projects.records import Period, ProjectState, Scheme
from tests.intents.desk.deadlines.world import TODAY, almanac, applied, dates, day, days, left, one, project

FOREST = {"is_forest": True, "cp_start": "2020-04-01"}


def _period(begins: str, ends: str, applied_on: str = "") -> tuple[Period, ...]:
    return (Period(day(begins), day(ends), day(applied_on) if applied_on else None),)


# ------------------------------------------------ DL-01


def test_dl_01_two_years_after_the_activity() -> None:
    """With its five notices; the leap day's second anniversary is the 28th."""
    found = one("DL-01", project(implementation_date="2025-05-12"))
    assert (found.due_on, found.estimated, found.kind) == (day("2027-05-12"), True, "hard")
    assert left(found) == {
        "m12": day("2026-05-12"),
        "m6": day("2026-11-12"),
        "m3": day("2027-02-12"),
        "m1": day("2027-04-12"),
        "d7": day("2027-04-30"),  # a holiday on 5 May, and days off before it
    }
    assert one("DL-01", project(implementation_date="2024-02-29")).due_on == day("2026-02-28")


def test_dl_01_ends_with_the_application_or_registration() -> None:
    """Applied for is enough; who is registered has applied; forests never had it."""
    done = {"implementation_date": "2025-05-12"}
    filed = one("DL-01", project(**done, registration_application_date="2026-05-01"))
    assert (filed.stopped, filed.steps) == (Stop("applied_for_registration", day("2026-05-01")), ())
    registered = one("DL-01", project(**done, registration_date="2026-05-01"))
    assert registered.stopped == Stop("registered", day("2026-05-01"))
    assert dates("DL-01", project(**done, is_forest=True)) == []
    assert one("DL-01", project()).missing == ("implementation_date",)
    assert dates("DL-01", project(registration_date="2026-05-01")) == []


# ------------------------------------------------ DL-02


@pytest.mark.parametrize(
    ("applied_on", "ready", "start"),
    [("2021-09-30", "2021-11-15", "2021-11-15"), ("2021-11-16", "2021-11-15", "2021-11-16")],
)
def test_dl_02_the_later_of_two(applied_on: str, ready: str, start: str) -> None:
    """Computed, and so an estimate."""
    found = one("DL-02", project(registration_application_date=applied_on, monitoring_ready_date=ready))
    assert (found.due_on, found.estimated, left(found)) == (day(start), True, {"start": day(start)})


def test_dl_02_the_plan_comes_first_and_monitoring_ends_it() -> None:
    """The plan's day is no estimate; once a period is recorded, nobody needs to be told to begin."""
    both = {"registration_application_date": "2021-09-30", "monitoring_ready_date": "2021-11-15"}
    planned = one("DL-02", project(**both, cp_start="2021-12-01"))
    assert (planned.due_on, planned.estimated) == (day("2021-12-01"), False)
    begun = one("DL-02", project(**both, periods=_period("2021-11-15", "2022-03-31")))
    assert (begun.stopped, begun.steps) == (Stop("monitoring_begun", day("2021-11-15")), ())
    half = one("DL-02", project(registration_application_date="2021-09-30"))
    assert half.missing == ("monitoring_ready_date",)


# ------------------------------------------------ DL-03


def test_dl_03_the_plan_comes_first() -> None:
    """Its end is no estimate, and no cap is spoken of."""
    found = one("DL-03", project(cp_start="2021-12-01", cp_end="2029-12-01"))
    assert (found.due_on, found.estimated, found.reason) == (day("2029-12-01"), False, "plan_end")
    assert "cap_not_confirmed" not in found.warnings


def test_dl_03_is_counted_from_a_computed_start_as_well() -> None:
    """And tells the whole way."""
    both = {"registration_application_date": "2021-09-30", "monitoring_ready_date": "2021-11-15"}
    found = one("DL-03", project(**both))
    assert (found.due_on, found.estimated) == (day("2029-11-14"), True)
    assert dict(found.inputs) == {**both, "cp_start": "2021-11-15", "months": "96"}
    leap = one("DL-03", project(cp_start="2024-02-29"))
    assert leap.due_on == day("2032-02-28")


@pytest.mark.parametrize(
    ("cap", "end", "reason", "warned"),
    [
        ("", "2032-03-31", "years_from_start", True),
        ("2031-03-31", "2031-03-31", "capped", False),
        ("2035-03-31", "2032-03-31", "years_from_start", False),
    ],
)
def test_dl_03_cap_is_the_offices_to_set(cap: str, end: str, reason: str, warned: bool) -> None:
    """Unset it warns and does nothing; set, the earlier day counts; the plan stands above it."""
    counted = almanac(settings={"DL-03": {"scheme_cap_date": cap}} if cap else None)
    found = one("DL-03", project(cp_start="2024-04-01"), counted)
    assert (found.due_on, found.reason) == (day(end), reason)
    assert ("cap_not_confirmed" in found.warnings) is warned
    planned = one("DL-03", project(cp_start="2024-04-01", cp_end="2032-03-31"), counted)
    assert planned.due_on == day("2032-03-31")


def test_dl_03_a_cap_that_cannot_be_read_is_named() -> None:
    """Neither with it nor without it anything is counted."""
    found = one(
        "DL-03",
        project(cp_start="2024-04-01"),
        almanac(settings={"DL-03": {"scheme_cap_date": "2031-02-31"}}),
    )
    assert (found.missing, found.warnings) == (("scheme_cap_date",), ("setting_wrong",))


@pytest.mark.parametrize("state", [ProjectState.PAUSED, ProjectState.ENDED, ProjectState.WITHDRAWN])
def test_dl_03_and_all_others_end_with_the_project(state: ProjectState) -> None:
    """Nothing is to be done any more."""
    assert deadlines(project(cp_start="2021-12-01", state=state), almanac(), TODAY) == ()


# ------------------------------------------------ DL-04, DL-05


def test_dl_04_asks_before_the_eighth_year_is_over() -> None:
    """A forest has this rule and not the other; unextended, its end is an estimate."""
    found = one("DL-04", project(**FOREST))
    assert (found.due_on, found.estimated) == (day("2028-03-31"), True)
    assert left(found) == {"extend": day("2026-03-31")}
    assert dates("DL-03", project(**FOREST)) == []
    # Both readings of the same eight years are the ordinary end.
    for end in ("2028-03-31", "2028-04-01"):
        planned = one("DL-04", project(**FOREST, cp_end=end))
        assert (planned.estimated, left(planned)) == (False, {"extend": day("2026-03-31")})


def test_dl_04_ends_once_it_is_extended() -> None:
    """Up to sixteen years; beyond that the dates contradict each other."""
    extended = one("DL-04", project(**FOREST, cp_end="2036-03-31"))
    assert (extended.due_on, extended.stopped) == (day("2036-03-31"), Stop("extended", day("2036-03-31")))
    assert one("DL-04", project(**FOREST, cp_end="2036-04-02")).missing == ("cp_end",)
    alone = one("DL-04", project(is_forest=True, cp_end="2036-03-31"))
    assert (alone.due_on, alone.steps, alone.warnings[0]) == (day("2036-03-31"), (), "start_unknown")


def test_dl_04_had_no_extension_before_the_revision() -> None:
    """The version of the day counts."""
    before, after = (one("DL-04", project(**FOREST), on=day(on)) for on in ("2022-08-04", "2022-08-05"))
    assert (left(before), left(after)) == ({}, {"extend": day("2026-03-31")})


def test_dl_05_ten_years_after_the_period() -> None:
    """In the month that the office entered, and not before it has entered one."""
    forest = project(**FOREST, cp_end="2028-03-31")
    assert one("DL-05", forest).missing == ("submission_month",)
    found = dates("DL-05", forest, almanac(settings={"DL-05": {"submission_month": "2"}}))
    assert [each.due_on for each in found][:2] == days("2029-02-28", "2030-02-28")
    assert (len(found), found[-1].due_on, found[3].due_on) == (10, day("2038-02-28"), day("2032-02-29"))
    assert left(found[0]) == {"m2": day("2028-12-28"), "m1": day("2029-01-26")}
    assert dates("DL-05", project(cp_end="2028-03-31")) == []


@pytest.mark.parametrize("month", ["0", "13", "6月", "six"])
def test_dl_05_a_month_that_is_none_is_named(month: str) -> None:
    """And nothing is counted."""
    counted = almanac(settings={"DL-05": {"submission_month": month}})
    found = one("DL-05", project(**FOREST), counted)
    assert (found.missing, found.warnings) == (("submission_month",), ("setting_wrong",))


# ------------------------------------------------ DL-06, DL-17


@pytest.mark.parametrize(
    ("start", "ends"),
    [
        ("2026-05-01", ["2026-12-31"]),
        ("2024-12-31", ["2025-03-31", "2026-03-31", "2027-03-31"]),
        ("2025-01-01", ["2025-03-31", "2026-03-31", "2027-03-31"]),
        ("2025-04-01", ["2025-12-31", "2026-12-31"]),
        ("2027-02-01", ["2027-03-31"]),
    ],
)
def test_dl_06_the_nearer_cut_and_each_year_from_there(start: str, ends: list[str]) -> None:
    """From the start up to the first that is not past; on its own day it is not."""
    started = project(cp_start=start)
    assert [each.due_on for each in dates("DL-06", started)] == days(*ends)
    assert dates("DL-06", started, on=day(ends[-1])) == dates("DL-06", started)


@pytest.mark.parametrize(
    ("last", "end"),
    [
        ("2026-03-31", "2027-03-31"),
        ("2025-12-31", "2026-12-31"),
        ("2026-09-30", "2026-12-31"),
        ("2026-01-31", "2026-03-31"),
    ],
)
def test_dl_06_goes_on_from_the_last_recorded_period(last: str, end: str) -> None:
    """The same cut a year later, or the nearer one; the start is not needed."""
    found = dates("DL-06", project(periods=_period("2025-01-01", last)))
    assert (found[0].due_on, found[0].reason) == (day(end), "cut_after_period")


def test_dl_06_notices_and_what_ends_them() -> None:
    """Gaps two months before, the report afterwards; an application ends what came before it."""
    found = dates("DL-06", project(cp_start="2025-04-01", certifications=applied("2026-02-10")))
    assert [(each.stopped, left(each)) for each in found] == [
        (Stop("applied", day("2026-02-10")), {}),
        (None, {"gaps": day("2026-10-30"), "report": day("2026-12-28")}),
    ]
    assert [each.estimated for each in found] == [False, False]


def test_dl_06_stays_within_the_period_and_needs_a_start() -> None:
    """Nothing is cut behind the end; without a start, what is missing is named."""
    assert dates("DL-06", project(cp_start="2018-04-01", cp_end="2019-06-30"))[-1].due_on == day("2018-12-31")
    assert one("DL-06", project()).missing == ("registration_application_date", "monitoring_ready_date")


def test_dl_17_thirty_days_behind_each_period() -> None:
    """For programmes only; it ends as the period's own notices do."""
    programme = project(scheme=Scheme.PROGRAMME, cp_start="2025-04-01", certifications=applied("2026-02-10"))
    found = dates("DL-17", programme)
    assert [each.due_on for each in found] == days("2026-01-30", "2027-01-30")
    assert [left(each) for each in found] == [{}, {"before": day("2026-12-01"), "after": day("2027-01-29")}]
    assert found[0].stopped == Stop("applied", day("2026-02-10"))
    assert dates("DL-17", project(cp_start="2025-04-01")) == []


# ------------------------------------------------ DL-10


def test_dl_10_is_off_and_asks_when_it_is_on() -> None:
    """Without a number of days there is no date, and the notices ask for one; none leaves before the end."""
    ended = project(cp_end="2026-07-31")
    assert dates("DL-10", ended) == []
    found = one("DL-10", ended, almanac(on=("DL-10",)))
    assert (found.due_on, found.kind, found.reason) == (None, "unverified", "limit_not_known")
    assert left(found) == {"d1": day("2026-08-03"), "d30": day("2026-08-31"), "d90": day("2026-10-29")}


def test_dl_10_with_days_has_a_date_and_no_notice_behind_it() -> None:
    """The number is the office's."""
    settings = {"DL-10": {"final_application_limit_days": "60"}}
    found = one("DL-10", project(cp_end="2026-07-31"), almanac(settings=settings, on=("DL-10",)))
    assert (found.due_on, list(left(found))) == (day("2026-09-29"), ["d1", "d30"])


def test_dl_10_ends_with_the_last_application() -> None:
    """What was applied for before the end is not the last one."""
    counted = almanac(on=("DL-10",))
    late = one("DL-10", project(cp_end="2026-07-31", certifications=applied("2026-08-01")), counted)
    assert late.stopped == Stop("applied", day("2026-08-01"))
    early = one("DL-10", project(cp_end="2026-07-31", certifications=applied("2026-07-31")), counted)
    assert early.stopped is None
    assert one("DL-10", project(), counted, on=date(2026, 11, 23)).missing
