"""What invited people are told about a meeting, each thing once; the joining link goes to those who attend online."""

from dataclasses import dataclass, replace

from intents.desk.consultations import Pen
from intents.desk.meeting_books import MeetingBooks
from intents.desk.meeting_records import Invitation
from intents.desk.moments import span_text
from intents.desk.seminar_records import Seminar, SeminarState, Way
from intents.messages import Appointment, Choice, Choices, ChoiceStyle, Part, Reply, RunCommand
from knowledge.wording import Wording

PURPOSE, ATTEND = "meeting", "meeting.attend"


def invited(books: MeetingBooks, pen: Pen, meeting: Seminar, one: Invitation) -> None:
    """The invitation, with the button that replies."""
    _send(books, pen, meeting, one, "meeting_invited", mail_only=False)


def replied(books: MeetingBooks, pen: Pen, meeting: Seminar, one: Invitation, *, came_before: bool) -> None:
    """What was replied, by mail as the chat has just said so; the date for the calendar, or its end."""
    name = "meeting_attending" if one.attending else "meeting_declined"
    dated = bool(one.attending or came_before)
    _send(books, pen, meeting, one, name, mail_only=True, dated=dated)


def reminder(books: MeetingBooks, pen: Pen, meeting: Seminar, one: Invitation, days: int, step: str) -> None:
    """So many days to go; the step is part of the key, so that twice is once."""
    name = "meeting_reminder" if one.attending else "meeting_reminder_open"
    _send(books, pen, meeting, one, name, mail_only=False, tag=step, days=days)


def moved(
    books: MeetingBooks, pen: Pen, meeting: Seminar, one: Invitation, before: Seminar, reason: str
) -> None:
    """The meeting has another date or place; who attends gets the new date for the calendar."""
    told = _Told(span_text(pen.wording, before.starts_at, before.ends_at, one.lang), reason)
    dated = bool(one.attending)
    _send(books, pen, meeting, one, "meeting_moved", mail_only=False, dated=dated, told=told, always=True)


def called_off(books: MeetingBooks, pen: Pen, meeting: Seminar, one: Invitation, reason: str) -> None:
    """The meeting will not take place; it goes out of the calendar of who would have come."""
    gone = replace(one, attending=False)
    dated, told = bool(one.attending), _Told("", reason)
    _send(
        books, pen, meeting, gone, "meeting_cancelled", mail_only=False, dated=dated, told=told, always=True
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """What a change is explained with: the date before it, and why."""

    before: str = ""
    reason: str = ""


def _send(
    books: MeetingBooks,
    pen: Pen,
    meeting: Seminar,
    one: Invitation,
    name: str,
    *,
    mail_only: bool,
    dated: bool = False,
    tag: str = "",
    days: int = 0,
    told: _Told | None = None,
    always: bool = False,
) -> None:
    places = {
        "before": told.before if told else "",
        "reason": told.reason if told else "",
        "name": one.name,
        "department": one.department,
        "number": one.number,
        "title": meeting.title,
        "when": span_text(pen.wording, meeting.starts_at, meeting.ends_at, one.lang),
        "venue": meeting.venue,
        "link": _link(meeting, one),
        "people": " / ".join(one.people),
        "programme": meeting.programme,
        "days": days,
    }
    notice = pen.notices.parts(name, one.lang, **places)
    date = (appointment(pen.wording, meeting, one),) if dated else ()
    # Nothing is left to reply to a meeting that does not take place.
    off = meeting.state is SeminarState.CANCELLED
    button = () if off else (_button(books, pen, one),)
    letter = Reply((*notice, *date, *button), one.lang)
    key = f"{letters_of(meeting, one)}{name}:{tag or one.sequence}"
    books.post.send(key, one.to, letter, purpose=PURPOSE, due=books.now, mail_only=mail_only, always=always)


def letters_of(meeting: Seminar, one: Invitation) -> str:
    """How the keys of the letters to one invited person begin."""
    return f"meeting:{meeting.id}:{one.id}:"


def _button(books: MeetingBooks, pen: Pen, one: Invitation) -> Part:
    key = "reply" if one.attending is None else "change_reply"
    action = RunCommand(ATTEND, given={"invitation": one.number})
    choice = Choice(pen.wording.say(f"meeting.{key}", one.lang), books.links.issue(action))
    return Choices(pen.wording.say("meeting.reply_prompt", one.lang), (choice,), ChoiceStyle.OFFER)


def appointment(wording: Wording, meeting: Seminar, one: Invitation) -> Appointment:
    """The meeting for the calendar of who attends; for who does not any more, its end."""
    place = (meeting.venue if one.way is Way.VENUE else "") or wording.say(
        f"seminars.way_{one.way}", one.lang
    )
    return Appointment(
        uid=f"{meeting.number}-{one.number}@meeting.jdesk",
        sequence=one.sequence,
        title=meeting.title,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        place=place,
        link=_link(meeting, one),
        note=one.number,
        cancelled=not one.attending,
    )


def _link(meeting: Seminar, one: Invitation) -> str:
    return meeting.link if one.attending and one.way is Way.ONLINE else ""
