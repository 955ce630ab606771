"""Replies as modals: every kind of field, Slack's limits by its own models, and what follows a submission."""

import json
from typing import Any

import pytest
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.channels.slack.fields import texts
from bot.channels.slack.modals import following, view_of
from bot.channels.slack.where import Where, kept_in
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

WORDING = load_wording()
WHERE = Where("T1:C1:1.1", {"channel": "C1", "thread": "1.1"})
FEW = (Option("a", "一つめ"), Option("b", "二つめ"))
MANY = tuple(Option(f"v{n}", f"選択肢{n}") for n in range(47))
NOTICE = Paragraph((Text("目的のためだけに使います"),))
ELEMENTS = [
    (FieldKind.LINE, (), "plain_text_input"),
    (FieldKind.TEXT, (), "plain_text_input"),
    (FieldKind.MAIL, (), "plain_text_input"),
    (FieldKind.PHONE, (), "plain_text_input"),
    (FieldKind.NUMBER, (), "plain_text_input"),
    (FieldKind.ONE, FEW, "radio_buttons"),
    (FieldKind.ONE, MANY, "static_select"),
    (FieldKind.ONE, (), "plain_text_input"),
    (FieldKind.SEVERAL, FEW, "checkboxes"),
    (FieldKind.SEVERAL, MANY, "multi_static_select"),
    (FieldKind.CHECK, (), "checkboxes"),
]


def _form(*fields: Field, asked: str = "x", token: str = "t1") -> Form:
    return Form("個別相談の申込み", fields, token, "確認へ進む", "フォームで入力する", asked)


def _reply(*parts: Part) -> Reply:
    return Reply(parts, Lang.JA)


def _view(*parts: Part) -> dict[str, Any]:
    view = view_of(_reply(*parts), WORDING, WHERE)
    assert view is not None
    _valid(view)
    return view


def _valid(view: dict[str, Any]) -> None:
    View(**view).validate_json()
    for block in Block.parse_all(view["blocks"]):
        block.validate_json()
    assert len(Block.parse_all(view["blocks"])) == len(view["blocks"])


def _inputs(view: dict[str, Any]) -> list[dict[str, Any]]:
    return [block for block in view["blocks"] if block["type"] == "input"]


def _said(view: dict[str, Any]) -> str:
    return json.dumps([block for block in view["blocks"] if block["type"] != "input"], ensure_ascii=False)


@pytest.mark.parametrize(("kind", "options", "element"), ELEMENTS)
def test_every_kind_of_field_has_its_element(
    kind: FieldKind, options: tuple[Option, ...], element: str
) -> None:
    """And a wrong value is shown with what is wrong above it."""
    field = Field("x", "名前", kind, hint="説明", value="b", options=options, required=False, error="直して")
    view = _view(_form(field))
    (block,) = _inputs(view)
    assert (block["element"]["type"], block["optional"], block["hint"]["text"]) == (element, True, "説明")
    assert block["element"].get("multiline", False) is (kind is FieldKind.TEXT)
    assert ":warning: 直して" in _said(view)


@pytest.mark.parametrize("kind", FieldKind)
def test_the_element_list_names_every_kind(kind: FieldKind) -> None:
    """A new kind of field needs a decision here."""
    assert kind in {known for known, _, _ in ELEMENTS}


def test_a_form_asks_what_is_open_and_shows_what_stands() -> None:
    """The purpose notice comes first; an answer that stands is read, not filled in."""
    done = Field("stage", "段階", FieldKind.ONE, value="b", options=FEW, settled=True)
    view = _view(Heading("個別相談の申込み"), NOTICE, _form(done, Field("x", "名前", FieldKind.LINE)))
    assert [block["block_id"] for block in _inputs(view)] == ["field:x"]
    assert view["blocks"][0]["text"]["text"] == "目的のためだけに使います"
    assert "*段階*  二つめ" in _said(view)
    assert (kept_in(view).where, kept_in(view).token) == (WHERE, "t1")


