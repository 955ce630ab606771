"""Seminars: the list, a new one, and one page each with seats, who signed up, and who came."""

from collections.abc import Callable, Mapping, Sequence

from starlette.responses import Response

from bot.console import seminar_form
from bot.console.looks import note_look
from bot.console.numbers import whole_number
from bot.console.turned import nowhere
from bot.console.visit import Visit
from bot.seminar_csv import Listed, listed
from intents.desk import seats, seminars_staff
from intents.desk.case_forms import Wrong
from intents.desk.refused import Refused
from intents.desk.seats import RaisePreview, SeatState
from intents.desk.seminar_buttons import letters_with_buttons
from intents.desk.seminar_records import Registration, Seminar, SeminarState
from intents.desk.seminars_staff import Attendance
from intents.notices import load_notices
from storage.seminars import StoredSeminars

MOST = 10_000
# What the page's forms hold while nobody has typed anything.
NOTHING = {"to": "", "reason": "", "names": ""}
Names = Mapping[str, object]


def show(visit: Visit) -> Response:
    """Every seminar, the latest start first."""
    with visit.database.look() as connection:
        store = StoredSeminars(connection, visit.database, visit.now)
        found = store.listing()
        taken = store.seats([one.id for one in found])
    rows = [(one, taken[one.id]) for one in found]
    return visit.page("seminars.html.j2", {"rows": rows})


def new(visit: Visit) -> Response:
    """The form of a new one."""
    return _form(visit, {}, {})


def create(visit: Visit) -> Response:
    """Writes a new one down; what is wrong with it stands at each field."""
    given = visit.sent.plain
    try:
        wanted = seminar_form.read(visit, given, visit.now)
    except Wrong as wrong:
        return _form(visit, given, wrong.errors, 422)
    with visit.books() as opened:
        number = seminars_staff.create(opened, wanted).number
    return visit.back(f"/seminars/{number}", "seminar_created")


def _form(visit: Visit, given: Mapping[str, str], errors: Mapping[str, str], status: int = 200) -> Response:
    names = {
        "fields": seminar_form.fields(visit, given, errors),
        "problem": visit.say("mend") if errors else "",
    }
    return visit.page("seminar_new.html.j2", names, status)


# ------------------------------------------------ one of them


def show_one(visit: Visit) -> Response:
    """One seminar; seeing who signed up leaves a line in the audit."""
    return _page(visit, {})


def _page(visit: Visit, more: Names, status: int = 200) -> Response:
    with visit.database.look() as connection:
        store = StoredSeminars(connection, visit.database, visit.now)
        seminar = _find(visit, store)
        registrations = store.registrations(seminar.id)
    note_look(visit, seminar.subject)
    names: dict[str, object] = {
        "seminar": seminar,
        "registrations": registrations,
        "counts": {state.value: _people(registrations, state) for state in SeatState},
        "free": seats.free(seminar.capacity, registrations),
        "ahead": seminar.state is SeminarState.DRAFT or seminar.ahead(visit.now),
        "begun": visit.now >= seminar.starts_at and seminar.state is not SeminarState.CANCELLED,
        "raised": None,
        "came": None,
        "typed": NOTHING,
    }
    return visit.page("seminar.html.j2", names | dict(more), status)


def _find(visit: Visit, store: StoredSeminars) -> Seminar:
    number = visit.place("number")
    found = store.find(number)
    if found is None or found.number != number:
        raise nowhere()
    return found


def _people(registrations: Sequence[Registration], state: SeatState) -> int:
    return sum(one.party for one in registrations if one.state is state)


# ------------------------------------------------ what is done to it


def do(visit: Visit) -> Response:
    """One of the acts below; what is refused stands on the page."""
    act = ACTS.get(visit.place("act"))
    if act is None:
        raise nowhere()
    with visit.database.look() as connection:
        _find(visit, StoredSeminars(connection, visit.database, visit.now))
    try:
        return act(visit)
    except Refused as refused:
        more = {"problem": visit.refusal(refused, "console"), "typed": NOTHING | visit.sent.plain}
        return _page(visit, more, 409)


def _open(visit: Visit) -> Response:
    return _set_open(visit, is_open=True)


def _close(visit: Visit) -> Response:
    return _set_open(visit, is_open=False)


def _set_open(visit: Visit, *, is_open: bool) -> Response:
    with visit.books() as opened:
        seminars_staff.set_open(opened, visit.place("number"), is_open=is_open)
    return _back(visit, "seminar_opened" if is_open else "seminar_closed")


def _raise(visit: Visit) -> Response:
    """First what it would do; done once that was seen and nothing has changed since."""
    number, to = visit.place("number"), _count(visit)
    with visit.books() as opened:
        preview = seminars_staff.preview_raise(opened, number, to)
        if visit.sent.one("confirm") == _seen(preview):
            letters = letters_with_buttons(opened.links, load_notices(), visit.wording)
            seminars_staff.raise_capacity(opened, letters, number, to, visit.sent.one("reason").strip())
            return _back(visit, "seminar_raised")
        offered = [
            one
            for one in opened.seminars.parties(_find(visit, opened.seminars).id)
            if one.id in preview.offered
        ]
    more = {
        "raised": preview,
        "offered": offered,
        "seen": _seen(preview),
        "typed": NOTHING | visit.sent.plain,
    }
    return _page(visit, more)


def _seen(preview: RaisePreview) -> str:
    return f"{preview.before}:{','.join(map(str, preview.offered))}"


def _lower(visit: Visit) -> Response:
    with visit.books() as opened:
        seminars_staff.lower_capacity(
            opened, visit.place("number"), _count(visit), visit.sent.one("reason").strip()
        )
    return _back(visit, "seminar_lowered")


def _count(visit: Visit) -> int:
    wanted = whole_number(visit.sent.one("to"), 1, MOST)
    if wanted is None:
        raise Refused("seats_wrong", limit=MOST)
    return wanted


def _attendance(visit: Visit) -> Response:
    """First who is matched, who is not, and which lines name nobody; kept once that was seen."""
    came = _listed(visit)
    names = came.names
    with visit.books() as opened:
        if visit.sent.one("confirm"):
            seminars_staff.take_attendance(opened, visit.place("number"), names)
            return _back(visit, "attendance_kept")
        seminar = _find(visit, opened.seminars)
        found = seminars_staff.match_attendance(opened.seminars.registrations(seminar.id), names)
    preview = {"came": found, "came_text": _said(visit, found), "listed": "\n".join(names)}
    return _page(visit, {**preview, "passed": came.passed_over})


def _listed(visit: Visit) -> Listed:
    """Who came, from the box and from the file together. Refused: attendance_empty, as `seminar_csv.listed`."""
    found = listed(visit.sent.one("names").encode()) + listed(visit.sent.files.get("list", b""))
    # An empty list would say that nobody came.
    if not found.names:
        raise Refused("attendance_empty")
    return found


def _said(visit: Visit, found: Attendance) -> str:
    counts = {name: len(getattr(found, name)) for name in ("came", "absent", "unconfirmed", "unknown")}
    return visit.word("seminars.attendance", **counts)


def _back(visit: Visit, done: str) -> Response:
    return visit.back(f"/seminars/{visit.place('number')}", done)


ACTS: Mapping[str, Callable[[Visit], Response]] = {
    "open": _open,
    "close": _close,
    "raise": _raise,
    "lower": _lower,
    "attendance": _attendance,
}
