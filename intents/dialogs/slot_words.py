"""A time for a consultation as people name it: by its number, its words, or the day."""

from intents.appointments import TOKYO
from intents.desk.consultation_books import Slot
from intents.desk.consultations import when
from intents.dialog import Scene
from intents.messages import Option
from intents.readers.choice import one_of
from intents.readers.days import Wish, wishes
from intents.readers.misread import Misread


def slot_text(slot: Slot, scene: Scene) -> str:
    """A slot as people choose it."""
    return when(slot, scene.lang, scene.room.wording)


def slot_options(slots: tuple[Slot, ...], scene: Scene) -> tuple[Option, ...]:
    """Slots to choose from."""
    return tuple(Option(str(slot.id), slot_text(slot, scene)) for slot in slots)


def read_slot(typed: str, slots: tuple[Slot, ...], options: tuple[Option, ...], scene: Scene) -> str:
    """The option that is meant, or the only slot of the day (and hour) that is named."""
    try:
        return one_of(typed, options)
    except Misread as misread:
        if misread.problem != "choice_unknown":
            raise
        fitting = [slot for slot in slots if any(_fits(slot, wish) for wish in _named(typed, scene))]
        if not fitting:
            raise
    if len(fitting) > 1:
        names = " / ".join(slot_text(slot, scene) for slot in fitting)
        raise Misread("choice_ambiguous", options=names)
    return str(fitting[0].id)


def _named(typed: str, scene: Scene) -> tuple[Wish, ...]:
    try:
        return wishes(typed, scene.today)
    except Misread:
        return ()


def _fits(slot: Slot, wish: Wish) -> bool:
    local = slot.starts_at.astimezone(TOKYO)
    return local.date() == wish.day and wish.begins in (None, local.time())
