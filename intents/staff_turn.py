"""What one of staff does from a chat: presses a card, fills in its form, writes below it, asks for the queue."""

from collections.abc import Iterator, Mapping
from typing import assert_never

from intents.actions import DoCase
from intents.decisions import ActOnCase, ForStaff, WriteOnCase
from intents.desk import cases
from intents.desk.case_cards import CardPen, line
from intents.desk.case_changes import locked
from intents.desk.case_forms import FIELDS, CaseOffice, Wrong, fields_of, perform
from intents.desk.case_records import NOBODY, Case, case_number
from intents.desk.case_rules import CaseAct, check
from intents.desk.case_words import refusal_text
from intents.desk.refused import Refused
from intents.desk.staff_books import Role, StaffMember
from intents.dialog import Scene
from intents.messages import Choice, Choices, ChoiceStyle, Form, Heading, OnCard, Paragraph, Part, Text

SHOWN = 10
# The field of a form that a refusal is about.
_ABOUT = {
    "date_past": "day",
    "text_missing": "text",
    "text_long": "text",
    "no_such_staff": "to",
    "cannot_own": "to",
    "no_such_desk": "desk",
    "same_case": "into",
    "target_closed": "into",
}


def for_staff(decision: ForStaff, scene: Scene) -> Iterator[Part]:
    """Carries out what staff do to a case; whoever is not staff is refused, which the audit keeps."""
    who = scene.work.staff.by_person(scene.work.person)
    if who is None:
        scene.work.audit.note(_subject(decision), "refused", reason="not staff")
        yield _say(scene, "not_staff")
        return
    scene.work.act_as(who.actor)
    try:
        yield from _carried_out(decision, who, scene)
    except Refused as refused:
        scene.work.audit.note(_subject(decision), "refused", reason=refused.problem)
        yield Paragraph((Text(_why(refused, scene)),))
    if (
        at_home(scene)
        and isinstance(decision, ActOnCase)
        and (decision.fields is not None or _at_once(decision))
    ):
        # What they look at would else be gone.
        yield from _lists(scene, who)


def _why(refused: Refused, scene: Scene) -> str:
    return refusal_text(refused, scene.work.staff, scene.room.wording, scene.lang)


def _at_once(decision: ActOnCase) -> bool:
    return not FIELDS[CaseAct(decision.act)]


def _subject(decision: ForStaff) -> str:
    return f"case:{decision.case}" if isinstance(decision, ActOnCase) else "case"


def _carried_out(decision: ForStaff, who: StaffMember, scene: Scene) -> Iterator[Part]:
    match decision:
        case ActOnCase(number, act, fields):
            yield from _acted(number, CaseAct(act), fields, who, scene)
        case WriteOnCase(content):
            yield from _written(content, who, scene)
        case _:
            assert_never(decision)


def _acted(
    number: str, act: CaseAct, fields: Mapping[str, str] | None, who: StaffMember, scene: Scene
) -> Iterator[Part]:
    if fields is None and FIELDS[act]:
        # Nobody should fill in a form in vain.
        check(act, locked(scene.work, number), who)
        yield _form(number, act, {}, {}, scene)
        return
    try:
        done = perform(scene.work, _office(scene), who, number, act, fields or {}, scene.lang)
    except Wrong as wrong:
        yield _form(number, act, fields or {}, wrong.errors, scene)
        return
    except Refused as refused:
        if _ABOUT.get(refused.problem) not in (fields or {}):
            raise
        # Nobody should have to fill in the others again.
        yield _form(number, act, fields or {}, {_ABOUT[refused.problem]: _why(refused, scene)}, scene)
        return
    if act is not CaseAct.TAKE:
        # Of what was taken the card itself tells everybody.
        yield _say(scene, f"done_{act.value}", number=done.number)


