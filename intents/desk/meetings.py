"""Meetings of the network: whom staff invite, what is replied, who came. Each function locks the meeting first."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from intents.desk import meeting_letters as letters
from intents.desk.consultations import Pen
from intents.desk.meeting_books import MeetingBooks
from intents.desk.meeting_records import Invitation, MeetingReply, NewInvitation
from intents.desk.refused import Refused
from intents.desk.seminar_records import Seminar, SeminarKind, SeminarState, mail_key
from intents.desk.seminar_seating import check_ahead, find_seminar


@dataclass(frozen=True, slots=True)
class InvitePlan:
    """What an invitation list would do: who is new, and who was invited before and is left alone."""

    new: tuple[NewInvitation, ...]
    already: tuple[NewInvitation, ...]


def find_meeting(books: MeetingBooks, number: str) -> Seminar:
    """The meeting of that number, not locked. Refused: no_such_seminar, not_a_meeting."""
    found = find_seminar(books, number)
    if found.kind is not SeminarKind.MEETING:
        raise Refused("not_a_meeting", number=found.number, title=found.title)
    return found


def plan(books: MeetingBooks, meeting: Seminar, wanted: Sequence[NewInvitation]) -> InvitePlan:
    """Who of the list is new; the same mail address is invited once."""
    known = {one.key for one in books.invitations.of_meeting(meeting.id)}
    new: dict[str, NewInvitation] = {}
    already = []
    for one in wanted:
        if one.key in known or one.key in new:
            already.append(one)
        else:
            new[one.key] = one
    return InvitePlan(tuple(new.values()), tuple(already))


def invite(
    books: MeetingBooks, pen: Pen, number: str, wanted: Sequence[NewInvitation]
) -> tuple[Invitation, ...]:
    """Invites who is new, a letter each; a second time with the same list invites nobody.

    Refused: no_such_seminar, not_a_meeting, seminar_cancelled, started.
    """
    meeting = books.seminars.lock(find_meeting(books, number).id)
    check_ahead(meeting, books.now)
    new = plan(books, meeting, wanted).new
    invited = tuple(books.invitations.add(meeting.id, one) for one in new)
    for one in invited:
        letters.invited(books, pen, meeting, one)
    if invited:
        after = {"invited": [one.number for one in invited]}
        books.audit.note(meeting.subject, "invited", after=after)
    return invited


def reply(books: MeetingBooks, pen: Pen, number: str, said: MeetingReply) -> Invitation:
    """Writes down whether they come and with whom; a later reply replaces the earlier one, the same is nothing new.

    Refused: no_such_invitation, seminar_cancelled, started, people_missing.
    """
    found = _find(books, number)
    meeting = books.seminars.lock(found.seminar)
    before = _find(books, number)
    check_ahead(meeting, books.now)
    if said.attending and not said.people:
        raise Refused("people_missing")
    now = _replied(before, said)
    if before.answered_at and now == replace(before, conversation=now.conversation, person=now.person):
        books.invitations.update(now)
        return now
    now = replace(now, answered_at=books.now, sequence=before.sequence + 1)
    books.invitations.update(now)
    letters.replied(books, pen, meeting, now, came_before=bool(before.attending))
    noted = {"attending": now.attending, "people": len(now.people)}
    books.audit.note(
        f"invitation:{now.number}", "replied", before={"attending": before.attending}, after=noted
    )
    return now


def tell_invited(
    books: MeetingBooks, pen: Pen, meeting: Seminar, before: Seminar, reason: str
) -> tuple[Invitation, ...]:
    """Tells the invited that their meeting moved or, if it is cancelled now, was called off; the lock is held."""
    told = []
    for one in books.invitations.of_meeting(meeting.id):
        if one.attending is False:
            continue
        now = replace(one, sequence=one.sequence + 1)
        books.invitations.update(now)
        books.post.drop(letters.letters_of(meeting, one))
        if meeting.state is SeminarState.CANCELLED:
            letters.called_off(books, pen, meeting, now, reason)
        else:
            letters.moved(books, pen, meeting, now, before, reason)
        told.append(now)
    return tuple(told)


def _replied(before: Invitation, said: MeetingReply) -> Invitation:
    return replace(
        before,
        conversation=said.to.conversation,
        person=said.to.person,
        lang=said.to.lang,
        attending=said.attending,
        people=said.people if said.attending else (),
        way=said.way,
        question=said.question,
        consent=said.consent,
    )


def _find(books: MeetingBooks, number: str) -> Invitation:
    if found := books.invitations.find(number):
        return found
    raise Refused("no_such_invitation", number=number)


# ------------------------------------------------ who came


@dataclass(frozen=True, slots=True)
class Row:
    """One department, or a prefecture or the whole where the finer name is empty: how many at each step.

    `invited` to `attended` count invitations; `people` are those that the departments announced.
    """

    prefecture: str
    department: str
    invited: int
    answered: int
    attending: int
    people: int
    attended: int


def attendance(invitations: Sequence[Invitation]) -> tuple[Row, ...]:
    """By prefecture and department in the order of the list, each prefecture's sum first, the whole at the end."""
    return (*_by_prefecture(invitations), _row("", "", invitations))


def _by_prefecture(invitations: Sequence[Invitation]) -> Iterator[Row]:
    for prefecture in dict.fromkeys(one.prefecture for one in invitations):
        here = [one for one in invitations if one.prefecture == prefecture]
        yield _row(prefecture, "", here)
        for department in dict.fromkeys(one.department for one in here):
            yield _row(prefecture, department, [one for one in here if one.department == department])


def _row(prefecture: str, department: str, of: Sequence[Invitation]) -> Row:
    return Row(
        prefecture,
        department,
        invited=len(of),
        answered=sum(one.attending is not None for one in of),
        attending=sum(one.attending is True for one in of),
        people=sum(len(one.people) for one in of),
        attended=sum(one.attended is True for one in of),
    )


def take_attendance(books: MeetingBooks, number: str, came: Collection[str]) -> tuple[str, ...]:
    """Writes down who came, by invitation number or mail address, and gives the names that nobody is known by.

    The list is the whole list, so a second one corrects the first. Who came need not have announced it.
    Refused: no_such_seminar, not_a_meeting, seminar_cancelled, not_started.
    """
    meeting = books.seminars.lock(find_meeting(books, number).id)
    if meeting.state is SeminarState.CANCELLED:
        raise Refused("seminar_cancelled", title=meeting.title)
    if books.now < meeting.starts_at:
        raise Refused("not_started", title=meeting.title, starts=meeting.starts_at)
    names = {_name(name): name for name in came}
    invitations = books.invitations.of_meeting(meeting.id)
    for one in invitations:
        there = one.number.casefold() in names or one.key in names
        if one.attended is not there:
            books.invitations.update(replace(one, attended=there))
    books.seminars.save(replace(meeting, state=SeminarState.HELD))
    known = {key for one in invitations for key in (one.number.casefold(), one.key)}
    books.audit.note(meeting.subject, "attendance", after={"came": len(names.keys() & known)})
    return tuple(name for key, name in names.items() if key not in known)


def _name(name: str) -> str:
    return mail_key(name) if "@" in mail_key(name) else name.strip().casefold()
