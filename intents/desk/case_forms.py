"""What each act on a case asks of staff, and how the act is done with it: one table for every channel and page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from intents.appointments import TOKYO
from intents.desk import case_endings, case_merge, cases
from intents.desk.case_books import CaseBooks
from intents.desk.case_changes import locked
from intents.desk.case_letters import Letters
from intents.desk.case_records import Case, CaseOutcome, DateKind
from intents.desk.case_rules import CaseAct
from intents.desk.practice import Practice
from intents.desk.routing import DESKS
from intents.desk.staff_books import Role, StaffMember
from intents.forms import Field, FieldKind, Option
from intents.readers.days import day, time_of_day
from intents.readers.misread import Misread
from knowledge.model import Lang
from knowledge.wording import Wording

# What staff may choose as an outcome; the others come about by themselves.
OUTCOMES = (CaseOutcome.ANSWERED, CaseOutcome.CONSULTED, CaseOutcome.NO_REPLY, CaseOutcome.WITHDRAWN)
DATES = (DateKind.COMMITTEE, DateKind.SEMINAR, DateKind.APPOINTMENT, DateKind.OTHER)
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "outcome": tuple(one.value for one in OUTCOMES),
    "date_kind": tuple(one.value for one in DATES),
    "desk": DESKS,
}
# Reasons stand in the record of changes for good, and a line is a line.
LONGEST_LINE = 200
_LINE, _TEXT, _ONE = FieldKind.LINE, FieldKind.TEXT, FieldKind.ONE
# Name, kind, whether it must be filled in.
FIELDS: Mapping[CaseAct, tuple[tuple[str, FieldKind, bool], ...]] = {
    CaseAct.TAKE: (),
    CaseAct.ASSIGN: (("to", _ONE, True), ("reason", _LINE, False)),
    CaseAct.PUT_BACK: (("reason", _LINE, False),),
    CaseAct.REPLY: (("text", _TEXT, True),),
    CaseAct.ASK_BACK: (("text", _TEXT, True),),
    CaseAct.APPOINT: (("day", _LINE, True), ("time", _LINE, True), ("text", _TEXT, False)),
    CaseAct.SET_DATE: (
        ("date_kind", _ONE, True),
        ("day", _LINE, True),
        ("time", _LINE, False),
        ("reason", _LINE, False),
    ),
    CaseAct.FINISH: (("outcome", _ONE, True), ("text", _TEXT, False)),
    CaseAct.REFER: (("text", _TEXT, True),),
    CaseAct.REOPEN: (("reason", _LINE, False),),
    CaseAct.NOTE: (("text", _TEXT, True),),
    CaseAct.MERGE: (("into", _LINE, True), ("reason", _LINE, False)),
    CaseAct.SPLIT: (("summary", _LINE, True),),
    CaseAct.REROUTE: (("desk", _ONE, True), ("reason", _LINE, False)),
    CaseAct.STEP_BACK: (),
}


@dataclass(frozen=True, slots=True)
class CaseOffice:
    """What acting on cases needs besides the books."""

    wording: Wording
    practice: Practice

    @property
    def letters(self) -> Letters:
        """The letters to requesters."""
        return Letters(self.wording)


class Wrong(Exception):
    """What is wrong with the fields of an act: the name of each and a sentence with the fix."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


