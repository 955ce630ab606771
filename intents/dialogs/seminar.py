"""Registering for a seminar: which one, how many, and, in the same go, a consultation."""

from collections.abc import Mapping
from dataclasses import dataclass

from intents.desk import consultations, seminars
from intents.desk.case_records import CaseKind, NewCase
from intents.desk.consultation_books import Wanted
from intents.desk.refused import Refused
from intents.desk.seminar_letters import PURPOSE, refusal_text
from intents.desk.seminar_records import (
    PARTY_LIMIT,
    QUESTION_LIMIT,
    Seminar,
    SeminarState,
    SignUp,
    Way,
    Ways,
)
from intents.dialog import Answers, Dialog, Filed, Question, Scene, Sorry
from intents.dialogs.common import (
    CONSENT,
    MAIL,
    NAME,
    ORGANISATION,
    PHONE,
    YES_NO,
    choose,
    listed,
    plain,
    text,
)
from intents.dialogs.consultation import STAGES
from intents.dialogs.filing import add_to, file_case
from intents.dialogs.seminar_words import instead, letters_of, open_seminars, receipt, say, seminar_text
from intents.dialogs.similar import ADD, note, similar
from intents.messages import (
    FieldKind,
    Option,
    Paragraph,
    Part,
    Text,
)
from intents.readers.misread import Misread
from intents.readers.numbers import count, yes_no


@dataclass(frozen=True, slots=True)
class SeatRequest:
    """What somebody signs up with; the extras answer the seminar's own questions."""

    consent: bool
    seminar: str
    way: str | None
    party: int
    organisation: str
    name: str
    mail: str
    phone: str | None
    extra_1: str | None
    extra_2: str | None
    extra_3: str | None
    question: str | None
    wants_consultation: bool
    stage: str | None
    about: str | None
    similar: str | None


# ------------------------------------------------ which seminar


def _seminars(scene: Scene, _: Answers) -> tuple[Option, ...]:
    return tuple(Option(one.number, seminar_text(one, scene)) for one in open_seminars(scene))


def _seminar(typed: str, scene: Scene, answers: Answers) -> str:
    """A seminar that can still be joined; one that could be once is named with the reason."""
    known = scene.once(f"seminar:{typed}", lambda: scene.work.seminars.find(typed))
    if known and known.is_public and all(known.number != one.number for one in open_seminars(scene)):
        raise Misread(f"seminar.{_why_not(known, scene)}", title=known.title)
    return choose(_seminars)(typed, scene, answers)


def _why_not(seminar: Seminar, scene: Scene) -> str:
    if seminar.state is SeminarState.CANCELLED:
        return "called_off"
    return "closed" if seminar.ahead(scene.now) else "begun"


def _chosen(scene: Scene, answers: Answers) -> Seminar | None:
    return next((one for one in open_seminars(scene) if one.number == answers["seminar"]), None)


def _both_ways(scene: Scene, answers: Answers) -> bool:
    chosen = _chosen(scene, answers)
    return chosen is not None and chosen.ways is Ways.BOTH


def _extra(number: int) -> Question:
    def asks(scene: Scene, answers: Answers) -> bool:
        chosen = _chosen(scene, answers)
        return chosen is not None and len(chosen.questions) >= number

    def label(scene: Scene, answers: Answers) -> str:
        chosen = _chosen(scene, answers)
        return chosen.questions[number - 1] if chosen else ""

    return Question(
        f"extra_{number}", text(), FieldKind.TEXT, required=False, open=True, only_if=asks, label=label
    )


def _with_consultation(_: Scene, answers: Answers) -> bool:
    return bool(answers["wants_consultation"])


def _party(typed: str, _: Scene, __: Answers) -> int:
    return count(typed, 1, PARTY_LIMIT)


