"""From a round back to today: BP-01 to BP-03 as dates of the engine, and the plan that is made of them."""

from datetime import date, timedelta

import pytest

from intents.desk.deadlines.back_plan import StageState, back_plan, first_reachable
from intents.desk.deadlines.engine import deadlines
from intents.desk.deadlines.explain import explain
from intents.desk.deadlines.frame import frame
from intents.desk.deadlines.plan_words import heading, remarks, rows
from intents.desk.deadlines.records import Stop
from intents.desk.office_hours import is_working_day
from intents.desk.projects.records import ProjectState, Round
from intents.desk.refused import Refused
from knowledge.model import Lang
from knowledge.reminders import load_rules
from knowledge.wording import load_wording
from tests.intents.desk.deadlines.world import (
    HOURS,
    TODAY,
    almanac,
    applied,
    dates,
    day,
    left,
    one,
    project,
)

STEPS = ("BP-01", "BP-02", "DL-07", "BP-03", "DL-08")
# Two with time for everything, one that is too near, one that is past, and one without a cut-off.
FAR = almanac(
    rounds=(
        Round(90, None, day("2027-05-31")),
        Round(91, None, day("2027-09-01")),
        Round(89, None, day("2027-02-22")),
        Round(88, None, day("2026-11-20")),
        Round(92),
    )
)


def _working_days(first: date, last: date) -> int:
    """Counted one by one, behind the first day and up to the last."""
    days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    return sum(is_working_day(HOURS, each) for each in days)


# ------------------------------------------------ the dates


@pytest.mark.parametrize(("rule", "working"), [("BP-01", 110), ("BP-02", 90), ("BP-03", 15)])
def test_a_step_lies_so_many_working_days_before_the_cutoff(rule: str, working: int) -> None:
    """The office's own number, with a notice ten working days before and one on the day; advice, and no rule."""
    found = one(rule, project(target_round=91), FAR)
    assert found.due_on
    assert is_working_day(HOURS, found.due_on)
    # Behind it there are so many up to the cut-off, which counts as one of them.
    assert _working_days(found.due_on, day("2027-09-01")) == working
    assert (found.kind, found.estimated, found.reason) == ("practice", False, "working_days_before_cutoff")
    notices = left(found)
    assert list(notices) == ["before", "day"]
    assert (notices["day"], _working_days(notices["before"], notices["day"])) == (found.due_on, 10)
    assert "制度の規則ではありません" in load_rules()[rule].basis[Lang.JA]
    assert explain(found, load_wording(), Lang.JA).as_of == "窓口の目安（制度の出典はありません）"


def test_the_steps_keep_their_order_whatever_the_cutoff() -> None:
    """Over two years of cut-offs: data, draft, verification ordered, its report, application."""
    for number in range(0, 730, 3):
        cutoff = day("2026-01-05") + timedelta(days=number)
        counted = almanac(rounds=(Round(70, None, cutoff),))
        found = deadlines(project(target_round=70), counted, TODAY)
        due = {each.rule.id: each.due_on for each in found if each.rule.id in STEPS}
        days = [due[rule] or TODAY for rule in STEPS]
        assert days == sorted(days), cutoff
        assert len(set(days)) == len(STEPS), cutoff


def test_a_project_without_a_round_has_no_steps() -> None:
    """Not even ones that are missing something: nothing is counted for it."""
    found = deadlines(project(cp_start="2026-01-01"), FAR, TODAY, off=True)
    assert [each.rule.id for each in found if each.rule.id.startswith("BP")] == []
    assert [one(rule, project(target_round=92), FAR).missing for rule in STEPS] == [("cutoff",)] * 5


def test_the_office_may_set_the_number() -> None:
    """None at all is the cut-off itself, or the working day before it; what cannot be read is named."""
    counted = almanac(
        rounds=(Round(90, None, day("2027-02-21")),),
        settings={
            "BP-01": {"working_days": "5"},
            "BP-02": {"working_days": "0"},
            "BP-03": {"working_days": "many"},
        },
    )
    aiming = project(target_round=90)
    assert one("BP-01", aiming, counted).due_on == day("2027-02-15")
    assert one("BP-02", aiming, counted).due_on == day("2027-02-19")  # the 21st is a Sunday
    wrong = one("BP-03", aiming, counted)
    assert (wrong.missing, wrong.warnings) == (("working_days",), ("setting_wrong",))


