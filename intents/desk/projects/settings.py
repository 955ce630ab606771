"""What the office enters for a rule of deadlines: its switch, and what cannot be counted without the office."""

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches

from intents.desk.projects.books import ProjectBooks
from intents.desk.projects.checks import ERASE
from intents.desk.refused import Refused
from intents.readers.misread import Misread
from intents.readers.plain import tidy
from intents.readers.register import day_of_year, register_day, weekday, whole
from knowledge.reminder_model import ReminderRule, SettingRule
from knowledge.reminder_settings import LONGEST_DAYS

ENABLED = "enabled"
YES, NO = "yes", "no"
# What a rule's number begins with when only the number is typed.
DEADLINE = "DL"
_NUMBERED = re.compile(r"([A-Z]{2})?[\s_-]*0*(\d{1,3})")
Rules = Mapping[str, ReminderRule]


def find_rule(rules: Rules, typed: str) -> ReminderRule:
    """The rule of that name, however it is written. Refused: no_such_rule (the nearest), rule_unlike (all)."""
    wanted = tidy(typed).upper()
    if numbered := _NUMBERED.fullmatch(wanted):
        wanted = f"{numbered[1] or DEADLINE}-{int(numbered[2]):02}"
    if wanted in rules:
        return rules[wanted]
    known = ", ".join(rules)
    if near := get_close_matches(wanted, rules, 1):
        raise Refused("no_such_rule", value=typed, nearest=near[0], known=known)
    raise Refused("rule_unlike", value=typed, known=known)


def switch(
    books: ProjectBooks, rules: Rules, rule: str, *, on: bool, seen: bool | None = None
) -> ReminderRule:
    """Switches a rule on or off; as it is by itself leaves no setting. Refused: as `find_rule`, changed_meanwhile."""
    found = find_rule(rules, rule)
    books.calendars.hold()
    is_on = enabled(found, books.calendars.settings().get(found.id, {}))
    if is_on == on:
        return found
    if seen is not None and seen != is_on:
        raise Refused("changed_meanwhile")
    value = "" if on == found.enabled else (YES if on else NO)
    books.calendars.put_setting(found.id, ENABLED, value)
    books.audit.note(f"rule:{found.id}", "switched", before={ENABLED: is_on}, after={ENABLED: on})
    return found


def enabled(rule: ReminderRule, entered: Mapping[str, str]) -> bool:
    """Whether a rule is sent: as the office switched it, else as it is by itself."""
    return {YES: True, NO: False}.get(entered.get(ENABLED, ""), rule.enabled)


def enter(books: ProjectBooks, rules: Rules, rule: str, name: str, text: str, seen: str | None = None) -> str:
    """Enters a setting of a rule, or takes it back with `-`; gives it as it is kept.

    Refused: as `find_rule`, no_such_setting, no_settings, setting_<kind>_wrong, changed_meanwhile.
    """
    found = find_rule(rules, rule)
    wanted = _setting(found, name)
    value = "" if tidy(text) in ("", ERASE) else read(wanted, text)
    books.calendars.hold()
    before = books.calendars.settings().get(found.id, {}).get(wanted.name, "")
    if value == before:
        return value
    if seen is not None and seen != before:
        raise Refused("changed_meanwhile")
    books.calendars.put_setting(found.id, wanted.name, value)
    books.audit.note(
        f"rule:{found.id}", "setting_entered", before={wanted.name: before}, after={wanted.name: value}
    )
    return value


def _setting(rule: ReminderRule, name: str) -> SettingRule:
    if found := next((one for one in rule.settings if one.name == name.strip()), None):
        return found
    if not rule.settings:
        raise Refused("no_settings", rule=rule.id)
    known = ", ".join(one.name for one in rule.settings)
    raise Refused("no_such_setting", field=name, rule=rule.id, value=name, known=known)


def read(setting: SettingRule, text: str) -> str:
    """A setting as it is kept: a date as YYYY-MM-DD, a day of the year as MM-DD, else a number.

    Refused: setting_<kind>_wrong.
    """
    try:
        return READ[setting.kind](text)
    except Misread as fault:
        raise Refused(f"setting_{setting.kind}_wrong", field=setting.name, value=text) from fault


# As people may type them; what `knowledge.reminder_settings` reads comes out.
READ: Mapping[str, Callable[[str], str]] = {
    "date": lambda text: register_day(text).isoformat(),
    "days": lambda text: str(whole(text, 0, LONGEST_DAYS)),
    "month": lambda text: str(whole(text, 1, 12)),
    "month_day": day_of_year,
    "weekday": lambda text: str(weekday(text)),
    "hour": lambda text: str(whole(text, 0, 23)),
}
