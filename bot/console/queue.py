"""The queue: filters and search in one form, fifty a page, and what has come in since the page was opened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response

from bot.console.looks import note_look_at_list
from bot.console.rights import ROOT
from bot.console.visit import Visit
from intents.desk.case_records import Case, CaseKind, CaseState
from intents.desk.case_rules import CaseAct, allowed
from intents.desk.case_words import slack_text
from intents.desk.practice import Practice
from intents.desk.routing import DESKS
from intents.desk.staff_books import Role, StaffMember
from intents.readers.area import AREA
from storage.case_queue import NOBODYS, PAGE, Filter, counts, queue
from storage.console_views import newest_case, opened_since

MINE = "me"
FILTERS = ("q", "owner", "state", "kind", "prefecture", "desk", "late", "closed")
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Row:
    """One case as the queue shows it."""

    case: Case
    owner: str
    left: str
    late: bool
    takeable: bool


def show(visit: Visit) -> Response:
    """A page of the queue; after the last page comes the last page. Looking leaves a line in the audit."""
    which, skip = _filter(visit), max(0, visit.number("page") - 1) * PAGE
    note_look_at_list(visit, "queue")
    with visit.database.look() as connection:
        found = queue(connection, which, skip)
        if found.total and not found.cases:
            skip = (found.total - 1) // PAGE * PAGE
            found = queue(connection, which, skip)
        numbers, newest = counts(connection, visit.member.name, visit.now), newest_case(connection)
    with visit.staff() as staff:
        everybody, called = staff.all(), visit.called(staff)
    practice = visit.practice
    names = {
        "rows": [_row(visit, practice, one, called) for one in found.cases],
        "total": found.total,
        "first": skip + 1,
        "last": skip + len(found.cases),
        "newest": newest,
        "chosen": {name: visit.asked(name) for name in FILTERS},
        "narrowed": any(visit.asked(name) for name in FILTERS),
        "counts": _counts(numbers),
        "options": _options(visit, everybody),
        "pages": _pages(visit, skip, found.total),
        "query": urlencode([(name, visit.asked(name)) for name in FILTERS if visit.asked(name)]),
    }
    return visit.page("queue.html.j2", names)


def news(visit: Visit) -> Response:
    """How many cases have come in after the newest one that the page knows."""
    with visit.database.look() as connection:
        count = opened_since(connection, visit.number("after"))
    text = visit.say("news", count=count) if count else ""
    return JSONResponse({"count": count, "text": text})


def _filter(visit: Visit) -> Filter:
    owner = visit.asked("owner")
    return Filter(
        desk=visit.asked("desk"),
        owner=visit.member.name if owner == MINE else owner,
        state=_one_of(CaseState, visit.asked("state")),
        kind=_one_of(CaseKind, visit.asked("kind")),
        prefecture=visit.asked("prefecture"),
        text=visit.asked("q"),
        late_at=visit.now if visit.asked("late") else None,
        closed=bool(visit.asked("closed")),
    )


def _one_of(kind: type[E], text: str) -> E | None:
    return kind(text) if text in list(kind) else None


def _row(visit: Visit, practice: Practice, one: Case, called: Callable[[str], str]) -> Row:
    left = slack_text(one, practice, visit.now, visit.wording, visit.lang)
    late = one.due is not None and one.due[0] < visit.now
    takeable = CaseAct.TAKE in allowed(one, visit.member)
    return Row(one, called(one.owner), left, late, takeable)


def _counts(numbers: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """Each number with the filter that shows its cases."""
    shown = {"open": "", "mine": f"owner={MINE}", "unowned": f"owner={NOBODYS}", "late": "late=1"}
    return [(name, f"{ROOT}?{query}" if query else ROOT, numbers[name]) for name, query in shown.items()]


def _options(visit: Visit, staff: tuple[StaffMember, ...]) -> dict[str, list[tuple[str, str]]]:
    able = [(one.name, one.display) for one in staff if one.active and one.role.may(Role.DESK)]
    return {
        "owner": [(MINE, visit.say("mine")), (NOBODYS, visit.say("unowned")), *able],
        "state": [(one.value, visit.word(f"cases.state_{one}")) for one in CaseState],
        "kind": [(one.value, visit.word(f"cases.kind_{one}")) for one in CaseKind],
        "desk": [(one, visit.word(f"cases.desk_{one}")) for one in DESKS],
        "prefecture": [(one, one) for one in AREA],
    }


def _pages(visit: Visit, skip: int, total: int) -> dict[str, str]:
    """The addresses of the page before and the next one."""
    kept = [(name, visit.asked(name)) for name in FILTERS if visit.asked(name)]
    page = skip // PAGE + 1
    around = {"before": page - 1 if page > 1 else 0, "next": page + 1 if skip + PAGE < total else 0}
    return {name: f"{ROOT}?{urlencode([*kept, ('page', at)])}" if at else "" for name, at in around.items()}
