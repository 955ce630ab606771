"""Who works at the office: add, change, end somebody's access, and issue a link to sign in, which is shown once."""

from collections.abc import Callable, Mapping

from starlette.responses import Response

from bot.console.rights import ROOT
from bot.console.turned import nowhere
from bot.console.visit import Visit
from intents.desk import staff as rules
from intents.desk.refused import Refused
from intents.desk.routing import DESKS
from intents.desk.staff_books import Role, StaffMember
from intents.forms import Field, FieldKind, Option
from intents.readers.area import AREA
from storage.books import StoredBooks

SUBJECTS = ("console", "staff")
LINES = (
    ("display", FieldKind.LINE, True),
    ("mail", FieldKind.MAIL, False),
    ("slack", FieldKind.LINE, False),
    ("teams", FieldKind.LINE, False),
)
CHANGED = ("display", "mail", "slack", "teams", "role", "desks", "prefectures", "active")
NEW = ""


def show(visit: Visit) -> Response:
    """Everybody, with a form for each and one for somebody new."""
    return _page(visit)


def add(visit: Visit) -> Response:
    """Somebody new."""
    name = visit.sent.one("name").strip()

    def work(opened: StoredBooks) -> None:
        rules.add(opened, _given(visit, name, active=True))

    return _tried(visit, NEW, work, "person_added")


def change(visit: Visit) -> Response:
    """Changes somebody; another role, or ending their access, ends their sessions at once."""
    name = _known(visit)

    def work(opened: StoredBooks) -> None:
        wanted = _given(visit, name, active=bool(visit.sent.one("active")))
        # Nobody must lock themselves out, and with them perhaps the last who could let them in again.
        if name == visit.member.name and not (wanted.active and wanted.role is Role.ADMIN):
            raise Refused("own_role")
        rules.change(opened, name, **{field: getattr(wanted, field) for field in CHANGED})

    return _tried(visit, name, work, "person_changed")


def issue_link(visit: Visit) -> Response:
    """A link to sign in, on this page and never again."""
    name = _known(visit)
    try:
        with visit.books() as opened:
            token = rules.login(opened, name)
    except Refused as refused:
        return _page(visit, name, visit.refusal(refused, *SUBJECTS), 409)
    base = visit.house.settings.public_url.rstrip("/") or str(visit.request.base_url).rstrip("/")
    return _page(visit, link=(name, f"{base}{ROOT}/login/{token}"))


def _known(visit: Visit) -> str:
    name = visit.place("name")
    with visit.staff() as staff:
        if staff.by_name(name) is None:
            raise nowhere()
    return name


def _given(visit: Visit, name: str, *, active: bool) -> StaffMember:
    """Who the form describes. Refused: role_wrong."""
    one, several = visit.sent.one, visit.sent.several
    if one("role") not in list(Role):
        raise Refused("role_wrong")
    display, mail, slack, teams = (one(field).strip() for field, _, _ in LINES)
    desks = tuple(desk for desk in several("desks") if desk in DESKS) or DESKS[:1]
    places = tuple(place for place in several("prefectures") if place in AREA)
    return StaffMember(
        name, display, Role(one("role")), slack, teams, mail, desks, prefectures=places, active=active
    )


def _tried(visit: Visit, name: str, work: Callable[[StoredBooks], None], done: str) -> Response:
    try:
        with visit.books() as opened:
            work(opened)
    except Refused as refused:
        return _page(visit, name, visit.refusal(refused, *SUBJECTS), 409)
    return visit.back("/people", done)


def _page(
    visit: Visit,
    tried: str | None = None,
    problem: str = "",
    status: int = 200,
    link: tuple[str, str] = ("", ""),
) -> Response:
    with visit.staff() as staff:
        everybody = staff.all()
    given = _typed(visit) if problem else {}
    forms = [(one, _fields(visit, one, given if one.name == tried else {})) for one in everybody]
    fresh = StaffMember("", "", Role.DESK, desks=DESKS[:1])
    named = Field(
        "name", visit.say("col_handle"), FieldKind.LINE, visit.say("hint_handle"), given.get("name", "")
    )
    new = (named, *_fields(visit, fresh, given if tried == NEW else {}))
    names = {"forms": forms, "new": new, "tried": tried, "problem": problem, "link": link}
    return visit.page("people.html.j2", names, status)


def _typed(visit: Visit) -> dict[str, str]:
    return {name: "\n".join(values) for name, values in visit.sent.fields.items()}


def _fields(visit: Visit, one: StaffMember, given: Mapping[str, str]) -> tuple[Field, ...]:
    def value(name: str, before: str) -> str:
        return given.get(name, "" if given else before)

    lines = tuple(
        Field(name, visit.say(f"col_{name}"), kind, value=value(name, getattr(one, name)), required=required)
        for name, kind, required in LINES
    )
    roles = tuple(Option(role.value, visit.word(f"staff.role_{role}")) for role in Role)
    desks = tuple(Option(desk, visit.word(f"cases.desk_{desk}")) for desk in DESKS)
    area = tuple(Option(place, place) for place in AREA)
    several = FieldKind.SEVERAL
    return (
        *lines,
        Field(
            "role", visit.say("col_role"), FieldKind.ONE, value=value("role", one.role.value), options=roles
        ),
        Field(
            "desks", visit.say("col_desk"), several, value=value("desks", "\n".join(one.desks)), options=desks
        ),
        Field(
            "prefectures",
            visit.say("col_prefecture"),
            several,
            visit.say("hint_prefectures"),
            value("prefectures", "\n".join(one.prefectures)),
            area,
            required=False,
        ),
    )
