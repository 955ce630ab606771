"""To which day a nudge may be put off: never past its deadline, and the last notice always comes. Days are Tokyo's."""

from dataclasses import dataclass
from datetime import date, timedelta

from intents.desk.deadlines.records import Deadline
from intents.desk.nudges.planning import unsent
from intents.desk.nudges.records import Obligation
from intents.desk.office_hours import DAY, OfficeHours, add_working_days
from intents.desk.refused import Refused

# Where nothing is due on a known day, this is how long something may rest.
LONGEST = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class PutOff:
    """The day of the next notice, and why it is not the day that was asked for: `deadline`, `last`, `working_day`, or nothing."""

    day: date
    why: str = ""


def put_off(one: Obligation, dated: Deadline, wanted: date, today: date, hours: OfficeHours) -> PutOff:
    """The day to which a nudge is put off. Raises Refused (snooze_past, snooze_too_late).

    Between two notices it may be put off until the last one, which comes whatever is asked; after the last one, only
    to a working day up to the deadline.
    """
    if wanted <= today:
        raise Refused("snooze_past", day=today)
    last = _last(one, dated)
    until, why = (last, "last") if last else (_until(dated, today), "deadline")
    day = add_working_days(hours, wanted, 0)
    if day > until:
        # The last working day that is early enough, and still to come.
        day = add_working_days(hours, until + DAY, -1)
        if day <= today:
            raise Refused("snooze_too_late", day=until)
        return PutOff(day, why)
    return PutOff(day, "" if day == wanted else "working_day")


def _last(one: Obligation, dated: Deadline) -> date | None:
    """The day of the last notice, if it is still to come."""
    ahead = unsent(one, dated)
    return ahead[-1].on if ahead else None


def _until(dated: Deadline, today: date) -> date:
    return dated.due_on if dated.due_on else today + LONGEST
