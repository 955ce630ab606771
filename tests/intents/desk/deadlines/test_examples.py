"""The worked examples of the facts (`deadlines.md` §3 to §5), as they stand there."""

from datetime import date

from intents.desk.deadlines.contradictions import contradictions_between
from tests.intents.desk.deadlines.world import applied, dates, day, days, left, one, project

HOUSE = {"methodology": "EN-S-039", "registration_date": "2021-12-01"}
MACHINES = {"methodology": "EN-S-022", "registration_date": "2019-11-27"}
SOLAR = {"methodology": "EN-R-002", "registration_date": "2022-11-24"}


def test_house_applied_before_the_first_year_was_over() -> None:
    """306 days after registration: all four dates are there, and none of them is spoken of."""
    house = project(**HOUSE, certifications=applied("2022-10-03", round_=52))
    found = dates("DL-11", house)
    assert [each.due_on for each in found] == days("2022-12-01", "2023-06-01", "2023-12-01", "2024-06-01")
    assert [each.steps for each in found] == [()] * 4
    assert {(each.stopped.why, each.stopped.on) for each in found if each.stopped} == {
        ("applied", day("2022-10-03"))
    }
    assert (day("2022-10-03") - day("2021-12-01")).days == 306


def test_house_has_no_start_without_its_dates() -> None:
    """Neither application nor readiness is known, so nothing is counted, and both are named."""
    found = one("DL-02", project(**HOUSE))
    assert (found.due_on, found.steps) == (None, ())
    assert found.missing == ("registration_application_date", "monitoring_ready_date")


def test_house_ends_after_eight_years() -> None:
    """With the start that the example supposes: the earlier reading, marked as estimated."""
    found = one("DL-03", project(**HOUSE, cp_start="2021-12-01"))
    assert (found.due_on, found.estimated) == (day("2029-11-30"), True)
    wanted = days("2027-11-30", "2028-11-30", "2029-05-30", "2029-08-30", "2029-10-30")
    assert [step.on for step in found.steps] == wanted
    assert [step.name for step in found.steps] == ["m24", "m12", "m6", "m3", "m1"]


def test_house_has_no_cutoff_that_nobody_entered() -> None:
    """A round without a cut-off is not filled in."""
    found = one("DL-08", project(**HOUSE, target_round=52))
    assert (found.due_on, found.steps, found.missing) == (None, (), ("cutoff",))


def test_machines_heard_all_four() -> None:
    """Three years passed before certification was applied for; a Saturday's notice left on Friday."""
    machines = project(**MACHINES, certifications=applied("2022-11-25", round_=53))
    found = dates("DL-11", machines)
    assert [each.due_on for each in found] == days("2020-11-27", "2021-05-27", "2021-11-27", "2022-05-27")
    assert [each.stopped for each in found] == [None] * 4
    assert [left(each) for each in found] == [
        {"m12": day("2020-11-27")},
        {"m18": day("2021-05-27")},
        {"m24": day("2021-11-26")},
        {"m30": day("2022-05-27")},
    ]
    assert (day("2022-11-25") - day("2019-11-27")).days == 1094


def test_machines_end_and_what_is_next() -> None:
    """On the day of the facts the notice of twelve months is three days ahead."""
    found = one("DL-03", project(**MACHINES, cp_start="2019-11-27"))
    assert (found.due_on, found.estimated) == (day("2027-11-26"), True)
    wanted = days("2025-11-26", "2026-11-26", "2027-05-26", "2027-08-26", "2027-10-26")
    assert [step.on for step in found.steps] == wanted
    coming = next(step for step in found.steps if step.on >= date(2026, 11, 23))
    assert (coming.name, (coming.on - date(2026, 11, 23)).days) == ("m12", 3)


def test_solar_is_not_counted_from_a_date_in_doubt() -> None:
    """Its registration date is 要確認: no notice, and the reason is told."""
    found = one("DL-11", project(**SOLAR, unverified=frozenset({"registration_date"})))
    assert (found.due_on, found.steps) == (None, ())
    assert (found.missing, found.warnings) == (("registration_date",), ("unverified_input",))


def test_solar_contradicts_the_round_of_another() -> None:
    """The same round took an application on the day after its registration."""
    machines = project(project_id="EN-S-022", **MACHINES, certifications=applied("2022-11-25", round_=53))
    house = project(project_id="EN-S-039", **HOUSE, certifications=applied("2022-10-03", round_=52))
    solar = project(project_id="EN-R-002", **SOLAR)
    found = contradictions_between((house, machines, solar), registered_in={"EN-R-002": 53, "EN-S-039": 48})
    assert {name: (each.problem, each.fields) for name, each in found.items()} == {
        "EN-R-002": ("registered_before_round", ("registration_date",))
    }
