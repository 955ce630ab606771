"""Every kind of deadline, from `reminders/*.toml`; how such a file is written stands in `reminders/_about.md`."""

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from knowledge.complaints import Complaint, nearest, shape_complaints, unknown
from knowledge.model import Lang
from knowledge.reminder_formulas import DUE, FORMULAS, FormulaShape
from knowledge.reminder_model import ReminderRule, RuleKind, RuleSubject, Shift, Unit
from knowledge.reminder_settings import KINDS, read_setting
from knowledge.reminder_shapes import (
    RuleShape,
    SettingShape,
    StepShape,
    VersionShape,
    record,
    span_of,
    unit_meant,
)
from knowledge.shapes import Shape
from knowledge.wording import load_wording

FOLDER = Path(__file__).parent / "reminders"
SOURCES = Path(__file__).parent / "sources.toml"
# Those that the scheme's facts speak of; a folder may hold more, but none of these can be missing. BP are the office's
# own steps on the way to a round, MB what it asks for every month.
RULES = tuple(f"DL-{number:02}" for number in range(1, 29))
# What a rule may be narrowed to, besides methodology codes and their beginnings.
APPLIES = ("forest", "not_forest", "programme")
_NAME = re.compile(r"(?:DL|BP|MB)-\d\d")
_CODE = re.compile(r"(EN-S|EN-R|IN|AG|WA|FO)-(\d{3})?")
S = TypeVar("S", bound=Shape)


class ReminderFault(ValueError):
    """The files cannot be used; each line of the text names file, field and what is wrong."""


@cache
def load_rules(folder: Path = FOLDER) -> Mapping[str, ReminderRule]:
    """Every rule by its id, in order; raises ReminderFault for files with any defect."""
    files = reminder_files(folder)
    if found := tuple(reminder_complaints(files)):
        raise ReminderFault("\n".join(one.text(load_wording(), Lang.EN) for one in found))
    rules = (record(tomllib.loads(text)) for text in files.values())
    return {rule.id: rule for rule in rules}


def reminder_files(folder: Path = FOLDER) -> dict[str, str]:
    """The rules' files of a folder: name to text, in order."""
    return {file.name: file.read_text("utf-8") for file in sorted(folder.glob("*.toml"))}


def known_sources() -> frozenset[str]:
    """The ids of the product's own sources."""
    return frozenset(tomllib.loads(SOURCES.read_text("utf-8")))


def reminder_complaints(
    files: Mapping[str, str], sources: Collection[str] | None = None
) -> Iterator[Complaint]:
    """Every defect of these files, by name; without `sources`, they may name those of the product."""
    sources = known_sources() if sources is None else sources
    owners: dict[str, str] = {}
    for file, text in files.items():
        yield from _file(file, text, sources, owners)
    for id_ in RULES:
        if id_ not in owners:
            yield Complaint(f"{id_}.toml", "", "missing")


def _file(file: str, text: str, sources: Collection[str], owners: dict[str, str]) -> Iterator[Complaint]:
    stem = file.removesuffix(".toml")
    if not _NAME.fullmatch(stem):
        yield Complaint(file, "", "unknown_rule", meant=nearest(stem, RULES))
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        yield Complaint(file, "", "broken_toml", {"why": str(fault)})
        return
    id_ = str(table.get("id", stem))
    if other := owners.get(id_):
        yield Complaint(file, "id", "duplicate_id", {"other": other})
    elif id_ != stem:
        yield Complaint(file, "id", "wrong_place", {"expected": f"{id_}.toml"})
    owners.setdefault(id_, file)
    yield from _rule(file, table, sources)


def _shaped(file: str, row: object, shape: type[S], prefix: str = "") -> tuple[S | None, list[Complaint]]:
    try:
        return shape.model_validate(row), []
    except ValidationError as fault:
        return None, list(shape_complaints(file, fault, shape, prefix))


def _one_of(file: str, where: str, word: str, known: Iterable[str]) -> Iterator[Complaint]:
    words = tuple(known)
    if word not in words:
        yield unknown(file, where, word, words)


