"""The office's own rules beside those of the scheme: how they are named, and what they may not claim."""

import pytest

from knowledge.model import Lang
from knowledge.reminder_formulas import FORMULAS
from knowledge.reminder_model import RuleKind
from knowledge.reminders import RULES, load_rules, reminder_complaints, reminder_files

FILES = reminder_files()
OWN = ("BP-01", "BP-02", "BP-03", "MB-01")


def test_they_are_advice_and_say_so() -> None:
    """No source of the scheme, no word of a deadline, and that they are no rule in the ground that is told."""
    for id_ in OWN:
        rule = load_rules()[id_]
        (version,) = rule.versions
        assert (version.kind, version.sources) == (RuleKind.PRACTICE, ())
        assert "制度の規則ではありません" in rule.basis[Lang.JA]
        assert "no rule of the scheme" in rule.basis[Lang.EN]
        texts = (rule.title, rule.basis, rule.caution, rule.next, *(step.what for step in version.steps))
        assert not [text for text in texts if "期限" in text[Lang.JA] or "deadline" in text[Lang.EN].lower()]


def test_the_scheme_does_not_need_them() -> None:
    """Its own twenty-eight must be there; the office may do without its own."""
    assert not set(OWN) & set(RULES)
    assert list(reminder_complaints({name: text for name, text in FILES.items() if name[:2] == "DL"})) == []


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("BP-04", True),
        ("MB-02", True),
        ("BP-4", False),
        ("BP-004", False),
        ("bp-04", False),
        ("XX-01", False),
        ("MB01", False),
    ],
)
def test_a_rule_is_known_by_its_name(name: str, known: bool) -> None:
    """Whatever is no name of a rule is refused, with the file."""
    text = FILES["BP-01.toml"].replace('id = "BP-01"', f'id = "{name}"')
    found = [(one.file, one.problem) for one in reminder_complaints({**FILES, f"{name}.toml": text})]
    assert found == ([] if known else [(f"{name}.toml", "unknown_rule")])


def test_what_a_formula_needs_is_a_field_of_a_project() -> None:
    """And only what is asked of projects needs anything."""
    needs = {name: shape.needs for name, shape in FORMULAS.items() if shape.needs}
    assert needs == {"before_cutoff": "target_round", "month_recorded": "items"}
    once = {name for name, shape in FORMULAS.items() if shape.once}
    assert once == {"before_cutoff", "verification_booking", "round_cutoff"}
    assert not [name for name in once if FORMULAS[name].recurring]
