"""Two cases that are one, and one that is two. Moments are UTC."""

from dataclasses import replace

from intents.desk.case_books import CaseBooks, Cases
from intents.desk.case_changes import checked_text, closed, follow, locked, note_opened, save
from intents.desk.case_letters import drop_reminders
from intents.desk.case_records import Case, CaseOutcome, CaseState, DateKind, case_id, case_number
from intents.desk.case_rules import CaseAct, check
from intents.desk.practice import Practice
from intents.desk.refused import Refused
from intents.desk.staff_books import StaffMember


def merge(books: CaseBooks, who: StaffMember, number: str, into: str, reason: str = "") -> Case:
    """Closes a case in favour of another, which gets its notes, its talk and what its requester writes from now on.

    Gives the case that goes on. Refused: no_case, same_case, target_closed.
    """
    # Always in the same order, so that two merges at once do not wait for each other.
    held = {id_: locked(books, case_number(id_)) for id_ in sorted({case_id(number), case_id(into)})}
    case, target = held[case_id(number)], held[case_id(into)]
    if case.id == target.id:
        raise Refused("same_case", number=number)
    check(CaseAct.MERGE, case, who)
    if not target.is_open:
        raise Refused("target_closed", number=target.number)
    books.cases.move_notes(case, target)
    gone = replace(case, state=CaseState.DONE, outcome=CaseOutcome.MERGED, merged_into=target.id)
    save(books, case, closed(gone, books.now), "merged", reason)
    # The nearer of two promises binds.
    owed = min((by for by in (case.promised_by, target.promised_by) if by), default=None)
    owner = target.owner or case.owner
    state = _state(case, target, owner)
    # One talk with everybody: who was talked with in either goes on being heard.
    talking = target.talking or case.talking
    goes_on = _dated(replace(target, promised_by=owed, owner=owner, state=state, talking=talking), case)
    if (goes_on.next_at, goes_on.next_kind) != (case.next_at, case.next_kind):
        # The other date is the one that holds.
        drop_reminders(books, case, *books.cases.merged(case))
    merged = save(books, target, goes_on, "merged_from", case.number)
    follow(books, merged, talking)
    return merged


def _dated(target: Case, case: Case) -> Case:
    """The case that goes on with the nearer of two real dates; an appointment stays one."""
    if not case.next_at or (target.next_at and target.next_at <= case.next_at):
        return target
    state = CaseState.APPOINTMENT if case.next_kind is DateKind.APPOINTMENT else target.state
    return replace(target, state=state, next_at=case.next_at, next_kind=case.next_kind)


def _state(case: Case, target: Case, owner: str) -> CaseState:
    """How the case that goes on stands: owned it is taken, and what is owed in the other makes it our turn again."""
    ours_again = target.state is CaseState.WAITING and case.promised_by is not None
    taken = target.state is CaseState.NEW and bool(owner)
    return CaseState.TAKEN if taken or ours_again else target.state


def split(books: CaseBooks, practice: Practice, who: StaffMember, number: str, summary: str) -> Case:
    """Opens a second case of the same requester for something else they asked, with a promise of its own."""
    if place := books.cases.find(number):
        # A row that points at the conversation needs its lock, which a turn takes before that of the case.
        books.cases.hold_place(place)
    case = locked(books, number)
    check(CaseAct.SPLIT, case, who)
    owed = case.promised_by or practice.promised(case.kind, books.now)
    new = books.cases.split(replace(case, promised_by=owed), checked_text(summary))
    note_opened(books, new, case.number)
    save(books, case, case, "split", new.number)
    return new


def last(cases: Cases, number: str) -> Case | None:
    """The case that goes on for one that was merged, however often; only that one is held."""
    case = cases.find(number)
    while case and case.merged_into:
        case = cases.find(case_number(case.merged_into))
    held = cases.lock(case.number) if case else None
    # It may have been merged while we waited for the lock.
    return last(cases, held.number) if held and held.merged_into else held
