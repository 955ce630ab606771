"""Holidays beneath the dates: the table, the office's own closing days, how far it reaches, and what a holiday does."""

from datetime import date, time, timedelta

import pytest

from intents.desk.deadlines.almanac import hours_of
from intents.desk.deadlines.engine import deadlines
from intents.desk.deadlines.explain import explain
from intents.desk.deadlines.faults import CalendarFault
from intents.desk.office_hours import OfficeHours, holiday_name, is_working_day
from knowledge.model import Edition, Lang, OfficeCalendar
from knowledge.reminder_model import ReminderRule, Shift
from knowledge.reminders import load_rules
from knowledge.wording import load_wording
from tests.intents.desk.deadlines.world import HOURS, TODAY, almanac, day, left, one, project

# National holidays with substitute days and days between two holidays, by the law's rules; 2019 to 2021 had their own.
TABLE = {
    2019: "1/1 1/14 2/11 3/21 4/29 4/30 5/1 5/2 5/3 5/4 5/5 5/6 7/15 8/11 8/12 9/16 9/23 10/14 10/22 11/3 11/4 11/23",
    2020: "1/1 1/13 2/11 2/23 2/24 3/20 4/29 5/3 5/4 5/5 5/6 7/23 7/24 8/10 9/21 9/22 11/3 11/23",
    2021: "1/1 1/11 2/11 2/23 3/20 4/29 5/3 5/4 5/5 7/22 7/23 8/8 8/9 9/20 9/23 11/3 11/23",
    2022: "1/1 1/10 2/11 2/23 3/21 4/29 5/3 5/4 5/5 7/18 8/11 9/19 9/23 10/10 11/3 11/23",
    2023: "1/1 1/2 1/9 2/11 2/23 3/21 4/29 5/3 5/4 5/5 7/17 8/11 9/18 9/23 10/9 11/3 11/23",
    2024: "1/1 1/8 2/11 2/12 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/15 8/11 8/12 9/16 9/22 9/23 10/14 11/3 11/4 11/23",
    2025: "1/1 1/13 2/11 2/23 2/24 3/20 4/29 5/3 5/4 5/5 5/6 7/21 8/11 9/15 9/23 10/13 11/3 11/23 11/24",
    2026: "1/1 1/12 2/11 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/20 8/11 9/21 9/22 9/23 10/12 11/3 11/23",
    2027: "1/1 1/11 2/11 2/23 3/21 3/22 4/29 5/3 5/4 5/5 7/19 8/11 9/20 9/23 10/11 11/3 11/23",
}


@pytest.mark.parametrize("year", sorted(TABLE))
def test_holiday_table(year: int) -> None:
    """Every day of the year is a holiday or none, as it was published."""
    wanted = {date(year, *map(int, each.split("/"))) for each in TABLE[year].split()}
    whole = (date(year, 1, 1) + timedelta(days=number) for number in range(366))
    assert {each for each in whole if each.year == year and holiday_name(each, Lang.JA)} == wanted


def test_holiday_table_with_the_offices_own_days() -> None:
    """The turn of the year is closed because the calendar says so, and open where it does not."""
    shorter = OfficeHours(time(9), time(17), frozenset({(12, 31)}), HOURS.horizon, unverified=False)
    days = [date(2026, 12, number) for number in (28, 29, 30, 31)]
    assert [is_working_day(HOURS, each) for each in days] == [True, False, False, False]
    assert [is_working_day(shorter, each) for each in days] == [True, True, True, False]


# ------------------------------------------------ how far it reaches


def test_holiday_horizon_is_warned_about() -> None:
    """A day, or a notice, where holidays are not certain says so; others do not."""
    far = one("DL-03", project(cp_start="2021-12-01"))
    near = one("DL-03", project(cp_start="2019-11-27"))
    last = one("DL-03", project(cp_end=HOURS.horizon.isoformat()))
    after = one("DL-03", project(cp_end="2028-01-01"))
    assert ["horizon" in each.warnings for each in (far, near, last, after)] == [True, False, False, True]


