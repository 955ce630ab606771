"""`jdesk meeting`: who is invited to a meeting of the network, who replied, who came."""

import dataclasses
import json
from pathlib import Path
from typing import Annotated

import typer

from bot.verbs.meeting_file import BadRow, invitations_at, names_at
from bot.verbs.office_desk import desk, pen, refusals, say
from bot.verbs.seminar_desk import DryRun, In, Json, Yes, agreed
from intents.desk import meetings
from intents.desk.meetings import Row
from knowledge.model import Lang

SUBJECT = "meetings"
app = typer.Typer(no_args_is_help=True, help="Meetings of the network: invitations and attendance.")
Number = Annotated[str, typer.Argument(help="the meeting's number, such as S-0002")]


def add_to(tool: typer.Typer) -> None:
    """Registers the verbs."""
    tool.add_typer(app, name="meeting")


@app.command()
def invite(
    number: Number,
    file: Annotated[Path, typer.Option(help="CSV with the columns prefecture, department, name, mail")],
    yes: Yes = False,
    dry_run: DryRun = False,
    lang: In = Lang.JA,
) -> None:
    """Invites who is new on a list: shows what would happen, asks, and sends the letters."""
    with refusals(SUBJECT, lang):
        read, bad = invitations_at(file)
    with desk(SUBJECT, lang) as opened:
        meeting = meetings.find_meeting(opened, number)
        plan = meetings.plan(opened, meeting, read)
    _say_bad(bad, lang)
    counts = {"new": len(plan.new), "already": len(plan.already), "bad": len(bad)}
    typer.echo(say(SUBJECT, "plan", lang, number=meeting.number, title=meeting.title, **counts))
    agreed("Invite?", yes=yes, dry_run=dry_run)
    with desk(SUBJECT, lang) as opened:
        invited = meetings.invite(opened, pen(), number, read)
    typer.echo(say(SUBJECT, "invited", lang, number=meeting.number, count=len(invited)))


def _say_bad(bad: tuple[BadRow, ...], lang: Lang) -> None:
    for one in bad:
        column = say(SUBJECT, f"column_{one.column}", lang)
        problem = say(*one.sentence, lang, field=column, **one.places)
        typer.echo(say(SUBJECT, "bad_row", lang, row=one.row, column=column, problem=problem), err=True)
    if bad:
        typer.echo(say(SUBJECT, "set_aside", lang, count=len(bad)), err=True)


@app.command()
def attendance(
    number: Number,
    came: Annotated[
        Path | None, typer.Option(help="CSV with invitation numbers or mail addresses of who came; kept")
    ] = None,
    as_json: Json = False,
    lang: In = Lang.JA,
) -> None:
    """By prefecture and department: invited, answered, attending, attended."""
    if came:
        with refusals(SUBJECT, lang):
            names = names_at(came)
        with desk(SUBJECT, lang) as opened:
            for name in meetings.take_attendance(opened, number, names):
                typer.echo(say(SUBJECT, "unknown", lang, name=name), err=True)
    with desk(SUBJECT, lang) as opened:
        meeting = meetings.find_meeting(opened, number)
        rows = meetings.attendance(opened.invitations.of_meeting(meeting.id))
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(one) for one in rows], ensure_ascii=False))
        return
    for one in rows:
        typer.echo(_line(one, lang))


def _line(one: Row, lang: Lang) -> str:
    places = dataclasses.asdict(one)
    places["prefecture"] = one.prefecture or say(SUBJECT, "whole", lang)
    text = say(SUBJECT, "attendance_row", lang, **places)
    return f"  {text}" if one.department else text.replace(" :", ":")


@app.command("list")
def list_(number: Number, as_json: Json = False, lang: In = Lang.JA) -> None:
    """Every invitation, what was replied, and what they would like to ask there."""
    with desk(SUBJECT, lang) as opened:
        meeting = meetings.find_meeting(opened, number)
        found = opened.invitations.of_meeting(meeting.id)
        opened.audit.note(meeting.subject, "read", reason="jdesk meeting list")
    rows = [
        {
            "number": one.number,
            "prefecture": one.prefecture,
            "department": one.department,
            "name": one.name,
            "attending": one.attending,
            "people": list(one.people),
            "way": one.way,
            "question": one.question,
            "attended": one.attended,
        }
        for one in found
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(
            "  ".join(str(row[name]) for name in ("number", "prefecture", "department", "name", "attending"))
        )
    if not rows:
        typer.echo("No invitations.")
