"""`jdesk seminar create`, `template`, `open`, `close`, `moved`, `cancel`, `attendance`: what changes a seminar itself."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from bot import seminar_csv, seminar_file
from bot.clock import now
from bot.verbs.seminar_desk import (
    DryRun,
    In,
    Json,
    Number,
    Reason,
    Yes,
    agreed,
    desk,
    letters,
    refusals,
    say,
    tokyo,
)
from intents.desk import meetings, seminars_staff
from intents.desk.consultations import Pen
from intents.desk.seminar_records import Seminar, SeminarKind
from intents.desk.seminar_seating import check_ahead, find_seminar
from intents.desk.seminars_staff import Attendance
from intents.notices import load_notices
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage.books import StoredBooks

Field = Annotated[str | None, typer.Option()]
Whole = Annotated[int | None, typer.Option()]
When = Annotated[str | None, typer.Option(help="2026-12-05 13:30, Tokyo time")]


def create(
    file: Annotated[Path | None, typer.Option(help="a TOML file with every field, see `template`")] = None,
    title: Field = None,
    starts: When = None,
    ends: When = None,
    capacity: Whole = None,
    ways: Field = None,
    venue: Field = None,
    link: Field = None,
    deadline: When = None,
    dry_run: DryRun = False,
    lang: In = Lang.JA,
) -> None:
    """A new seminar from options or from a file; an option wins over the file."""
    times = {"starts": starts, "ends": ends, "deadline": deadline}
    options = {"title": title, "capacity": capacity, "ways": ways, "venue": venue, "link": link} | times
    with refusals(lang):
        written = seminar_file.fields_at(file) if file else {}
        new = seminar_file.read_seminar(written | _given(options), now())
    typer.echo(f"{tokyo(new.starts_at)} - {tokyo(new.ends_at)}  {new.capacity} seats  {new.title}")
    if not dry_run:
        with desk(lang) as opened:
            typer.echo(seminars_staff.create(opened, new).number)


def _given(options: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in options.items() if value is not None}


def template() -> None:
    """Prints a file for `create --file`."""
    typer.echo(seminar_file.TEMPLATE, nl=False)


def open_(number: Number, lang: In = Lang.JA) -> None:
    """Begins sign-up."""
    with desk(lang) as opened:
        typer.echo(f"{seminars_staff.set_open(opened, number, is_open=True).number}: open")


def close(number: Number, lang: In = Lang.JA) -> None:
    """Ends sign-up by hand; the waiting list goes on moving."""
    with desk(lang) as opened:
        typer.echo(f"{seminars_staff.set_open(opened, number, is_open=False).number}: closed")


def moved(
    number: Number,
    starts: When = None,
    ends: When = None,
    venue: Field = None,
    link: Field = None,
    deadline: When = None,
    reason: Reason = "",
    yes: Yes = False,
    dry_run: DryRun = False,
    lang: In = Lang.JA,
) -> None:
    """Another date or place: everybody is told and gets a new date for the calendar."""
    options = {"starts": starts, "ends": ends, "venue": venue, "link": link, "deadline": deadline}
    seminar = _announced(number, lang)
    with refusals(lang):
        move = seminar_file.read_move(seminar, _given(options), now())
    agreed("Move?", yes=yes, dry_run=dry_run)
    with desk(lang) as opened:
        told = seminars_staff.move_seminar(opened, letters(opened), number, move, reason)
        count = len(told) + _invited_told(opened, seminar, reason)
    typer.echo(say("told", lang, number=seminar.number, count=count))


def cancel(
    number: Number, reason: Reason = "", yes: Yes = False, dry_run: DryRun = False, lang: In = Lang.JA
) -> None:
    """Calls a seminar off: everybody is told, and it goes out of their calendars."""
    seminar = _announced(number, lang)
    agreed("Cancel?", yes=yes, dry_run=dry_run)
    with desk(lang) as opened:
        told = seminars_staff.cancel_seminar(opened, letters(opened), number, reason)
        count = len(told) + _invited_told(opened, seminar, reason)
    typer.echo(say("told", lang, number=seminar.number, count=count))


def _invited_told(opened: StoredBooks, before: Seminar, reason: str) -> int:
    """To a meeting people are invited; they have to hear of it as well."""
    now = find_seminar(opened, before.number)
    if now.kind is not SeminarKind.MEETING or now == before:
        return 0
    return len(meetings.tell_invited(opened, Pen(load_notices(), load_wording()), now, before, reason))


def _announced(number: str, lang: Lang) -> Seminar:
    """Says how many people a change would reach."""
    with desk(lang) as opened:
        seminar = find_seminar(opened, number)
        check_ahead(seminar, opened.now)
        people = [one for one in opened.seminars.registrations(seminar.id) if one.active]
        invited = [one for one in opened.invitations.of_meeting(seminar.id) if one.attending is not False]
    typer.echo(say("would_tell", lang, number=seminar.number, count=len(people) + len(invited)))
    return seminar


def attendance(
    number: Number,
    file: Annotated[Path, typer.Argument(help="CSV with receipt numbers or mail addresses of who came")],
    yes: Yes = False,
    dry_run: DryRun = False,
    as_json: Json = False,
    lang: In = Lang.JA,
) -> None:
    """Who came, from a list: shows who is matched and who is not, asks, and keeps it."""
    with refusals(lang):
        in_file = seminar_csv.listed_at(file)
    names = in_file.names
    with desk(lang) as opened:
        seminar = find_seminar(opened, number)
        found = seminars_staff.match_attendance(opened.seminars.registrations(seminar.id), names)
    typer.echo(_as_json(found) if as_json else _as_text(found, lang))
    for line in in_file.passed_over:
        typer.echo(say("attendance_passed_over", lang, line=line[:80]), err=True)
    # A script that reads the figures is not asked.
    agreed("Keep it?", yes=yes, dry_run=dry_run or (as_json and not yes))
    with desk(lang) as opened:
        seminars_staff.take_attendance(opened, number, names)


def _as_json(found: Attendance) -> str:
    groups = {"came": found.came, "absent": found.absent, "unconfirmed": found.unconfirmed}
    rows = {name: [one.number for one in group] for name, group in groups.items()}
    return json.dumps({**rows, "unknown": list(found.unknown)}, ensure_ascii=False)


def _as_text(found: Attendance, lang: Lang) -> str:
    counts = {"came": len(found.came), "absent": len(found.absent)}
    rest = {"unconfirmed": len(found.unconfirmed), "unknown": len(found.unknown)}
    lines = [say("attendance", lang, **counts, **rest)]
    for one in found.unconfirmed:
        state = say(f"state_{one.state}", lang)
        lines.append(say("attendance_unconfirmed", lang, state=state, number=one.number))
    lines += [say("attendance_unknown", lang, name=name) for name in found.unknown]
    return "\n".join(lines)


COMMANDS: dict[str, Callable[..., None]] = {
    "create": create,
    "template": template,
    "open": open_,
    "close": close,
    "moved": moved,
    "cancel": cancel,
    "attendance": attendance,
}
