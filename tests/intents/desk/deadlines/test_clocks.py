"""Seminars, meetings and consultations have clocks of their own: what their rules say is what those clocks do."""

from intents.desk import meeting_clock, seminar_clock, survey_clock
from intents.desk.moments import day_before
from intents.desk.office_hours import add_working_time, working_time_between
from knowledge.promises import load_promises
from knowledge.reminder_model import RuleSubject, Unit
from knowledge.reminders import load_rules
from tests.intents.desk.deadlines.world import HOURS
from tests.kit import NOON

RULES = load_rules()


def _days(rule: str) -> set[int]:
    """How many days before its event a rule speaks."""
    steps = RULES[rule].versions[-1].steps
    return {-step.span.amount for step in steps if step.span.unit is Unit.DAYS and step.span.amount <= 0}


def test_dl_25_is_the_seminar_clock() -> None:
    """14, 3 and 1 days before and on the day; the survey within a working day, sooner than the rule asks."""
    assert _days("DL-25") == {days for days, _ in seminar_clock.STEPS}
    survey = next(step for step in RULES["DL-25"].versions[-1].steps if step.name == "survey")
    assert (survey.span.amount, survey.span.unit) == (1, Unit.WORKING_DAYS)
    assert HOURS.day >= survey_clock.AFTER_EVENT


def test_dl_26_is_the_meeting_clock_as_far_as_that_goes() -> None:
    """A week before; staff send the survey and the materials, and the clock adds the day before."""
    assert _days("DL-26") & set(meeting_clock.DAYS) == {7}
    assert _days("DL-26") - set(meeting_clock.DAYS) == {21}
    assert set(meeting_clock.DAYS) - _days("DL-26") == {1}


def test_dl_27_is_promised_sooner_and_reminded_of_the_day_before() -> None:
    """The promise of a consultation lies within the rule's three working days."""
    steps = {step.name: step.span for step in RULES["DL-27"].versions[-1].steps}
    promised = add_working_time(HOURS, NOON, load_promises()["consultation"].answer)
    limit = steps["dates"].amount * HOURS.day
    assert working_time_between(HOURS, NOON, promised) <= limit
    assert steps["d1"].amount == -1
    assert (NOON.date() - day_before(NOON).date()).days == 1


def test_the_engine_leaves_them_to_their_clocks() -> None:
    """They speak of neither projects nor the office."""
    subjects = [RULES[rule].subject for rule in ("DL-25", "DL-26", "DL-27")]
    assert subjects == [RuleSubject.SEMINAR, RuleSubject.MEETING, RuleSubject.CONSULTATION]
