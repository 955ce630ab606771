"""The parts of understanding: words, terms, repairs, moods, the index, and calibrated confidence."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intents.understanding.confidence import confidence, is_brief, load_calibration
from intents.understanding.index import Inverted, bm25, cosine, share
from intents.understanding.match import Match
from intents.understanding.mood import Mood, mood_of
from intents.understanding.phrasing_check import near_duplicates, strays
from intents.understanding.repair import Repair
from intents.understanding.router import Understanding
from intents.understanding.terms import Terms
from intents.understanding.words import words_of
from knowledge.model import Bilingual, Edition, Entry, EntryKind, Phrasings, Term
from knowledge.reader import read
from tests.kit import small_edition

DAY = date(2026, 11, 24)
BOILER = Term("boiler", "ボイラー", "ぼいらー", "boiler", Bilingual("a", "b"), ("蒸気釜", "BLR"))


@pytest.fixture(scope="module")
def mind() -> Understanding:
    """The small edition, ready for questions."""
    return Understanding(read(small_edition()).edition)


def test_one_word_however_it_is_written() -> None:
    """申込み, 申し込み and 申込 are one word; small words are left out."""
    assert words_of("説明会の申込みを教えてください").words == words_of("説明会の申し込みは").words
    assert words_of("How do I apply for certification?").words == words_of("applying certification").words


def test_a_text_of_small_words_is_about_them() -> None:
    """Thanks alone is not an empty text."""
    assert words_of("ありがとうございます").words


@given(st.text(max_size=80))
@settings(max_examples=60, deadline=None)
def test_any_text_has_words_or_none(text: str) -> None:
    """No input breaks the analyser; readings stand beside the words."""
    found = words_of(text)
    assert len(found.words) == len(found.readings)


def test_another_name_brings_its_term() -> None:
    """Behind a synonym stands the term; an abbreviation inside a longer word is none."""
    terms = Terms((BOILER,))
    assert terms.named("蒸気釜の更新").endswith("ボイラー")
    assert terms.named("blrの更新").endswith("ボイラー")
    assert terms.named("kblrx") == "kblrx"
    assert terms.named("ボイラーの更新") == "ボイラーの更新"


@pytest.mark.parametrize(
    "text",
    [
        "ボイラーとは",
        "ボイラーって何ですか？",
        "蒸気釜の意味を教えて",
        "what is a boiler?",
        "ぼいらーってなに",
    ],
)
def test_the_meaning_of_a_word_is_asked_for(text: str) -> None:
    """By any of its names, in either language."""
    assert Terms((BOILER,)).asked_for(text) == "boiler"


def test_a_longer_question_is_not_a_definition() -> None:
    """What asks more than the meaning is another question."""
    assert Terms((BOILER,)).asked_for("ボイラーを更新したら対象になるとは本当か") == ""


def test_kana_and_slips_are_read_as_known_words() -> None:
    """A message in kana is cut at what the knowledge knows by sound; a slip finds its neighbour."""
    repair = Repair(
        {"認証", "手順", "コンプレッサー"},
        ["認証\tにんしょう", "手順\tてじゅん", "コンプレッサー\tこんぷれっさー"],
    )
    asked = words_of("にんしょうのてじゅん")
    assert {*repair.meant(asked), *asked.words} >= {"認証", "手順"}
    assert "コンプレッサー" in repair.meant(words_of("コンプレサーの入替"))
    assert repair.meant(words_of("認証の手順")) == {}


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("説明会はどう申し込むのですか", Mood.ASKS),
        ("説明会に申し込みます", Mood.DEMANDS),
        ("相談を予約してください", Mood.DEMANDS),
        ("予約の方法を教えてください", Mood.ASKS),
        ("人につないでいただけますか", Mood.DEMANDS),
        ("説明会 定員", Mood.NEITHER),
        ("cancel my seat", Mood.DEMANDS),
        ("how can I cancel my seat", Mood.ASKS),
        ("could you tell me the date", Mood.ASKS),
    ],
)
def test_asking_and_ordering_are_told_apart(text: str, mood: Mood) -> None:
    """To be told something is to ask; the rest is an order."""
    assert mood_of(text) is mood


@pytest.mark.parametrize("build", [bm25, cosine, share])
def test_an_index_survives_being_kept(build: type[Inverted]) -> None:
    """What is read back scores as what was built."""
    made: Inverted = build([["a", "b"], ["b", "c", "c"], ["d"]], [0, 1, 2])  # type: ignore[arg-type, call-arg]
    again = Inverted.of_arrays("x", made.arrays("x"))
    for query in ({"a": 1.0}, {"b": 0.5, "zz": 1.0}, {}):
        assert np.array_equal(made.score(query)[0], again.score(query)[0])
        assert made.score(query)[1] == pytest.approx(again.score(query)[1])
        assert made.norm(query) == pytest.approx(again.norm(query))


def test_a_rare_word_tells_more(mind: Understanding) -> None:
    """Rarity counts entries, not texts: twenty phrasings of one entry do not make its word common."""
    made = cosine([["rare", "x"]] * 20 + [["x", "y"], ["x", "z"]], [0] * 20 + [1, 2])
    assert made.says("rare") > made.says("x")
    assert made.says("never seen") >= made.says("rare")


def test_an_author_s_own_text_is_certain(mind: Understanding) -> None:
    """Every phrasing finds its entry, and that is said with confidence."""
    for entry in mind.edition.entries.values():
        assert {mind.match(text, DAY).candidates[0].entry for text in entry.phrasings.all()} == {entry.id}
    reading = mind.read("モニ報の締切", DAY)
    assert reading.entry == "monitoring-report-deadline"
    assert reading.confidence == pytest.approx(0.98)


def test_a_phrasing_in_the_wrong_entry_is_named(mind: Understanding) -> None:
    """A text that surely means another entry is reported with where it leads, although it stands in its own."""
    entry = mind.edition.entries["seminar-how-to-register"]
    text = "モニタリング報告書の提出期限はいつ"
    stray = replace(entry, phrasings=Phrasings((*entry.phrasings.ja, text), entry.phrasings.en))
    spoilt = replace(mind.edition, entries={**mind.edition.entries, entry.id: stray})
    found = {one.places["text"]: one.places["other"] for one in strays(Understanding(spoilt)) if one}
    assert found.pop(text) == "monitoring-report-deadline"


def test_twins_are_named_at_the_later_entry() -> None:
    """The same words in two entries."""
    one, two = (
        Entry(
            name,
            EntryKind.FAQ,
            Bilingual(name * 9, name * 9),
            Phrasings(("定員は何名ですか",)),
            Bilingual("", ""),
            file=name,
        )
        for name in ("a", "b")
    )
    found = list(near_duplicates(Edition("x", {"a": one, "b": two})))
    assert [(complaint.file, complaint.places["other"]) for complaint in found] == [("b", "a")]


def test_confidence_of_nothing_is_nothing() -> None:
    """No candidate, no confidence, no question back."""
    assert confidence(Match(()), load_calibration()) == 0.0
    assert not is_brief(Match(()))


def test_lines_are_in_order() -> None:
    """What is answered is surer than what is asked back."""
    lines = load_calibration().thresholds
    assert 0 < lines.choices < 1
    assert lines.answer > 0.5


def test_the_same_question_reads_the_same_from_any_thread(mind: Understanding) -> None:
    """A tokeniser belongs to one thread; the reading does not depend on which."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        readings = list(pool.map(lambda _: mind.read("認証までの手順は？", DAY), range(40)))
    assert len({(reading.entry, reading.confidence) for reading in readings}) == 1
