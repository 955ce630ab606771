"""The offset of return gifts: exact sums, whole tonnes, no claim beyond them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.desk.offsets import (
    Item,
    NotKnownYet,
    Offset,
    arithmetic,
    certificate_text,
    leaflet_text,
    tonnes_to_retire,
)
from knowledge.model import Lang
from knowledge.wording import load_wording

# The units of fiscal 2022; 2.9 kg each is an example, the true emissions are not in the report.
EXAMPLE = Decimal("2.9")
UNITS = (300, 300, 50, 50, 50, 50, 50, 50, 50)
GIFTS = tuple(Item(f"item {number}", units, EXAMPLE) for number, units in enumerate(UNITS))
ITEMS = st.lists(
    st.builds(Item, st.just("x"), st.integers(0, 10**6), st.decimals(0, 10**4, places=3, allow_nan=False)),
    max_size=6,
)


def test_the_year_with_950_units_fits_three_tonnes() -> None:
    """950 units of an example 2.9 kg are 2,755 kg, so three whole tonnes."""
    assert sum(UNITS) == 950
    assert tonnes_to_retire(GIFTS) == 3
    assert arithmetic(GIFTS, Lang.EN, load_wording())[-1] == (
        "Total 2,755 kg ÷ 1000 = 2.755 t, rounded up to whole tonnes: 3 t-CO2"
    )


def test_a_tonne_to_the_gram_is_one_tonne() -> None:
    """Sums are exact: what binary fractions would make a tonne and a bit stays a tonne."""
    assert tonnes_to_retire([Item("a", 10_000, Decimal("0.1"))]) == 1
    assert tonnes_to_retire([Item("a", 10_000, Decimal("0.1")), Item("b", 1, Decimal("0.001"))]) == 2
    assert tonnes_to_retire([]) == 0


def test_the_sum_is_rounded_once() -> None:
    """Three items of 400 kg are two tonnes, not three."""
    assert tonnes_to_retire([Item(name, 100, Decimal(4)) for name in "abc"]) == 2


def test_an_unknown_factor_is_asked_for() -> None:
    """Nothing is guessed: the missing items are named."""
    items = [*GIFTS, Item("味噌", 50)]
    with pytest.raises(NotKnownYet) as fault:
        tonnes_to_retire(items)
    assert fault.value.names == ("味噌",)
    lines = arithmetic(items, Lang.JA, load_wording())
    assert "未定" in lines[-2]
    assert "味噌" in lines[-1]


def test_numbers_below_zero_are_refused() -> None:
    """A credit cannot be gained by a negative gift."""
    with pytest.raises(ValueError, match="below zero"):
        Item("x", -1, EXAMPLE)
    with pytest.raises(ValueError, match="below zero"):
        Item("x", 1, -EXAMPLE)


def test_a_certificate_claims_what_was_retired_and_no_more() -> None:
    """Before the retirement it says that it is still to come; both ask for the supplier's check."""
    planned = Offset("山崎醸造", (Item("味の詰合せ", 50, EXAMPLE),), "トキの森クレジット", 1)
    retired = Offset(planned.supplier, planned.items, planned.credit, 1, date(2023, 2, 1))
    wording = load_wording()
    assert certificate_text(retired, Lang.JA, wording).startswith(
        "山崎醸造の味の詰合せ 50点について、トキの森クレジットを1t-CO2、2023/2/1に無効化しました。"
    )
    assert "まだ無効化していません" in certificate_text(planned, Lang.JA, wording)
    assert "予定" in leaflet_text(planned, Lang.JA, wording)
    for offset in (planned, retired):
        for lang in Lang:
            for text in (certificate_text(offset, lang, wording), leaflet_text(offset, lang, wording)):
                assert "要確認" in text or "To be confirmed" in text
                assert not any(word in text for word in ("ゼロ", "実質", "neutral", "zero", "貢献"))


@given(ITEMS)
def test_the_tonnes_cover_the_sum_and_not_a_tonne_more(items: list[Item]) -> None:
    """Rounded up, by less than a tonne."""
    total = sum((item.kg or Decimal(0) for item in items), Decimal(0))
    tonnes = tonnes_to_retire(items)
    assert total <= 1000 * tonnes < total + 1000
