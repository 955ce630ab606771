"""A complaint about a knowledge file: which file, which field, what is wrong, what was probably meant."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from knowledge.model import Lang
from knowledge.wording import Wording


@dataclass(frozen=True, slots=True)
class Complaint:
    """One defect. `problem` names a sentence of `wording/check.toml`, `places` fill it.

    `meant` is what the author probably wanted to write, when something near is known.
    """

    file: str
    field: str
    problem: str
    places: Mapping[str, str] = dataclasses.field(default_factory=dict)
    meant: str = ""

    def text(self, wording: Wording, lang: Lang) -> str:
        """The complaint as one line for its author."""
        said = wording.say(f"check.{self.problem}", lang, **self.places)
        hint = wording.say("check.meant", lang, word=self.meant) if self.meant else ""
        return f"{self.file}: {self.field}: {said}{hint}"


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or an empty string."""
    return next(iter(get_close_matches(word, tuple(known), n=1, cutoff=0.6)), "")


def unknown(file: str, where: str, word: str, known: Iterable[str]) -> Complaint:
    """A link to nothing, with the nearest thing that does exist."""
    return Complaint(file, where, "link_to_nothing", {"word": word}, nearest(word, known))


def shape_complaints(
    file: str, fault: ValidationError, shape: type[BaseModel], prefix: str = ""
) -> Iterator[Complaint]:
    """Pydantic's findings in our words."""
    for error in fault.errors(include_url=False):
        yield _shape_complaint(file, error, shape, prefix)


def _shape_complaint(file: str, error: ErrorDetails, shape: type[BaseModel], prefix: str) -> Complaint:
    where = prefix + ".".join(str(step) for step in error["loc"])
    match error["type"]:
        case "extra_forbidden":
            known = ("ja", "en") if len(error["loc"]) > 1 else shape.model_fields
            return Complaint(file, where, "unknown_key", meant=nearest(str(error["loc"][-1]), known))
        case "missing":
            return Complaint(file, where, "missing")
        case "string_too_short" | "too_short":
            return Complaint(file, where, "empty")
        case _:
            value = repr(error["input"])[:60]
            return Complaint(file, where, "wrong_type", {"value": value, "why": error["msg"]})
