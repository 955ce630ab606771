"""How the office works: its hours, and how soon it promises an answer to each kind of case. Moments are UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from intents.desk import promises
from intents.desk.case_records import Case, CaseKind
from intents.desk.office_hours import OfficeHours, office_hours, working_time_between
from knowledge.model import Edition
from knowledge.promises import Promise, load_promises

# For an edition without a calendar, such as a foreign one: usual hours, marked as not confirmed.
_USUAL = OfficeHours(time(9), time(17), frozenset(), date.max, unverified=True)


@dataclass(frozen=True, slots=True)
class Practice:
    """The hours and the promises in force."""

    hours: OfficeHours
    promises: Mapping[str, Promise]

    def promised(self, kind: CaseKind, asked_at: datetime) -> datetime:
        """When who asked at that moment is told to hear from us, counted in working hours."""
        return promises.promised_by(self.hours, self.promises[kind.value], asked_at)

    def warn_at(self, kind: CaseKind, promised_by: datetime) -> datetime:
        """When the owner of a case is reminded of its promise."""
        return promises.near_at(self.hours, self.promises[kind.value], promised_by)

    def slack(self, case: Case, now: datetime) -> timedelta | None:
        """The working time that is left until the case is due, negative when it is late; None: nothing is due."""
        due = case.due
        return working_time_between(self.hours, now, due[0]) if due else None


def practice_of(edition: Edition) -> Practice:
    """The practice that an edition's calendar and the office's promises make."""
    hours = office_hours(edition.calendar) if edition.calendar else _USUAL
    return Practice(hours, load_promises())
