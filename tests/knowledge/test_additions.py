"""Additions to an edition: only the addition changes, what is wrong is named, nothing wrong comes in."""

import difflib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.addition_fault import AdditionFault
from knowledge.additions import BY_STAFF, OUTSIDE_FILE, with_entry, with_out_of_scope, with_phrasing
from knowledge.checks import check
from knowledge.entry_draft import EntryDraft, draft_of, draft_text
from knowledge.model import Bilingual, Lang, Phrasings
from knowledge.reader import files_in, read
from knowledge.toml_lists import table_of, top_of, with_item
from knowledge.wording import load_wording
from tests.kit import small_edition

TODAY = date(2026, 11, 24)
SMALL = small_edition()
ALONE, LED = "methodologies/en-r-004.toml", "methodologies/en-s-001.toml"
# Of the product's own files those that are written in other ways; reading all of them takes longer.
FILES = files_in()
WHOLE = SMALL | {path: FILES[path] for path in (ALONE, "elsewhere.toml", OUTSIDE_FILE, "sources.toml")}
DRAFT = EntryDraft(
    id="hydrogen-boiler",
    category="methodologies",
    question=Bilingual("水素ボイラーは対象ですか", "Is a hydrogen boiler eligible?"),
    answer=Bilingual(
        "水素ボイラーの扱いは、方法論ごとに確かめます。\n\n- 燃料の作り方も見ます。\n\n窓口にご相談ください。",
        "Whether a hydrogen boiler counts depends on the methodology.\n\n- How the fuel is made matters, too.\n\nPlease ask us.",
    ),
    source="jcm-flow",
    owner="desk",
    review_by=date(2027, 4, 1),
    phrasings=Phrasings(ja=("水素を燃やすボイラーの扱い",)),
)


def _changes(before: str, after: str) -> list[str]:
    found = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in found if line[0] in "+-"]


def _added(before: dict[str, str], after: dict[str, str]) -> dict[str, list[str]]:
    changed = [path for path in after if before.get(path) != after[path]]
    assert set(before) <= set(after)
    return {path: _changes(before.get(path, ""), after[path]) for path in changed}


# ------------------------------------------------ phrasings


@pytest.mark.parametrize(
    ("entry", "lang", "file"),
    [
        ("what-is-j-credit", Lang.JA, "entries/scheme-basics/what-is-j-credit.md"),
        ("what-is-j-credit", Lang.EN, "entries/scheme-basics/what-is-j-credit.md"),
        ("elsewhere.jcm", Lang.EN, "elsewhere.toml"),
        ("outside.animals-nature", Lang.JA, "outside.toml"),
    ],
)
def test_a_phrasing_is_one_new_line(entry: str, lang: Lang, file: str) -> None:
    """Everything else stays byte for byte, quotes and backslashes are text."""
    text = 'ぜんぜん別の "言い方" と \\ と # と ]'
    after = with_phrasing(WHOLE, entry, text, lang)
    assert _added(WHOLE, after) == {file: ['+   "ぜんぜん別の \\"言い方\\" と \\\\ と # と ]",']}
    known = read(WHOLE).edition.entries[entry].phrasings
    said = read(after).edition.entries[entry].phrasings
    ja, en = ((*known.ja, text), known.en) if lang is Lang.JA else (known.ja, (*known.en, text))
    assert said == Phrasings(ja, en)


def test_a_card_takes_phrasings_by_its_code() -> None:
    """A card without any gets its first before its facts; one that an entry speaks for gives it to that."""
    cards = read(WHOLE).edition.methodologies
    code = next(code for code, card in cards.items() if card.file == ALONE)
    bare = re.sub(r"(?ms)^phrasings\.(ja|en) = \[\n.*?^\]\n", "", WHOLE[ALONE])
    after = read(with_phrasing({**WHOLE, ALONE: bare}, code, "試しの言い方", Lang.JA)).edition
    assert after.methodologies[code] == replace(cards[code], phrasings=Phrasings(ja=("試しの言い方",)))
    spoken = SMALL | {LED: FILES[LED].replace("boiler-methodology", "seminar.register")}
    changed = with_phrasing(spoken, "EN-S-001", "試しの言い方", Lang.JA)
    assert "試しの言い方" in read(changed).edition.entries["seminar.register"].phrasings.ja
    assert changed[LED] == spoken[LED]


