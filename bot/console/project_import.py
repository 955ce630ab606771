"""Importing into the register from a page: first what each row would do, then, once that was seen, the same again."""

import base64
import binascii
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from bot.console.visit import Visit
from bot.project_file import read_file
from bot.project_tables import set_aside
from bot.project_words import Words
from bot.tables import Kind, written
from intents.desk.projects.importing.plans import Planned, Verdict, counted
from intents.desk.projects.importing.sheets import SheetKind, Tables, tables_of
from intents.desk.projects.importing.take import Import, prepared, preview, take
from intents.desk.projects.marks import mark
from intents.desk.projects.register import told as plain
from intents.desk.refused import Refused
from storage.books import StoredBooks

# Whoever waits before a browser gives up before more of them are taken.
MOST_ROWS = 3000
SHOWN = 200
# The page carries the file along in letters, of which a form may hold two million.
SIZE_LIMIT = 1_400_000
WORK = (Verdict.NEW, Verdict.CHANGED)


@dataclass(frozen=True, slots=True)
class RowShown:
    """A row with what comes of it, in words."""

    verdict: str
    where: str
    about: str
    changes: tuple[str, ...]
    faults: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sent:
    """A file that was chosen, or that the page before carried along; its tables, and what each row would do."""

    content: bytes
    tables: Tables
    wanted: Import
    planned: tuple[Planned, ...]


def ask(visit: Visit) -> Response:
    """The form, with the empty template to take."""
    return _page(visit)


def send(visit: Visit) -> Response:
    """Shows what would change; takes it once exactly that was seen; gives the rows that are not taken as a file."""
    told = Words(visit.wording, visit.lang)
    try:
        sent = _read(visit, told)
        if visit.sent.one("aside"):
            return _aside(told, sent)
        if visit.sent.one("confirm") == _seen(sent.planned):
            done = _take(visit, sent.wanted)
            return _page(visit, sent, done, taken=True)
    except Refused as refused:
        return _page(visit, problem=told.refusal(refused), status=409)
    return _page(visit, sent, sent.planned)


def _read(visit: Visit, told: Words) -> _Sent:
    """Refused: file_not_chosen, too_many_here, and as the file is read."""
    content = visit.sent.files.get("file", b"") or _kept(visit.sent.one("content"))
    if not content:
        raise Refused("file_not_chosen")
    if len(content) > SIZE_LIMIT:
        raise Refused("file_big", file=told.tell("this_file"), limit=f"{SIZE_LIMIT / 1e6:.1f}")
    chosen = visit.sent.one("sheet")
    forced = SheetKind(chosen) if chosen in list(SheetKind) else None
    tables = tables_of(read_file(told.tell("this_file"), content), forced)
    if sum(len(one.rows) for one in tables.sheets) > MOST_ROWS:
        raise Refused("too_many_here", limit=MOST_ROWS)
    wanted = prepared(tables, visit.house.live.current().edition.methodologies)
    with visit.database.look() as connection:
        shelves = StoredBooks(connection, visit.database, visit.now, visit.member.actor)
        return _Sent(content, tables, wanted, preview(shelves, wanted))


def _kept(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""


def _seen(planned: Sequence[Planned]) -> str:
    """What was seen: when the register changes meanwhile, it is something else."""
    return mark(
        [
            (
                one.row.number,
                one.row.sheet.value,
                one.verdict.value,
                plain({each.field: each.old for each in one.changes}),
                plain({each.field: each.new for each in one.changes}),
            )
            for one in planned
        ]
    )


def _take(visit: Visit, wanted: Import) -> tuple[Planned, ...]:
    done: list[Planned] = []
    for chunk in wanted.chunks():
        with visit.books() as opened:
            done += take(opened, chunk, wanted.whole)
    return tuple(done)


def _aside(told: Words, sent: _Sent) -> Response:
    why = {id(one): " / ".join(map(told.fault, one.faults)) for one in sent.planned}
    found = set_aside(sent.tables, sent.planned, why)
    chosen = found[0][1] if found else None
    if chosen is None:
        raise Refused("nothing_aside")
    headers = {"content-disposition": 'attachment; filename="projects-aside.csv"'}
    return Response(written(chosen, Kind.CSV), media_type=Kind.CSV.media_type, headers=headers)


# ------------------------------------------------ the page


def _page(
    visit: Visit,
    sent: _Sent | None = None,
    planned: Sequence[Planned] = (),
    *,
    taken: bool = False,
    problem: str = "",
    status: int = 200,
) -> Response:
    told = Words(visit.wording, visit.lang)
    found = counted(planned)
    work = 0 if taken else sum(found[verdict] for verdict in WORK)
    names = {
        "told": told,
        "problem": problem,
        "done": told.tell("done", counts=_counts(told, planned)) if taken else "",
        "counts": _counts(told, planned) if planned and not taken else "",
        "rows": _rows(told, planned, (Verdict.ASIDE,) if taken else (*WORK, Verdict.ASIDE)),
        "work": work,
        "asides": found[Verdict.ASIDE],
        "unread": [one.heading for sheet in sent.tables.sheets for one in sheet.unread] if sent else [],
        "content": base64.urlsafe_b64encode(sent.content).decode().rstrip("=") if sent else "",
        "sheet": visit.sent.one("sheet"),
        "sheets": list(SheetKind),
        "seen": _seen(planned) if work else "",
        "shown": SHOWN,
    }
    return visit.page("project_import.html.j2", names, status)


def _counts(told: Words, planned: Sequence[Planned]) -> str:
    found = counted(planned)
    return told.tell("counts", **{verdict.value: found[verdict] for verdict in Verdict})


def _rows(told: Words, planned: Sequence[Planned], which: Collection[Verdict]) -> list[RowShown]:
    """The rows with something to see, those that are set aside first."""
    found = [one for one in planned if one.verdict in which]
    found.sort(key=lambda one: one.verdict is not Verdict.ASIDE)
    return [
        RowShown(
            one.verdict.value,
            told.tell("where", sheet=told.tell(f"sheet_{one.row.sheet}"), row=one.row.number),
            " ".join(filter(None, (one.project_id, one.about))),
            tuple(map(told.change, one.changes)),
            tuple(map(told.fault, one.faults)),
            tuple(map(told.fault, one.warnings)),
        )
        for one in found
    ]
