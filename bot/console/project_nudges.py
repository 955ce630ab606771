"""A project's obligations and nudges on its page: what is open, who was told and has seen it, who takes over.

Staff note what they heard on the telephone, and give somebody a link with which they see their projects.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.responses import Response

from bot.console.numbers import whole_number
from bot.console.turned import nowhere
from bot.console.visit import MOST, Visit
from intents.compose import day_text
from intents.desk.nudges import answers
from intents.desk.nudges.muting import mute, resume
from intents.desk.nudges.radar_records import RadarNote
from intents.desk.nudges.records import Nudge, NudgeState, Obligation, ObligationState, Succession
from intents.desk.nudges.setting import Setting, setting_of
from intents.desk.projects.records import Contact, Project
from intents.desk.refused import Refused
from intents.messages import RunCommand
from storage.books import StoredBooks
from storage.projects import StoredProjects

PROJECTS = "my.projects"
# Of what is over, the newest are enough; the audit has all. What comes later than this is folded away.
OVER, SOON = 10, timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Told:
    """One notice to one person: which step, when it was put, to whom, how the letter stands, and when it was seen."""

    step: str
    at: str
    who: str
    state: str
    seen: str


@dataclass(frozen=True, slots=True)
class Row:
    """One obligation as the page shows it."""

    id: int
    rule: str
    title: str
    due: str
    kind: str
    state: str
    open: bool
    next: str
    answer: str
    told: Sequence[Told]


def shown(visit: Visit, opened: StoredBooks, project: Project) -> dict[str, object]:
    """The names of the section for its template."""
    setting = setting_of(visit.house.live.current().edition)
    found = opened.obligations.of_projects([project.id])
    told = opened.nudges.of_obligations([one.id for one in found])
    people = {one.id: one for one in opened.contacts.of({one.contact for one in told})}
    letters = opened.nudges.states({one.letter for one in told})
    by_id = {one.id: [each for each in told if each.obligation == one.id] for one in found}

    def rows(chosen: Sequence[Obligation]) -> list[Row]:
        return [_row(visit, setting, one, by_id[one.id], people, letters) for one in chosen]

    open_ = sorted((one for one in found if one.state is ObligationState.OPEN), key=_due)
    soon = (visit.now + SOON).date()
    now = [one for one in open_ if one.told_at or (one.next_on and one.next_on <= soon)]
    over = [one for one in found if one.state is not ObligationState.OPEN][-OVER:]
    later = [one for one in open_ if one not in now]
    note = opened.radar.of_project(project.id)
    return {
        "obligations": {
            "any": bool(found),
            "now": rows(now),
            "later": rows(later),
            "over": rows(list(reversed(over))),
        },
        "successions": [_succession(visit, opened, one) for one in opened.successions.of_project(project.id)],
        "radar": radar_text(visit, note) if note else "",
    }


def _due(one: Obligation) -> date:
    return one.due_on or date.max


def _row(
    visit: Visit,
    setting: Setting,
    one: Obligation,
    told: Sequence[Nudge],
    people: Mapping[int, Contact],
    letters: Mapping[str, str],
) -> Row:
    sent = [each for each in told if each.state is NudgeState.SENT]
    return Row(
        id=one.id,
        rule=one.rule,
        title=setting.title(one.rule, visit.lang),
        due=day_text(one.due_on, visit.lang, visit.wording) if one.due_on else "–",
        kind=one.kind.value,
        state=visit.word(f"nudge_page.state_{one.state.value}"),
        open=one.state is ObligationState.OPEN,
        next=one.next_on.isoformat() if one.next_on else "",
        answer=visit.word(f"nudge_page.answer_{one.answer}") if one.answer else "",
        told=[_told(visit, each, people, letters) for each in sent],
    )


def _told(visit: Visit, one: Nudge, people: Mapping[int, Contact], letters: Mapping[str, str]) -> Told:
    state = letters.get(one.letter, "dropped")
    seen = visit.when(one.seen_at) if one.seen_at else ""
    return Told(
        one.step,
        visit.when(one.put_at),
        people[one.contact].name,
        visit.word(f"nudge_page.letter_{state}"),
        seen,
    )


def _succession(visit: Visit, opened: StoredBooks, one: Succession) -> Mapping[str, str]:
    names = {who.id: who.name for who in opened.contacts.of([one.contact, one.successor])}
    return {
        "opened": visit.when(one.opened_at),
        "why": visit.word(f"nudges.why_{one.why}"),
        "leaving": names.get(one.contact, ""),
        "state": visit.word(f"nudge_page.succession_{one.state}"),
        "successor": names.get(one.successor, ""),
        "case": one.case,
    }


def radar_text(visit: Visit, note: RadarNote) -> str:
    """Why a project is on the list, in words."""
    return visit.word("radar.and").join(
        visit.word(f"radar.{name}", number=number) for name, number in note.reasons
    )


# ------------------------------------------------ what staff note


def do(visit: Visit) -> Response:
    """Notes what somebody said on the telephone about an obligation, or gives a person their link."""
    project, act = _find(visit), visit.place("act")
    if act == "link":
        return _link(visit, project)
    if act not in (ACTS.keys() | PERSON.keys()):
        raise nowhere()
    id_ = whole_number(visit.sent.one("one"), 1, MOST) or 0
    try:
        with visit.books() as opened:
            if act in ACTS:
                _check(opened, project, id_)
                ACTS[act](visit, opened, id_)
            else:
                PERSON[act](visit, opened, _contact(opened, project, id_))
    except Refused:
        raise nowhere() from None
    return visit.back(f"/projects/{project.project_id}", f"nudge_{act}")


ACTS: Mapping[str, Callable[[Visit, StoredBooks, int], object]] = {
    "done": lambda visit, opened, id_: answers.done(opened, id_, visit.member.actor),
    "working": lambda visit, opened, id_: answers.working(opened, id_, visit.member.actor),
    "stop": lambda visit, opened, id_: answers.stop(opened, id_, visit.member.actor),
    "reopen": lambda visit, opened, id_: answers.reopen(
        setting_of(visit.house.live.current().edition), opened, id_, visit.member.actor
    ),
}
PERSON: Mapping[str, Callable[[Visit, StoredBooks, Contact], None]] = {
    "mute": lambda visit, opened, who: mute(opened, who, visit.member.actor),
    "resume": lambda visit, opened, who: resume(
        opened, who, visit.member.actor, visit.word("purposes.version")
    ),
}


def _find(visit: Visit) -> Project:
    with visit.database.look() as connection:
        found = StoredProjects(connection, visit.database, visit.now).find(visit.place("id"))
    if found is None:
        raise nowhere()
    return found


def _check(opened: StoredBooks, project: Project, id_: int) -> None:
    """Nothing is noted from the page of a project that it does not belong to."""
    found = opened.obligations.find(id_)
    if found is None or found.project != project.id:
        raise nowhere()


def _contact(opened: StoredBooks, project: Project, id_: int) -> Contact:
    found = opened.contacts.by_id(id_)
    if found is None or id_ not in {duty.contact for duty in opened.contacts.duties([project.id])}:
        raise nowhere()
    return found


def _link(visit: Visit, project: Project) -> Response:
    """A link that makes the conversation in which it is opened theirs; to be passed on to them, and to nobody else."""
    id_ = whole_number(visit.sent.one("one"), 1, MOST) or 0
    with visit.books() as opened:
        contact = _contact(opened, project, id_)
        token = opened.links.issue(RunCommand(PROJECTS, given={"contact": str(contact.id)}))
        opened.audit.note(contact.subject, "link_issued", reason=project.project_id)
    base = visit.house.settings.public_url.rstrip("/") or str(visit.request.base_url).rstrip("/")
    names = {"project": project, "who": contact.name, "address": f"{base}/press/{token}"}
    return visit.page("project_link.html.j2", names)
