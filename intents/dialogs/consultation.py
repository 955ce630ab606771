"""Asking for a consultation: who asks about what, when to meet, and whether the office knows of it already."""

from collections.abc import Iterator
from dataclasses import dataclass

from intents.desk import consultations as desk
from intents.desk.case_records import CaseKind, NewCase
from intents.desk.consultation_books import Meeting, Slot, Wanted
from intents.dialog import Answers, Dialog, Filed, Question, Scene, Sorry
from intents.dialogs.common import (
    CONSENT,
    MAIL,
    NAME,
    ORGANISATION,
    PHONE,
    PREFECTURE,
    choose,
    listed,
    plain,
    shown_mail,
    text,
)
from intents.dialogs.filing import add_to, file_case
from intents.dialogs.finding import methodology, methodology_options, offered_methodologies
from intents.dialogs.similar import ADD, note, similar
from intents.dialogs.slot_words import read_slot, slot_id, slot_options
from intents.messages import Facts, FieldKind, Heading, Option, Paragraph, Part, Reply, Text
from intents.readers.corporate_number import corporate_number
from intents.readers.days import Wish, wish_text, wishes, written

STAGES = ("interest", "plan", "registered", "monitoring", "certification", "use")
INDUSTRIES = ("farm", "build", "make", "energy", "move", "trade", "stay", "care", "public", "other")
NONE = "none"
SLOTS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Request:
    """What a consultation is asked for with; `similar` says whether an open case shall be added to."""

    consent: bool
    stage: str
    prefecture: str
    organisation: str
    corporate_number: str | None
    industry: str
    activity: str | None
    methodology: str | None
    precheck: str | None
    about: str
    similar: str | None
    meeting: str
    slot: str | None
    wishes: tuple[Wish, ...] | None
    name: str
    mail: str
    phone: str | None

    @property
    def topic(self) -> str:
        """What makes two requests alike: the methodology, else the stage."""
        return self.methodology if self.methodology and self.methodology != "unknown" else self.stage


def topic_of(answers: Answers) -> str:
    """The topic of a request that is still being made."""
    found = answers.get("methodology")
    return str(found if found and found != "unknown" else answers["stage"] or "")


# ------------------------------------------------ what some questions look at


def _slots(scene: Scene, answers: Answers) -> tuple[Slot, ...]:
    if not answers["meeting"]:
        return ()
    free = scene.once("slots", scene.work.consultations.free)
    return tuple(slot for slot in free if f"way_{slot.way.value}" == answers["meeting"])[:SLOTS_SHOWN]


def _slot_options(scene: Scene, answers: Answers) -> tuple[Option, ...]:
    return (*slot_options(_slots(scene, answers), scene), *scene.options("options", (NONE,)))


def _slot(typed: str, scene: Scene, answers: Answers) -> str:
    return read_slot(typed, _slots(scene, answers), _slot_options(scene, answers), scene)


def _has_slots(scene: Scene, answers: Answers) -> bool:
    return bool(_slots(scene, answers))


def _wants_other_time(_: Scene, answers: Answers) -> bool:
    return bool(answers["meeting"]) and answers["slot"] in (None, NONE)


def _by_phone(_: Scene, answers: Answers) -> bool:
    return bool(answers["meeting"] == f"way_{Meeting.PHONE.value}")


def _read_wishes(typed: str, scene: Scene, _: Answers) -> tuple[Wish, ...]:
    return wishes(typed, scene.today)


def _wishes_text(value: tuple[Wish, ...], scene: Scene) -> str:
    shown = (wish_text(wish, scene.lang, scene.room.wording) for wish in value)
    return scene.say("dialog.and").join(shown)


_STAGE = listed("options", *(f"stage_{name}" for name in STAGES))
_INDUSTRY = listed("options", *(f"industry_{name}" for name in INDUSTRIES))
_WAY = listed("options", *(f"way_{way.value}" for way in Meeting))