def test_the_application_ends_every_step() -> None:
    """As it ends the notices of the round itself."""
    done = project(target_round=91, certifications=applied("2026-11-01", round_=91))
    for rule in STEPS:
        found = one(rule, done, FAR)
        assert (found.stopped, found.steps) == (Stop("applied_in_round", day("2026-11-01")), ()), rule


@pytest.mark.parametrize(
    ("received", "used", "stops"),
    [
        ("2026-11-10", "", True),
        ("2026-11-10", "2026-11-20", False),  # an older round has used it
        ("2026-11-10", "2026-11-01", True),
        ("2027-10-01", "", False),  # too late for this round
    ],
)
def test_the_report_in_hand_ends_what_comes_before_it(received: str, used: str, stops: bool) -> None:
    """Unless it was for another round; the application is still to come."""
    aiming = project(
        target_round=91,
        report_received_on=received,
        certifications=applied(used, round_=88) if used else (),
    )
    for rule in ("BP-01", "BP-02", "BP-03"):
        wanted = Stop("report_received", day(received)) if stops else None
        assert one(rule, aiming, FAR).stopped == wanted
    assert one("DL-08", aiming, FAR).stopped is None


def test_a_report_in_doubt_ends_nothing() -> None:
    """Nothing is concluded from a day that somebody marked."""
    doubtful = project(
        target_round=91, report_received_on="2026-11-10", unverified=frozenset({"report_received_on"})
    )
    assert one("BP-03", doubtful, FAR).stopped is None


def test_what_needs_nothing_costs_nothing() -> None:
    """Rules that need a round or items are not even looked at for the projects without them."""
    assert {rule for rule in load_rules() if rule[:2] in ("BP", "MB")} == {
        "BP-01",
        "BP-02",
        "BP-03",
        "MB-01",
    }
    assert all(dates(rule, project(), FAR) == [] for rule in ("BP-01", "BP-02", "BP-03", "MB-01"))
    assert frame(FAR, TODAY).by_formula["before_cutoff"].rule.id == "BP-01"


# ------------------------------------------------ the plan


def test_a_plan_has_its_steps_in_order_with_what_is_left() -> None:
    """Days, working days until then, and that there is time for all of it."""
    plan = back_plan(project(target_round=91), FAR, None, TODAY)
    assert [stage.dated.rule.id for stage in plan.stages] == list(STEPS)
    assert [stage.day for stage in plan.stages] == sorted(stage.day for stage in plan.stages)
    assert [stage.left for stage in plan.stages] == [_working_days(TODAY, stage.day) for stage in plan.stages]
    assert {stage.state for stage in plan.stages} == {StageState.AHEAD}
    assert (plan.round.number, plan.aimed, plan.reachable, plan.over, plan.instead) == (
        91,
        True,
        True,
        False,
        None,
    )


def test_a_round_that_is_too_near_names_the_first_that_is_not() -> None:
    """Steps whose day has passed are told; the day itself is not past."""
    plan = back_plan(project(target_round=89), FAR, None, TODAY)
    states = [stage.state for stage in plan.stages]
    assert states == [StageState.PAST] * 3 + [StageState.AHEAD] * 2
    assert plan.stages[0].left == -_working_days(plan.stages[0].day, TODAY)
    assert (plan.reachable, plan.over, plan.ahead, plan.instead) == (False, False, True, 90)
    on_the_day = back_plan(project(target_round=91), FAR, None, day("2027-03-23"))
    assert (on_the_day.stages[0].left, on_the_day.stages[0].state) == (0, StageState.AHEAD)
    late = back_plan(project(target_round=91), FAR, None, day("2027-03-24"))
    assert (late.reachable, late.instead) == (False, None)


def test_a_cutoff_that_has_passed_is_over_unless_it_was_met() -> None:
    """Nothing of it is ahead; with an application in that round all of it is done."""
    missed = back_plan(project(target_round=88), FAR, None, TODAY)
    assert (missed.over, missed.reachable, missed.ahead, missed.instead) == (True, False, False, 90)
    met = project(target_round=88, certifications=applied("2026-11-19", round_=88))
    plan = back_plan(met, FAR, None, TODAY)
    assert (plan.over, plan.reachable, plan.instead) == (False, True, None)
    assert {stage.state for stage in plan.stages} == {StageState.DONE}


