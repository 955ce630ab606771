"""An almanac made ready for a day: the rules in force, settings as values, rounds and windows in their order.

Thousands of projects are counted against the same one.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from intents.appointments import TOKYO
from intents.desk.deadlines.calendar_math import WorkingDays, fiscal_year, working_days
from intents.desk.deadlines.faults import CalendarFault
from intents.desk.deadlines.records import Almanac, Step
from intents.desk.office_hours import OfficeHours, holiday_name
from intents.desk.projects.records import Round, Window, WindowKind
from knowledge.model import Lang
from knowledge.reminder_model import ReminderRule, RuleSubject, RuleVersion, SettingRule
from knowledge.reminder_settings import SettingValue, read_setting

# Whoever has not answered about a date that comes again is asked for so long.
LINGERS = timedelta(days=92)


@dataclass(frozen=True, slots=True, eq=False)
class InForce:
    """A rule with the version that holds on the day, what the office entered for it, and whether it is sent.

    `wrong` names settings whose value cannot be read: nothing is counted from them.
    """

    rule: ReminderRule
    version: RuleVersion
    is_on: bool
    settings: Mapping[str, SettingValue]
    wrong: frozenset[str]

    def amount(self, name: str) -> int:
        """A number of the formula."""
        return self.version.amounts[name]

    def day(self, name: str) -> date | None:
        """A setting that is a day."""
        value = self.settings.get(name)
        return value if isinstance(value, date) else None

    def number(self, name: str) -> int | None:
        """A setting that is a number."""
        value = self.settings.get(name)
        return value if isinstance(value, int) else None

    def month_day(self, name: str) -> tuple[int, int] | None:
        """A setting that is a day of each year."""
        value = self.settings.get(name)
        return value if isinstance(value, tuple) else None

    def entered(self, name: str, almanac: Almanac) -> bool:
        """Whether the office entered that setting itself."""
        return bool(almanac.settings.get(self.rule.id, {}).get(name))


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What is counted against; `cutoffs` are the rounds that have one, the earliest first.

    `laid` remembers steps around a rule's due day: most projects share the same few days.
    """

    almanac: Almanac
    on: date
    days: WorkingDays
    in_force: Mapping[RuleSubject, tuple[InForce, ...]]
    by_formula: Mapping[str, InForce]
    cutoffs: tuple[tuple[date, int], ...]
    rounds: Mapping[int, Round]
    windows: Mapping[WindowKind, tuple[Window, ...]]
    laid: dict[tuple[str, date | None], tuple[Step, ...]] = field(default_factory=dict)

    def next_cutoff(self, day: date) -> tuple[date, int] | None:
        """The first cut-off that is not before a day, and the number of its round."""
        at = bisect_left(self.cutoffs, (day, 0))
        return self.cutoffs[at] if at < len(self.cutoffs) else None

    def cutoff_before(self, day: date) -> date | None:
        """The last cut-off before a day, as far as staff entered one."""
        at = bisect_left(self.cutoffs, (day, 0))
        return self.cutoffs[at - 1][0] if at else None


@lru_cache(maxsize=4)
def frame(almanac: Almanac, on: date) -> Frame:
    """The almanac made ready for a day; raises CalendarFault when its holidays are not known up to that day."""
    _check_calendar(almanac.hours, on)
    found = [_in_force(almanac, rule, version) for rule in almanac.rules.values() if (version := rule.on(on))]
    dated = ((one.cutoff, one.number) for one in almanac.rounds if one.cutoff)
    return Frame(
        almanac=almanac,
        on=on,
        days=working_days(almanac.hours),
        in_force={kind: tuple(one for one in found if one.rule.subject is kind) for kind in RuleSubject},
        # The first rule with a formula is the scheme's own.
        by_formula={one.version.formula: one for one in reversed(found)},
        cutoffs=tuple(sorted(dated)),
        rounds={one.number: one for one in almanac.rounds},
        windows={kind: _windows(almanac, kind, on) for kind in WindowKind},
    )


def _check_calendar(hours: OfficeHours, on: date) -> None:
    # New Year's Day is a holiday in every year that the table of holidays knows.
    if not holiday_name(date(hours.horizon.year, 1, 1), Lang.JA):
        raise CalendarFault("calendar_empty", horizon=hours.horizon)
    if hours.horizon < on:
        raise CalendarFault("calendar_ended", horizon=hours.horizon, on=on)


def _in_force(almanac: Almanac, rule: ReminderRule, version: RuleVersion) -> InForce:
    given = almanac.settings.get(rule.id, {})
    values: dict[str, SettingValue] = {}
    wrong = set()
    for setting in rule.settings:
        if text := given.get(setting.name) or setting.default:
            value = _value(setting, text)
            if value is None:
                wrong.add(setting.name)
            else:
                values[setting.name] = value
    return InForce(rule, version, almanac.is_on(rule.id), values, frozenset(wrong))


def _value(setting: SettingRule, text: str) -> SettingValue | None:
    try:
        return read_setting(setting.kind, text)
    except ValueError:
        return None


# ------------------------------------------------ windows


def _windows(almanac: Almanac, kind: WindowKind, on: date) -> tuple[Window, ...]:
    found = (one for one in almanac.windows if one.kind is kind and not _long_over(one, on))
    return tuple(sorted(found, key=lambda one: (one.year, one.id)))


def _long_over(window: Window, on: date) -> bool:
    """Whether nobody asks about a window any more: its fiscal year is past, and so is its end."""
    closes = closing_day(window)
    return window.year < fiscal_year(on) and (closes is None or closes + LINGERS < on)


def closing_day(window: Window) -> date | None:
    """The day on which a window closes, in Tokyo."""
    return window.closes_at.astimezone(TOKYO).date() if window.closes_at else None