def test_changing_shows_every_field_with_its_value() -> None:
    """Nothing in hand: all fields, filled with what was said."""
    fields = (
        Field("stage", "段階", FieldKind.ONE, value="二つめ", options=FEW, settled=True),
        Field("name", "名前", FieldKind.LINE, value="山田", settled=True),
        Field("consent", "同意", FieldKind.CHECK, value="はい", settled=True),
    )
    stage, name, consent = (block["element"] for block in _inputs(_view(_form(*fields, asked=""))))
    assert stage["initial_option"]["value"] == "b"
    assert name["initial_value"] == "山田"
    assert [option["value"] for option in consent["initial_options"]] == ["yes"]


def test_an_answer_that_no_option_shows_is_not_lost() -> None:
    """Typed in words of one's own: untouched it stays, chosen anew it changes."""
    field = Field("stage", "段階", FieldKind.ONE, value="たぶん二番", options=FEW, settled=True)
    (block,) = _inputs(_view(_form(field, asked="")))
    assert (block["optional"], "たぶん二番" in block["hint"]["text"]) == (True, True)
    untouched: dict[str, Any] = {"type": "radio_buttons", "selected_option": None}
    assert texts({block["block_id"]: {"value": untouched}}) == {}
    chosen: dict[str, Any] = {"type": "radio_buttons", "selected_option": {"value": "a"}}
    assert texts({block["block_id"]: {"value": chosen}}) == {"stage": "a"}


def test_what_was_filled_in_is_read_by_kind() -> None:
    """Several chosen ones one a line, a checked box as yes, nothing as nothing."""
    values: dict[str, dict[str, dict[str, Any]]] = {
        "field:a": {"value": {"type": "plain_text_input", "value": "山田\u202e"}},
        "field:b": {"value": {"type": "multi_static_select", "selected_options": [{"value": "x"}, {"value": "y"}]}},
        "field:c": {"value": {"type": "checkboxes", "selected_options": [{"value": "yes"}]}},
        "field:d": {"value": {"type": "checkboxes", "selected_options": []}},
        "field:e": {"value": {"type": "plain_text_input", "value": None}},
        "other": {"value": {"type": "plain_text_input", "value": "x"}},
    }  # fmt: skip
    assert texts(values) == {"a": "山田", "b": "x\ny", "c": "yes", "d": "", "e": ""}


CONFIRM = (Choice("この内容で送る", "send"), Choice("答えを直す", "change"), Choice("やめる", "leave"))


def _check() -> tuple[Part, ...]:
    rows = (("お名前", (Text("<!channel> 山田"),)),)
    return (
        Heading("内容の確認"),
        Facts(rows),
        Choices("この内容でよろしいですか。", CONFIRM, ChoiceStyle.CONFIRM),
    )


def test_the_answers_to_check_submit_by_their_first_button() -> None:
    """The second goes back to the fields; nothing of what was typed becomes markup."""
    view = _view(*_check())
    assert (view["submit"]["text"], kept_in(view).token) == ("この内容で送る", "send")
    assert [element["action_id"] for element in view["blocks"][-1]["elements"]] == ["form:change"]
    assert "<!channel" not in _said(view)


@pytest.mark.parametrize(
    "before",
    [
        (Heading("受け付けました"), NOTICE),
        (Heading("受け付けました"), Facts((("番号", (Text("C-1"),)),)), NOTICE),
    ],
)
def test_a_receipt_is_for_the_conversation(before: tuple[Part, ...]) -> None:
    """Even when another form waits behind it: it would be gone with the modal."""
    assert view_of(_reply(*before, _form(Field("x", "名前", FieldKind.LINE))), WORDING, WHERE) is None
    assert following({"blocks": []}, _reply(*before), WORDING, WHERE) == {"response_action": "clear"}


