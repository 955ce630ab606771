"""The almanac that dates are counted from: the rules, the office's hours, and what staff entered."""

from collections.abc import Mapping
from functools import lru_cache

from intents.desk.deadlines.faults import CalendarFault
from intents.desk.deadlines.records import Almanac
from intents.desk.office_hours import OfficeHours, office_hours
from intents.desk.projects.books import ProjectBooks
from intents.desk.projects.records import Entered
from knowledge.model import Edition
from knowledge.reminders import load_rules

ENABLED, YES = "enabled", "yes"


def almanac_of(books: ProjectBooks, hours: OfficeHours) -> Almanac:
    """The almanac of these books; what was entered for a rule that is no longer there counts for nothing.

    It is the same one as long as nothing changes, so that what was counted from it holds.
    """
    return _almanac(books.calendars.entered(), hours)


@lru_cache(maxsize=4)
def _almanac(entered: Entered, hours: OfficeHours) -> Almanac:
    rules = load_rules()
    return Almanac(
        rules=rules,
        hours=hours,
        rounds=entered.rounds,
        windows=entered.windows,
        settings={rule: values for rule, values in entered.settings.items() if rule in rules},
        enabled=_switches(entered.settings, rules),
    )


def _switches(entered: Mapping[str, Mapping[str, str]], rules: Mapping[str, object]) -> Mapping[str, bool]:
    return {
        rule: values[ENABLED] == YES
        for rule, values in entered.items()
        if rule in rules and values.get(ENABLED)
    }


def hours_of(edition: Edition) -> OfficeHours:
    """The hours of an edition that dates can be counted with; raises CalendarFault when it has no calendar."""
    if edition.calendar is None:
        raise CalendarFault("calendar_missing", edition=edition.name)
    return office_hours(edition.calendar)
