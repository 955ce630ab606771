"""What staff do to cases. Each act checks the table of rules under a lock and leaves one line in the audit.

Raises Refused before anything is written: no_case, what `case_rules.check` refuses, and what each act names.
What the staff rooms show follows by itself: they are a picture of the cases. Moments are UTC.
"""

from dataclasses import replace
from datetime import datetime

from intents.desk.case_books import CaseBooks
from intents.desk.case_changes import check_ahead, checked, checked_text, follow, locked, save, stop_talking
from intents.desk.case_letters import Letters
from intents.desk.case_records import NOBODY, Case, CaseState, DateKind, NoteKind
from intents.desk.case_rules import CaseAct, Rule, check
from intents.desk.practice import Practice
from intents.desk.refused import Refused
from intents.desk.routing import DESKS
from intents.desk.staff_books import Role, StaffMember


def take(books: CaseBooks, who: StaffMember, number: str) -> Case:
    """Makes a case one's own; twice by the same person is once. Refused: owned."""
    case = locked(books, number)
    if case.owner == who.name and case.is_open:
        return case
    check(CaseAct.TAKE, case, who)
    # An appointment stays one, whoever keeps it.
    state = CaseState.TAKEN if case.state is CaseState.NEW else case.state
    return save(books, case, replace(case, owner=who.name, state=state), "taken")


def assign(books: CaseBooks, who: StaffMember, number: str, to: str, reason: str = "") -> Case:
    """Hands a case to one of staff, also to oneself. Refused: no_such_staff, cannot_own."""
    case = locked(books, number)
    check(CaseAct.ASSIGN, case, who)
    member = books.staff.by_name(to)
    if member is None or not member.active:
        raise Refused("no_such_staff", name=to)
    if not member.role.may(Role.DESK):
        raise Refused("cannot_own", name=member.display)
    if case.owner == member.name:
        return case
    state = CaseState.TAKEN if case.state is CaseState.NEW else case.state
    # Who was talking with the requester hands that over as well.
    talking = member.name if case.talking else NOBODY
    if talking:
        follow(books, case, talking)
    return save(
        books, case, replace(case, owner=member.name, state=state, talking=talking), "assigned", reason
    )


def put_back(
    books: CaseBooks, letters: Letters, practice: Practice, who: StaffMember, number: str, reason: str = ""
) -> Case:
    """Gives a case back to the queue, where one that was ours to go on with is due like a new one.

    Whoever was talked with is told that the desk answers by itself again.
    """
    case = checked(books, CaseAct.PUT_BACK, who, number)
    if case.talking:
        letters.desk_again(books, case)
        follow(books, case, NOBODY)
    free = replace(case, owner=NOBODY, talking=NOBODY)
    if case.state is CaseState.TAKEN:
        owed = case.promised_by or practice.promised(case.kind, books.now)
        free = replace(free, state=CaseState.NEW, promised_by=owed)
    return save(books, case, free, "put_back", reason)


def reply(
    books: CaseBooks, letters: Letters, who: StaffMember, number: str, text: str, reference: str = ""
) -> Case:
    """Answers the requester; the promise is kept with it. Refused: text_missing, text_long, nobody_to_tell.

    `reference` is the message of a staff room, or the form of a page, that it was; the same one twice is one answer.
    """
    if reference and books.cases.note_at(reference):
        return locked(books, number)
    return _tell(books, letters, who, number, text, CaseAct.REPLY, reference)


def ask_back(
    books: CaseBooks, letters: Letters, who: StaffMember, number: str, text: str, reference: str = ""
) -> Case:
    """Asks the requester something; until they answer it is their turn. Refused: as `reply`."""
    return _tell(books, letters, who, number, text, CaseAct.ASK_BACK, reference)


def _tell(
    books: CaseBooks,
    letters: Letters,
    who: StaffMember,
    number: str,
    text: str,
    act: CaseAct,
    reference: str,
) -> Case:
    case = locked(books, number)
    rule, said = check(act, case, who), checked_text(text)
    if not letters.reaches(case):
        raise Refused("nobody_to_tell", number=case.number)
    letters.reply(books, case, who, books.cases.write(case, NoteKind.REPLY, said, reference))
    return _answered(books, case, who, rule)