def test_limits_cut_and_never_fail() -> None:
    """Words of any length, and more fields than a view holds."""
    long = "あ" * 4000
    options = tuple(Option(f"{n}" * 200, f"{long}{n}") for n in range(150))
    kinds = [
        (FieldKind.ONE, options),
        (FieldKind.ONE, options[:3]),
        (FieldKind.SEVERAL, options),
        (FieldKind.TEXT, ()),
    ]
    fields = [
        Field(f"f{n}", long, *kinds[n % 4][:1], hint=long, value=long, options=kinds[n % 4][1], error=long)
        for n in range(120)
    ]
    form = Form(long, tuple(fields), "t", long, long, "f0")
    view = _view(Paragraph((Text(long),)), form)
    assert len(view["blocks"]) == 100
    _valid(
        _view(
            Heading(long),
            Facts(((long, (Text(long),)),)),
            Choices(long, (Choice(long, "t"),), ChoiceStyle.CONFIRM),
        )
    )


def test_two_long_options_can_be_told_apart() -> None:
    """What did not fit into the label stands below it."""
    title = "とても長い名前の説明会" * 7
    options = (Option("1", f"{title} 4月1日"), Option("2", f"{title} 5月1日"))
    (block,) = _inputs(_view(_form(Field("x", "説明会", FieldKind.ONE, options=options))))
    assert [option["description"]["text"][-4:] for option in block["element"]["options"]] == [
        "4月1日",
        "5月1日",
    ]


def test_a_place_too_long_to_keep_is_no_modal() -> None:
    """The reply is said in the conversation then."""
    far = Where("c", {"channel": "C" * 3000})
    assert view_of(_reply(_form(Field("x", "名前", FieldKind.LINE))), WORDING, far) is None


# ------------------------------------------------ what follows


def _after(shown: Form, *reply: Part) -> dict[str, Any]:
    answer = following(_view(shown), _reply(*reply), WORDING, WHERE)
    return dict(answer)


def test_errors_stay_in_the_view_that_has_the_fields() -> None:
    """Each below its own field, in our words."""
    mail, name = Field("mail", "メール", FieldKind.MAIL), Field("x", "名前", FieldKind.LINE)
    wrong = Field("mail", "メール", FieldKind.MAIL, value="a", error="アドレスを直してください")
    settled = Field("x", "名前", FieldKind.LINE, value="山田", settled=True)
    answer = _after(_form(mail, name), _form(wrong, settled, asked="mail", token="t2"))
    assert answer == {"response_action": "errors", "errors": {"field:mail": "アドレスを直してください"}}


def test_new_questions_come_with_the_next_view() -> None:
    """Also when something is wrong: that is said above its field."""
    wrong = Field("x", "名前", FieldKind.LINE, value="?", error="直して")
    new = Field("slot", "時間", FieldKind.ONE, options=FEW)
    answer = _after(_form(Field("x", "名前", FieldKind.LINE)), _form(wrong, new, token="t2"))
    assert answer["response_action"] == "update"
    assert [block["block_id"] for block in _inputs(answer["view"])] == ["field:x", "field:slot"]
    assert ":warning: 直して" in _said(answer["view"])


def test_other_options_come_with_the_next_view() -> None:
    """An error under options that are no more could never be put right."""
    wrong = Field("x", "時間", FieldKind.ONE, value="a", options=FEW[1:], error="埋まりました")
    answer = _after(_form(Field("x", "時間", FieldKind.ONE, options=FEW)), _form(wrong))
    assert answer["response_action"] == "update"


def test_a_reason_without_a_field_comes_with_the_next_view() -> None:
    """Why nothing was submitted stands above the question that is asked again, although it has an answer."""
    again = Field("x", "人数", FieldKind.NUMBER, value="3", settled=True)
    answer = _after(
        _form(Field("x", "人数", FieldKind.NUMBER)), Paragraph((Text("残席は二つです"),)), _form(again)
    )
    assert answer["response_action"] == "update"
    assert "残席は二つです" in _said(answer["view"])
    assert _inputs(answer["view"])[0]["element"]["initial_value"] == "3"


def test_when_all_is_said_the_check_follows() -> None:
    """In the same modal."""
    answer = _after(_form(Field("x", "名前", FieldKind.LINE)), *_check())
    assert (answer["response_action"], answer["view"]["callback_id"]) == ("update", "check")
