"""How a case changes: held while it does, written down with one line in the audit. Moments are UTC."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from intents.desk.case_books import CaseBooks
from intents.desk.case_letters import Letters, drop_reminders
from intents.desk.case_records import NOBODY, Case
from intents.desk.case_rules import CaseAct, check
from intents.desk.refused import Refused
from intents.desk.staff_books import StaffMember

LONGEST_TEXT = 4000


def locked(books: CaseBooks, number: str) -> Case:
    """The case of that number, held. Refused: no_case."""
    case = books.cases.lock(number)
    if case is None:
        raise Refused("no_case", number=number)
    return case


def checked(books: CaseBooks, act: CaseAct, who: StaffMember, number: str) -> Case:
    """The case of that number, held, if somebody may do that to it now. Refused: no_case, as `case_rules.check`."""
    case = locked(books, number)
    check(act, case, who)
    return case


def check_ahead(books: CaseBooks, at: datetime) -> None:
    """Refused: date_past, unless the moment is still to come."""
    if at <= books.now:
        raise Refused("date_past")


def checked_text(text: str, *, required: bool = True) -> str:
    """A text that staff wrote, without space around it. Refused: text_missing, text_long."""
    said = text.strip()
    if required and not said:
        raise Refused("text_missing")
    if len(said) > LONGEST_TEXT:
        raise Refused("text_long", length=len(said), limit=LONGEST_TEXT)
    return said


def save(books: CaseBooks, before: Case, after: Case, action: str, reason: str = "") -> Case:
    """Writes a change down with its one line in the audit: only what is different stands there."""
    saved = books.cases.save(after)
    if before.is_open and not after.is_open and not after.merged_into:
        merged = books.cases.merged(after)
        drop_reminders(books, after, *merged)
        _talk(books, merged, NOBODY)
    old, new = _told(before), _told(saved)
    books.audit.note(
        before.subject,
        action,
        before={name: value for name, value in old.items() if value != new[name]},
        after={name: value for name, value in new.items() if value != old[name]},
        reason=reason,
    )
    return saved


def note_opened(books: CaseBooks, case: Case, reason: str = "") -> None:
    """The first line about a case: everything that is not empty, so that the lines after it lead to how it stands."""
    told = {name: value for name, value in _told(case).items() if value}
    books.audit.note(case.subject, "opened", after=told, reason=reason)


def _told(case: Case) -> dict[str, object]:
    """What the audit tells of a case: how it stands, nothing personal."""
    return {
        "state": case.state.value,
        "owner": case.owner,
        "talking": case.talking,
        "desk": case.desk,
        "kind": case.kind.value,
        "promised_by": case.promised_by and case.promised_by.isoformat(),
        "next_at": case.next_at and case.next_at.isoformat(),
        "next_kind": case.next_kind and case.next_kind.value,
        "outcome": case.outcome and case.outcome.value,
        "merged_into": case.merged_into,
    }


def closed(case: Case, now: datetime) -> Case:
    """A case as it is once closed: nobody talks in it, and nothing is owed any more."""
    return replace(case, talking=NOBODY, promised_by=None, closed_at=now)


def follow(books: CaseBooks, case: Case, who: str, person: str = "") -> None:
    """Whoever asked in cases merged into this one is talked with, or not, like its own requester; or one person.

    The rows of merged cases change only while the one that goes on is held.
    """
    _talk(books, [one for one in books.cases.merged(case) if person in ("", one.to.person)], who)


def _talk(books: CaseBooks, merged: Iterable[Case], who: str) -> None:
    for one in merged:
        if one.talking != who:
            save(books, one, replace(one, talking=who), "talk_follows")


def stop_talking(books: CaseBooks, letters: Letters, case: Case, action: str) -> Case:
    """Nobody talks in the case any more, and the requester is told; twice is once."""
    if not case.talking:
        return case
    letters.desk_again(books, case)
    follow(books, case, NOBODY)
    return save(books, case, replace(case, talking=NOBODY), action)
