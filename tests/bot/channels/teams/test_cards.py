"""Replies as cards: literal text stays literal, nothing is lost however long it is, and buttons carry their tokens."""

from datetime import timedelta

import pytest

from bot.channels.teams.cards import CONTENT_TYPE, card, messages
from intents.messages import (
    Appointment,
    Bullets,
    Choice,
    Choices,
    ChoiceStyle,
    Facts,
    Field,
    FieldKind,
    Form,
    Heading,
    Link,
    Mark,
    Paragraph,
    Part,
    Reply,
    SourceLine,
    Sources,
    Strong,
    Text,
)
from knowledge.model import Lang
from knowledge.wording import load_wording
from tests.bot.channels.teams.shown import (
    Element,
    buttons_of,
    cards_of,
    every,
    lines_of,
    within_limits,
    words_of,
)
from tests.kit import NOON

WORDING = load_wording()
EVIL = "<at>all</at> **x** _y_ [x](javascript:alert(1)) <script>1</script> # 1. - `a` &lt; {{DATE()}}"


def _reply(*parts: Part) -> Reply:
    return Reply(parts, Lang.JA)


def _cards(*parts: Part) -> list[Element]:
    return cards_of(messages(_reply(*parts), WORDING))


def test_what_was_typed_arrives_as_it_was_typed() -> None:
    """In every part; nothing of it becomes markup, a mention or a link."""
    line = (Text(EVIL), Strong(EVIL), Link(EVIL, "https://x.test/"))
    sources = Sources(EVIL, (SourceLine(1, EVIL, "https://x.test/"),), EVIL)
    shown = _cards(
        Heading(EVIL), Paragraph(line), Bullets((line,)), Facts(((EVIL, line),)), sources, Choices(EVIL, ())
    )
    assert words_of(*shown).count(EVIL) == 1 + 3 + 3 + 4 + 3 + 1
    assert {one["type"] for one in every(shown)} == {
        "AdaptiveCard", "RichTextBlock", "TextRun", "ColumnSet", "Column", "Action.OpenUrl",
    }  # fmt: skip
    assert all("entities" not in one.get("msteams", {}) for one in every(shown))


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "https://x.test/ y",
        "mailto:a b",
        "https://x.test/" + "a" * 2000,
    ],
)
def test_nobody_is_led_to_what_is_no_address(url: str) -> None:
    """It is read as it stands."""
    (shown,) = _cards(Paragraph((Link("こちら", url),)))
    assert words_of(shown) == f"こちら ({url})"
    assert not [one for one in every(shown) if one["type"] == "Action.OpenUrl"]


@pytest.mark.parametrize("url", ["https://x.test/a?b=c", "http://x.test", "mailto:a@x.test"])
def test_a_link_can_be_followed(url: str) -> None:
    """And shows its text only."""
    (shown,) = _cards(Paragraph((Text("→"), Link("こちら", url))))
    assert words_of(shown) == "→こちら"
    assert [one["url"] for one in every(shown) if one["type"] == "Action.OpenUrl"] == [url]


def test_an_answer_reads_from_top_to_bottom() -> None:
    """Lines stay lines, and marks lead to the sources below."""
    told = Paragraph((Text("一行目\n\n二行目"), Strong("強く"), Mark(1)))
    sources = Sources("出典", (SourceLine(1, "要綱", "https://x.test/"),), "11月24日時点")
    shown = _cards(Heading("題"), told, Bullets(((Text("甲"),), (Text("乙"),))), sources)
    assert lines_of(*shown) == [
        "題", "一行目", "二行目強く[1]", "•", "甲", "•", "乙", "出典", "[1] 要綱", "11月24日時点",
    ]  # fmt: skip


def test_an_appointment_is_spelled_out() -> None:
    """Its title, its time and its place as labelled values."""
    starts = NOON + timedelta(days=1)
    (shown,) = _cards(Appointment("u", 0, "個別相談", starts, starts + timedelta(hours=1), "窓口"))
    assert lines_of(shown)[:2] == ["予定", "個別相談"]
    assert "窓口" in lines_of(shown)


def test_a_question_in_hand_has_its_answers_and_the_way_to_the_form() -> None:
    """What is wrong stands above it."""
    field = Field("x", "人数", FieldKind.NUMBER, hint="5名まで", error="数字で書いてください")
    form = Form("申込み", (field,), "f1", "確認へ", "フォームで入力する", "x", "2/5", (Choice("1名", "a1"),))
    (shown,) = _cards(form)
    assert lines_of(shown) == ["⚠ 数字で書いてください", "人数  (2/5)", "5名まで"]
    assert [(one["title"], one["data"]) for one in buttons_of(shown)] == [
        ("1名", {"action": "press", "token": "a1"}),
        ("フォームで入力する", {"action": "form", "token": "f1"}),
    ]


