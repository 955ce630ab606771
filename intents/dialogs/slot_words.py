"""A time for a consultation as people name it: by its number in the list, its words, or the day."""

import re

from intents.appointments import TOKYO
from intents.desk.consultation_books import Slot
from intents.desk.consultations import when
from intents.dialog import Scene
from intents.messages import Option
from intents.readers.choice import one_of
from intents.readers.days import Wish, wishes
from intents.readers.misread import Misread

_VALUE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d #(\d+)")


def slot_text(slot: Slot, scene: Scene) -> str:
    """A slot as people choose it."""
    return when(slot, scene.lang, scene.room.wording)


def slot_value(slot: Slot) -> str:
    """What is kept of a chosen slot.

    A bare id would be read as a place in the list when the slot is gone, and lead to somebody else's hour.
    """
    return f"{slot.starts_at.astimezone(TOKYO):%Y-%m-%d %H:%M} #{slot.id}"


def slot_id(value: str | None) -> int:
    """The slot of a kept value; 0 where none was chosen."""
    found = _VALUE.fullmatch(value or "")
    return int(found[1]) if found else 0


def slot_options(slots: tuple[Slot, ...], scene: Scene) -> tuple[Option, ...]:
    """Slots to choose from."""
    return tuple(Option(slot_value(slot), slot_text(slot, scene)) for slot in slots)


def read_slot(typed: str, slots: tuple[Slot, ...], options: tuple[Option, ...], scene: Scene) -> str:
    """The option that is meant, or the only slot of the day (and hour) that is named."""
    if slot_id(typed) and all(option.value != typed for option in options):
        raise Misread("dialog.slot_gone")
    try:
        return one_of(typed, options)
    except Misread as misread:
        fitting = [slot for slot in slots if any(_fits(slot, wish) for wish in _named(typed, scene))]
        if misread.problem != "choice_unknown" or not fitting:
            raise
    if len(fitting) > 1:
        raise Misread("choice_ambiguous", options=" / ".join(slot_text(slot, scene) for slot in fitting))
    return slot_value(fitting[0])


def _named(typed: str, scene: Scene) -> tuple[Wish, ...]:
    try:
        return wishes(typed, scene.today)
    except Misread:
        return ()


def _fits(slot: Slot, wish: Wish) -> bool:
    local = slot.starts_at.astimezone(TOKYO)
    return local.date() == wish.day and wish.begins in (None, local.time())
