"""Dates that follow from the committee's rounds: their cut-offs, and what has to be done before them."""

from collections.abc import Iterator
from datetime import date, timedelta

from intents.desk.deadlines.case import Case
from intents.desk.deadlines.found import SETTING_WRONG, Found, Inputs, given, lacking, not_known
from intents.desk.deadlines.frame import InForce
from intents.desk.deadlines.records import Stop
from knowledge.reminder_model import Shift

ROUNDS, CUTOFF, TARGET, WORKING_DAYS = "committee_rounds", "cutoff", "target_round", "working_days"


def verification_booking(case: Case, rule: InForce) -> Iterator[Found]:
    """So many days before the cut-off of the round that the project aims at."""
    target = case.project.target_round
    if target is None:
        yield lacking(TARGET)
        return
    cutoff = _cutoff(case, target)
    if cutoff is None:
        yield lacking(CUTOFF)
        return
    days = rule.amount("days")
    due, stop = cutoff - timedelta(days=days), _applied_for(case, target, cutoff)
    inputs = (*_inputs(target, cutoff), given("days", days))
    yield Found(due, "days_before_cutoff", inputs, anchors={CUTOFF: cutoff}, apart=str(target), stopped=stop)


def round_cutoff(case: Case, _: InForce) -> Iterator[Found]:
    """The cut-off of the round that the project aims at; without one, the next cut-off, about which nobody is told."""
    target = case.project.target_round
    if target is not None:
        cutoff = _cutoff(case, target)
        if cutoff is None:
            yield lacking(CUTOFF)
            return
        stop = _applied_for(case, target, cutoff)
        yield Found(cutoff, "entered_cutoff", _inputs(target, cutoff), apart=str(target), stopped=stop)
        return
    coming = case.frame.next_cutoff(case.frame.on)
    if coming is None:
        yield lacking(ROUNDS)
        return
    day, number = coming
    stop = _applied_for(case, number, day)
    yield Found(day, "choose_round", _inputs(number, day), quiet=True, apart=str(number), stopped=stop)


def before_cutoff(case: Case, rule: InForce) -> Iterator[Found]:
    """So many working days before the cut-off of the round that the project aims at."""
    target, days = case.project.target_round, rule.number(WORKING_DAYS)
    cutoff = _cutoff(case, target) if target is not None else None
    if target is None or cutoff is None:
        yield lacking(CUTOFF)
        return
    if days is None:
        yield lacking(WORKING_DAYS, warnings=(SETTING_WRONG,) if rule.wrong else ())
        return
    counted = case.frame.days
    due = counted.add(cutoff, -days) if days else counted.shifted(cutoff, Shift.BEFORE)
    stop = _applied_for(case, target, cutoff) or _report_in_hand(case, cutoff)
    inputs = (*_inputs(target, cutoff), given(WORKING_DAYS, days))
    yield Found(due, "working_days_before_cutoff", inputs, apart=str(target), stopped=stop)


def _report_in_hand(case: Case, cutoff: date) -> Stop | None:
    """Whether a verification report came that no application has used yet: all that comes before it is done."""
    if case.project.report_received_on is None:
        return None
    received = case.known("report_received_on").day
    if received is None or received > cutoff or case.first_application(received):
        return None
    return Stop("report_received", received)


def cutoff_after_report(case: Case, _: InForce) -> Iterator[Found]:
    """The first cut-off once the verification report is there; where none was entered, only the first step."""
    if case.project.report_received_on is not None:
        yield from _before_next_cutoff(case, "report_received_on", "received", "cutoff_after_report")


def plan_change(case: Case, _: InForce) -> Iterator[Found]:
    """The first cut-off after the plan was changed; where none was entered, only the first step."""
    if case.project.plan_changed_on is not None:
        yield from _before_next_cutoff(case, "plan_changed_on", "changed", "cutoff_after_change")


def _before_next_cutoff(case: Case, field: str, anchor: str, reason: str) -> Iterator[Found]:
    event = case.known(field)
    if event.day is None:
        yield not_known(event)
        return
    applied = case.first_application(event.day)
    stop = Stop("applied", applied) if applied else None
    anchors = {anchor: event.day}
    coming = case.frame.next_cutoff(event.day)
    # Two occasions may end on the same cut-off.
    apart = event.day.isoformat()
    if coming is None:
        yield Found(None, "cutoff_not_known", event.inputs, anchors=anchors, apart=apart, stopped=stop)
        return
    day, number = coming
    inputs = (*event.inputs, *_inputs(number, day))
    yield Found(day, reason, inputs, anchors=anchors, first=event.day, apart=apart, stopped=stop)


def _cutoff(case: Case, number: int) -> date | None:
    found = case.frame.rounds.get(number)
    return found.cutoff if found else None


def _inputs(number: int, cutoff: date) -> Inputs:
    return given("round", number), given(CUTOFF, cutoff)


def _applied_for(case: Case, number: int, cutoff: date) -> Stop | None:
    """Whether certification was applied for in that round: it says so, or it came between the cut-offs."""
    before = case.frame.cutoff_before(cutoff)
    for day, round_ in case.applications:
        # Without the cut-off before it, an application of any age could be meant.
        if round_ == number or (round_ is None and before and before < day <= cutoff):
            return Stop("applied_in_round", day)
    return None