_WAYS = listed("options", "way_online", "way_venue")
_STAGE = listed("options", *(f"stage_{name}" for name in STAGES))
QUESTIONS = (
    CONSENT,
    Question("seminar", _seminar, FieldKind.ONE, options=_seminars, keep=str),
    Question("way", choose(_WAYS), FieldKind.ONE, options=_WAYS, only_if=_both_ways),
    Question("party", _party, FieldKind.NUMBER),
    ORGANISATION,
    NAME,
    MAIL,
    PHONE,
    *(_extra(number) for number in range(1, QUESTION_LIMIT + 1)),
    Question("question", text(), FieldKind.TEXT, required=False, open=True),
    Question("wants_consultation", plain(yes_no), FieldKind.ONE, options=YES_NO),
    Question("stage", choose(_STAGE), FieldKind.ONE, options=_STAGE, only_if=_with_consultation),
    Question("about", text(), FieldKind.TEXT, open=True, only_if=_with_consultation),
    similar(lambda answers: answers["stage"] or ""),
)


# ------------------------------------------------ what becomes of it


def _ready(scene: Scene, _: Mapping[str, str]) -> tuple[Part, ...]:
    if open_seminars(scene):
        return ()
    return (say(scene, "none_open"), *instead(scene))


def submit(wanted: SeatRequest, scene: Scene) -> Filed | Sorry:
    """Gives a seat or a place in the line, and opens the consultation that was asked for with it."""
    try:
        done = seminars.sign_up(scene.work, letters_of(scene), wanted.seminar, _sign_up(wanted, scene))
    except Refused as refused:
        reason = refusal_text(scene.room.wording, refused, scene.lang)
        return Sorry("party" if "party" in refused.problem else "seminar", (Paragraph((Text(reason),)),))
    if wanted.wants_consultation:
        # The purpose text of a sign-up says that it covers the consultation asked for with it.
        scene.work.people.agree(consultations.PURPOSE, scene.say("purposes.version"), wanted.mail)
    case = _consultation(wanted, scene) if wanted.wants_consultation and not done.already else ""
    return Filed(tuple(receipt(done, case, scene)))


def _sign_up(wanted: SeatRequest, scene: Scene) -> SignUp:
    chosen = scene.work.seminars.find(wanted.seminar)
    questions = chosen.questions if chosen else ()
    said = (wanted.extra_1, wanted.extra_2, wanted.extra_3)
    only = Way.VENUE if chosen and chosen.ways is Ways.VENUE else Way.ONLINE
    return SignUp(
        to=scene.work.recipient(wanted.mail, scene.lang),
        name=wanted.name,
        organisation=wanted.organisation,
        phone=wanted.phone or "",
        party=wanted.party,
        way=Way(wanted.way.removeprefix("way_")) if wanted.way else only,
        question=wanted.question or "",
        wants_consultation=wanted.wants_consultation,
        extras={question: answer for question, answer in zip(questions, said, strict=False) if answer},
        consent=scene.say("purposes.version"),
    )


def _consultation(wanted: SeatRequest, scene: Scene) -> str:
    stage, about = wanted.stage or "", wanted.about or ""
    kept: dict[str, object] = {
        name: getattr(wanted, name)
        for name in ("organisation", "name", "mail", "phone", "stage", "about", "seminar")
    }
    open_case = consultations.alike(scene.work, wanted.organisation, "", stage)
    wants_to_add = open_case.number if open_case and wanted.similar == ADD else ""
    if added := add_to(scene, wants_to_add, note(kept, scene), wanted.mail):
        return added
    new = NewCase(
        kind=CaseKind.CONSULTATION,
        summary=about,
        to=scene.work.recipient(wanted.mail, scene.lang),
        name=wanted.name,
        organisation=wanted.organisation,
        topic=stage,
    )
    return file_case(scene, new, Wanted(wanted.organisation, "", stage, kept), beside=wants_to_add)


REGISTER = Dialog("seminar.register", "seminar", PURPOSE, SeatRequest, QUESTIONS, submit, _ready)
