"""What is written on a case as a line below its card in a room of staff, with who may read it said first."""

from collections.abc import Iterator

from intents.desk.case_cards import CardPen
from intents.desk.case_records import Case, CaseNote, NoteKind
from intents.desk.case_words import display
from intents.messages import Paragraph, Reply, Strong, Text

STAFF = "staff:"


def note_below(case: Case, note: CaseNote, pen: CardPen, *, in_short: bool = False) -> Reply:
    """A note with its text; `in_short` only says that it was sent, where the text stands in the room already."""
    if in_short:
        return Reply((Paragraph((Text(_head("sent", case, note, pen)),)),), pen.lang)
    head = Paragraph((Strong(_head(_NAMES[note.kind], case, note, pen)),))
    return Reply((head, *_text(note)), pen.lang)


def merged_below(case: Case, gone: Case, pen: CardPen) -> Reply:
    """That another case goes on in this one: what was written on it stands below its own card, and on the page."""
    said = Text(pen.wording.say("case_clock.room_merged", pen.lang, number=case.number, gone=gone.number))
    gap = (Text("  "),) if pen.page else ()
    return Reply((Paragraph((said, *gap, *pen.link(case))),), pen.lang)


_NAMES = {NoteKind.SAID: "said", NoteKind.REPLY: "reply", NoteKind.NOTE: "internal"}


def _head(name: str, case: Case, note: CaseNote, pen: CardPen) -> str:
    places = {"number": case.number} | ({} if name == "said" else {"name": _author(note, pen)})
    return pen.wording.say(f"rooms.note_{name}", pen.lang, **places)


def _author(note: CaseNote, pen: CardPen) -> str:
    if not note.author.startswith(STAFF):
        return pen.wording.say("rooms.system", pen.lang)
    return display(note.author.removeprefix(STAFF), pen.staff)


def _text(note: CaseNote) -> Iterator[Paragraph]:
    return (Paragraph((Text(line),)) for line in note.text.splitlines() if line.strip())
