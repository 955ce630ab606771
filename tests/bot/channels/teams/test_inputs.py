"""Fields as inputs, and what a filled-in card brings back."""

from typing import Any

import pytest

from bot.channels.teams.inputs import field_element, texts
from intents.messages import Field, FieldKind, Option
from knowledge.model import Lang
from knowledge.wording import load_wording
from tests.bot.channels.teams.shown import Element, inputs_of, lines_of, within_limits

WORDING = load_wording()
FEW = (Option("a", "一つめ"), Option("b", "二つめ"))
MANY = tuple(Option(f"v{n}", f"選択肢{n}") for n in range(47))
TEXT, CHOICE = "Input.Text", "Input.ChoiceSet"
INPUTS = [
    (FieldKind.LINE, (), TEXT, "field:x"),
    (FieldKind.TEXT, (), TEXT, "field:x"),
    (FieldKind.MAIL, (), TEXT, "field:x"),
    (FieldKind.PHONE, (), TEXT, "field:x"),
    (FieldKind.NUMBER, (), TEXT, "field:x"),
    (FieldKind.ONE, FEW, CHOICE, "field:x"),
    (FieldKind.ONE, MANY, CHOICE, "field:x"),
    (FieldKind.ONE, (), TEXT, "field:x"),
    (FieldKind.SEVERAL, FEW, CHOICE, "field:x:list"),
    (FieldKind.SEVERAL, MANY, CHOICE, "field:x:list"),
    (FieldKind.SEVERAL, (), TEXT, "field:x"),
    (FieldKind.CHECK, (), CHOICE, "field:x:list"),
]


def _shown(field: Field) -> Element:
    return field_element(field, Lang.JA, WORDING)


def _input(field: Field) -> Element:
    (found,) = inputs_of(_shown(field))
    return found


@pytest.mark.parametrize(("kind", "options", "type_", "id_"), INPUTS)
def test_every_kind_of_field_has_its_input(
    kind: FieldKind, options: tuple[Option, ...], type_: str, id_: str
) -> None:
    """What is wrong stands above it, the hint below; Teams itself refuses nothing."""
    field = Field("x", "名前", kind, hint="説明", value="b", options=options, required=False, error="直して")
    found = _input(field)
    assert (found["type"], found["id"], found["label"]) == (type_, id_, "名前（任意）")
    assert lines_of(_shown(field)) == ["⚠ 直して", "説明"]
    assert not {"isRequired", "regex", "maxLength"} & set(found)
    assert found.get("isMultiline", False) is (kind is FieldKind.TEXT)
    assert found.get("isMultiSelect", False) is id_.endswith(":list")


@pytest.mark.parametrize("kind", FieldKind)
def test_the_list_names_every_kind(kind: FieldKind) -> None:
    """A new kind of field needs a decision here."""
    assert kind in {known for known, *_ in INPUTS}


def test_a_few_options_are_seen_at_once() -> None:
    """Many are in a list that opens."""
    styles = [
        _input(Field("x", "?", FieldKind.ONE, options=options))["style"] for options in (MANY[:6], MANY)
    ]
    assert styles == ["expanded", "compact"]


def test_what_is_known_is_proposed() -> None:
    """Typed as it is, chosen by value or by label, an agreement however it was worded."""
    fields = (
        Field("x", "?", FieldKind.LINE, value="山田"),
        Field("x", "?", FieldKind.ONE, value="二つめ", options=FEW),
        Field("x", "?", FieldKind.SEVERAL, value="a\n二つめ", options=FEW),
        Field("x", "?", FieldKind.CHECK, value="はい", settled=True),
    )
    assert [_input(field)["value"] for field in fields] == ["山田", "b", "a,b", "yes"]
    assert "value" not in _input(Field("x", "?", FieldKind.ONE, options=FEW))


@pytest.mark.parametrize(
    "values",
    [("a,b", "c"), ("100%", "%2C"), ("a%2Cb", "a,b"), ("あ、い", "う"), ("a b", "a+b"), (",", ",,")],
)
def test_commas_and_signs_in_values_survive(values: tuple[str, str]) -> None:
    """Teams joins with commas what was chosen."""
    options = tuple(Option(value, f"名{number}") for number, value in enumerate(values))
    field = Field("x", "?", FieldKind.SEVERAL, options=options, value="\n".join(values))
    found = _input(field)
    assert found["value"] == ",".join(one["value"] for one in found["choices"])
    assert texts({found["id"]: found["value"]}) == {"x": "\n".join(values)}
    one = _input(Field("x", "?", FieldKind.ONE, options=options, value=values[0]))
    assert texts({one["id"]: one["value"]}) == {"x": values[0]}


def test_what_was_filled_in_is_read_by_kind() -> None:
    """Several chosen ones one a line, a checked box as yes, nothing as nothing, all else not at all."""
    data: dict[str, Any] = {
        "action": "submit",
        "token": "t",
        "field:a": "山田\u202e, %2C",
        "field:b:list": "x,y",
        "field:c:list": "yes",
        "field:d:list": "",
        "field:e": None,
        "field:f": {"no": "text"},
        "field:": "x",
        "other:g": "x",
    }
    assert texts(data) == {"a": "山田, %2C", "b": "x\ny", "c": "yes", "d": "", "e": "", "f": ""}


@pytest.mark.parametrize("kind", [FieldKind.ONE, FieldKind.SEVERAL])
def test_an_answer_that_no_option_shows_is_not_lost(kind: FieldKind) -> None:
    """Typed in words of one's own: untouched it stays, chosen anew it changes."""
    field = Field("stage", "段階", kind, value="たぶん二番", options=FEW, settled=True)
    found = _input(field)
    assert found["id"].startswith("standing:stage")
    assert "たぶん二番" in lines_of(_shown(field))[-1]
    assert texts({found["id"]: ""}) == {}
    assert texts({found["id"]: "a"}) == {"stage": "a"}


def test_titles_of_options_are_no_markdown() -> None:
    """Hosts read it there: no link, no style, no list comes of what people called a thing."""
    names = ("[x](javascript:1)", "**太字**", "_斜め_", "1. 一番", "- 点", "`c`", "<b>")
    options = tuple(Option(str(number), name) for number, name in enumerate(names))
    titles = [one["title"] for one in _input(Field("x", "?", FieldKind.ONE, options=options))["choices"]]
    assert not [title for title in titles if "](" in title or "*" in title or title[0] in "1-"]
    # What is seen is the same: the joiner has no width, and the star is one.
    seen = [title.replace("\u2060", "").replace("\u2217", "*") for title in titles]
    assert seen == list(names)


def test_fields_of_any_length_have_room() -> None:
    """Labels, hints, errors, values and a hundred options."""
    long = "あ" * 4000
    options = tuple(Option(f"{n}", f"{long}{n}") for n in range(150))
    for kind, chosen in ((FieldKind.ONE, options), (FieldKind.SEVERAL, options), (FieldKind.TEXT, ())):
        field = Field("x", long, kind, hint=long, value=long, options=chosen, error=long)
        assert within_limits(_shown(field))
    titles = [one["title"] for one in _input(Field("x", "?", FieldKind.ONE, options=options))["choices"]]
    assert (len(titles), len(set(titles))) == (100, 100)
