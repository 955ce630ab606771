"""How cases end, and how they begin again; as `cases`, each act leaves one line in the audit. Moments are UTC.

Raises Refused before anything is written: no_case, what `case_rules.check` refuses, and what each act names.
"""

from dataclasses import replace

from intents.desk.case_books import CaseBooks
from intents.desk.case_changes import checked, checked_text, closed, save
from intents.desk.case_letters import Letters
from intents.desk.case_records import Case, CaseOutcome, CaseState, DateKind, NoteKind
from intents.desk.case_rules import CaseAct
from intents.desk.practice import Practice
from intents.desk.refused import Refused
from intents.desk.staff_books import StaffMember


def finish(
    books: CaseBooks, letters: Letters, who: StaffMember, number: str, outcome: CaseOutcome, text: str = ""
) -> Case:
    """Closes a case with what came of it, and tells the requester, with a last word if there is one."""
    case = checked(books, CaseAct.FINISH, who, number)
    return _close(books, letters, who, case, CaseState.DONE, outcome, text)


def refer(books: CaseBooks, letters: Letters, who: StaffMember, number: str, text: str) -> Case:
    """Closes a case that is not this office's and tells the requester whose it is. Refused: text_missing."""
    case = checked(books, CaseAct.REFER, who, number)
    said = checked_text(text, required=letters.reaches(case))
    return _close(books, letters, who, case, CaseState.NOT_FOR_US, CaseOutcome.REFERRED, said)


def _close(
    books: CaseBooks,
    letters: Letters,
    who: StaffMember,
    case: Case,
    state: CaseState,
    outcome: CaseOutcome,
    text: str,
) -> Case:
    said = checked_text(text, required=False)
    if said:
        books.cases.write(case, NoteKind.REPLY, said)
    if letters.reaches(case):
        letters.closed(books, case, who, said)
    done = replace(case, owner=case.owner or who.name, state=state, outcome=outcome)
    return save(books, case, closed(done, books.now), "closed")


def reopen(
    books: CaseBooks, letters: Letters, practice: Practice, who: StaffMember, number: str, reason: str = ""
) -> Case:
    """Takes a closed case up again; who reopens it owns it, and the requester hears by when. Refused: merged."""
    case = checked(books, CaseAct.REOPEN, who, number)
    if case.merged_into:
        raise Refused("merged", number=number, into=case.merged_into)
    by = practice.promised(case.kind, books.now)
    again = replace(case, owner=who.name, state=CaseState.TAKEN, outcome=None, closed_at=None, promised_by=by)
    if letters.reaches(case):
        letters.reopened(books, case, who, by)
    if case.next_at and case.next_at <= books.now:
        # What it ran towards is over.
        again = replace(again, next_at=None, next_kind=None)
    elif case.next_kind is DateKind.APPOINTMENT and case.next_at:
        # What was agreed on still holds, and so does the reminder.
        again = replace(again, state=CaseState.APPOINTMENT)
        letters.remind(books, case, who, case.next_at)
    return save(books, case, again, "reopened", reason)
