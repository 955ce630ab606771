"""The forms of a project: their fields, what stands in them, and what was typed as values; read as an import reads cells."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bot.project_words import Words
from intents.desk.case_forms import Wrong
from intents.desk.projects.checks import DAYS, ERASE, MAY_BE_UNVERIFIED
from intents.desk.projects.importing.cells import READERS
from intents.desk.projects.importing.people import COLUMNS as PEOPLE
from intents.desk.projects.items import ItemKind
from intents.desk.projects.records import NewProject, ProjectState, Scheme
from intents.forms import Field, FieldKind, Option
from intents.readers.area import AREA
from intents.readers.misread import Misread
from intents.readers.plain import tidy
from knowledge.model import Lang

FACTS = ("title", "organisation", "prefecture", "methodology", "scheme", "is_forest", "expected_t")
FORMS: Mapping[str, tuple[str, ...]] = {
    "new": ("project_id", *FACTS, *DAYS),
    "facts": FACTS,
    "dates": DAYS,
    "marks": ("unverified",),
    "round": ("target_round",),
    "state": ("state", "why"),
    "certify": ("applied_on", "round", "tonnes", "listed_on"),
    "period": ("begins_on", "ends_on", "applied_on", "round"),
    "instrument": ("name", "valid_until"),
    "item": ("name", "kind", "unit", "since"),
    "owner": ("contact_name", "contact_email", "why"),
    "second": ("second_contact_name", "second_contact_email", "why"),
    "person": ("contact_name", "contact_email", "lang", "zone", "ways", "slack", "muted"),
}
NEEDED: Mapping[str, frozenset[str]] = {
    "new": frozenset({"project_id", "title", "organisation"}),
    "facts": frozenset({"title", "organisation"}),
    "state": frozenset({"state"}),
    "certify": frozenset({"applied_on"}),
    "period": frozenset({"begins_on", "ends_on"}),
    "instrument": frozenset({"name", "valid_until"}),
    "item": frozenset({"name", "kind", "since"}),
    "person": frozenset({"lang", "zone"}),
}
_ONE, _SEVERAL, _NUMBER, _MAIL = FieldKind.ONE, FieldKind.SEVERAL, FieldKind.NUMBER, FieldKind.MAIL
_KINDS = {
    **dict.fromkeys(
        ("prefecture", "scheme", "is_forest", "state", "kind", "target_round", "lang", "muted"), _ONE
    ),
    **dict.fromkeys(("contact_email", "second_contact_email"), _MAIL),
    "round": _NUMBER,
    "unverified": _SEVERAL,
}
# Texts that no reader has to look into.
_FREE = ("why", "lang", "zone", "slack")
# These are empty where there is nothing, others are not there.
_TEXTS = ("title", "organisation", "name", "unit", *(name for names in PEOPLE.values() for name in names))
_EMPTY = {one.name: one.default for one in fields(NewProject) if one.default is not MISSING}
Texts = Mapping[str, str]


def form_fields(
    told: Words,
    form: str,
    values: Texts,
    errors: Texts | None = None,
    stands: Texts | None = None,
    rounds: Collection[int] = (),
) -> tuple[Field, ...]:
    """A form with what is in it and what is wrong with it; `stands` is what is stored by now, where that is not what was typed."""
    return tuple(
        Field(
            name,
            told.field(name),
            _KINDS.get(name, FieldKind.LINE),
            hint=_hint(told, name, values, stands),
            value=values.get(name, ""),
            options=tuple(_options(told, name, rounds)),
            required=name in NEEDED.get(form, ()),
            error=(errors or {}).get(name, ""),
        )
        for name in FORMS[form]
    )


def _hint(told: Words, name: str, values: Texts, stands: Texts | None) -> str:
    if stands is not None and name in stands and stands[name] != values.get(name, ""):
        return told.say("stands_now", value=", ".join(stands[name].splitlines()) or told.say("nothing"))
    key = f"projects.hint_{name}"
    return told.say(f"hint_{name}") if key in told.wording.texts else ""


def _options(told: Words, name: str, rounds: Collection[int]) -> Iterator[Option]:
    match name:
        case "prefecture":
            yield from (Option(one, one) for one in AREA)
        case "scheme" | "state" | "kind":
            kinds: Mapping[str, type[StrEnum]] = {"scheme": Scheme, "state": ProjectState, "kind": ItemKind}
            yield from (Option(one.value, told.value(one)) for one in kinds[name])
        case "is_forest" | "muted":
            yield from (Option("yes" if one else "no", told.value(one)) for one in (False, True))
        case "unverified":
            yield from (Option(one, told.field(one)) for one in MAY_BE_UNVERIFIED)
        case "target_round":
            yield from (Option(str(one), told.say("round_number", number=one)) for one in rounds)
        case "lang":
            yield from (
                Option(one.value, told.wording.say(f"projects.lang_{one}", told.lang)) for one in Lang
            )


# ------------------------------------------------ values to texts


def texts_of(record: object, form: str) -> dict[str, str]:
    """What stands in a form before anybody types: the fields of a record."""
    return {name: text_of(getattr(record, name, None)) for name in FORMS[form]}


def text_of(value: object) -> str:
    """A value as somebody would type it."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case StrEnum():
            return value.value
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case frozenset():
            return "\n".join(sorted(value))
        case tuple():
            return ", ".join(value)
        case _:
            return str(value)


# ------------------------------------------------ texts to values


def read_form(told: Words, form: str, given: Texts) -> dict[str, Any]:
    """The values of a form; nothing typed is nothing. Raises Wrong with a sentence for each field that is wrong."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name in FORMS[form]:
        text = given.get(name, "")
        if not tidy(text) and name in NEEDED.get(form, ()):
            errors[name] = told.problem("text_missing", {"field": name})
            continue
        try:
            values[name] = _value(name, text)
        except Misread as misread:
            errors[name] = told.problem(misread.problem, {"field": name, **misread.places})
    if errors:
        raise Wrong(errors)
    return values


def _value(name: str, text: str) -> object:
    if name in _FREE:
        return " ".join(text.split())
    if name == "unverified":
        return frozenset(text.splitlines()) & frozenset(MAY_BE_UNVERIFIED)
    if name == "muted":
        return text == "yes"
    if name == "ways":
        return _ways(text)
    if tidy(text) in ("", ERASE):
        return _EMPTY.get(name, "" if name in _TEXTS else None)
    return READERS["round" if name == "target_round" else name](text)


def _ways(text: str) -> tuple[str, ...]:
    return tuple(
        word for one in tidy(text).replace("\u3001", ",").split(",") if (word := one.strip().lower())
    )