@pytest.mark.parametrize(
    ("entry", "text", "problem", "meant"),
    [
        ("what-is-jcredit", "x", "link_to_nothing", "what-is-j-credit"),
        ("what-is-j-credit", " \n ", "empty", ""),
        ("smalltalk.greeting", " おはよう ", "near_duplicate", ""),
    ],
)
def test_a_phrasing_that_cannot_be_is_named(entry: str, text: str, problem: str, meant: str) -> None:
    """An entry that does not exist, nothing, or what stands there already."""
    with pytest.raises(AdditionFault) as fault:
        with_phrasing(SMALL, entry, text, Lang.JA)
    (found,) = fault.value.complaints
    assert (found.problem, found.meant) == (problem, meant)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=40), st.sampled_from(Lang))
def test_whatever_is_typed_stays_text(text: str, lang: Lang) -> None:
    """No text breaks the file or reaches another list."""
    # A letter that TOML does not take is left out.
    kept = " ".join(text.split()).replace("\x7f", "")
    try:
        after = with_phrasing(SMALL, "smalltalk.greeting", text, lang)
    except AdditionFault:
        assert not kept.strip()
        return
    said = read(after).edition.entries["smalltalk.greeting"].phrasings
    assert (said.ja if lang is Lang.JA else said.en)[-1] == kept
    assert [path for path in SMALL if SMALL[path] != after[path]] == ["smalltalk.toml"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('k = ["a", "b"]\n', 'k = ["a", "b", "x"]\n'),
        ('k = ["a", "b", ]\n', 'k = ["a", "b", "x" ]\n'),
        ("k = []\n", 'k = ["x"]\n'),
        ('k = [\n  "a",\n]\n', 'k = [\n  "a",\n  "x",\n]\n'),
        ('k = [\n  "a"  # last, "]"\n]\n', 'k = [\n  "a",  # last, "]"\n  "x",\n]\n'),
        ('k = [\n  "a",\n  # later\n]\n', 'k = [\n  "a",\n  # later\n  "x",\n]\n'),
        ('k = [\n  "a",\n  "b"]\n', 'k = [\n  "a",\n  "b", "x"]\n'),
        ("k = [\r\n  'a]',\r\n]\r\n", "k = [\r\n  'a]',\r\n  \"x\",\r\n]\r\n"),
        ('n = 1\n\n\n["t"]\n', 'n = 1\nk = [\n  "x",\n]\n\n\n["t"]\n'),
    ],
)
def test_a_list_grows_as_it_is_written(before: str, after: str) -> None:
    """On one line, or a line each; comments stay where they are."""
    assert with_item(before, top_of(before), "k", "x") == after


def test_a_table_is_found_by_its_name() -> None:
    """Up to the next one; a bracket inside is none."""
    text = '["a.b"]  # one\nk = [\n  "[x]",\n]\n\n[c]\nk = 1\n'
    first, last = table_of(text, "a.b") or (0, 0)
    assert text[first:last] == '\nk = [\n  "[x]",\n]\n\n'
    assert table_of(text, "d") is None


# ------------------------------------------------ out of scope


def test_out_of_scope_joins_the_fitting_kind() -> None:
    """Where staff name one."""
    after = with_out_of_scope(WHOLE, "ラーメンの出前を頼みたいんだけど", place="outside.restaurants")
    assert _added(WHOLE, after) == {OUTSIDE_FILE: ['+   "ラーメンの出前を頼みたいんだけど",']}


@pytest.mark.parametrize("files", [WHOLE, SMALL])
def test_out_of_scope_else_joins_the_list_of_staff(files: dict[str, str]) -> None:
    """It is begun when there is none, and joined the next time; nothing of the file is lost."""
    once = with_out_of_scope(files, "宇宙旅行の予約")
    twice = with_out_of_scope(once, "book a space trip", Lang.EN)
    found = read(twice).edition.entries[BY_STAFF]
    assert found.phrasings == Phrasings(("宇宙旅行の予約",), ("book a space trip",))
    assert found.question == Bilingual("担当者が範囲外と決めたこと", "Decided by staff to be out of scope")
    assert twice[OUTSIDE_FILE].startswith(files.get(OUTSIDE_FILE, ""))


def test_out_of_scope_is_no_answer_of_ours() -> None:
    """A place that is an answer, or none at all, is refused with what exists."""
    for place in ("what-is-j-credit", "outside.restaurant"):
        with pytest.raises(AdditionFault, match=r"outside\.toml: place: .*does not exist"):
            with_out_of_scope(WHOLE, "x", place=place)


# ------------------------------------------------ a new entry


