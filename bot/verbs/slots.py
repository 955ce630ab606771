"""`jdesk slots`: times for consultations. Days and hours are Tokyo's."""

import json
from collections.abc import Iterator
from datetime import date, time
from typing import Annotated

import typer

from bot.verbs.editions import edition_at
from bot.verbs.office_desk import day, desk, refusals, say
from bot.verbs.seminar_desk import DryRun, In, Json, tokyo
from intents.desk import slots as rules
from intents.desk.consultation_books import Meeting, NewSlot
from intents.desk.moments import moment_text
from intents.desk.office_hours import holiday_name
from intents.desk.refused import Refused
from knowledge.model import Lang, OfficeCalendar
from knowledge.wording import load_wording

SUBJECT = "slots"
SATURDAY = 5
app = typer.Typer(no_args_is_help=True, help="Times for consultations.")


def add_to(tool: typer.Typer) -> None:
    """Registers the verbs."""
    tool.add_typer(app, name="slots")


@app.command()
def publish(
    on: Annotated[str, typer.Option("--day", help="such as 2026-12-08")],
    begin: Annotated[str, typer.Option("--from", help="such as 10:00")],
    end: Annotated[str, typer.Option("--to", help="such as 16:00")],
    minutes: Annotated[int, typer.Option(min=10, max=480, help="how long one slot is")] = 60,
    way: Annotated[Meeting, typer.Option(help="how you meet")] = Meeting.ONLINE,
    place: Annotated[str, typer.Option(help="the joining link, or a room")] = "",
    adviser: Annotated[str, typer.Option()] = "",
    dry_run: DryRun = False,
    lang: In = Lang.JA,
) -> None:
    """Publishes the slots of a day; the same command twice publishes once. Days off are warned about."""
    with refusals(SUBJECT, lang):
        if not place and way is not Meeting.PHONE:
            raise Refused("place_missing", way=way)
        wanted = rules.plan(day(on), (_hour(begin), _hour(end)), minutes, way, place, adviser)
        warnings = [*_days_off(day(on), lang)]
    for line in warnings:
        typer.echo(line, err=True)
    with desk(SUBJECT, lang) as opened:
        for clash in rules.clashes(opened, wanted):
            starts = moment_text(load_wording(), clash.starts_at, lang)
            typer.echo(say(SUBJECT, "clash", lang, id=clash.id, starts=starts), err=True)
        if not dry_run:
            new = len(rules.publish(opened, wanted))
            typer.echo(say(SUBJECT, "published", lang, count=new, already=len(wanted) - new))
    if dry_run:
        _show(wanted)


def _hour(text: str) -> time:
    try:
        return time.fromisoformat(text.strip().zfill(5))
    except ValueError as fault:
        raise Refused("hour_wrong", value=text) from fault


def _show(wanted: tuple[NewSlot, ...]) -> None:
    for one in wanted:
        typer.echo(
            f"{tokyo(one.starts_at)} - {tokyo(one.ends_at)[-5:]}  {one.way}  {one.place}  {one.adviser}"
        )


def _days_off(on: date, lang: Lang) -> Iterator[str]:
    """Why the office may be closed on that day, by its own calendar and the national holidays."""
    if on.weekday() >= SATURDAY:
        yield say(SUBJECT, "weekend", lang, day=on)
    if name := holiday_name(on, lang):
        yield say(SUBJECT, "holiday", lang, day=on, name=name)
    yield from _closed(on, edition_at(None).calendar, lang)


def _closed(on: date, calendar: OfficeCalendar | None, lang: Lang) -> Iterator[str]:
    if calendar and (on.month, on.day) in calendar.closed_days:
        yield say(SUBJECT, "closed_day", lang, day=on)
    if calendar and on > calendar.horizon:
        yield say(SUBJECT, "beyond_horizon", lang, day=on, horizon=calendar.horizon)


@app.command("list")
def list_(as_json: Json = False) -> None:
    """Every slot that has not begun, the earliest first, and who booked it."""
    with desk(SUBJECT) as opened:
        found = opened.consultations.coming()
    rows = [
        {
            "id": slot.id,
            "starts": tokyo(slot.starts_at),
            "ends": tokyo(slot.ends_at),
            "way": slot.way,
            "place": slot.place,
            "adviser": slot.adviser,
            "state": "booked" if booking else ("open" if slot.is_open else "withdrawn"),
            "booking": booking,
        }
        for slot, booking in found
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(
            "  ".join(
                str(row[name]) for name in ("id", "starts", "ends", "way", "adviser", "state", "booking")
            )
        )
    if not rows:
        typer.echo("No slots.")


@app.command()
def withdraw(
    id_: Annotated[int, typer.Argument(metavar="ID", help="the slot's number in `list`")], lang: In = Lang.JA
) -> None:
    """Takes a slot out of what can be booked; refused when somebody has booked it."""
    with desk(SUBJECT, lang) as opened:
        typer.echo(say(SUBJECT, "withdrawn", lang, id=rules.withdraw(opened, id_).id))
