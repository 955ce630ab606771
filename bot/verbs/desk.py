"""`jdesk case`: what waits for staff, and what became of it; `jdesk outbox`: what could not be delivered."""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated

import typer

from bot.clock import TOKYO, now
from bot.plain_text import plain_text
from bot.settings import Settings
from bot.verbs.office_desk import say
from bot.verbs.seminar_desk import STAFF
from intents.desk.case_cards import CardPen, line
from intents.desk.case_records import Case
from intents.desk.practice import practice_of
from knowledge.model import Lang
from knowledge.reader import read
from knowledge.wording import load_wording
from storage import knowledge_files, outbox
from storage.books import books
from storage.case_queue import Filter, queue
from storage.case_story import StoryLine
from storage.database import Database

cases = typer.Typer(no_args_is_help=True, help="What waits for staff.")


letters = typer.Typer(no_args_is_help=True, help="Messages that could not be delivered.")


def add_to(tool: typer.Typer) -> None:
    """Registers the verbs."""
    tool.add_typer(cases, name="case")
    tool.add_typer(letters, name="outbox")


@letters.command("parked")
def parked(as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False) -> None:
    """What was taken aside because it could not be delivered, and why."""
    found = outbox.parked(Database(Settings().url))
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        typer.echo(f"{one.key}  {one.channel:<8}  {one.failures} failures  {one.last_error[:80]}")
    if not found:
        typer.echo("Nothing is parked.")


@letters.command("retry")
def retry(keys: Annotated[list[str], typer.Argument(help="keys as `parked` lists them")]) -> None:
    """Sends parked messages again; exit 1 when none of the keys is parked."""
    count = outbox.retry(Database(Settings().url), keys, now())
    if count:
        with books(Database(Settings().url), now(), STAFF) as opened:
            opened.audit.note("outbox", "retried", after={"messages": count})
    typer.echo(f"{count} messages will be sent again.")
    if not count:
        raise typer.Exit(1)


@cases.command("list")
def list_(
    owner: Annotated[str, typer.Option(help="handle of one of staff; - for nobody's")] = "",
    desk: Annotated[str, typer.Option(help="general or forest")] = "",
    text: Annotated[str, typer.Option(help="words to look for")] = "",
    late: Annotated[bool, typer.Option("--late", help="only what is past its date")] = False,
    closed: Annotated[bool, typer.Option("--closed", help="closed cases instead of open ones")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
) -> None:
    """The queue: the case with the least time left first, and why."""
    moment = now()
    which = Filter(desk=desk, owner=owner, text=text, late_at=moment if late else None, closed=closed)
    with Database(Settings().url).look() as connection:
        page = queue(connection, which, 0, limit)
    with books(Database(Settings().url), moment, STAFF) as opened:
        opened.audit.note("queue", "read", reason="jdesk case list", after={"cases": len(page.cases)})
    if as_json:
        typer.echo(json.dumps([_case_json(case) for case in page.cases], ensure_ascii=False))
        return
    with _pen(moment) as pen:
        for case in page.cases:
            typer.echo(line(case, pen))
    typer.echo(f"{len(page.cases)} / {page.total}")


@cases.command("show")
def show(
    number: Annotated[str, typer.Argument(help="receipt number, such as K-00012")],
    as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
) -> None:
    """One case as it stands."""
    case = _found(number)
    with books(Database(Settings().url), now(), STAFF) as opened:
        opened.audit.note(case.subject, "read", reason="jdesk case show")
    if as_json:
        typer.echo(json.dumps(_case_json(case), ensure_ascii=False))
        return
    with _pen(now()) as pen:
        typer.echo(line(case, pen))
    typer.echo(case.summary)


@cases.command("story")
def story_(
    number: Annotated[str, typer.Argument(help="receipt number, such as K-00012")],
    as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
) -> None:
    """Everything that happened with one case, in order, each line with the trace that links it; times in Tokyo."""
    case = _found(number)
    with books(Database(Settings().url), now(), STAFF) as opened:
        lines = opened.story(case)
        opened.audit.note(case.subject, "read", reason="jdesk case story")
    if as_json:
        typer.echo(json.dumps([_story_json(one) for one in lines], ensure_ascii=False))
        return
    for one in lines:
        when = one.at.astimezone(TOKYO).strftime("%Y-%m-%d %H:%M:%S")
        text = plain_text(one.reply, load_wording()) if one.reply else one.text
        typer.echo(f"{when}  {one.kind:<8}  {one.who}  [{one.trace}]")
        typer.echo("\n".join(f"    {row}" for row in (text or "-").splitlines()))


def _found(number: str) -> Case:
    with books(Database(Settings().url), now(), STAFF) as opened:
        case = opened.cases.find(number)
    if case is None:
        typer.echo(say("cases", "no_case", Lang.JA, number=number), err=True)
        raise typer.Exit(1)
    return case


@contextmanager
def _pen(moment: datetime) -> Iterator[CardPen]:
    house = Database(Settings().url)
    practice = practice_of(read(knowledge_files.load(house)).edition)
    with books(house, moment, STAFF) as opened:
        yield CardPen(load_wording(), practice, opened.staff, moment)


def _case_json(case: Case) -> Mapping[str, object]:
    """A case as JSON; moments in UTC, nothing personal but what was asked."""
    due = case.due
    return {
        "number": case.number,
        "kind": case.kind.value,
        "state": case.state.value,
        "summary": case.summary,
        "organisation": case.organisation,
        "prefecture": case.prefecture,
        "methodology": case.methodology,
        "desk": case.desk,
        "owner": case.owner,
        "promised_by": case.promised_by and case.promised_by.isoformat(),
        "due": due and due[0].isoformat(),
        "due_kind": due and due[1].value,
        "outcome": case.outcome and case.outcome.value,
        "opened_at": case.opened_at.isoformat(),
        "version": case.version,
    }


def _story_json(one: StoryLine) -> Mapping[str, object]:
    """A line of a story as JSON."""
    text = plain_text(one.reply, load_wording()) if one.reply else one.text
    shown = {"at": one.at.isoformat(), "kind": one.kind.value, "who": one.who, "text": text}
    return shown | {"trace": one.trace, "before": one.before, "after": one.after}
