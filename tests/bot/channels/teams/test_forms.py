"""Dialogs as cards: what is open, what stands, what is to be checked; and a card after it was used."""

from pathlib import Path as Folder
from typing import Any

import pytest

from bot.channels.teams.cards import messages
from bot.channels.teams.elements import weight
from bot.channels.teams.forms import form_card
from intents.messages import (
    Choice,
    Choices,
    ChoiceStyle,
    Facts,
    Field,
    FieldKind,
    Form,
    Heading,
    Option,
    Paragraph,
    Part,
    Reply,
    Text,
)
from knowledge.model import Lang
from knowledge.wording import load_wording
from tests.bot.channels.teams.shown import (
    Element,
    buttons_of,
    cards_of,
    inputs_of,
    lines_of,
    within_limits,
    words_of,
)
from tests.dialog_paths import PATHS, Path
from tests.stage import Stage
from tests.test_dialogs import start
from tests.world import form_of, office_at

WORDING = load_wording()
FEW = (Option("a", "一つめ"), Option("b", "二つめ"))
NOTICE = Paragraph((Text("目的のためだけに使います"),))
NAME = Field("x", "名前", FieldKind.LINE)
STEER = Choices("ほかの操作", (Choice("戻る", "back"), Choice("やめる", "leave")), ChoiceStyle.STEER)
CONFIRM = (Choice("この内容で送る", "send"), Choice("答えを直す", "change"), Choice("やめる", "leave"))
CHECK: tuple[Part, ...] = (
    Heading("内容の確認"),
    Facts((("お名前", (Text("<at>山田</at>"),)),)),
    Choices("まだ送っていません。", CONFIRM, ChoiceStyle.CONFIRM),
)


def _form(*fields: Field, asked: str = "x") -> Form:
    options = (Choice("一つめ", "o1"),)
    return Form("個別相談の申込み", fields, "t1", "確認へ進む", "フォームで入力する", asked, "1/2", options)


def _card(*parts: Part) -> Element:
    card = form_card(Reply(parts, Lang.JA), WORDING)
    assert card is not None
    assert within_limits(card)
    return card


def _tokens(card: Element) -> list[tuple[Any, ...]]:
    return [(one["verb"], one["data"]["token"], one["data"].get("here")) for one in buttons_of(card)]


def test_a_form_asks_what_is_open_and_shows_what_stands() -> None:
    """The purpose notice comes first; the answers that the inputs offer are no buttons besides."""
    done = Field("stage", "段階", FieldKind.ONE, value="b", options=FEW, settled=True)
    card = _card(Heading("個別相談の申込み"), NOTICE, _form(done, NAME), STEER)
    assert lines_of(card) == [
        "個別相談の申込み", "目的のためだけに使います", "段階", "二つめ", "ほかの操作",
    ]  # fmt: skip
    assert [one["id"] for one in inputs_of(card)] == ["field:x"]
    assert _tokens(card) == [("submit", "t1", None), ("press", "back", True), ("press", "leave", True)]


def test_only_the_form_s_own_button_sends_what_is_filled_in() -> None:
    """Who goes back or leaves tells nothing."""
    sends = [one["associatedInputs"] for one in buttons_of(_card(_form(NAME), STEER))]
    assert sends == ["auto", "none", "none"]


def test_changing_shows_every_field_with_its_value() -> None:
    """Nothing in hand: all fields, filled with what was said."""
    stage = Field("stage", "段階", FieldKind.ONE, value="二つめ", options=FEW, settled=True)
    name = Field("name", "名前", FieldKind.LINE, value="山田", settled=True)
    card = _card(_form(stage, name, asked=""))
    assert [one["value"] for one in inputs_of(card)] == ["b", "山田"]


def test_the_answers_to_check_submit_by_their_first_button() -> None:
    """It is the one that stands out; what is pressed is answered in its place."""
    card = _card(*CHECK)
    assert lines_of(card) == ["内容の確認", "お名前", "<at>山田</at>", "まだ送っていません。"]
    assert _tokens(card) == [("press", "send", True), ("press", "change", True), ("press", "leave", True)]
    assert [one.get("style") for one in buttons_of(card)] == ["positive", None, None]


@pytest.mark.parametrize(
    "parts",
    [
        (Heading("受け付けました"), NOTICE, _form(NAME)),
        (Heading("受け付けました"), Facts((("番号", (Text("C-1"),)),)), NOTICE, _form(NAME)),
        (NOTICE,),
        (NOTICE, STEER),
        (),
    ],
)
def test_what_is_more_than_a_form_is_no_form(parts: tuple[Part, ...]) -> None:
    """A receipt or an answer would be gone with it."""
    assert form_card(Reply(parts, Lang.JA), WORDING) is None


def test_what_has_no_room_in_one_card_is_said_in_messages() -> None:
    """Nothing that is to be read before agreeing is left out."""
    long = Facts(tuple(("内容", (Text("あ" * 3000),)) for _ in range(9)))
    notice = Paragraph((Text("あ" * 12_000),))
    for parts in ((CHECK[0], long, CHECK[2]), (notice, _form(NAME))):
        assert form_card(Reply(parts, Lang.JA), WORDING) is None
        assert words_of(*cards_of(messages(Reply(parts, Lang.JA), WORDING))).count("あ") >= 12_000


def test_fields_without_room_come_with_the_next_card() -> None:
    """Those that are there are whole, and the button is too."""
    fields = [
        Field(f"f{n}", "あ" * 200, FieldKind.TEXT, hint="い" * 200, error="う" * 99) for n in range(120)
    ]
    card = _card(NOTICE, _form(*fields, asked="f0"), STEER)
    assert [one["id"] for one in inputs_of(card)] == [f"field:f{n}" for n in range(len(inputs_of(card)))]
    assert 5 < len(inputs_of(card)) < 120
    assert len(buttons_of(card)) == 3


# ------------------------------------------------ the product's own


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.dialog)
def test_every_dialog_begins_with_a_card(tmp_path: Folder, path: Path) -> None:
    """Its title, what it is for, and an input or a button for everything that is asked."""
    with office_at(tmp_path) as database:
        stage = Stage(database)
        given = path.prepare(stage)
        for words in path.first:
            stage.talk.say(words)
        reply = stage.talk.say(start(stage.talk, path.dialog, given))
    form, card = form_of(reply), form_card(reply, WORDING)
    assert card is not None
    assert weight(card) < 24_000
    assert lines_of(card)[0] == form.title
    open_ = [field.name for field in form.fields if field.name == form.asked or not field.settled]
    assert [one["id"].split(":")[1] for one in inputs_of(card)] == open_
    assert buttons_of(card)[0]["data"] == {"action": "submit", "token": form.token}
