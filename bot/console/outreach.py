"""The weekly outreach list: projects that never came to certification, the most urgent first, each with its reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.responses import Response

from bot.console.looks import note_look
from bot.console.masking import readable
from bot.console.numbers import whole_number
from bot.console.project_nudges import radar_text
from bot.console.turned import nowhere
from bot.console.visit import MOST, Visit
from intents.desk.nudges.radar_records import RadarNote
from intents.desk.nudges.timing import monday
from intents.desk.projects.records import Contact, Project, Role
from storage.books import StoredBooks

PAGE, LONGEST = 50, 500


@dataclass(frozen=True, slots=True)
class Line:
    """One project of the list with whom to call."""

    note: RadarNote
    project: Project
    why: str
    people: Sequence[tuple[str, str]]
    called: str


def show(visit: Visit) -> Response:
    """A week's list, this week's unless another Monday is asked for, fifty lines a page."""
    week = _week(visit)
    after = visit.number("after")
    with visit.database.look() as connection:
        opened = StoredBooks(connection, visit.database, visit.now, visit.member.actor)
        notes = opened.radar.of_week(week, after, PAGE + 1)
        lines = _lines(visit, opened, notes[:PAGE])
    if lines:
        note_look(visit, f"outreach:{week}")
    names = {
        "lines": lines,
        "week": week,
        "before": week - timedelta(days=7),
        "later": week + timedelta(days=7) if week < monday(visit.now) else None,
        "more": notes[PAGE - 1].rank if len(notes) > PAGE else 0,
    }
    return visit.page("outreach.html.j2", names)


def _week(visit: Visit) -> date:
    try:
        asked = date.fromisoformat(visit.asked("week"))
    except ValueError:
        return monday(visit.now)
    return asked - timedelta(days=asked.weekday())


def _lines(visit: Visit, opened: StoredBooks, notes: Sequence[RadarNote]) -> list[Line]:
    ids = [one.project for one in notes]
    projects = {one.id: one for one in opened.projects.of(ids)}
    duties = [one for one in opened.contacts.duties(ids) if one.role is not Role.FORMER]
    people = {one.id: one for one in opened.contacts.of({one.contact for one in duties})}
    by_project = {id_: [people[one.contact] for one in duties if one.project == id_] for id_ in ids}
    return [_line(visit, one, projects[one.project], by_project[one.project]) for one in notes]


def _line(visit: Visit, note: RadarNote, project: Project, people: Sequence[Contact]) -> Line:
    shown = [(one.name, readable(one.mail, visit.member)) for one in people]
    called = visit.when(note.called_at) if note.called_at else ""
    return Line(note, project, radar_text(visit, note), shown, called)


def call(visit: Visit) -> Response:
    """Notes that somebody called, and what came of it."""
    project = whole_number(visit.sent.one("project"), 1, MOST) or 0
    outcome = visit.sent.one("outcome").strip()[:LONGEST]
    try:
        week = date.fromisoformat(visit.place("week"))
    except ValueError:
        raise nowhere() from None
    with visit.books() as opened:
        found = next(iter(opened.projects.of([project])), None)
        if found is None or not opened.radar.called(week, project, visit.member.actor, outcome):
            raise nowhere()
        opened.projects.in_touch(project)
        opened.audit.note(found.subject, "called", after={"week": week.isoformat()})
    return visit.back(f"/outreach?week={week}", "outreach_called")
