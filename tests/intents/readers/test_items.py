"""Return gifts as people list them, and where people of the network come from."""

from decimal import Decimal

import pytest
from hypothesis import given

from intents.desk.offsets import Item
from intents.readers.items import items, written
from intents.readers.network_area import network_area
from tests.intents.readers.kit import TEXTS, problem, value

GOOD = [
    ("桐らくねプレミアム24, 300, 2.9", [Item("桐らくねプレミアム24", 300, Decimal("2.9"))]),
    ("米、１，０００個、わからない", [Item("米", 1000)]),
    ("味噌\t50", [Item("味噌", 50)]),
    ("郷土の実り１Lセット K-25, 50個, 1個あたり2.9kg", [Item("郷土の実り1Lセット K-25", 50, Decimal("2.9"))]),
    ("・味噌、50箱\n・醤油、五十、3キロ", [Item("味噌", 50), Item("醤油", 50, Decimal(3))]),
    ("1. 味噌, 3\n\n2) 醤油, 4個", [Item("味噌", 3), Item("醤油", 4)]),
    ("米,1,000,2.9", [Item("米", 1000, Decimal("2.9"))]),
    ("米,300,1,000", [Item("米", 300, Decimal(1000))]),
    ("miso set, 50 units, unknown", [Item("miso set", 50)]),
    ("米, 10, 500g", [Item("米", 10, Decimal("0.5"))]),
]
BAD = [
    ("味噌", "items_shape"),
    ("味噌, 1,200", "items_comma"),
    ("味噌,300,100", "items_comma"),
    ("味噌,100,200,300", "items_comma"),
    ("味噌, 1, 2, 3, 4", "items_shape"),
    ("--, 5", "items_name"),
    ("x" * 81 + ", 5", "items_name_long"),
    ("味噌, たくさん", "items_units"),
    ("味噌, 0", "items_units"),
    ("味噌, 1000001", "items_units"),
    ("味噌, 2.5, 1", "items_units"),
    ("味噌, 5, 重い", "items_kg"),
    ("味噌, 5, -1kg", "items_kg"),
    ("味噌, 1\n味噌, 2", "items_twice"),
    ("\n".join(f"品{n}, 1" for n in range(51)), "items_many"),
    (" \n ", "empty"),
    ("あ" * 6000, "too_long"),
]


@pytest.mark.parametrize(("text", "found"), GOOD)
def test_items_as_people_write_them(text: str, found: list[Item]) -> None:
    """Read, and read the same from how we write them."""
    assert list(items(text)) == found
    assert list(items(written(items(text)))) == found


@pytest.mark.parametrize(("text", "name"), BAD)
def test_a_line_that_cannot_be_read(text: str, name: str) -> None:
    """Named, never guessed."""
    assert problem(lambda: items(text)) == name


@given(TEXTS)
def test_any_text_is_items_or_a_named_problem(text: str) -> None:
    """Nothing breaks, and what is read has a name and a number."""
    for one in value(lambda: items(text)) or ():
        assert one.name
        assert one.units > 0


@pytest.mark.parametrize(
    ("text", "area"),
    [("群馬", "群馬県"), ("国", "国"), ("その他", "その他"), ("Saitama", "埼玉県"), ("other", "その他")],
)
def test_where_people_come_from(text: str, area: str) -> None:
    """A prefecture of the area, the state, or another body."""
    assert network_area(text) == area


@pytest.mark.parametrize("text", ["大阪府", "", "火星", "群馬と栃木"])
def test_elsewhere_is_no_area(text: str) -> None:
    """Set aside with one sentence."""
    assert problem(lambda: network_area(text)) == "network_area"
