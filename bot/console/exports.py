"""Tables to take out, as CSV and as Excel; each leaves a line in the audit with who took how many rows of what."""

from collections.abc import Callable, Mapping

from starlette.responses import Response

from bot.clock import TOKYO
from bot.console import export_rows
from bot.console.turned import nowhere
from bot.console.visit import Visit
from bot.tables import Kind, Table, written
from intents.desk.refused import Refused
from storage.database import Database

TABLES: Mapping[str, Callable[[Visit, Database], Table]] = {
    "cases": export_rows.cases,
    "registrations": export_rows.registrations,
    "organisations": export_rows.organisations,
    "offsets": export_rows.offsets,
}


def show(visit: Visit) -> Response:
    """What can be taken out."""
    return visit.page("exports.html.j2", {"tables": list(TABLES), "kinds": [kind.value for kind in Kind]})


def make(visit: Visit) -> Response:
    """One table as a file."""
    name, kind = visit.place("table"), visit.sent.one("kind")
    if name not in TABLES or kind not in list(Kind):
        raise nowhere()
    try:
        table = TABLES[name](visit, visit.database)
    except Refused as refused:
        raise nowhere() from refused
    content = written(table, Kind(kind))
    only = visit.sent.one("seminar")
    with visit.books() as opened:
        after = {"rows": len(table.rows), "format": kind} | ({"seminar": only} if only else {})
        opened.audit.note(f"export:{name}", "exported", after=after)
    day = visit.now.astimezone(TOKYO).strftime("%Y%m%d")
    headers = {"content-disposition": f'attachment; filename="{name}-{day}.{kind}"'}
    return Response(content, media_type=Kind(kind).media_type, headers=headers)
