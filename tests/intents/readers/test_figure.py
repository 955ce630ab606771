"""Measured values as people type them: with units and without, of any width, and what is none."""

from decimal import Decimal

import pytest
from hypothesis import given

from intents.readers.figure import MOST_DIGITS, begins_as_figure, figure
from tests.intents.readers.kit import TEXTS, problem, value

GOOD = [
    ("1234", "kWh", "1234"),
    ("1,234", "kWh", "1234"),
    ("1,234.5 kWh", "kWh", "1234.5"),
    ("１，２３４ｋＷｈです", "kWh", "1234"),
    ("約1200", "kWh", "1200"),
    (".5", "t", "0.5"),
    ("1.2万", "kWh", "12000"),
    ("3千m3", "m3", "3000"),
    ("千二百", "m3", "1200"),
    ("1,150㎥", "m3", "1150"),
    ("1,150 M3", "m3", "1150"),
    ("-5", "kWh", "-5"),
    ("▲5", "kWh", "-5"),
    ("0", "kWh", "0"),
    ("12日", "日", "12"),
    ("42", "", "42"),
]
BAD = [
    ("", "kWh", "empty"),
    ("たくさん", "kWh", "figure_unclear"),
    ("kWh", "kWh", "figure_unclear"),
    ("12,34", "kWh", "figure_unclear"),
    ("1 2", "kWh", "figure_unclear"),
    ("1.2 3", "kWh", "figure_unclear"),
    ("12月10日", "kWh", "figure_unit"),
    ("3日後", "日", "figure_unit"),
    ("8 MWh", "kWh", "figure_unit"),
    ("8 kWh", "", "figure_unit"),
    ("9" * (MOST_DIGITS + 1), "kWh", "figure_long"),
    ("0.1234567", "kWh", "figure_long"),
]


@pytest.mark.parametrize(("text", "unit", "number"), GOOD)
def test_a_figure_is_read(text: str, unit: str, number: str) -> None:
    """Whatever surrounds it; it begins as one."""
    assert figure(text, unit) == Decimal(number)


@pytest.mark.parametrize(("text", "unit", "named"), BAD)
def test_what_is_none_is_named(text: str, unit: str, named: str) -> None:
    """Another unit is never converted by guessing."""
    assert problem(lambda: figure(text, unit)) == named


@given(TEXTS)
def test_any_text_is_a_figure_or_a_named_problem(text: str) -> None:
    """Nothing breaks, and what is read can be kept."""
    found = value(lambda: figure(text, "kWh"))
    assert found is None or (found.is_finite() and len(format(found, "f")) <= 40)


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("1,210", True),
        ("約5", True),
        ("▲3", True),
        ("１２", True),
        ("完了しました", False),
        ("第3回", False),
        ("", False),
    ],
)
def test_what_may_be_a_figure_is_looked_at(text: str, may: bool) -> None:
    """Everything else is understood without a look at what was asked for."""
    assert begins_as_figure(text) is may