def _rule(file: str, table: Mapping[str, object], sources: Collection[str]) -> Iterator[Complaint]:
    rule, found = _shaped(file, table, RuleShape)
    yield from found
    if rule is None:
        return
    yield from _one_of(file, "subject", rule.subject, RuleSubject)
    for word in rule.applies:
        if not _CODE.fullmatch(word):
            yield from _one_of(file, "applies", word, APPLIES)
    yield from _settings(file, rule)
    days = []
    for number, row in enumerate(rule.versions, 1):
        version, found = _shaped(file, row, VersionShape, f"versions.{number}.")
        yield from found
        if version:
            days.append(version.valid_from)
            yield from _version(file, f"versions.{number}", rule, version, sources)
    for one, other in pairwise(days):
        if other <= one:
            yield Complaint(file, "versions", "versions_out_of_order", {"days": f"{one} / {other}"})


def _settings(file: str, rule: RuleShape) -> Iterator[Complaint]:
    names: set[str] = set()
    for number, row in enumerate(rule.settings, 1):
        where = f"settings.{number}"
        setting, found = _shaped(file, row, SettingShape, f"{where}.")
        yield from found
        if setting is None:
            continue
        if setting.name in names:
            yield Complaint(file, f"{where}.name", "duplicate_id", {"other": f"settings ({setting.name})"})
        names.add(setting.name)
        yield from _one_of(file, f"{where}.kind", setting.kind, KINDS)
        if setting.kind in KINDS and setting.default:
            yield from _default(file, f"{where}.default", setting)


def _default(file: str, where: str, setting: SettingShape) -> Iterator[Complaint]:
    try:
        read_setting(setting.kind, setting.default)
    except ValueError as fault:
        yield Complaint(file, where, "wrong_type", {"value": setting.default, "why": str(fault)})


def _version(
    file: str, where: str, rule: RuleShape, version: VersionShape, sources: Collection[str]
) -> Iterator[Complaint]:
    yield from _one_of(file, f"{where}.kind", version.kind, RuleKind)
    yield from _one_of(file, f"{where}.holiday", version.holiday, Shift)
    for source in version.sources:
        yield from _one_of(file, f"{where}.sources", source, sources)
    if version.kind == RuleKind.HARD and not version.sources:
        yield Complaint(file, f"{where}.sources", "rule_needs_source")
    yield from _one_of(file, f"{where}.formula", version.formula, FORMULAS)
    if formula := FORMULAS.get(version.formula):
        yield from _uses(file, where, rule, version, formula)
    yield from _steps(file, where, version, formula)


def _uses(
    file: str, where: str, rule: RuleShape, version: VersionShape, formula: FormulaShape
) -> Iterator[Complaint]:
    """What a formula needs and does not find, and what nothing uses."""
    if rule.subject in set(RuleSubject) and rule.subject != formula.subject:
        yield unknown(file, "subject", rule.subject, (formula.subject,))
    for name in sorted(formula.amounts - set(version.amounts)):
        yield Complaint(file, f"{where}.amounts.{name}", "missing")
    for name in sorted(set(version.amounts) - formula.amounts):
        yield Complaint(file, f"{where}.amounts.{name}", "unknown_key", meant=nearest(name, formula.amounts))
    given = {str(row.get("name", "")) for row in rule.settings}
    for name in sorted(formula.settings - given):
        yield Complaint(file, f"settings.{name}", "missing")
    for name in sorted(given - formula.settings):
        yield Complaint(file, f"settings.{name}", "unknown_key", meant=nearest(name, formula.settings))


def _steps(file: str, where: str, version: VersionShape, formula: FormulaShape | None) -> Iterator[Complaint]:
    names: set[str] = set()
    places: dict[tuple[str, int, str], str] = {}
    for number, row in enumerate(version.steps, 1):
        here = f"{where}.steps.{number}"
        step, found = _shaped(file, row, StepShape, f"{here}.")
        yield from found
        if step is None:
            continue
        if formula:
            yield from _one_of(file, f"{here}.from", step.anchor, (DUE, *sorted(formula.anchors)))
        if step.name in names:
            yield Complaint(file, f"{here}.name", "same_step", {"other": step.name})
        names.add(step.name)
        try:
            span = span_of(step.at)
        except ValueError:
            meant = nearest(unit_meant(step.at), Unit)
            yield Complaint(file, f"{here}.at", "bad_span", {"value": step.at}, meant)
            continue
        # No distance at all is the same day in any unit, but for days that are no working days.
        unit = Unit.DAYS if span.amount == 0 and span.unit is Unit.MONTHS else span.unit
        place = (step.anchor, span.amount, unit)
        if place in places:
            yield Complaint(file, f"{here}.at", "same_step", {"other": places[place]})
        places.setdefault(place, step.name)
