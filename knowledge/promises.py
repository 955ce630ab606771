"""How soon the office promises to answer, per kind of case, from `office/promises.toml` (the office's own aims)."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError, ValidationInfo, field_validator

from knowledge.complaints import Complaint, nearest, shape_complaints
from knowledge.model import Lang
from knowledge.shapes import Shape
from knowledge.wording import load_wording

FILE = Path(__file__).parent / "office" / "promises.toml"
# Every kind of case that staff answer; each needs a promise.
KINDS = ("consultation", "handover", "question", "offset", "waitlist", "project", "fault")
# Working hours of a quarter of a year: whoever writes more has slipped.
LONGEST_HOURS = 500


@dataclass(frozen=True, slots=True)
class Promise:
    """Both in working time: how long until the promised answer, and how long before that staff are warned."""

    answer: timedelta
    near: timedelta


class PromiseFault(ValueError):
    """The file cannot be used; each line of the text names file, kind, field and what is wrong."""


class _PromiseShape(Shape):
    answer_hours: Annotated[float, Field(gt=0, le=LONGEST_HOURS)]
    near_hours: Annotated[float, Field(gt=0)]

    @field_validator("near_hours")
    @classmethod
    def _shorter(cls, near: float, info: ValidationInfo) -> float:
        if near >= info.data.get("answer_hours", near + 1):
            raise ValueError("must be less than answer_hours")
        return near


@cache
def load_promises(file: Path = FILE) -> Mapping[str, Promise]:
    """The promise of each kind; raises PromiseFault for a file with any defect."""
    text = file.read_text("utf-8")
    if found := tuple(promise_complaints(text, file.name)):
        raise PromiseFault("\n".join(one.text(load_wording(), Lang.EN) for one in found))
    shapes = {kind: _PromiseShape.model_validate(row) for kind, row in tomllib.loads(text).items()}
    return {kind: _promise(shape) for kind, shape in shapes.items()}


def promise_complaints(text: str, file: str = FILE.name) -> Iterator[Complaint]:
    """Every defect of such a file: kinds that are missing or unknown, hours that cannot be."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        yield Complaint(file, "", "broken_toml", {"why": str(fault)})
        return
    for kind, row in table.items():
        yield from _row(file, kind, row)
    for kind in KINDS:
        if kind not in table:
            yield Complaint(file, kind, "missing")


def _row(file: str, kind: str, row: object) -> Iterator[Complaint]:
    if kind not in KINDS:
        yield Complaint(file, kind, "unknown_key", meant=nearest(kind, KINDS))
        return
    try:
        _PromiseShape.model_validate(row)
    except ValidationError as fault:
        yield from shape_complaints(file, fault, _PromiseShape, f"{kind}.")


def _promise(shape: _PromiseShape) -> Promise:
    return Promise(timedelta(hours=shape.answer_hours), timedelta(hours=shape.near_hours))
