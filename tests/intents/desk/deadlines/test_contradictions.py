"""Dates that cannot all be right are named, nothing is counted from them, and what is right is left alone."""

from datetime import date
from typing import Any

import pytest

from intents.desk.deadlines.contradictions import LATEST, contradictions, contradictions_between
from intents.desk.deadlines.explain import contradiction_text
from intents.desk.projects.records import Certification, Instrument, NewProject, Period, Round
from knowledge.model import Lang
from knowledge.wording import load_wording
from tests.intents.desk.deadlines.world import applied, dates, day, one, project

APPLICATION, REGISTRATION = "registration_application_date", "registration_date"
CASES: tuple[tuple[dict[str, Any], str, set[str]], ...] = (
    (
        {APPLICATION: "2021-09-30", REGISTRATION: "2021-09-29"},
        "registered_before_application",
        {APPLICATION, REGISTRATION},
    ),
    ({"cp_start": "2021-12-01", "cp_end": "2021-11-30"}, "ends_before_start", {"cp_start", "cp_end"}),
    (
        {"implementation_date": "2019-09-29", APPLICATION: "2021-09-30"},
        "implemented_too_early",
        {"implementation_date", APPLICATION},
    ),
    (
        {REGISTRATION: "2022-10-04", "certifications": applied("2022-10-03")},
        "certified_before_registration",
        {REGISTRATION, "certifications"},
    ),
    (
        {
            REGISTRATION: "2022-10-04",
            "periods": (Period(day("2022-01-01"), day("2022-09-30"), day("2022-10-03")),),
        },
        "certified_before_registration",
        {REGISTRATION, "certifications"},
    ),
    (
        {"is_forest": True, "cp_start": "2020-04-01", "cp_end": "2036-04-02"},
        "longer_than_allowed",
        {"cp_start", "cp_end"},
    ),
    ({"periods": (Period(day("2022-09-30"), day("2022-01-01")),)}, "period_reversed", {"periods"}),
    ({"cp_end": "2204-03-31"}, "implausible_year", {"cp_end"}),
    ({"instruments": (Instrument("計", date(9999, 12, 31)),)}, "implausible_year", {"instruments"}),
    (
        {"certifications": (Certification(day("2022-10-03"), listed_on=date(1, 1, 1)),)},
        "implausible_year",
        {"certifications"},
    ),
)
RIGHT: tuple[dict[str, Any], ...] = (
    {APPLICATION: "2021-09-30", REGISTRATION: "2021-09-30"},
    {"cp_start": "2021-12-01", "cp_end": "2021-12-01"},
    {"implementation_date": "2019-09-30", APPLICATION: "2021-09-30"},
    {"implementation_date": "2020-02-29", APPLICATION: "2022-02-28"},
    {"implementation_date": "1995-04-01", APPLICATION: "2021-09-30", "is_forest": True},
    {REGISTRATION: "2022-10-03", "certifications": applied("2022-10-03")},
    {"is_forest": True, "cp_start": "2020-04-01", "cp_end": "2036-04-01"},
    {"cp_start": "2020-04-01", "cp_end": "2036-04-02"},
    {},
)


@pytest.mark.parametrize(("fields", "problem", "named"), CASES)
def test_what_cannot_be_is_named(fields: dict[str, Any], problem: str, named: set[str]) -> None:
    """By what is wrong and by the fields, in both languages."""
    (found,) = contradictions(project(**fields))
    assert (found.problem, set(found.fields)) == (problem, named)
    for lang in Lang:
        assert contradiction_text(found, load_wording(), lang)


@pytest.mark.parametrize("fields", RIGHT)
def test_what_can_be_is_left_alone(fields: dict[str, Any]) -> None:
    """The last day of what is allowed is still allowed."""
    assert contradictions(project(**fields)) == ()


def test_a_new_project_is_looked_at_before_it_is_in_the_register() -> None:
    """Its own fields can contradict each other already."""
    new = NewProject(
        project_id="P", title="t", organisation="o", cp_start=date(2021, 1, 2), cp_end=date(2021, 1, 1)
    )
    assert [found.problem for found in contradictions(new)] == ["ends_before_start"]


def test_nothing_is_counted_from_either_side() -> None:
    """Both dates are withheld, with the reason; dates that do not need them are still there."""
    strange = project(
        registration_application_date="2021-09-30",
        registration_date="2021-09-01",
        cp_start="2021-12-01",
        implementation_date="2020-05-10",
    )
    found = one("DL-11", strange)
    assert (found.missing, found.warnings, found.steps) == (
        ("registration_date",),
        ("contradicting_input",),
        (),
    )
    assert one("DL-03", strange).due_on == day("2029-11-30")


def test_an_end_in_doubt_is_not_replaced_by_a_computed_one() -> None:
    """The plan names an end; which of the two dates is wrong, nobody knows."""
    found = one("DL-03", project(cp_start="2021-12-01", cp_end="2020-01-01"))
    assert (found.due_on, found.missing, found.warnings) == (None, ("cp_end",), ("contradicting_input",))


def test_years_far_off_stop_nobody() -> None:
    """The largest days there are leave all other rules at work."""
    strange = project(
        implementation_date=date.max.isoformat(),
        cp_start=date.max.isoformat(),
        cp_end=date.max.isoformat(),
        registration_date="2025-01-06",
        periods=(Period(date.max, date.max),),
        instruments=(Instrument("計", date.max),),
        certifications=(Certification(date.max, listed_on=date.max),),
    )
    assert one("DL-01", project(implementation_date=LATEST.isoformat())).due_on
    assert not any(one_.due_on and one_.due_on > LATEST for one_ in dates("DL-03", strange))
    assert [found.missing for found in dates("DL-06", strange)] == [("periods",)]


# ------------------------------------------------ between projects


def test_a_registration_on_a_rounds_day_is_of_that_round() -> None:
    """As far as the office entered when the round met."""
    rounds = (Round(53, held_on=day("2022-11-24")),)
    solar = project(project_id="S", registration_date="2022-11-24")
    other = project(project_id="M", certifications=applied("2022-11-25", round_=53))
    assert set(contradictions_between((solar, other), rounds)) == {"S"}
    assert contradictions_between((solar, other)) == {}


def test_an_application_before_the_day_is_as_it_should_be() -> None:
    """Also one of the project's own, one told by its period, and one of another round."""
    solar = project(project_id="S", registration_date="2022-11-24")
    period = Period(day("2022-01-01"), day("2022-09-30"), day("2022-11-25"), 54)
    others = (
        project(project_id="M", certifications=applied("2022-11-24", round_=53), periods=(period,)),
        solar,
    )
    assert contradictions_between(others, registered_in={"S": 53}) == {}
    assert set(contradictions_between(others, registered_in={"S": 54})) == {"S"}
