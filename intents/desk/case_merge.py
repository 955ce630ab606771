"""Two cases that are one, and one that is two. Moments are UTC."""

from dataclasses import replace

from intents.desk.case_books import CaseBooks
from intents.desk.case_changes import checked_text, closed, locked, note_opened, save
from intents.desk.case_records import NOBODY, Case, CaseOutcome, CaseState, case_id, case_number
from intents.desk.case_rules import CaseAct, check
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
    state = CaseState.TAKEN if owner and target.state is CaseState.NEW else target.state
    goes_on = replace(target, promised_by=owed, owner=owner, state=state, talking=_talking(case, target))
    return save(books, target, goes_on, "merged_from", case.number)


def _talking(case: Case, target: Case) -> str:
    """Who talks in the case that goes on: a talk with the same person goes with them."""
    same = bool(case.to.person) and case.to.person == target.to.person
    return target.talking or (case.talking if same else NOBODY)


def split(books: CaseBooks, who: StaffMember, number: str, summary: str) -> Case:
    """Opens a second case of the same requester for something else they asked. Gives the new one."""
    case = locked(books, number)
    check(CaseAct.SPLIT, case, who)
    new = books.cases.split(case, checked_text(summary))
    note_opened(books, new, case.number)
    save(books, case, case, "split", new.number)
    return new


def last(books: CaseBooks, case: Case) -> Case:
    """The case that goes on for one that was merged, however often; held."""
    seen = {case.id}
    while case.merged_into and case.merged_into not in seen:
        seen.add(case.merged_into)
        case = locked(books, case_number(case.merged_into))
    return case
