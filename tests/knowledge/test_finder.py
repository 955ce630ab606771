"""The finder's data: everything named exists, both languages, nothing claimed beyond its sources."""

from datetime import date

from knowledge.finder import UNSURE, Outcome, finder_complaints, load_finder
from knowledge.model import Bilingual, Lang
from knowledge.reader import files_in, read
from knowledge.wording import places_of

FINDER = load_finder()
EDITION = read(files_in()).edition


def test_all_codes_and_sources_exist() -> None:
    """And no rule without a confirmed source says yes or no."""
    assert list(finder_complaints(FINDER, EDITION)) == []


def test_every_text_is_in_both_languages_with_equal_places() -> None:
    """A text that were Japanese on both sides would be a slip."""
    pairs = [option.label for question in FINDER.questions for option in question.options]
    pairs += [question.text for question in FINDER.questions] + [rule.ask for rule in FINDER.rules]
    pairs += [pair for rule in FINDER.rules for each in rule.options for pair in (each.label, each.text)]
    assert all(_is_bilingual(pair) for pair in pairs)


def test_every_question_can_be_left_open() -> None:
    """The last option keeps everything; the values of a question are its own."""
    for question in FINDER.questions:
        values = [option.value for option in question.options]
        assert values[-1] == UNSURE
        assert len(set(values)) == len(values)


def test_unverified_rules_only_ask() -> None:
    """What no source confirms says so, and neither allows nor refuses."""
    for rule in FINDER.rules:
        for option in rule.options:
            if option.unverified:
                assert option.outcome is Outcome.ASK
                assert "要確認" in option.text.ja
                assert "to be confirmed" in option.text.en


def test_a_code_that_does_not_exist_is_named() -> None:
    """The checks see what is wrong: without any card every code is unknown."""
    bare = read(
        {name: text for name, text in files_in().items() if not name.startswith("methodologies/")}
    ).edition
    assert any(complaint.problem == "link_to_nothing" for complaint in finder_complaints(FINDER, bare))


def test_rules_are_dated() -> None:
    """Each rule holds on the day of the first edition."""
    assert all(rule.valid.covers(date(2026, 11, 24)) for rule in FINDER.rules)


def _is_bilingual(pair: Bilingual) -> bool:
    ja, en = pair.in_(Lang.JA), pair.in_(Lang.EN)
    return (
        places_of(ja) == places_of(en) and not ja.isascii() and en.replace("“", "").replace("”", "").isascii()
    )