def test_what_is_done_holds_nothing_back() -> None:
    """Whoever has a draft has closed the data; an order of the verification says nothing of either."""
    aiming = project(target_round=89)
    drafted = back_plan(aiming, FAR, None, TODAY, {"BP-02"})
    assert [stage.state for stage in drafted.stages][:3] == [
        StageState.DONE,
        StageState.DONE,
        StageState.PAST,
    ]
    ordered = back_plan(aiming, FAR, None, TODAY, {"BP-02", "DL-07"})
    assert ordered.reachable
    booked = back_plan(aiming, FAR, None, TODAY, {"DL-07"})
    assert [stage.state for stage in booked.stages][:3] == [
        StageState.PAST,
        StageState.PAST,
        StageState.DONE,
    ]
    # What was done for one round is not done for another.
    assert back_plan(aiming, FAR, 91, TODAY, {"BP-01"}).stages[0].state is StageState.AHEAD


def test_another_round_and_none_at_all() -> None:
    """Any round that has a cut-off can be looked at; without one, the first that there is time for."""
    other = back_plan(project(target_round=89), FAR, 91, TODAY)
    assert (other.round.number, other.aimed, other.cutoff) == (91, False, day("2027-09-01"))
    proposed = back_plan(project(), FAR, None, TODAY)
    assert (proposed.round.number, proposed.aimed, proposed.reachable) == (90, False, True)
    assert first_reachable(project(), FAR, day("2027-01-05")) == 91
    assert first_reachable(project(), FAR, day("2027-06-01")) is None


@pytest.mark.parametrize(
    ("problem", "fields", "round_", "counted"),
    [
        ("not_active", {"state": ProjectState.PAUSED, "target_round": 91}, None, FAR),
        ("no_such_round", {}, 77, FAR),
        ("no_cutoff", {"target_round": 92}, None, FAR),
        ("no_rounds_ahead", {}, None, almanac(rounds=())),
    ],
)
def test_without_a_date_there_is_no_plan(
    problem: str, fields: dict[str, object], round_: int | None, counted: object
) -> None:
    """Nothing is guessed: it is said what is not there."""
    with pytest.raises(Refused) as refused:
        back_plan(project(**fields), counted, round_, TODAY)  # type: ignore[arg-type]
    assert refused.value.problem == problem
    assert f"plan.{problem}" in load_wording().texts


def test_a_rule_that_is_switched_off_is_no_step() -> None:
    """The office decides what belongs to the way."""
    off = almanac(rounds=FAR.rounds)
    off = type(off)(off.rules, off.hours, off.rounds, off.windows, off.settings, {"BP-02": False})
    plan = back_plan(project(target_round=91), off, None, TODAY)
    assert [stage.dated.rule.id for stage in plan.stages] == ["BP-01", "DL-07", "BP-03", "DL-08"]


@pytest.mark.parametrize("lang", list(Lang))
def test_a_plan_in_words(lang: Lang) -> None:
    """The arithmetic of each step, whether there is time, and that the days are no rules of the scheme."""
    wording, aiming = load_wording(), project(target_round=89)
    plan = back_plan(aiming, FAR, None, TODAY)
    assert "89" in heading(plan, wording, lang)
    found = rows(plan, wording, lang)
    assert "110" in found[0].why
    assert [row.state for row in found] == ["past", "past", "past", "ahead", "ahead"]
    told = " ".join(remarks(plan, 89, FAR, wording, lang))
    assert wording.say("plan.own_values", lang) in told
    assert "90" in told
    other = " ".join(remarks(back_plan(aiming, FAR, 91, TODAY), 89, FAR, wording, lang))
    assert wording.say("plan.another", lang, target=89) in other
    assert wording.say("plan.fits", lang) in other
    proposed = " ".join(remarks(back_plan(project(), FAR, None, TODAY), None, FAR, wording, lang))
    assert wording.say("plan.proposed", lang) in proposed
    over = back_plan(project(target_round=88), FAR, None, TODAY)
    assert wording.say("plan.over", lang, instead="").strip() in " ".join(
        remarks(over, 88, FAR, wording, lang)
    )
    done = project(target_round=88, certifications=applied("2026-11-19", round_=88))
    finished = remarks(back_plan(done, FAR, None, TODAY), 88, FAR, wording, lang)
    assert wording.say("plan.finished", lang) in list(finished)
