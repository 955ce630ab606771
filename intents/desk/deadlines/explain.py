"""A date in words: what it is, how firm, from what and how it was counted, why a notice moved or stopped."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from intents.appointments import weekday_text
from intents.desk.deadlines.contradictions import Contradiction
from intents.desk.deadlines.records import Deadline, Step
from intents.desk.office_hours import SATURDAY, holiday_name
from knowledge.model import Lang, Source
from knowledge.reminder_model import RuleVersion
from knowledge.wording import Wording

NO_SOURCES: Mapping[str, Source] = {}
MONTHS_OF_YEAR = 12


@dataclass(frozen=True, slots=True)
class Explanation:
    """A date in one language, each text put into words when it is asked for; empty where there is nothing to say."""

    deadline: Deadline
    words: "_Words"
    known: Mapping[str, Source]

    @property
    def title(self) -> str:
        """What the rule is called."""
        return self._in(self.deadline.rule.title)

    @property
    def about(self) -> str:
        """What tells it from other dates of its rule."""
        return self.deadline.about

    @property
    def kind(self) -> str:
        """How firm it is."""
        return self.words.say(f"kind_{self.deadline.kind}")

    @property
    def due(self) -> str:
        """The day, or that the office has to be asked, or that it cannot be counted."""
        return self.words.due(self.deadline)

    @property
    def estimated(self) -> str:
        """That the day is an estimate."""
        return self.words.say("estimate") if self.deadline.estimated and self.deadline.due_on else ""

    @property
    def inputs(self) -> tuple[tuple[str, str], ...]:
        """Fields with their values."""
        words = self.words
        return tuple((words.field(name), words.value(name, value)) for name, value in self.deadline.inputs)

    @property
    def arithmetic(self) -> str:
        """How the day follows from them."""
        return self.words.say(self.deadline.reason, **self.words.places(self.deadline))

    @property
    def shifts(self) -> Mapping[str, str]:
        """Why each notice was moved that was, by the name of its step."""
        moved = (step for step in self.deadline.steps if step.on != step.planned)
        return {step.name: self.words.shift(step) for step in moved}

    @property
    def stopped(self) -> str:
        """Why there are no notices any more."""
        stop, words = self.deadline.stopped, self.words
        return words.say(f"stop_{stop.why}", day=words.day(stop.on) if stop.on else "") if stop else ""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What makes the day less certain."""
        return tuple(self.words.say(f"warn_{code}") for code in self.deadline.warnings)

    @property
    def basis(self) -> str:
        """What the rule is founded on."""
        return self._in(self.deadline.rule.basis)

    @property
    def caution(self) -> str:
        """What to be careful about."""
        return self._in(self.deadline.rule.caution)

    @property
    def next(self) -> str:
        """What to do."""
        return self._in(self.deadline.rule.next)

    @property
    def consequence(self) -> str:
        """What happens otherwise."""
        return self._in(self.deadline.rule.consequence)

    @property
    def stops(self) -> str:
        """What ends the notices."""
        return self.deadline.rule.stops.get(self.words.lang, "")

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources, each with its own as-of date."""
        return tuple(self.words.source(one, self.known) for one in version_of(self.deadline).sources)

    @property
    def as_of(self) -> str:
        """When the sources were read, or that the date has none."""
        return self.words.read_on(version_of(self.deadline))

    def _in(self, text: Mapping[Lang, str]) -> str:
        return text[self.words.lang]


def explain(
    deadline: Deadline, wording: Wording, lang: Lang, sources: Mapping[str, Source] = NO_SOURCES
) -> Explanation:
    """Everything there is to say about a date; a source that is not among `sources` is told by its id."""
    return Explanation(deadline, _Words(wording, lang), sources)


def version_of(deadline: Deadline) -> RuleVersion:
    """The version of the rule that a date was counted by."""
    return deadline.version or deadline.rule.versions[-1]


def contradiction_text(found: Contradiction, wording: Wording, lang: Lang) -> str:
    """Why fields cannot all be right, with their names."""
    words = _Words(wording, lang)
    return words.say(f"clash_{found.problem}", fields=words.fields(found.fields))


@dataclass(frozen=True, slots=True)
class _Words:
    """The sentences about dates in one language."""

    wording: Wording
    lang: Lang

    def say(self, name: str, /, **places: object) -> str:
        return self.wording.say(f"deadlines.{name}", self.lang, **places)

    def day(self, day: date) -> str:
        return weekday_text(day, self.lang, self.wording)

    def due(self, deadline: Deadline) -> str:
        if deadline.due_on:
            return self.day(deadline.due_on)
        return self.say("no_date" if deadline.missing else "ask_office")

    def field(self, name: str) -> str:
        return self.say(f"field_{name}")

    def fields(self, names: Iterable[str]) -> str:
        return self.say("between").join(self.field(name) for name in names)

    def value(self, name: str, text: str) -> str:
        """An input as people read it: days with their weekday, a day of the week by its name."""
        if name == "weekday":
            return self.wording.say("appointment.weekdays", self.lang).split()[int(text) - 1]
        try:
            return self.day(date.fromisoformat(text))
        except ValueError:
            return text

    def places(self, deadline: Deadline) -> Mapping[str, str]:
        """What the arithmetic mentions: each input by its name, the first one with its label, what is missing."""
        values = {name: self.value(name, text) for name, text in deadline.inputs}
        first = next(iter(values.items()), None)
        base = self.say("named", name=self.field(first[0]), value=first[1]) if first else ""
        length = self._length(int(values.get("months", "0")))
        return {**values, "base": base, "length": length, "missing": self.fields(deadline.missing)}

    def _length(self, months: int) -> str:
        years, rest = divmod(months, MONTHS_OF_YEAR)
        return self.say("length_months", count=months) if rest else self.say("length_years", count=years)

    def shift(self, step: Step) -> str:
        """Why a notice leaves on another day than planned."""
        way = "moved_before" if step.on < step.planned else "moved_after"
        planned, day = self.day(step.planned), self.day(step.on)
        return self.say(way, planned=planned, day=day, reason=self._free(step.planned))

    def _free(self, day: date) -> str:
        if name := holiday_name(day, self.lang):
            return self.say("is_holiday", name=name)
        return self.say("is_weekend" if day.weekday() >= SATURDAY else "is_closed")

    def read_on(self, version: RuleVersion) -> str:
        """When the sources were read; of a rule without any, that it has none."""
        if not version.sources:
            return self.say("own_value")
        return self.say("read_on", day=version.as_of.isoformat())

    def source(self, id_: str, sources: Mapping[str, Source]) -> str:
        found = sources.get(id_)
        if found is None:
            return id_
        return self.say("source", title=found.title, publisher=found.publisher, as_of=found.as_of)
