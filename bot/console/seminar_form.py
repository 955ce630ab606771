"""What staff type about a new seminar: the same fields and checks as `jdesk seminar create`, each error at its field."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.console.numbers import whole_number
from bot.console.visit import Visit
from bot.seminar_file import FIELDS, read_seminar
from intents.desk.case_forms import Wrong
from intents.desk.refused import Refused
from intents.desk.seminar_records import OFFER_HOURS, NewSeminar, SeminarKind, SeminarState, Ways
from intents.forms import Field, FieldKind, Option

_LINE, _TEXT, _ONE, _NUMBER = FieldKind.LINE, FieldKind.TEXT, FieldKind.ONE, FieldKind.NUMBER
MOST = 10**6
_KINDS = {
    "capacity": _NUMBER,
    "offer_hours": _NUMBER,
    "kind": _ONE,
    "ways": _ONE,
    "state": _ONE,
    "programme": _TEXT,
    "materials_text": _TEXT,
    "questions": _TEXT,
}
NEEDED = ("title", "starts", "ends", "capacity", "kind", "ways", "state")
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(SeminarKind),
    "ways": tuple(Ways),
    "state": (SeminarState.OPEN, SeminarState.DRAFT),
}
_FRESH = {"kind": SeminarKind.SEMINAR.value, "ways": Ways.ONLINE.value, "offer_hours": str(OFFER_HOURS)}


def fields(visit: Visit, given: Mapping[str, str], errors: Mapping[str, str]) -> tuple[Field, ...]:
    """The form, with what was typed so far and what is wrong with it."""
    values = given or _FRESH | {"state": SeminarState.OPEN.value}
    return tuple(
        Field(
            name,
            visit.say(f"field_{name}"),
            _KINDS.get(name, _LINE),
            hint=visit.say(f"hint_{name}") if f"console.hint_{name}" in visit.wording.texts else "",
            value=values.get(name, ""),
            options=_options(visit, name),
            required=name in NEEDED,
            error=errors.get(name, ""),
        )
        for name in FIELDS
    )


def _options(visit: Visit, name: str) -> tuple[Option, ...]:
    return tuple(Option(value, visit.say(f"{name}_{value}")) for value in _CHOICES.get(name, ()))


def read(visit: Visit, given: Mapping[str, str], now: datetime) -> NewSeminar:
    """The seminar that was typed. Raises Wrong with a sentence for each field that is wrong."""
    typed = {name: value for name in FIELDS if (value := _typed(name, given.get(name, "").strip()))}
    if errors := dict(_errors(visit, typed)):
        raise Wrong(errors)
    try:
        return read_seminar(typed, now)
    except Refused as refused:
        raise Wrong({str(refused.places["field"]): _sentence(visit, refused)}) from refused


def _typed(name: str, text: str) -> object:
    """As the checks expect it: whole numbers, and a list of questions, one a line."""
    if name in ("capacity", "offer_hours"):
        return text if (number := whole_number(text, 0, MOST)) is None else number
    if name == "questions":
        return [line.strip() for line in text.splitlines() if line.strip()]
    return text


def _errors(visit: Visit, typed: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name in NEEDED:
        if name not in typed:
            yield name, _sentence(visit, Refused("field_missing", field=name))
    for name, value in typed.items():
        try:
            FIELDS[name](name, value)
        except Refused as refused:
            yield name, _sentence(visit, refused)


def _sentence(visit: Visit, refused: Refused) -> str:
    """The sentence of a refusal with fields as the form calls them."""
    named = {
        key: visit.say(f"field_{refused.places[key]}") for key in ("field", "other") if key in refused.places
    }
    return visit.refusal(Refused(refused.problem, **(refused.places | named)))