@pytest.mark.parametrize(("style", "verb"), [(ChoiceStyle.FORMS, "form"), (ChoiceStyle.ASK, "press")])
def test_a_button_carries_its_token(style: ChoiceStyle, verb: str) -> None:
    """Also where a client knows Submit only; nothing that stands half filled in goes along."""
    (shown,) = _cards(Choices("?", (Choice("返事をする", "t1"),), style))
    (found,) = buttons_of(shown)
    assert (found["verb"], found["data"]) == (verb, {"action": verb, "token": "t1"})
    assert (found["fallback"]["type"], found["fallback"]["data"]) == ("Action.Submit", found["data"])
    assert found["associatedInputs"] == found["fallback"]["associatedInputs"] == "none"


def test_a_label_too_long_for_a_button_is_written_out() -> None:
    """So that two which begin alike can be told apart."""
    long = "とても長い名前の説明会" * 7
    (shown,) = _cards(Choices("?", (Choice(f"{long} 4月", "a"), Choice(f"{long} 5月", "b"))))
    assert {f"{long} 4月", f"{long} 5月"} <= set(lines_of(shown))
    assert all(len(one["title"]) <= 40 for one in buttons_of(shown))


# ------------------------------------------------ sizes


def test_nothing_is_lost_however_long_it_is() -> None:
    """Split over several cards, in order, buttons after their text."""
    paragraphs = [f"{number}:" + "あ" * (number * 40) for number in range(120)]
    essay = "".join(chr(0x4E00 + number % 5000) for number in range(12_000))
    options = tuple(Choice(f"選択肢{number}", f"t{number}") for number in range(40))
    parts = [Paragraph((Text(words),)) for words in (*paragraphs, essay)]
    shown = _cards(*parts, Choices("どれですか", options))
    assert len(shown) > 3
    assert all(within_limits(one) for one in shown)
    assert words_of(*shown) == "".join((*paragraphs, essay, "どれですか"))
    assert [one["data"]["token"] for one in buttons_of(*shown)] == [one.token for one in options]


@pytest.mark.parametrize("letter", ["あ", "𠮷", '"', "\\", "\x00", "\ud800", "👩‍👩‍👧"])
def test_every_part_is_split_whatever_it_is_made_of(letter: str) -> None:
    """Four bytes a letter, or escapes."""
    long = letter * 12_000
    line = (Text(long), Strong(long), Link(long, "https://x.test/" + "あ" * 900))
    sources = Sources(long, tuple(SourceLine(n, long, "https://x.test/") for n in range(3)), long)
    many = tuple(Choice(letter * 400, f"t{n}") for n in range(40))
    parts: list[Part] = [
        Heading(long), Paragraph(line), Bullets((line, line)), Facts(((long, line), ("短い", line))), sources,
        Choices(long, many), Choices(long, many[:2], ChoiceStyle.CONFIRM), Choices(long, many[:9], ChoiceStyle.STEER),
    ]  # fmt: skip
    shown = _cards(*parts)
    assert all(within_limits(one) for one in shown)
    assert len(buttons_of(*shown)) == 51
    assert words_of(*shown).count(letter) == 12_000 * (1 + 3 + 6 + 7 + 5 + 3) + 400 * 51


def test_a_message_tells_a_notification_what_it_is_about() -> None:
    """The beginning of the reply in plain text, in one line."""
    (message,) = messages(_reply(Heading("題\n名"), Paragraph((Text("あ" * 500),))), WORDING)
    assert message["summary"].startswith("題 名 あああ")
    assert len(message["summary"]) == 200
    assert message["attachments"][0]["contentType"] == CONTENT_TYPE
    assert messages(_reply(), WORDING) == []


def test_a_card_for_staff_is_one_and_keeps_its_buttons() -> None:
    """However long what it tells is."""
    summary = Facts((("内容", (Text("あ" * 12_000),)),))
    act = Choices("", (Choice("引き受ける", "take"),), ChoiceStyle.OFFER)
    reply = Choices("", (Choice("返事をする", "reply"),), ChoiceStyle.FORMS)
    shown = card(_reply(Heading("K-00001"), summary, summary, act, reply), WORDING)
    assert within_limits(shown)
    assert lines_of(shown)[0] == "K-00001"
    assert [one["verb"] for one in buttons_of(shown)] == ["press", "form"]
