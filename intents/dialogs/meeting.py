"""Replying to an invitation to a meeting of the network: whether, who, and how; begun by a letter's button only."""

from collections.abc import Mapping
from dataclasses import dataclass

from intents.desk import meetings
from intents.desk.consultations import Pen
from intents.desk.meeting_letters import ATTEND, PURPOSE, appointment
from intents.desk.meeting_records import DEPARTMENT_LIMIT, PEOPLE_LIMIT, Invitation, MeetingReply
from intents.desk.moments import span_text
from intents.desk.refused import Refused
from intents.desk.seminar_records import Seminar, Way, Ways
from intents.dialog import Answers, Dialog, Filed, Question, Scene, Sorry
from intents.dialogs.common import CONSENT, YES_NO, choose, listed, plain, text
from intents.messages import Appointment, FieldKind, Heading, Paragraph, Part, Text
from intents.readers.choice import free_text
from intents.readers.misread import Misread
from intents.readers.numbers import yes_no


@dataclass(frozen=True, slots=True)
class Attend:
    """What an invited person replies; `invitation` comes from a letter's button only."""

    invitation: str | None
    consent: bool
    attending: bool
    people: tuple[str, ...] | None
    way: str | None
    question: str | None


def _invited(scene: Scene, number: str | None) -> tuple[Invitation, Seminar] | None:
    return scene.once(f"invitation:{number}", lambda: _look(scene, number or ""))


def _look(scene: Scene, number: str) -> tuple[Invitation, Seminar] | None:
    one = scene.work.invitations.find(number)
    meeting = scene.work.seminars.find(f"S-{one.seminar}") if one else None
    return (one, meeting) if one and meeting and meeting.ahead(scene.now) else None


def _attending_label(scene: Scene, answers: Answers) -> str:
    found = _invited(scene, answers["invitation"])
    if found is None:
        return scene.say("meeting.attending")
    meeting = found[1]
    when = span_text(scene.room.wording, meeting.starts_at, meeting.ends_at, scene.lang)
    return scene.say("meeting.attending_to", title=meeting.title, when=when)


def _comes(_: Scene, answers: Answers) -> bool:
    return bool(answers["attending"])


def _both_ways(scene: Scene, answers: Answers) -> bool:
    found = _invited(scene, answers["invitation"])
    return _comes(scene, answers) and found is not None and found[1].ways is Ways.BOTH


def _people(typed: str, _: Scene, __: Answers) -> tuple[str, ...]:
    lines = (line.strip(" \u3000,") for line in free_text(typed, PEOPLE_LIMIT * DEPARTMENT_LIMIT).split("\n"))
    found = tuple(dict.fromkeys(line for line in lines if line))
    if len(found) > PEOPLE_LIMIT:
        raise Misread("meeting.people_many", limit=PEOPLE_LIMIT, count=len(found))
    if long := next((line for line in found if len(line) > DEPARTMENT_LIMIT), ""):
        raise Misread("meeting.people_long", limit=DEPARTMENT_LIMIT, text=long[:20])
    return found


_WAYS = listed("options", "way_online", "way_venue")
QUESTIONS = (
    Question("invitation", plain(str), carried=True),
    CONSENT,
    Question("attending", plain(yes_no), FieldKind.ONE, options=YES_NO, label=_attending_label),
    Question("people", _people, FieldKind.TEXT, personal=True, open=True, only_if=_comes),
    Question("way", choose(_WAYS), FieldKind.ONE, options=_WAYS, only_if=_both_ways),
    Question("question", text(), FieldKind.TEXT, required=False, open=True),
)


def _ready(scene: Scene, given: Mapping[str, str]) -> tuple[Part, ...]:
    return () if _invited(scene, given.get("invitation")) else (_say(scene, "not_to_be_had"),)


def submit(said: Attend, scene: Scene) -> Filed | Sorry:
    """Writes the reply down; a later one replaces it."""
    found = _invited(scene, said.invitation)
    if found is None:
        return Sorry("", (_say(scene, "not_to_be_had"),))
    one, meeting = found
    only = Way.VENUE if meeting.ways is Ways.VENUE else Way.ONLINE
    reply = MeetingReply(
        to=scene.work.recipient(one.mail, scene.lang),
        attending=said.attending,
        people=said.people or (),
        way=Way(said.way.removeprefix("way_")) if said.way else only,
        question=said.question or "",
        consent=scene.say("purposes.version"),
    )
    try:
        now = meetings.reply(scene.work, Pen(scene.room.notices, scene.room.wording), one.number, reply)
    except Refused:
        return Sorry("", (_say(scene, "not_to_be_had"),))
    return Filed(_receipt(now, meeting, scene, came_before=bool(one.attending)))


def _receipt(now: Invitation, meeting: Seminar, scene: Scene, *, came_before: bool) -> tuple[Part, ...]:
    key = "comes" if now.attending else "does_not_come"
    line = _say(scene, key, title=meeting.title, count=len(now.people), mail=now.mail)
    dated = now.attending or came_before
    date: tuple[Appointment, ...] = (appointment(scene.room.wording, meeting, now),) if dated else ()
    return (Heading(scene.say("dialog.done")), line, *date)


def _say(scene: Scene, name: str, **places: object) -> Paragraph:
    return Paragraph((Text(scene.say(f"meeting.{name}", **places)),))


MEETING = Dialog(ATTEND, "meeting", PURPOSE, Attend, QUESTIONS, submit, _ready)
