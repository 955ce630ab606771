"""One field of a form as an input block, and the text that such a block brings back."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.channels.slack.blocks import Block, plain, warning
from bot.filled_in import options_of, picked_of
from bot.typed import sound
from intents.messages import Field, FieldKind, Option
from knowledge.model import Lang
from knowledge.wording import Wording

LABEL, TYPED, OPTION, OPTION_VALUE, AT_A_GLANCE = 2000, 3000, 75, 150, 10
# A block of the second kind stands for an answer that none of its options shows: untouched, it stays.
ASKED, STANDING = "field", "standing"
ELEMENT = "value"


def field_blocks(field: Field, lang: Lang, wording: Wording) -> Iterator[Block]:
    """What is wrong with the field so far, if anything, and the field."""
    if field.error:
        yield from warning(field.error)
    options = options_of(field, lang, wording)
    picked = picked_of(field, options)
    standing = bool(options and field.settled and field.value and not picked)
    now = wording.say("dialog.your_answer", lang, text=field.value) if standing else ""
    block = {
        "type": "input",
        "block_id": f"{STANDING if standing else ASKED}:{field.name}",
        "label": plain(field.label, LABEL),
        "optional": standing or not field.required,
        "element": _element(field, options, picked),
    }
    hint = "\n".join(line for line in (field.hint, now) if line)
    yield block | ({"hint": plain(hint, LABEL)} if hint else {})


def texts(values: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, str]:
    """The text of each field of a submitted view, by the field's name; several chosen ones one a line."""
    found: dict[str, str] = {}
    for block, elements in values.items():
        kind, _, name = block.partition(":")
        text = sound(_text(elements[ELEMENT])) if kind in (ASKED, STANDING) else ""
        if text or kind == ASKED:
            found[name] = text
    return found


def name_of(block: Block) -> str:
    """The field that a block of a view asks for; empty when it asks for none."""
    return str(block.get("block_id", "")).partition(":")[2] if block.get("type") == "input" else ""


def _text(element: Mapping[str, Any]) -> str:
    match element["type"]:
        case "radio_buttons" | "static_select":
            return str((element.get("selected_option") or {}).get("value", ""))
        case "checkboxes" | "multi_static_select":
            return "\n".join(str(one["value"]) for one in element.get("selected_options") or ())
        case _:
            return str(element.get("value") or "")


# ---------------------------------------------------------------- elements


def _element(field: Field, options: tuple[Option, ...], picked: tuple[Option, ...]) -> Block:
    if not options:
        # Slack's own fields for addresses and numbers refuse what our readers read, and in Slack's words.
        return _typed(field, multiline=field.kind is FieldKind.TEXT)
    return _one(options, picked) if field.kind is FieldKind.ONE else _several(options, picked)


def _typed(field: Field, *, multiline: bool) -> Block:
    element = {"type": "plain_text_input", "action_id": ELEMENT, "multiline": multiline}
    return element | ({"initial_value": field.value[:TYPED]} if field.value else {})


def _one(options: tuple[Option, ...], picked: tuple[Option, ...]) -> Block:
    kind = "radio_buttons" if len(options) <= AT_A_GLANCE else "static_select"
    element = {"type": kind, "action_id": ELEMENT, "options": [_option(one) for one in options]}
    return element | ({"initial_option": _option(picked[0])} if picked else {})


def _several(options: tuple[Option, ...], picked: tuple[Option, ...]) -> Block:
    kind = "checkboxes" if len(options) <= AT_A_GLANCE else "multi_static_select"
    element = {"type": kind, "action_id": ELEMENT, "options": [_option(one) for one in options]}
    return element | ({"initial_options": [_option(one) for one in picked]} if picked else {})


def _option(option: Option) -> Block:
    shown = {"text": plain(option.label or option.value, OPTION), "value": option.value[:OPTION_VALUE]}
    # What tells two long labels apart often stands at their end.
    rest = option.label[OPTION - 1 :] if len(option.label) > OPTION else ""
    return shown | ({"description": plain(rest, OPTION)} if rest else {})
