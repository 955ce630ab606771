"""How nudges are sent, from `office/nudges.toml`: hours, the weekly budget, and when a silence goes up."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError, field_validator

from knowledge.complaints import Complaint, shape_complaints
from knowledge.model import Lang
from knowledge.shapes import Shape
from knowledge.wording import load_wording

FILE = Path(__file__).parent / "office" / "nudges.toml"
Count = Annotated[int, Field(ge=1, le=100)]


@dataclass(frozen=True, slots=True)
class NudgeTerms:
    """`hour` is local to the recipient; days are working days of the office, but `reply_days` are calendar days."""

    hour: time
    letters_per_week: int
    second_after_days: int
    staff_after_days: int
    unseen_letters: int
    unseen_after_days: int
    succession_days: int
    reply_days: int


class NudgeTermsFault(ValueError):
    """The file cannot be used; each line of the text names field and what is wrong."""


class _TermsShape(Shape):
    hour: str
    letters_per_week: Count
    second_after_days: Count
    staff_after_days: Count
    unseen_letters: Count
    unseen_after_days: Count
    succession_days: Count
    reply_days: Count

    @field_validator("hour")
    @classmethod
    def _clock(cls, hour: str) -> str:
        try:
            time.fromisoformat(hour)
        except ValueError:
            raise ValueError("must be a time such as 10:00") from None
        return hour


@cache
def load_nudge_terms(file: Path = FILE) -> NudgeTerms:
    """The terms; raises NudgeTermsFault for a file with any defect."""
    text = file.read_text("utf-8")
    if found := tuple(nudge_complaints(text, file.name)):
        raise NudgeTermsFault("\n".join(one.text(load_wording(), Lang.EN) for one in found))
    shape = _TermsShape.model_validate(tomllib.loads(text))
    return NudgeTerms(**(shape.model_dump() | {"hour": time.fromisoformat(shape.hour)}))


def nudge_complaints(text: str, file: str = FILE.name) -> Iterator[Complaint]:
    """Every defect of such a file."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        yield Complaint(file, "", "broken_toml", {"why": str(fault)})
        return
    try:
        _TermsShape.model_validate(table)
    except ValidationError as fault:
        yield from shape_complaints(file, fault, _TermsShape)