def _form(
    number: str, act: CaseAct, given: Mapping[str, str], errors: Mapping[str, str], scene: Scene
) -> Form:
    case = locked(scene.work, number)
    title = scene.say(f"cases.act_{act.value}")
    token = scene.work.tokens.issue(DoCase(case.number, act.value))
    fields = fields_of(act, case, scene.work.staff.all(), scene.room.wording, scene.lang, given, errors)
    return Form(f"{case.number} {title}", fields, token, title, title)


def _written(content: OnCard, who: StaffMember, scene: Scene) -> Iterator[Part]:
    number = _written_on(content, scene)
    if not number:
        if content.passed:
            # They would else believe that it was sent.
            name = "no_card_here" if content.card else "no_note_here"
            yield Paragraph((Text(scene.say(f"rooms.{name}")),))
        return
    letters = _office(scene).letters
    # What came of it stands below the card, for everybody.
    if content.passed and content.text:
        cases.reply(scene.work, letters, who, number, content.text, content.reference)
    elif content.passed:
        cases.pass_on(scene.work, letters, who, number, content.reference)
    else:
        cases.note(scene.work, who, number, content.text, content.reference)


def _written_on(content: OnCard, scene: Scene) -> str:
    """The number of the case: of the card that was named, else of the note that the message became."""
    if content.card:
        return scene.work.cases.card(content.card)
    note = scene.work.cases.note_at(content.reference)
    return case_number(note.case) if note else ""


def _office(scene: Scene) -> CaseOffice:
    return CaseOffice(scene.room.wording, scene.room.practice)


# ------------------------------------------------ lists


def at_home(scene: Scene) -> bool:
    """Whether one of staff opened their own page of the desk, where it shows their cases."""
    return scene.work.alone_at_home and scene.work.staff.by_person(scene.work.person) is not None


def staff_home(scene: Scene) -> Iterator[Part]:
    """My cases, those of nobody, and those that are late."""
    who = scene.work.staff.by_person(scene.work.person)
    yield from _lists(scene, who) if who else ()


def queue(scene: Scene, _: Mapping[str, str]) -> Iterator[Part]:
    """The same lists in the chat; only for staff."""
    who = scene.work.staff.by_person(scene.work.person)
    if who is None or not who.role.may(Role.READER):
        yield _say(scene, "not_staff")
        return
    if scene.work.overheard:
        yield _say(scene, "in_private")
        return
    yield from _lists(scene, who)


def _lists(scene: Scene, who: StaffMember) -> Iterator[Part]:
    work, room = scene.work, scene.room
    pen = CardPen(room.wording, room.practice, work.staff, work.now, room.console, scene.lang)
    found = {
        "mine": work.cases.queued(who.name, None, SHOWN),
        "unowned": work.cases.queued(NOBODY, None, SHOWN),
        "late": work.cases.queued(NOBODY, work.now, SHOWN),
    }
    for name, listed in found.items():
        yield Heading(scene.say(f"cases.list_{name}"))
        for case in listed:
            yield from _listed(case, _OFFERED[name], pen, scene)
        if not listed:
            yield _say(scene, f"list_{name}_empty")


# What can be done from a list; what is late stands in one of the others, or is somebody else's.
_OFFERED: Mapping[str, tuple[CaseAct, ...]] = {
    "mine": (CaseAct.REPLY, CaseAct.FINISH),
    "unowned": (CaseAct.TAKE,),
    "late": (),
}


def _listed(case: Case, acts: tuple[CaseAct, ...], pen: CardPen, scene: Scene) -> Iterator[Part]:
    gap = (Text("  "),) if pen.page else ()
    yield Paragraph((Text(line(case, pen)), *gap, *pen.link(case)))
    options = tuple(
        Choice(pen.say(f"act_{act.value}"), scene.work.tokens.issue(DoCase(case.number, act.value)))
        for act in acts
    )
    if options:
        style = ChoiceStyle.FORMS if FIELDS[acts[0]] else ChoiceStyle.OFFER
        yield Choices("", options, style)


def _say(scene: Scene, name: str, /, **places: object) -> Paragraph:
    return Paragraph((Text(scene.say(f"cases.{name}", **places)),))
