"""Dates that follow from something that happened or was bought: registration, a listing, an instrument's expiry."""

import hashlib
from collections.abc import Iterator

from intents.desk.deadlines.calendar_math import add_months
from intents.desk.deadlines.case import Case
from intents.desk.deadlines.found import Found, given, lacking, not_known
from intents.desk.deadlines.frame import InForce
from intents.desk.deadlines.records import Stop

# A key with a day and a name has to fit into its column.
NAME_LIMIT, DIGEST = 60, 12


def since_registration(case: Case, rule: InForce) -> Iterator[Found]:
    """One date for each step behind the registration, until certification is applied for the first time.

    What was applied for after a date could not have stopped it.
    """
    if case.project.registration_date is None:
        return
    registered = case.known("registration_date")
    if registered.day is None:
        yield not_known(registered)
        return
    applied = case.first_application()
    anchors = {"registration": registered.day}
    for step in rule.version.steps:
        due = case.frame.days.moved(registered.day, step.span)
        inputs = (*registered.inputs, given("months", step.span.amount))
        stop = Stop("applied", applied) if applied and applied <= due else None
        yield Found(due, "months_after", inputs, anchors=anchors, only=step.name, stopped=stop)


def instrument_expiry(case: Case, _: InForce) -> Iterator[Found]:
    """The last day on which each instrument's inspection or calibration holds."""
    if "instruments" in case.doubts:
        yield lacking("instruments", warnings=(case.doubts["instruments"],))
        return
    for one in case.project.instruments:
        inputs = (given("valid_until", one.valid_until),)
        yield Found(one.valid_until, "entered_expiry", inputs, apart=short(one.name), about=one.name)


def short(name: str) -> str:
    """A name for a key: itself, or its digest where it is too long for one."""
    return name if len(name) <= NAME_LIMIT else hashlib.sha256(name.encode()).hexdigest()[:DIGEST]


def after_listing(case: Case, rule: InForce) -> Iterator[Found]:
    """So many months after what was certified has been listed for sale."""
    if "certifications" in case.doubts:
        if any(one.listed_on for one in case.project.certifications):
            yield lacking("listed_on", warnings=(case.doubts["certifications"],))
        return
    months = rule.amount("months")
    for one in case.project.certifications:
        if one.listed_on:
            inputs = (given("listed_on", one.listed_on), given("months", months))
            yield Found(
                add_months(one.listed_on, months),
                "months_after",
                inputs,
                estimated=True,
                anchors={"listed": one.listed_on},
                apart=one.applied_on.isoformat(),
            )