def test_an_ended_calendar_is_refused() -> None:
    """Nothing is guessed, and the field is named with both days."""
    with pytest.raises(CalendarFault, match=r"calendar\.toml: horizon.*2027-12-31.*2028-01-01") as fault:
        deadlines(project(), almanac(), date(2028, 1, 1))
    assert fault.value.problem == "calendar_ended"
    assert deadlines(project(), almanac(), date(2027, 12, 31))
    for lang in Lang:
        assert "horizon" in load_wording().say("deadlines.calendar_ended", lang, **fault.value.places)


def test_a_calendar_without_holidays_is_refused() -> None:
    """Such as one whose last day lies beyond everything that is published."""
    endless = OfficeHours(time(9), time(17), frozenset(), date.max, unverified=True)
    with pytest.raises(CalendarFault) as fault:
        deadlines(project(), almanac(hours=endless), TODAY)
    assert fault.value.problem == "calendar_empty"


def test_an_edition_without_a_calendar_is_refused() -> None:
    """And one with a calendar gives its hours."""
    with pytest.raises(ValueError, match="calendar missing"):
        hours_of(Edition("bare", {}))
    calendar = OfficeCalendar("09:00", "17:00", frozenset(), date(2027, 12, 31))
    assert hours_of(Edition("e", {}, calendar=calendar)).horizon == date(2027, 12, 31)


# ------------------------------------------------ a notice on a holiday


def _shifting(rule: ReminderRule, shift: Shift) -> ReminderRule:
    """The rule with the other choice in each of its versions."""
    values = {name: getattr(rule, name) for name in ReminderRule.__slots__}
    versions = []
    for version in rule.versions:
        fields = {name: getattr(version, name) for name in type(version).__slots__}
        versions.append(type(version)(**fields | {"shift": shift}))
    return ReminderRule(**values | {"versions": tuple(versions)})


@pytest.mark.parametrize(
    ("shift", "leaves", "words"),
    [(Shift.BEFORE, "2026-11-20", "直前の営業日"), (Shift.AFTER, "2026-11-24", "次の営業日")],
)
def test_deadline_on_holiday(shift: Shift, leaves: str, words: str) -> None:
    """The rule's choice is applied to the notice and told with the holiday's name; the date itself stays."""
    counted = almanac()
    rules = dict(load_rules()) | {"DL-11": _shifting(load_rules()["DL-11"], shift)}
    chosen = type(counted)(rules, counted.hours)
    found = next(
        each
        for each in deadlines(project(registration_date="2025-11-23"), chosen, TODAY)
        if each.rule.id == "DL-11"
    )
    assert found.due_on == day("2026-11-23")
    assert left(found) == {"m12": day(leaves)}
    told = explain(found, load_wording(), Lang.JA)
    assert "勤労感謝の日" in told.shifts["m12"]
    assert words in told.shifts["m12"]
    assert "Labor" in explain(found, load_wording(), Lang.EN).shifts["m12"]


@pytest.mark.parametrize(
    ("registered", "leaves", "reason"),
    [
        ("2025-11-28", "2026-11-27", "週末"),
        ("2025-12-30", "2026-12-28", "窓口の休み"),
        ("2026-01-01", "2026-12-28", "元日"),
    ],
)
def test_deadline_on_holiday_of_every_kind(registered: str, leaves: str, reason: str) -> None:
    """A weekend, a day of the office's own, a holiday behind such days: back to the last working day."""
    found = next(
        each
        for each in deadlines(project(registration_date=registered), almanac(), TODAY)
        if each.rule.id == "DL-11"
    )
    assert left(found) == {"m12": day(leaves)}
    assert reason in explain(found, load_wording(), Lang.JA).shifts["m12"]


def test_a_notice_on_a_working_day_has_not_moved() -> None:
    """And nothing is told about it."""
    found = one("DL-03", project(cp_start="2019-11-27"))
    assert explain(found, load_wording(), Lang.JA).shifts == {}