def fields_of(
    act: CaseAct,
    case: Case,
    staff: tuple[StaffMember, ...],
    wording: Wording,
    lang: Lang,
    given: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> tuple[Field, ...]:
    """The form of an act with what was given so far and what is wrong with it."""
    return tuple(
        Field(
            name,
            wording.say(f"cases.field_{name}", lang),
            kind,
            hint=wording.say(f"cases.hint_{name}", lang) if f"cases.hint_{name}" in wording.texts else "",
            value=(given or {}).get(name, _before(name, case)),
            options=_options(name, staff, wording, lang),
            required=required,
            error=(errors or {}).get(name, ""),
        )
        for name, kind, required in FIELDS[act]
    )


def _before(name: str, case: Case) -> str:
    return {"desk": case.desk, "to": case.owner}.get(name, "")


def _options(name: str, staff: tuple[StaffMember, ...], wording: Wording, lang: Lang) -> tuple[Option, ...]:
    if name == "to":
        able = (one for one in staff if one.active and one.role.may(Role.DESK))
        return tuple(Option(one.name, one.display) for one in able)
    return tuple(
        Option(value, wording.say(f"cases.{name}_{value}", lang)) for value in _CHOICES.get(name, ())
    )


def perform(
    books: CaseBooks,
    office: CaseOffice,
    who: StaffMember,
    number: str,
    act: CaseAct,
    given: Mapping[str, str],
    lang: Lang = Lang.JA,
    reference: str = "",
) -> Case:
    """Does it with what was filled in; gives the case to look at next. Raises Refused and Wrong, nothing written.

    `reference` names the form that was sent: a text that was written with it is written once, however often it is sent.
    """
    said = {name: given.get(name, "").strip() for name, _, _ in FIELDS[act]}
    if missing := [name for name, _, required in FIELDS[act] if required and not said[name]]:
        raise Wrong({name: _missing(name, office.wording, lang) for name in missing})
    if long := [name for name, kind, _ in FIELDS[act] if kind is _LINE and len(said[name]) > LONGEST_LINE]:
        raise Wrong({name: _too_long(name, office.wording, lang) for name in long})
    if strange := {
        name: said[name] for name, values in _CHOICES.items() if said.get(name, values[0]) not in values
    }:
        raise Wrong({name: _strange(name, value, office.wording, lang) for name, value in strange.items()})
    if reference and "text" in said:
        held = locked(books, number)
        if books.cases.note_at(reference):
            return held
    at = _moment(said, books.now, office.wording, lang) if "day" in said else books.now
    return _DO[act](_Doing(books, office, who, number, said, at, reference))


def _missing(name: str, wording: Wording, lang: Lang) -> str:
    return wording.say("cases.field_missing", lang, field=wording.say(f"cases.field_{name}", lang))


def _too_long(name: str, wording: Wording, lang: Lang) -> str:
    field = wording.say(f"cases.field_{name}", lang)
    return wording.say("cases.field_long", lang, field=field, limit=LONGEST_LINE)


def _strange(name: str, value: str, wording: Wording, lang: Lang) -> str:
    field = wording.say(f"cases.field_{name}", lang)
    return wording.say("cases.choice_unknown", lang, field=field, value=value)


def _moment(said: Mapping[str, str], now: datetime, wording: Wording, lang: Lang) -> datetime:
    """The day and the time that were typed, in Tokyo; without a time the end of the office's day."""
    today = now.astimezone(TOKYO).date()
    try:
        on = day(said["day"], today)
    except Misread as fault:
        raise Wrong({"day": _unclear("day", wording, lang)}) from fault
    try:
        at = time_of_day(said["time"] or "17:00")
    except Misread as fault:
        raise Wrong({"time": _unclear("time", wording, lang)}) from fault
    return datetime.combine(on, at, TOKYO)


def _unclear(field: str, wording: Wording, lang: Lang) -> str:
    label = wording.say(f"cases.field_{field}", lang)
    return wording.say(f"cases.{field}_unclear", lang, field=label)


@dataclass(frozen=True, slots=True)
class _Doing:
    """An act about to be done, read and checked for what its fields may hold."""

    books: CaseBooks
    office: CaseOffice
    who: StaffMember
    number: str
    said: Mapping[str, str]
    at: datetime
    reference: str

    @property
    def whose(self) -> tuple[CaseBooks, StaffMember, str]:
        return self.books, self.who, self.number

    @property
    def told(self) -> tuple[CaseBooks, Letters, StaffMember, str]:
        return self.books, self.office.letters, self.who, self.number


_DO: Mapping[CaseAct, Callable[[_Doing], Case]] = {
    CaseAct.TAKE: lambda do: cases.take(*do.whose),
    CaseAct.ASSIGN: lambda do: cases.assign(*do.whose, do.said["to"], do.said["reason"]),
    CaseAct.PUT_BACK: lambda do: cases.put_back(
        do.books, do.office.letters, do.office.practice, do.who, do.number, do.said["reason"]
    ),
    CaseAct.REPLY: lambda do: cases.reply(*do.told, do.said["text"], do.reference),
    CaseAct.ASK_BACK: lambda do: cases.ask_back(*do.told, do.said["text"], do.reference),
    CaseAct.APPOINT: lambda do: cases.appoint(*do.told, do.at, do.said["text"], do.reference),
    CaseAct.SET_DATE: lambda do: cases.set_date(
        *do.whose, do.at, DateKind(do.said["date_kind"]), do.said["reason"]
    ),
    CaseAct.FINISH: lambda do: case_endings.finish(
        *do.told, CaseOutcome(do.said["outcome"]), do.said["text"]
    ),
    CaseAct.REFER: lambda do: case_endings.refer(*do.told, do.said["text"]),
    CaseAct.REOPEN: lambda do: case_endings.reopen(
        do.books, do.office.letters, do.office.practice, do.who, do.number, do.said["reason"]
    ),
    CaseAct.NOTE: lambda do: cases.note(*do.whose, do.said["text"], do.reference),
    CaseAct.MERGE: lambda do: case_merge.merge(*do.whose, do.said["into"], do.said["reason"]),
    CaseAct.SPLIT: lambda do: case_merge.split(
        do.books, do.office.practice, do.who, do.number, do.said["summary"]
    ),
    CaseAct.REROUTE: lambda do: cases.reroute(*do.whose, do.said["desk"], do.said["reason"]),
    CaseAct.STEP_BACK: lambda do: cases.step_back(*do.told),
}
