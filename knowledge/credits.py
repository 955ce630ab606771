"""The credits that can be chosen for an offset of return gifts, from `offsets/credits.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge.model import Bilingual
from knowledge.shapes import Filled, PairShape, Shape

FILE = Path(__file__).parent / "offsets" / "credits.toml"


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit: its name, its prefecture, what kind it is (None: nobody has checked), and where that stands."""

    id: str
    name: Bilingual
    prefecture: str
    kind: Bilingual | None
    source: str


class _CreditShape(Shape):
    name: PairShape
    prefecture: Filled
    source: Filled
    kind: PairShape | None = None


@cache
def load_credits(file: Path = FILE) -> Mapping[str, Credit]:
    """Reads the list; raises pydantic's ValidationError that names what is wrong with it."""
    rows = tomllib.loads(file.read_text("utf-8"))
    return {id_: _credit(id_, _CreditShape.model_validate(row)) for id_, row in rows.items()}


def _credit(id_: str, shape: _CreditShape) -> Credit:
    kind = Bilingual(shape.kind.ja, shape.kind.en) if shape.kind else None
    return Credit(id_, Bilingual(shape.name.ja, shape.name.en), shape.prefecture, kind, shape.source)
