"""What the register says to staff: values as people read them, refusals, and what is wrong with a row of an import."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from intents.desk.deadlines.contradictions import Contradiction
from intents.desk.deadlines.explain import contradiction_text
from intents.desk.moments import moment_text
from intents.desk.projects.importing.cells import Fault
from intents.desk.projects.importing.plans import Change
from intents.desk.projects.items import ItemKind
from intents.desk.projects.records import ProjectState, Scheme
from intents.desk.refused import Refused
from knowledge.model import Lang
from knowledge.wording import Wording

# The files in which a sentence is looked for, in this order.
SUBJECTS = ("projects", "project_import", "deadlines", "plan", "project_reading", "readers")
FIELDS = frozenset({"field", "other", "column", "nearest"})


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences about projects in one language."""

    wording: Wording
    lang: Lang

    def say(self, name: str, /, **places: object) -> str:
        """A sentence about projects."""
        return self.wording.say(f"projects.{name}", self.lang, **places)

    def tell(self, name: str, /, **places: object) -> str:
        """A sentence about an import."""
        return self.wording.say(f"project_import.{name}", self.lang, **places)

    def field(self, name: str) -> str:
        """What a field is called; a name that is none of ours as it is."""
        return self.say(f"field_{name}") if f"projects.field_{name}" in self.wording.texts else name

    def value(self, value: object) -> str:
        """A value as people read it."""
        match value:
            case None | "":
                return self.say("nothing")
            case bool():
                return self.say("yes" if value else "no")
            case Scheme():
                return self.say(f"scheme_{value}")
            case ProjectState():
                return self.say(f"state_{value}")
            case ItemKind():
                return self.say(f"kind_{value}")
            case datetime():
                return moment_text(self.wording, value, self.lang)
            case date():
                return value.isoformat()
            case Decimal():
                return f"{value:,f}"
            case frozenset():
                return self.fields(sorted(value)) or self.say("nothing")
            case _:
                return str(value)

    def fields(self, names: Iterable[str]) -> str:
        """Several fields."""
        return self.say("between").join(map(self.field, names))

    def problem(self, problem: str, places: Mapping[str, object]) -> str:
        """What is wrong, with the fields as they are called; in the words of the first file that has them."""
        key = next(key for one in SUBJECTS if (key := f"{one}.{problem}") in self.wording.texts)
        return self.wording.say(key, self.lang, **{name: self._place(name, places[name]) for name in places})

    def _place(self, name: str, value: object) -> object:
        return self.field(str(value)) if name in FIELDS else self.value(value)

    def refusal(self, refused: Refused) -> str:
        """Why something was not done."""
        return self.problem(refused.problem, refused.places)

    def fault(self, fault: Fault) -> str:
        """What is wrong with a cell, or worth a look, with the name of its column."""
        if fault.problem == "doubted":
            return self.tell("doubted", doubt=self.doubt(fault))
        return self.problem(fault.problem, {"field": fault.column, **fault.places})

    def doubt(self, fault: Fault) -> str:
        """Which dates contradict each other."""
        fields = fault.places["fields"]
        assert isinstance(fields, tuple)
        return contradiction_text(Contradiction(str(fault.places["doubt"]), fields), self.wording, self.lang)

    def change(self, change: Change) -> str:
        """One field that becomes another one."""
        old, new = self.value(change.old), self.value(change.new)
        return self.tell("change", field=self.field(change.field), old=old, new=new)
