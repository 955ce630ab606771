"""`jdesk outreach`: whom the office asked to take part in the offset, and what they said."""

import dataclasses
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.clock import now, tokyo_day
from bot.verbs.office_desk import csv_text, day, desk, refusals, say, table_at, write
from bot.verbs.seminar_desk import DryRun, In, Json
from intents.desk import outreach as rules
from intents.desk.offset_records import Contact, Stance, asked_and_agreed
from intents.desk.refused import Refused
from knowledge.model import Lang

SUBJECT = "offset_desk"
COLUMNS = ("organisation", "prefecture", "contact", "state", "note", "asked_on", "answered_on")
app = typer.Typer(no_args_is_help=True, help="Whom the office asked to take part in the offset.")
Name = Annotated[str, typer.Argument(help="the organisation")]
Word = Annotated[str, typer.Option()]
Day = Annotated[str, typer.Option(help="such as 2026-12-08; today when left out")]


def add_to(tool: typer.Typer) -> None:
    """Registers the verbs."""
    tool.add_typer(app, name="outreach")


@app.command("list")
def list_(as_json: Json = False, lang: In = Lang.JA) -> None:
    """Everybody who was asked, and how many of them agreed."""
    with desk(SUBJECT, lang) as opened:
        found = opened.outreach.listing()
        opened.audit.note("outreach:all", "read", reason="jdesk outreach list")
    asked, agreed = asked_and_agreed(found)
    if as_json:
        rows = [dataclasses.asdict(one) for one in found]
        whole = {"asked": asked, "agreed": agreed, "contacts": rows}
        typer.echo(json.dumps(whole, ensure_ascii=False, default=str))
        return
    for one in found:
        state = say(SUBJECT, f"state_{one.state}", lang)
        typer.echo(f"{one.asked_on}  {state}  {one.prefecture}  {one.organisation}  {one.note}".rstrip())
    declined = sum(one.state is Stance.DECLINED for one in found)
    typer.echo(say(SUBJECT, "counts", lang, asked=asked, agreed=agreed, declined=declined))


@app.command()
def add(
    organisation: Name,
    prefecture: Word = "",
    contact: Word = "",
    note: Word = "",
    asked_on: Day = "",
    lang: In = Lang.JA,
) -> None:
    """An organisation that is asked now."""
    with desk(SUBJECT, lang) as opened:
        asked = _day(asked_on) or tokyo_day(now())
        rules.add(
            opened,
            Contact(
                organisation=organisation, prefecture=prefecture, contact=contact, note=note, asked_on=asked
            ),
        )
    typer.echo(f"{organisation}: {asked}")


@app.command("set")
def set_(
    organisation: Name,
    state: Annotated[str, typer.Option(help="asked, agreed or declined")],
    note: Word = "",
    on: Day = "",
    lang: In = Lang.JA,
) -> None:
    """What an organisation said."""
    with desk(SUBJECT, lang) as opened:
        one = rules.answer(opened, organisation, _state(state), _day(on) or tokyo_day(now()), note)
    typer.echo(f"{one.organisation}: {say(SUBJECT, f'state_{one.state}', lang)}")


@app.command()
def export(
    out: Annotated[Path | None, typer.Option(help="the CSV file to write; else standard output")] = None,
    lang: In = Lang.JA,
) -> None:
    """The list as CSV (UTF-8 with BOM) that `import` reads again; the audit keeps who took it out."""
    with desk(SUBJECT, lang) as opened:
        found = opened.outreach.listing()
        opened.audit.note("outreach:all", "exported", after={"contacts": len(found)})
    head = [say(SUBJECT, f"column_{name}", lang) for name in COLUMNS]
    write(csv_text([head, *(_cells(one, lang) for one in found)]), out)


def _cells(one: Contact, lang: Lang) -> list[str]:
    shown = dataclasses.asdict(one) | {"state": say(SUBJECT, f"state_{one.state}", lang)}
    return [str(shown[name]) if shown[name] is not None else "" for name in COLUMNS]


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV, with the columns that `export` writes")],
    dry_run: DryRun = False,
    lang: In = Lang.JA,
) -> None:
    """A list of organisations: new ones are added, known ones changed; rows that cannot be read are named."""
    good: list[Contact] = []
    bad = 0
    with refusals(SUBJECT, lang):
        rows = table_at(file, SUBJECT, COLUMNS)
    for number, cells in rows:
        try:
            good.append(_contact(cells))
        except Refused as refused:
            bad += 1
            column = say(SUBJECT, f"column_{refused.places['column']}", lang)
            problem = say(SUBJECT, refused.problem, lang, **refused.places)
            typer.echo(say(SUBJECT, "bad_row", lang, row=number, column=column, problem=problem), err=True)
    with desk(SUBJECT, lang) as opened:
        new, changed = (len(good), 0) if dry_run else rules.import_all(opened, good)
    typer.echo(say(SUBJECT, "imported", lang, new=new, changed=changed, bad=bad))


def _contact(cells: Mapping[str, str]) -> Contact:
    if not cells.get("organisation"):
        raise Refused("organisation_missing", column="organisation")
    days = {name: _cell_day(cells.get(name, ""), name) for name in ("asked_on", "answered_on")}
    return Contact(
        organisation=cells["organisation"],
        prefecture=cells.get("prefecture", ""),
        contact=cells.get("contact", ""),
        state=_state(cells.get("state", "") or Stance.ASKED),
        note=cells.get("note", ""),
        asked_on=days["asked_on"] or tokyo_day(now()),
        answered_on=days["answered_on"],
    )


def _cell_day(text: str, column: str) -> date | None:
    try:
        return _day(text.replace("/", "-"))
    except Refused as refused:
        raise Refused("day_wrong", value=text, column=column) from refused


def _day(text: str) -> date | None:
    return day(text) if text else None


def _state(text: str) -> Stance:
    for one in Stance:
        if text.strip() in (one.value, *(say(SUBJECT, f"state_{one}", lang) for lang in Lang)):
            return one
    raise Refused("state_wrong", value=text, options=", ".join(Stance), column="state")