def test_a_draft_becomes_an_entry_that_passes_every_check() -> None:
    """One new file; bullets carry the source, the answer states its beginning."""
    after = with_entry(WHOLE, DRAFT, TODAY)
    assert [path for path in after if path not in WHOLE] == ["entries/methodologies/hydrogen-boiler.md"]
    reading = read(after)
    assert [*reading.complaints, *check(reading.edition, TODAY)] == []
    made = reading.edition.entries["hydrogen-boiler"]
    assert (made.question, made.phrasings, made.owner) == (DRAFT.question, DRAFT.phrasings, "desk")
    assert (made.valid.first, made.as_of, made.review_by) == (TODAY, TODAY, DRAFT.review_by)
    assert made.body.ja == DRAFT.answer.ja.replace("見ます。", "見ます。[^jcm-flow]")
    assert made.states == Phrasings(("水素ボイラーの扱いは",), ("Whether a hydrogen boiler counts depends",))


def test_an_answer_without_bullets_names_its_source_as_well() -> None:
    """At the end of its first paragraph."""
    plain = replace(DRAFT, answer=Bilingual("相談できます。\n\nお待ちします。", "You can ask.\n\nPlease do."))
    body = read(with_entry(WHOLE, plain, TODAY)).edition.entries[DRAFT.id].body
    assert body == Bilingual(
        "相談できます。[^jcm-flow]\n\nお待ちします。", "You can ask.[^jcm-flow]\n\nPlease do."
    )


Change = Callable[[EntryDraft], EntryDraft]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda d: replace(d, id="what-is-j-credit"), "what-is-j-credit.md: id: .*→ Use lower-case"),
        (lambda d: replace(d, id="a\nb"), "id: .*→ Use lower-case"),
        (lambda d: replace(d, category="methodology"), "category: .*mean “methodologies”.*→ Use one"),
        (lambda d: replace(d, source="jcm-flw"), "body.ja: .*mean “jcm-flow”.*→ Mend the answer"),
        (lambda d: replace(d, owner="desks"), "owner: .*mean “desk”.*→ Give one of desk"),
        (lambda d: replace(d, review_by=TODAY), "review_by: .*→ Give a day after today"),
        (
            lambda d: replace(d, question=Bilingual("問い", "")),
            r"question.en: is empty.*→ Write the question",
        ),
        (lambda d: replace(d, answer=Bilingual("答え。", " ")), r"answer.en: is empty.*→ Write the answer"),
        (
            lambda d: replace(d, answer=Bilingual("答え。\n+++ en +++", "x")),
            r"answer.ja: .*→ Write the answer",
        ),
        (lambda d: replace(d, answer=Bilingual("費用は100円です。", "It costs 100.")), "numbers and dates"),
        (lambda d: replace(d, states=Phrasings(("無い語",), ("none",))), "does not state its key fact"),
        (lambda d: replace(d, phrasings=Phrasings()), "phrasings: is empty.*→ Give at least one"),
    ],
)
def test_a_wrong_draft_is_told_how_to_mend_it(change: Change, says: str) -> None:
    """Field, what is wrong, what to do; nothing is added."""
    draft = change(DRAFT)
    draft = replace(draft, category="scheme-basics") if draft.id == "what-is-j-credit" else draft
    with pytest.raises(AdditionFault, match=says):
        with_entry(WHOLE, draft, TODAY)


def test_a_draft_is_kept_as_text() -> None:
    """And read again; a form that is half filled in is told what is missing, in either language."""
    assert draft_of(draft_text(DRAFT)) == DRAFT
    with pytest.raises(AdditionFault) as fault:
        draft_of('{"id": "Hydrogen Boiler", "question": {"ja": "問い"}, "ownr": "desk"}')
    said = fault.value.text(load_wording(), Lang.JA)
    assert "draft: question.en: 必要な項目がありません → 代表の質問文を" in said
    assert "draft: ownr: 知らない項目です（「owner」ですか？）" in said
    assert {one.field for one in fault.value.complaints} >= {
        "id",
        "category",
        "answer",
        "source",
        "review_by",
    }


def test_what_was_wrong_before_does_not_stand_in_the_way() -> None:
    """An edition with a defect elsewhere still takes additions."""
    broken = {**SMALL, "facts.toml": SMALL["facts.toml"] + '\n[orphan]\nabout = "x"\n'}
    assert read(broken).complaints
    assert with_phrasing(broken, "smalltalk.greeting", "やあやあ", Lang.JA)