QUESTIONS = (
    CONSENT,
    Question("stage", choose(_STAGE), FieldKind.ONE, options=_STAGE),
    PREFECTURE,
    ORGANISATION,
    Question("corporate_number", plain(corporate_number), required=False, known=True),
    Question("industry", choose(_INDUSTRY), FieldKind.ONE, known=True, options=_INDUSTRY),
    Question("activity", text(), FieldKind.TEXT, required=False, open=True),
    Question(
        "methodology",
        methodology,
        FieldKind.ONE,
        required=False,
        options=methodology_options,
        only_if=offered_methodologies,
    ),
    Question("precheck", text(), FieldKind.TEXT, required=False, carried=True),
    Question("about", text(), FieldKind.TEXT, open=True),
    similar(topic_of),
    Question("meeting", choose(_WAY), FieldKind.ONE, options=_WAY),
    Question("slot", _slot, FieldKind.ONE, options=_slot_options, only_if=_has_slots, keep=str),
    Question(
        "wishes",
        _read_wishes,
        FieldKind.TEXT,
        only_if=_wants_other_time,
        keep=lambda value: ", ".join(map(written, value)),
        show=_wishes_text,
    ),
    NAME,
    MAIL,
    Question(
        "phone", PHONE.read, FieldKind.PHONE, required=False, needed=_by_phone, personal=True, known=True
    ),
)

# ------------------------------------------------ what becomes of it


def submit(request: Request, scene: Scene) -> Filed | Sorry:
    """Opens a case (or adds to the open one) and books the slot, all or nothing."""
    work, slot = scene.work, slot_id(request.slot)
    if slot and not desk.may_book(work, slot):
        return Sorry(
            "slot", (Paragraph((Text(scene.say("dialog.slot_gone", field=scene.say("consultation.slot"))),)),)
        )
    number, added = _filed(request, scene)
    to = work.recipient(request.mail, scene.lang)
    pen = desk.Pen(scene.room.notices, scene.room.wording)
    if slot:
        booked = desk.book(work, pen, slot, number, to, request.name)
        return Filed(
            (
                *_receipt(request, number, scene, added=added),
                desk.appointment(booked, scene.lang, scene.room.wording),
            )
        )
    letter = Reply(
        scene.room.notices.parts("consultation_received", scene.lang, number=number, link=""), scene.lang
    )
    work.post.send(
        f"case:{number}:received:{work.event}", to, letter, purpose=desk.PURPOSE, due=work.now, mail_only=True
    )
    return Filed(tuple(_receipt(request, number, scene, added=added)))


def _filed(request: Request, scene: Scene) -> tuple[str, bool]:
    """The number of the case, and whether it is an earlier one that was added to."""
    found = desk.alike(scene.work, request.organisation, request.corporate_number or "", request.topic)
    wants_to_add = found.number if found and request.similar == ADD else ""
    if added := add_to(scene, wants_to_add, note(_kept(request, scene), scene), request.mail):
        return added, True
    new = NewCase(
        kind=CaseKind.CONSULTATION,
        summary=request.about,
        to=scene.work.recipient(request.mail, scene.lang),
        name=request.name,
        organisation=request.organisation,
        prefecture=request.prefecture,
        topic=request.topic,
        methodology="" if request.topic == request.stage else request.topic,
    )
    number = request.corporate_number or ""
    wanted = Wanted(request.organisation, number, request.topic, _kept(request, scene))
    return file_case(scene, new, wanted, beside=wants_to_add), False


def _kept(request: Request, scene: Scene) -> dict[str, object]:
    names = ("stage", "prefecture", "organisation", "corporate_number", "industry", "activity", "methodology")
    more = ("precheck", "about", "meeting", "name", "mail", "phone")
    kept: dict[str, object] = {name: getattr(request, name) for name in (*names, *more)}
    wording = scene.room.wording
    return kept | {"wishes": [wish_text(wish, scene.lang, wording) for wish in request.wishes or ()]}


def _receipt(request: Request, number: str, scene: Scene, *, added: bool) -> Iterator[Part]:
    yield Heading(scene.say("dialog.done"))
    yield Facts(((scene.say("consultation.number"), (Text(number),)),))
    if request.similar == ADD:
        yield Paragraph((Text(scene.say("consultation.added" if added else "consultation.beside")),))
    # Who has chosen a time must not be told that it is still to be settled.
    what = "booked" if slot_id(request.slot) else "to_settle" if added else "received"
    yield Paragraph((Text(scene.say(f"consultation.{what}")),))
    yield Paragraph((Text(scene.say("consultation.mail_follows", mail=shown_mail(request.mail, scene))),))


CONSULTATION = Dialog("consultation.start", "consultation", desk.PURPOSE, Request, QUESTIONS, submit)