def pass_on(books: CaseBooks, letters: Letters, who: StaffMember, number: str, reference: str) -> Case:
    """Sends the requester what stands on the case as an internal note; twice is once. Refused: no_note, as `reply`."""
    case = locked(books, number)
    found = books.cases.note_at(reference)
    if found is None or found.case != case.id:
        raise Refused("no_note", number=case.number)
    if found.kind is not NoteKind.NOTE:
        return case
    rule = check(CaseAct.REPLY, case, who)
    if not letters.reaches(case):
        raise Refused("nobody_to_tell", number=case.number)
    books.cases.say_again_as(found, NoteKind.REPLY)
    letters.reply(books, case, who, found)
    return _answered(books, case, who, rule)


def _answered(books: CaseBooks, case: Case, who: StaffMember, rule: Rule) -> Case:
    """The case after the requester heard from one of staff, who talks with them from now on."""
    state = CaseState.APPOINTMENT if case.state is CaseState.APPOINTMENT else rule.to or case.state
    told = replace(case, owner=case.owner or who.name, talking=who.name, state=state, promised_by=None)
    follow(books, case, who.name)
    return save(books, case, told, "replied" if rule.act is CaseAct.REPLY else "asked_back")


def appoint(
    books: CaseBooks,
    letters: Letters,
    who: StaffMember,
    number: str,
    at: datetime,
    text: str = "",
    reference: str = "",
) -> Case:
    """Agrees on a time with the requester and tells them; the same time twice is once. Refused: date_past, text_long."""
    case = checked(books, CaseAct.APPOINT, who, number)
    said = checked_text(text, required=False)
    check_ahead(books, at)
    if said:
        books.cases.write(case, NoteKind.REPLY, said, reference)
    elif case.state is CaseState.APPOINTMENT and case.next_at == at:
        return case
    if letters.reaches(case):
        letters.appointed(books, case, who, at, said)
    dated = replace(case, next_at=at, next_kind=DateKind.APPOINTMENT)
    agreed = replace(dated, owner=case.owner or who.name, state=CaseState.APPOINTMENT, promised_by=None)
    return save(books, case, agreed, "appointed")


def set_date(
    books: CaseBooks, who: StaffMember, number: str, at: datetime | None, kind: DateKind, reason: str = ""
) -> Case:
    """Sets the next real date that a case runs towards, such as a committee's cut-off. Refused: date_past."""
    case = checked(books, CaseAct.SET_DATE, who, number)
    if at is not None:
        check_ahead(books, at)
    dated = replace(case, next_at=at, next_kind=kind if at else None)
    return save(books, case, dated, "date_set", reason)


def note(books: CaseBooks, who: StaffMember, number: str, text: str, reference: str = "") -> Case:
    """Writes something down that only staff read. Refused: text_missing, text_long."""
    case = checked(books, CaseAct.NOTE, who, number)
    written = books.cases.write(case, NoteKind.NOTE, checked_text(text), reference)
    return save(books, case, case, "noted", f"note:{written.id}")


def reroute(books: CaseBooks, who: StaffMember, number: str, desk: str, reason: str = "") -> Case:
    """Puts a case into the queue of another desk. Refused: no_such_desk."""
    case = checked(books, CaseAct.REROUTE, who, number)
    if desk not in DESKS:
        raise Refused("no_such_desk", desk=desk)
    return case if desk == case.desk else save(books, case, replace(case, desk=desk), "rerouted", reason)


def step_back(books: CaseBooks, letters: Letters, who: StaffMember, number: str) -> Case:
    """Leaves the talk with the requester to the desk's own understanding again, which says so."""
    case = checked(books, CaseAct.STEP_BACK, who, number)
    return stop_talking(books, letters, case, "stepped_back")
