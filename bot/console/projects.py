"""The register: the list with its search and filters, a new project, the empty template, and the whole as a file."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from starlette.responses import Response

from bot.clock import TOKYO
from bot.console.looks import note_look_at_list
from bot.console.project_form import form_fields, read_form
from bot.console.rights import ROOT
from bot.console.turned import nowhere
from bot.console.visit import Visit
from bot.project_export import packed, shelf
from bot.project_tables import template as template_tables
from bot.project_tables import written_out
from bot.project_words import Words
from bot.tables import Kind, book, written
from intents.desk.case_forms import Wrong
from intents.desk.projects import register
from intents.desk.projects.importing.sheets import SheetKind
from intents.desk.projects.records import NewProject
from intents.desk.refused import Refused
from intents.readers.area import AREA
from storage.books import StoredBooks
from storage.views_projects import ProjectFilter, ProjectLines, methodologies, project_lines

MARKS = ("never_certified", "without_contact", "unverified")
FILTERS = ("q", "prefecture", "methodology", *MARKS)
_FRESH = {"scheme": "normal", "is_forest": "no"}


def show(visit: Visit) -> Response:
    """Fifty a page, by id; looking leaves a line in the audit, as people stand there by name."""
    note_look_at_list(visit, "project:all")
    which = _filter(visit)
    with visit.database.look() as connection:
        found = project_lines(connection, which, after=visit.asked("after"), before=visit.asked("before"))
        if not found.lines and visit.asked("before"):
            found = project_lines(connection, which)
        codes = methodologies(connection)
    names = {
        "rows": [(one, f"{ROOT}/projects/{quote(one.project_id, safe='')}") for one in found.lines],
        "told": Words(visit.wording, visit.lang),
        "total": found.total,
        "chosen": {name: visit.asked(name) for name in FILTERS},
        "narrowed": any(visit.asked(name) for name in FILTERS),
        "options": {"prefecture": AREA, "methodology": codes},
        "marks": MARKS,
        "pages": _pages(visit, found),
    }
    return visit.page("projects.html.j2", names)


def _filter(visit: Visit) -> ProjectFilter:
    return ProjectFilter(
        text=visit.asked("q"),
        prefecture=visit.asked("prefecture"),
        methodology=visit.asked("methodology"),
        never_certified=bool(visit.asked("never_certified")),
        without_contact=bool(visit.asked("without_contact")),
        unverified=bool(visit.asked("unverified")),
    )


def _pages(visit: Visit, found: ProjectLines) -> dict[str, str]:
    """The addresses of the page before and the next one."""
    kept = [(name, visit.asked(name)) for name in FILTERS if visit.asked(name)]
    first, last = (found.lines[0].project_id, found.lines[-1].project_id) if found.lines else ("", "")
    around = {"before": first if found.before else "", "after": last if found.after else ""}
    return {
        name: f"{ROOT}/projects?{urlencode([*kept, (name, at)])}" if at else "" for name, at in around.items()
    }


# ------------------------------------------------ a new one


def new(visit: Visit) -> Response:
    """The form of a new one."""
    return _form(visit, _FRESH, {})


def create(visit: Visit) -> Response:
    """Writes a new one down; what is wrong with it stands at each field."""
    given, told = visit.sent.plain, Words(visit.wording, visit.lang)
    try:
        values = read_form(told, "new", given)
        with visit.books() as opened:
            added = register.add(opened, NewProject(**values))
    except Wrong as wrong:
        return _form(visit, given, wrong.errors, 422)
    except Refused as refused:
        return _form(visit, given, {str(refused.places.get("field", "")): told.refusal(refused)}, 422)
    return visit.back(f"/projects/{quote(added.project_id, safe='')}", "project_created")


def _form(visit: Visit, given: Mapping[str, str], errors: Mapping[str, str], status: int = 200) -> Response:
    told = Words(visit.wording, visit.lang)
    names = {
        "fields": form_fields(told, "new", given, errors),
        "told": told,
        "problem": visit.say("mend") if errors else "",
    }
    return visit.page("project_new.html.j2", names, status)


# ------------------------------------------------ files


def template(visit: Visit) -> Response:
    """The empty tables."""
    kind = _kind(visit.place("kind"))
    tables = template_tables(visit.wording, visit.lang)
    content = book(tables) if kind is Kind.XLSX else written(tables[SheetKind.PROJECTS.value], kind)
    return _file(content, kind, "projects-template")


def export(visit: Visit) -> Response:
    """The whole register; the audit keeps who took out how much."""
    kind = _kind(visit.sent.one("kind"))
    with visit.database.look() as connection:
        tables = written_out(shelf(StoredBooks(connection, visit.database, visit.now, visit.member.actor)))
    content, rows = packed(tables, kind)
    with visit.books() as opened:
        opened.audit.note("export:projects", "exported", after={"rows": rows, "format": kind.value})
    return _file(content, kind, f"projects-{visit.now.astimezone(TOKYO):%Y%m%d}")


def _kind(text: str) -> Kind:
    if text not in list(Kind):
        raise nowhere()
    return Kind(text)


def _file(content: bytes, kind: Kind, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}.{kind}"'}
    return Response(content, media_type=kind.media_type, headers=headers)
