"""What the page of entered dates shows, as names for its template."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.clock import tokyo_day
from bot.console.project_form import text_of
from bot.console.rights import ROOT, may
from bot.console.visit import Visit
from bot.project_words import Words
from intents.desk.projects import settings
from intents.desk.projects.marks import mark
from intents.desk.projects.records import Round, Window, WindowKind
from intents.forms import Field, FieldKind, Option
from knowledge.model import Source
from knowledge.reminder_model import ReminderRule, SettingRule
from knowledge.reminders import load_rules
from storage.books import StoredBooks

_LINE, _ONE, _NUMBER = FieldKind.LINE, FieldKind.ONE, FieldKind.NUMBER
ROUND = (("number", _NUMBER), ("cutoff", _LINE), ("held_on", _LINE))
WINDOW = (
    ("kind", _ONE),
    ("name", _LINE),
    ("year", _NUMBER),
    ("announced_on", _LINE),
    ("opens_on", _LINE),
    ("closes_at", _LINE),
    ("levels", _LINE),
    ("source", _LINE),
)
USED = (("used", _NUMBER), ("used_as_of", _LINE))
NEEDED = frozenset({"number", "kind", "name", "used"})
_FRESH = {"kind": WindowKind.SUPPORT.value, "levels": "50, 70"}
Fields = tuple[tuple[str, FieldKind], ...]


@dataclass(frozen=True, slots=True)
class Try:
    """A form that was sent and not done: which one, what was typed, what is wrong with it, and why it was refused."""

    form: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    status: int = 200
    stale: bool = False


@dataclass(frozen=True, slots=True)
class DateForm:
    """One form: its name on the page, where it is sent to, and what goes along unseen."""

    name: str
    path: str
    fields: tuple[Field, ...]
    hidden: Mapping[str, str]
    tried: bool


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule with its switch, how firm it is, where it stands, and what was entered for it."""

    rule: ReminderRule
    on: bool
    kind: str
    sources: tuple[str, ...]
    settings: tuple[tuple[str, str], ...]
    form: DateForm | None


def names_for(visit: Visit, opened: StoredBooks, tried: Try) -> dict[str, object]:
    """Everything on the page."""
    told = Words(visit.wording, visit.lang)
    page = _Page(visit, told, tried)
    entered = opened.calendars.settings()
    return {
        "told": told,
        "rounds": [(one, page.round(one)) for one in reversed(opened.calendars.rounds())],
        "new_round": page.form("round", ROUND, {}, {}),
        "windows": [(one, page.used(one), mark(one)) for one in opened.calendars.windows()],
        "new_window": page.form("window", WINDOW, _FRESH | {"year": ""}, {}),
        "today": tokyo_day(visit.now),
        "rules": [page.rule(one, entered.get(one.id, {})) for one in load_rules().values()],
        "doing": may(visit.member.role, "calendar.do"),
        "ruling": may(visit.member.role, "calendar.rule"),
    }


@dataclass(frozen=True, slots=True)
class _Page:
    """What every form of the page is made with."""

    visit: Visit
    told: Words
    tried: Try

    def form(
        self,
        name: str,
        fields: Fields,
        values: Mapping[str, str],
        hidden: Mapping[str, str],
        below: str = "",
    ) -> DateForm:
        mine = self.tried.form == name
        shown = self.tried.given if mine else values
        stands = values if mine and self.tried.stale else None
        made = tuple(self._field(one, kind, shown, stands, errors=mine) for one, kind in fields)
        return DateForm(name, f"{ROOT}/calendar/{below or name.partition('-')[0]}", made, hidden, mine)

    def _field(
        self,
        name: str,
        kind: FieldKind,
        values: Mapping[str, str],
        stands: Mapping[str, str] | None,
        *,
        errors: bool,
    ) -> Field:
        key = f"projects.hint_{name}"
        hint = self.told.say(f"hint_{name}") if key in self.told.wording.texts else ""
        if stands is not None and stands.get(name, "") != values.get(name, ""):
            hint = self.told.say("stands_now", value=stands.get(name) or self.told.say("nothing"))
        options = (
            tuple(Option(one.value, self.told.say(f"window_{one}")) for one in WindowKind)
            if name == "kind"
            else ()
        )
        return Field(
            name,
            self.told.field(name),
            kind,
            hint=hint,
            value=values.get(name, ""),
            options=options,
            required=name in NEEDED,
            error=self.tried.errors.get(name, "") if errors else "",
        )

    def round(self, one: Round) -> DateForm:
        values = {"cutoff": text_of(one.cutoff), "held_on": text_of(one.held_on)}
        hidden = {"known": str(one.number), "seen": mark(one)}
        return self.form(f"round-{one.number}", ROUND[1:], values, hidden)

    def used(self, one: Window) -> DateForm:
        values = {"used": text_of(one.used), "used_as_of": text_of(one.used_as_of)}
        return self.form(f"used-{one.id}", USED, values, {"known": str(one.id), "seen": mark(one)})

    def rule(self, rule: ReminderRule, entered: Mapping[str, str]) -> RuleRow:
        version = rule.on(tokyo_day(self.visit.now)) or rule.versions[-1]
        sources = self.visit.house.live.current().edition.sources
        about = tuple(
            (one.about[self.visit.lang], entered.get(one.name, one.default)) for one in rule.settings
        )
        return RuleRow(
            rule,
            settings.enabled(rule, entered),
            version.kind.value,
            tuple(_source(one, sources) for one in version.sources),
            about,
            self._rule_form(rule, entered) if rule.settings else None,
        )

    def _rule_form(self, rule: ReminderRule, entered: Mapping[str, str]) -> DateForm:
        name = f"rule-{rule.id}"
        mine = self.tried.form == name
        fields = tuple(self._setting(one, entered, mine=mine) for one in rule.settings)
        hidden = {f"seen_{one.name}": entered.get(one.name, "") for one in rule.settings}
        return DateForm(name, f"{ROOT}/calendar/rules/{rule.id}", fields, hidden, mine)

    def _setting(self, one: SettingRule, entered: Mapping[str, str], *, mine: bool) -> Field:
        now = entered.get(one.name, "")
        value = self.tried.given.get(one.name, "") if mine else now
        changed = mine and self.tried.stale and value != now
        hint = self.told.say("stands_now", value=now or self.told.say("nothing")) if changed else ""
        error = self.tried.errors.get(one.name, "") if mine else ""
        hint = hint or self.told.say(f"setting_hint_{one.kind}")
        return Field(
            one.name, one.about[self.visit.lang], _LINE, hint=hint, value=value, required=False, error=error
        )


def _source(name: str, sources: Mapping[str, Source]) -> str:
    return sources[name].title if name in sources else name
