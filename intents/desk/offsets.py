"""The carbon offset of return gifts: how many tonnes of credits are retired for which items, and what may be said.

Emissions are kilograms of CO2 equivalent, exact decimals; credits are retired in whole tonnes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from knowledge.model import Lang
from knowledge.wording import Wording

KG_PER_TONNE = Decimal(1000)


@dataclass(frozen=True, slots=True)
class Item:
    """One kind of gift: how many units, and the kilograms of each, none where staff still has to find out.

    Raises ValueError for a number below zero.
    """

    name: str
    units: int
    kg_each: Decimal | None = None

    def __post_init__(self) -> None:
        """Refuses what no gift has."""
        if self.units < 0 or (self.kg_each is not None and self.kg_each < 0):
            raise ValueError(f"{self.name}: units and emissions must not be below zero")

    @property
    def kg(self) -> Decimal | None:
        """What all its units emit."""
        return None if self.kg_each is None else self.units * self.kg_each


@dataclass(frozen=True, slots=True)
class Offset:
    """Credits retired, or to be retired where there is no day yet, for the items of one supplier."""

    supplier: str
    items: tuple[Item, ...]
    credit: str
    tonnes: int
    retired_on: date | None = None


class NotKnownYet(ValueError):
    """The emissions per unit of some items are not known: `names` are theirs."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(", ".join(names))
        self.names = names


def known_kg(items: Sequence[Item]) -> Decimal:
    """What the items emit whose emissions are known."""
    return sum((item.kg for item in items if item.kg is not None), Decimal(0))


def missing(items: Sequence[Item]) -> tuple[str, ...]:
    """The names of the items whose emissions per unit are not known."""
    return tuple(item.name for item in items if item.kg_each is None)


def tonnes_to_retire(items: Sequence[Item]) -> int:
    """The whole tonnes that cover all items: the sum is rounded up once, not item by item.

    Raises NotKnownYet while the emissions of an item are missing.
    """
    if names := missing(items):
        raise NotKnownYet(names)
    return int((known_kg(items) / KG_PER_TONNE).to_integral_value(ROUND_CEILING))


def arithmetic(items: Sequence[Item], lang: Lang, wording: Wording) -> tuple[str, ...]:
    """How the tonnes come about, a line for each item and one for the sum."""
    return (*(_row(item, lang, wording) for item in items), _total(items, lang, wording))


def certificate_text(offset: Offset, lang: Lang, wording: Wording) -> str:
    """What a certificate may claim: so many tonnes of that credit, retired for so many units of those items."""
    places = {"supplier": offset.supplier, **_places(offset, lang, wording)}
    if offset.retired_on is None:
        return _to_confirm(wording.say("offsets.certificate_planned", lang, **places), lang, wording)
    day = f"{offset.retired_on.year}/{offset.retired_on.month}/{offset.retired_on.day}"
    return _to_confirm(wording.say("offsets.certificate", lang, day=day, **places), lang, wording)


def leaflet_text(offset: Offset, lang: Lang, wording: Wording) -> str:
    """The sentence for the leaflet in the parcel, which claims no more than the certificate."""
    key = "offsets.leaflet" if offset.retired_on else "offsets.leaflet_planned"
    return _to_confirm(wording.say(key, lang, **_places(offset, lang, wording)), lang, wording)


def _row(item: Item, lang: Lang, wording: Wording) -> str:
    if item.kg_each is None or item.kg is None:
        return wording.say("offsets.row_missing", lang, name=item.name, units=f"{item.units:,}")
    places = {
        "name": item.name,
        "units": f"{item.units:,}",
        "each": _plain(item.kg_each),
        "kg": _plain(item.kg),
    }
    return wording.say("offsets.row", lang, **places)


def _total(items: Sequence[Item], lang: Lang, wording: Wording) -> str:
    kg = known_kg(items)
    if names := missing(items):
        return wording.say("offsets.total_missing", lang, kg=_plain(kg), names=" / ".join(names))
    places = {"kg": _plain(kg), "exact": _plain(kg / KG_PER_TONNE), "tonnes": f"{tonnes_to_retire(items):,}"}
    return wording.say("offsets.total", lang, **places)


def _places(offset: Offset, lang: Lang, wording: Wording) -> dict[str, str]:
    named = [
        wording.say("offsets.item", lang, name=each.name, units=f"{each.units:,}") for each in offset.items
    ]
    return {"items": " / ".join(named), "credit": offset.credit, "tonnes": f"{offset.tonnes:,}"}


def _to_confirm(text: str, lang: Lang, wording: Wording) -> str:
    return f"{text}\n{wording.say('offsets.to_confirm', lang)}"


def _plain(value: Decimal) -> str:
    """A number with thousands parted, without an exponent or zeros at the end."""
    whole, _, rest = f"{value:,f}".partition(".")
    rest = rest.rstrip("0")
    return f"{whole}.{rest}" if rest else whole
