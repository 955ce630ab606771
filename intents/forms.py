"""Forms and dates: the parts of a reply that a channel shows in its own way."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from intents.choices import Choice


class FieldKind(StrEnum):
    """How a field is filled in where there are forms."""

    LINE = "line"
    TEXT = "text"
    MAIL = "mail"
    PHONE = "phone"
    NUMBER = "number"
    ONE = "one"
    SEVERAL = "several"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be chosen: the text that is kept, and what it is called."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One question as a field; `value` is the text given so far, several values one a line.

    `error` says in one sentence what is wrong with the value and how to put it right; a `settled` field has an
    answer that stands, so a form may fold it away.
    """

    name: str
    label: str
    kind: FieldKind
    hint: str = ""
    value: str = ""
    options: tuple[Option, ...] = ()
    required: bool = True
    error: str = ""
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A dialog to be filled in: all its fields where a channel has forms, one question at a time elsewhere.

    `asked` names the field that text channels ask now (empty: none), `progress` where that is;
    `options` are its answers as buttons, numbered in plain text. `token` submits the form or asks for it.
    """

    title: str
    fields: tuple[Field, ...]
    token: str
    submit: str
    open_label: str
    asked: str = ""
    progress: str = ""
    options: tuple[Choice, ...] = ()
    kind: Literal["form"] = "form"


@dataclass(frozen=True, slots=True)
class Appointment:
    """A date for the reader's own calendar (RFC 5545): the same `uid` with a higher `sequence` replaces it."""

    uid: str
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    link: str = ""
    note: str = ""
    cancelled: bool = False
    kind: Literal["appointment"] = "appointment"
