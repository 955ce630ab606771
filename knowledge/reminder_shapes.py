"""The shape of a file in `reminders/`, and the record that a file of that shape makes."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated

from pydantic import Field

from knowledge.model import Lang
from knowledge.reminder_formulas import DUE
from knowledge.reminder_model import (
    ReminderRule,
    RuleKind,
    RuleSubject,
    RuleVersion,
    SettingRule,
    Shift,
    Span,
    StepRule,
    Unit,
)
from knowledge.shapes import Filled, PairShape, Shape

Row = Mapping[str, object]
_SPAN = re.compile(r"([+-]?)(\d{1,4}) ([a-z_]+)")


class SettingShape(Shape):
    """One value that the office may enter."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    kind: str
    about: PairShape
    default: str = ""


class StepShape(Shape):
    """One notice."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,19}$")]
    at: str
    anchor: str = Field(default=DUE, alias="from")
    what: PairShape


class VersionShape(Shape):
    """A rule from a day on; its steps are looked at one by one."""

    valid_from: date
    kind: str
    formula: str
    amounts: dict[str, int] = Field(default_factory=dict)
    holiday: str = Shift.BEFORE.value
    sources: tuple[str, ...] = ()
    as_of: date
    steps: tuple[dict[str, object], ...] = ()


class RuleShape(Shape):
    """A whole file; its settings and versions are looked at one by one."""

    id: str
    subject: str
    enabled: bool
    applies: tuple[Filled, ...] = ()
    title: PairShape
    basis: PairShape
    caution: PairShape | None = None
    next: PairShape
    consequence: PairShape | None = None
    stops: PairShape
    settings: tuple[dict[str, object], ...] = ()
    versions: Annotated[tuple[dict[str, object], ...], Field(min_length=1)]


def span_of(text: str) -> Span:
    """A distance such as `-12 months`; raises ValueError for anything else."""
    found = _SPAN.fullmatch(text)
    unit = found[3] + ("" if found[3].endswith("s") else "s") if found else ""
    if found is None or unit not in set(Unit):
        raise ValueError(text)
    return Span(int(found[2]) * (-1 if found[1] == "-" else 1), Unit(unit))


def unit_meant(text: str) -> str:
    """The last word of a distance, where its unit should stand."""
    return text.strip().rpartition(" ")[2]


def record(table: Row) -> ReminderRule:
    """The rule of a file in which no defect was found."""
    shape = RuleShape.model_validate(table)
    return ReminderRule(
        id=shape.id,
        title=_pair(shape.title),
        subject=RuleSubject(shape.subject),
        enabled=shape.enabled,
        basis=_pair(shape.basis),
        caution=_pair(shape.caution),
        next=_pair(shape.next),
        consequence=_pair(shape.consequence),
        stops=_pair(shape.stops),
        applies=frozenset(shape.applies),
        settings=tuple(_setting(SettingShape.model_validate(one)) for one in shape.settings),
        versions=tuple(_version(VersionShape.model_validate(one)) for one in shape.versions),
    )


def _pair(shape: PairShape | None) -> Mapping[Lang, str]:
    return {Lang.JA: shape.ja, Lang.EN: shape.en} if shape else {Lang.JA: "", Lang.EN: ""}


def _setting(shape: SettingShape) -> SettingRule:
    return SettingRule(shape.name, shape.kind, _pair(shape.about), shape.default)


def _version(shape: VersionShape) -> RuleVersion:
    return RuleVersion(
        valid_from=shape.valid_from,
        kind=RuleKind(shape.kind),
        formula=shape.formula,
        amounts=shape.amounts,
        steps=_steps(shape.steps),
        shift=Shift(shape.holiday),
        sources=shape.sources,
        as_of=shape.as_of,
    )


def _steps(rows: Sequence[Row]) -> tuple[StepRule, ...]:
    shapes = (StepShape.model_validate(row) for row in rows)
    return tuple(StepRule(one.name, span_of(one.at), _pair(one.what), one.anchor) for one in shapes)
