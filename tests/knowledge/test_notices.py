"""Notices: both languages with the same places, and values that stay what they are: text."""

from pathlib import Path

import pytest

from intents.messages import Bullets, Heading, Link, Paragraph, Strong, Text, plain
from intents.notices import Notices, load_notices
from knowledge.model import Lang
from knowledge.notices import FOLDER, read_notices
from knowledge.render import TemplateFault

SLOT = {
    "number": "C-2026-00007",
    "when": "2026年12月1日（火）14:00–15:00",
    "before": "2026年11月30日（月）10:00–11:00",
    "way": "オンライン",
    "place": "",
    "link": "https://meet.example.jp/abc",
    "reason": "",
}
NASTY = "**太** [x](https://evil.example) {{ 7 * 7 }} {% raw %} <b>&\r\nBcc: a@b.example"


def _written(folder: Path, ja: str, en: str, head: str = 'subject.ja = "件"\nsubject.en = "S"') -> Notices:
    folder.mkdir(exist_ok=True)
    (folder / "n.md.j2").write_text(f"+++\n{head}\n+++\n{ja}\n+++ en +++\n{en}\n", "utf-8")
    return Notices(read_notices(folder))


def test_every_notice_is_complete_in_both_languages() -> None:
    """Loading refuses a notice that is not; each can be filled in, in each language."""
    notices = load_notices()
    assert {f"{name}.md.j2" for name in notices.notices} == {file.name for file in FOLDER.iterdir()}
    for name in notices.notices:
        for lang in Lang:
            places = dict.fromkeys(notices.notices[name][lang].places, "あ")
            heading, *rest = notices.parts(name, lang, **places)
            assert isinstance(heading, Heading)
            assert rest


def test_a_notice_becomes_parts() -> None:
    """Subject, paragraphs, bullets; a strong value stays strong; an empty place leaves its line out."""
    heading, first, facts, _ = load_notices().parts("consultation_booked", Lang.JA, **SLOT)
    assert heading == Heading("個別相談の日時が決まりました（受付番号 C-2026-00007）")
    assert isinstance(first, Paragraph)
    assert isinstance(facts, Bullets)
    assert facts.items[0] == (Text("日時: "), Strong(SLOT["when"]))
    assert facts.items[2] == (Link("オンライン会議に参加する", "https://meet.example.jp/abc"),)
    assert len(facts.items) == 4


@pytest.mark.parametrize("link", ["", "javascript:alert(1)", "mailto:a@b.example", "https://a b", "//x"])
def test_a_link_that_nobody_should_follow_falls_away(link: str) -> None:
    """Its whole line goes with it."""
    parts = load_notices().parts("consultation_booked", Lang.EN, **SLOT | {"link": link})
    shown = [item for part in parts if isinstance(part, Bullets) for item in part.items]
    assert len(shown) == 3
    assert not any(isinstance(piece, Link) for item in shown for piece in item)


def test_values_are_never_markup_links_or_templates(tmp_path: Path) -> None:
    """What somebody typed arrives letter by letter, in one piece of text."""
    body = "{{ name }} さん、**{{ name }}**、[{{ name }}](https://ok.example)"
    notices = _written(tmp_path, body, body)
    _, part = notices.parts("n", Lang.JA, name=NASTY)
    assert isinstance(part, Paragraph)
    assert part.line == (
        Text(f"{NASTY} さん、"),
        Strong(NASTY),
        Text("、"),
        Link(NASTY, "https://ok.example"),
    )


def test_a_subject_is_one_line(tmp_path: Path) -> None:
    """Line breaks in a value end in the subject as spaces."""
    notices = _written(tmp_path, "あ", "a", 'subject.ja = "件 {{ t }}"\nsubject.en = "S {{ t }}"')
    assert notices.parts("n", Lang.EN, t="a\r\nBcc: x")[0] == Heading("S a Bcc: x")


def test_a_line_with_one_value_left_stays(tmp_path: Path) -> None:
    """Only a line with nothing to say is left out, and a list without lines with it."""
    notices = _written(tmp_path, "{{ a }}/{{ b }}\n\n- {{ b }}", "{{ a }}/{{ b }}\n\n- {{ b }}")
    (_, only) = notices.parts("n", Lang.JA, a="1", b="")
    assert isinstance(only, Paragraph)
    assert plain(only.line) == "1/"


def test_a_missing_place_is_a_fault(tmp_path: Path) -> None:
    """Nobody gets a letter with a hole in it."""
    notices = _written(tmp_path, "{{ a }}", "{{ a }}")
    with pytest.raises(TemplateFault):
        notices.parts("n", Lang.JA)


@pytest.mark.parametrize(
    ("ja", "en", "head", "problem"),
    [
        ("{{ a }}", "{{ b }}", None, "different places"),
        ("あ", "", None, "en: needs a subject and a body"),
        ("あ", "a", 'subject.ja = "件"', "en: needs a subject"),
        ("{{ a", "{{ a }}", None, "n.md.j2"),
        ("**{% if a %}** x {% endif %}", "{{ a }}", None, "n.md.j2"),
        ("あ[^?]", "a", None, "source marks"),
        ("[x](https://a.example/{{a}})", "{{ a }}", None, "written out"),
        ("あ", "a", "subject.ja = ", "n.md.j2"),
    ],
)
def test_a_wrong_notice_is_refused_by_name(
    tmp_path: Path, ja: str, en: str, head: str | None, problem: str
) -> None:
    """The file and what is wrong with it."""
    with pytest.raises(ValueError, match=r"notice n\.md\.j2: ") as refused:
        _written(tmp_path, ja, en, *([head] if head else []))
    assert problem in str(refused.value)
