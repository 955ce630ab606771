"""One project: its facts and dates, what belongs to it, who looks after it, and a form for everything that can be changed.

A form carries the version that somebody saw. What stands there already is done; what has changed meanwhile is shown
beside what was typed, and nothing is written until it is sent again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from bot.console.looks import note_look
from bot.console.numbers import whole_number
from bot.console.project_form import read_form
from bot.console.project_names import Try, names_for
from bot.console.turned import nowhere
from bot.console.visit import MOST, Visit
from bot.project_words import Words
from intents.desk.case_forms import Wrong
from intents.desk.projects import duties, people, register
from intents.desk.projects.importing.people import COLUMNS
from intents.desk.projects.items import MonitoringItem
from intents.desk.projects.records import Certification, Instrument, Period, Project, Role
from intents.desk.refused import Refused
from storage.books import StoredBooks
from storage.projects import StoredProjects

CHANGED = "changed_meanwhile"


@dataclass(frozen=True, slots=True)
class Doing:
    """A form about to be done: the books, the project's name, what was typed as values, and the version that was seen."""

    books: StoredBooks
    id: str
    values: Mapping[str, Any]
    seen: int | None
    contact: int = 0
    seen_contact: str | None = None


def show_one(visit: Visit) -> Response:
    """The page; looking leaves a line in the audit."""
    return _page(visit, Try())


def do(visit: Visit) -> Response:
    """Does what a form asks for. What is refused stands on the page with what was typed."""
    act, project = visit.place("act"), _find(visit)
    if act not in ACTS:
        raise nowhere()
    given = {name: "\n".join(values) for name, values in visit.sent.fields.items()}
    contact = whole_number(given.get("contact", ""), 1, MOST) or 0
    told = Words(visit.wording, visit.lang)
    try:
        values = read_form(told, act, given) if act in WITH_FORM else given
        with visit.books() as opened:
            _check_contact(opened, project, act, contact)
            ACTS[act](_doing(opened, project, values, given, contact))
    except Wrong as wrong:
        return _page(visit, Try(act, contact, given, wrong.errors, visit.say("mend"), 422))
    except Refused as refused:
        return _page(visit, _refused(told, act, contact, given, refused))
    return visit.back(f"/projects/{project.project_id}", f"project_{act}")


def _doing(
    opened: StoredBooks, project: Project, values: Mapping[str, Any], given: Mapping[str, str], contact: int
) -> Doing:
    seen = whole_number(given.get("version", ""), 1, MOST) or 0
    return Doing(opened, project.project_id, values, seen, contact, given.get("seen", ""))


def _refused(told: Words, act: str, contact: int, given: Mapping[str, str], refused: Refused) -> Try:
    problem = told.refusal(refused)
    at = str(refused.places.get("field", ""))
    errors = {at: problem} if at and act in WITH_FORM else {}
    return Try(act, contact, given, errors, problem, 409, refused.problem == CHANGED)


def _check_contact(opened: StoredBooks, project: Project, act: str, contact: int) -> None:
    """Nobody is changed from the page of a project that they have nothing to do with."""
    if act in OF_PERSON and contact not in {one.contact for one in opened.contacts.duties([project.id])}:
        raise nowhere()


def _find(visit: Visit) -> Project:
    """The project of exactly that name; raises Turned when there is none."""
    with visit.database.look() as connection:
        found = StoredProjects(connection, visit.database, visit.now).find(visit.place("id"))
    if found is None:
        raise nowhere()
    return found


def _page(visit: Visit, tried: Try) -> Response:
    project = _find(visit)
    note_look(visit, project.subject)
    with visit.database.look() as connection:
        opened = StoredBooks(connection, visit.database, visit.now, visit.member.actor)
        names = names_for(visit, opened, project, tried)
    return visit.page("project.html.j2", names | {"problem": tried.problem}, tried.status)


# ------------------------------------------------ what the forms do


def _change(do: Doing) -> None:
    register.change(do.books, do.id, do.seen, **do.values)


def _assign(role: Role) -> Callable[[Doing], None]:
    name, mail = COLUMNS[role]

    def work(do: Doing) -> None:
        given = do.values
        duties.assign(do.books, do.id, role, given[name], given[mail], why=given["why"], seen=do.seen)

    return work


def _end(do: Doing) -> None:
    role = do.values.get("role", "")
    if role not in list(duties.ROLES):
        raise nowhere()
    duties.unassign(do.books, do.id, Role(role), seen=do.seen)


def _person(do: Doing) -> None:
    given = dict(do.values)
    name, mail = given.pop("contact_name"), given.pop("contact_email")
    people.change(do.books, do.contact, do.seen_contact, name=name, mail=mail, **given)


ACTS: Mapping[str, Callable[[Doing], object]] = {
    "facts": _change,
    "dates": _change,
    "marks": _change,
    "round": lambda do: register.choose_round(do.books, do.id, do.values["target_round"], do.seen),
    "state": lambda do: register.set_state(do.books, do.id, do.values["state"], do.values["why"], do.seen),
    "certify": lambda do: register.certify(do.books, do.id, Certification(**do.values), do.seen),
    "period": lambda do: register.add_period(do.books, do.id, Period(**do.values), do.seen),
    "instrument": lambda do: register.add_instrument(do.books, do.id, Instrument(**do.values), do.seen),
    "item": lambda do: register.add_item(do.books, do.id, MonitoringItem(**do.values), do.seen),
    "owner": _assign(Role.OWNER),
    "second": _assign(Role.SECOND),
    "end": _end,
    "person": _person,
    "bounced": lambda do: people.mail_came_back(do.books, do.contact),
    "left": lambda do: people.left(do.books, do.contact),
    "reachable": lambda do: people.reachable(do.books, do.contact),
}
OF_PERSON = frozenset({"person", "bounced", "left", "reachable"})
WITH_FORM = frozenset(ACTS) - {"end", "bounced", "left", "reachable"}
