"""`jdesk seminar list`, `show`, `waiting`, `export`, `raise`, `lower`: seats and who wants them. Times are Tokyo time."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from bot import seminar_csv
from bot.verbs.seminar_desk import DryRun, In, Json, Number, Reason, Yes, agreed, desk, letters, say, tokyo
from intents.desk import seats, seminars, seminars_staff
from intents.desk.seats import RaisePreview, SeatState
from intents.desk.seminar_letters import why_text
from intents.desk.seminar_records import Registration, Seminar
from intents.desk.seminar_seating import find_registration, find_seminar
from knowledge.model import Lang
from knowledge.wording import load_wording

# ---------------------------------------------------------------- looking


def list_(as_json: Json = False) -> None:
    """Every seminar, the latest start first."""
    with desk() as opened:
        rows = [_row(one, opened.seminars.registrations(one.id)) for one in opened.seminars.listing()]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        taken = f"{row['confirmed']}+{row['offered']}/{row['capacity']}"
        typer.echo(
            f"{row['number']}  {row['starts']}  {row['state']:<9}  {taken:>11}  "
            f"waiting {row['waiting']:<4}  {row['title']}"
        )
    if not rows:
        typer.echo("No seminars.")


def show(number: Number, as_json: Json = False) -> None:
    """One seminar: dates, seats, and how the seats came to be so many."""
    with desk() as opened:
        seminar = find_seminar(opened, number)
        history = opened.seminars.history(seminar)
        row = _row(seminar, opened.seminars.registrations(seminar.id))
    row |= {"ends": tokyo(seminar.ends_at), "sign_up_ends": tokyo(seminar.sign_up_ends)}
    row |= {"kind": seminar.kind, "ways": seminar.ways, "venue": seminar.venue, "link": seminar.link}
    row |= {"programme": seminar.programme, "questions": list(seminar.questions)}
    changes = [
        {"at": tokyo(one.at), "actor": one.actor, "from": one.before, "to": one.after} for one in history
    ]
    if as_json:
        typer.echo(json.dumps(row | {"history": changes}, ensure_ascii=False))
        return
    for name, value in row.items():
        typer.echo(f"{name:<13} {value}")
    for change in changes:
        typer.echo(f"{'seats':<13} {change['from']} -> {change['to']}  {change['at']}  {change['actor']}")


def _row(seminar: Seminar, parties: tuple[Registration, ...]) -> dict[str, object]:
    def count(state: SeatState) -> int:
        return sum(one.party for one in parties if one.state is state)

    row = {"number": seminar.number, "title": seminar.title, "starts": tokyo(seminar.starts_at)}
    seated = {state.value: count(state) for state in (SeatState.CONFIRMED, SeatState.OFFERED)}
    free = seats.free(seminar.capacity, parties)
    waiting = count(SeatState.WAITING)
    return {
        **row,
        "state": seminar.state,
        "capacity": seminar.capacity,
        **seated,
        "waiting": waiting,
        "free": free,
    }


def waiting(
    number: Annotated[str, typer.Argument(help="the receipt number, such as R-00012")],
    as_json: Json = False,
    lang: In = Lang.JA,
) -> None:
    """Why somebody waits: the place in the line, what stands in the way, the rule that applies."""
    with desk(lang) as opened:
        one = find_registration(opened, number)
        why = seminars.why(opened, number)
    text = why_text(load_wording(), why, lang)
    row = {"registration": one.number, **dataclasses.asdict(why), "text": text}
    typer.echo(json.dumps(row, ensure_ascii=False) if as_json else text)


def export(
    number: Number,
    out: Annotated[Path | None, typer.Option(help="the CSV file to write; else standard output")] = None,
    lang: In = Lang.JA,
) -> None:
    """The registrations as CSV (UTF-8 with BOM); the audit keeps who took them out."""
    with desk(lang) as opened:
        seminar = find_seminar(opened, number)
        rows = opened.seminars.registrations(seminar.id)
        opened.audit.note(seminar.subject, "exported", after={"registrations": len(rows)})
    text = seminar_csv.registrations_csv(load_wording(), seminar, rows, lang)
    if out is None:
        typer.echo(text, nl=False)
        return
    out.write_text(text, "utf-8", newline="")
    typer.echo(f"{len(rows)} registrations written to {out}")


# ---------------------------------------------------------------- seats


def raise_(
    number: Number,
    to: Annotated[int, typer.Option(min=1, help="the new number of seats")],
    reason: Reason = "",
    yes: Yes = False,
    dry_run: DryRun = False,
    lang: In = Lang.JA,
) -> None:
    """More seats: shows who would be offered one, asks, and offers them in order of arrival."""
    with desk(lang) as opened:
        preview = seminars_staff.preview_raise(opened, number, to)
    typer.echo(_preview_text(preview, lang))
    agreed("Raise?", yes=yes, dry_run=dry_run)
    with desk(lang) as opened:
        offered = seminars_staff.raise_capacity(opened, letters(opened), number, to, reason)
    typer.echo(say("raised", lang, after=to, offered=len(offered)))


def _preview_text(preview: RaisePreview, lang: Lang) -> str:
    counts = {"before": preview.before, "after": preview.after, "taken": preview.taken}
    people = {"offered": len(preview.offered), "stay": len(preview.stay), "letters": preview.letters}
    said = say("preview", lang, **counts, **people)
    if preview.expected is None:
        return f"{said}\n{say('expected_unknown', lang)}"
    return f"{said}\n{say('expected', lang, expected=preview.expected)}"


def lower(
    number: Number,
    to: Annotated[int, typer.Option(min=1, help="the new number of seats")],
    reason: Reason = "",
    lang: In = Lang.JA,
) -> None:
    """Fewer seats; refused below what is taken, nobody is ever removed."""
    with desk(lang) as opened:
        seminar = seminars_staff.lower_capacity(opened, number, to, reason)
    typer.echo(f"{seminar.number}: {seminar.capacity} seats")


COMMANDS: dict[str, Callable[..., None]] = {
    "list": list_,
    "show": show,
    "waiting": waiting,
    "export": export,
    "raise": raise_,
    "lower": lower,
}
