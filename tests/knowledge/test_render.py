"""Texts are templates that fill facts in; whatever else they try stays shut."""

from dataclasses import replace
from datetime import date

import pytest

from knowledge.checks import check as check_links
from knowledge.model import Bilingual
from knowledge.reader import read
from knowledge.render import TemplateFault, fill
from tests.kit import small_edition

EVIL = (
    "{{ (facts|attr('__init__')).__globals__ }}",
    "{{ ''.__class__.__mro__ }}",
    "{{ facts.__class__ }}",
    "{% for one in range(9) %}{{ one }}{% endfor %}",
    "{{ facts.seats|upper }}",
    "{# nothing #}",
)


class _Facts:
    seats = "200"


@pytest.mark.parametrize("template", EVIL[:3])
def test_a_text_reaches_nothing_but_its_facts(template: str) -> None:
    """Not by the names that Python keeps for itself."""
    with pytest.raises(TemplateFault):
        fill(template, facts=_Facts())
    assert fill("{{ facts.seats }}", facts=_Facts()) == "200"


def test_a_text_has_no_functions() -> None:
    """Not even those that Jinja gives to every template."""
    with pytest.raises(TemplateFault):
        fill("{{ range(3) }}")
    assert fill("{{ range }}", range="3") == "3"


@pytest.mark.parametrize("template", EVIL)
def test_only_facts_pass_the_check(template: str) -> None:
    """An answer with anything else in it is not published."""
    edition = read(small_edition()).edition
    entry = next(one for one in edition.entries.values() if one.body.ja)
    entries = {
        **edition.entries,
        entry.id: replace(entry, body=Bilingual(f"{entry.body.ja}\n{template}", entry.body.en)),
    }
    found = [one.problem for one in check_links(replace(edition, entries=entries), date(2026, 11, 24))]
    assert "only_facts" in found or "broken_template" in found
