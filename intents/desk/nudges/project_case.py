"""What staff have to do about a project: one open case of it, to which each further reason is added as a note."""

from dataclasses import replace
from datetime import date, datetime, time

from intents.appointments import TOKYO
from intents.desk.books import Recipient
from intents.desk.case_changes import save
from intents.desk.case_records import Case, CaseKind, DateKind, NewCase, NoteKind
from intents.desk.case_talk import open_case
from intents.desk.nudges.books import NudgeBooks
from intents.desk.practice import Practice
from intents.desk.projects.records import ProjectHead
from knowledge.model import Lang

NOBODY = Recipient(0, "", "", Lang.JA)
# Office dates are days: a case runs towards the end of the working day.
END_OF_DAY = time(17)


def bring_in_staff(
    books: NudgeBooks,
    practice: Practice,
    project: ProjectHead,
    text: str,
    to: Recipient = NOBODY,
    by: datetime | None = None,
) -> Case:
    """Opens a case about a project, or adds to the one that is open; `by` is the next real date, UTC."""
    open_ = books.cases.about(project.subject)
    case = books.cases.lock(open_.number) if open_ else None
    if case is None or not case.is_open:
        new = NewCase(
            kind=CaseKind.PROJECT,
            summary=text,
            to=to,
            organisation=project.organisation,
            prefecture=project.prefecture,
            methodology=project.methodology,
            about=project.subject,
        )
        return _dated(books, open_case(books, practice, new), by)
    books.cases.write(case, NoteKind.NOTE, text)
    return _dated(books, save(books, case, case, "project_more"), by)


def _dated(books: NudgeBooks, case: Case, by: datetime | None) -> Case:
    """Runs towards the date as well, if it is sooner than what the case runs towards now."""
    if by is None or (case.next_at and case.next_at <= by):
        return case
    return save(books, case, replace(case, next_at=by, next_kind=DateKind.OTHER), "date_set")


def end_of(day: date) -> datetime:
    """The end of an office day in Tokyo."""
    return datetime.combine(day, END_OF_DAY, TOKYO)
