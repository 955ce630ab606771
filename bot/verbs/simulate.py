"""`jdesk simulate`: a time of the office under a simulated clock, with everything that goes wrong, and whether it held."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.clock import TOKYO
from bot.simulation.evidence import evidence
from bot.simulation.plan import Plan
from bot.simulation.verdict import judge
from bot.simulation.year import live
from bot.verbs.office_desk import refusals
from bot.verbs.seminar_desk import In, Json
from bot.verbs.simulation_view import Report, write_json, write_text
from intents.desk.deadlines.almanac import hours_of
from intents.desk.refused import Refused
from knowledge.model import Edition, Lang
from knowledge.reader import files_in, read
from knowledge.wording import load_wording

SUBJECT = "simulate"
# Of an edition: what dates and letters are made with.
FILES = ("calendar.toml", "sources.toml", "facts.toml")
LONGEST = 366
# The scheme began in April 2013; holidays of today's law are counted from 2016 on (Mountain Day).
EARLIEST = date(2016, 1, 1)
FIRST, LAST = datetime(2026, 4, 1, tzinfo=TOKYO), datetime(2027, 3, 31, tzinfo=TOKYO)


def add_to(app: typer.Typer) -> None:
    """Registers the verb."""
    app.command(SUBJECT)(simulate)


def simulate(
    begin: Annotated[
        datetime,
        typer.Option("--from", formats=["%Y-%m-%d"], help="first day", show_default=f"{FIRST:%Y-%m-%d}"),
    ] = FIRST,
    end: Annotated[
        datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="last day", show_default=f"{LAST:%Y-%m-%d}")
    ] = LAST,
    seed: Annotated[int, typer.Option(help="the same seed gives the same year")] = 1,
    projects: Annotated[int, typer.Option(min=10, max=20_000, help="how many projects")] = 1000,
    sent: Annotated[bool, typer.Option("--sent", help="also list each letter")] = False,
    as_json: Json = False,
    lang: In = Lang.JA,
) -> None:
    """Lives through a time with a rush, holidays, failing channels, kills and two workers; exit 1 if a promise broke.

    Nothing of the office is touched: it has a database of its own, and no channel is reached.
    """
    wording = load_wording()
    with refusals(SUBJECT, lang):
        edition = _edition()
        plan = _checked(Plan(begin.date(), end.date(), seed, projects), edition)
    with _bar(plan) as progress, live(plan, edition, progress) as lived, evidence(lived) as seen:
        now_in_charge = [one for one in seen.back.duties if one.until is None]
        report = Report(lived, judge(seen), now_in_charge, wording, lang)
    (write_json if as_json else write_text)(report, sent=sent)
    if not report.verdict.holds:
        raise typer.Exit(1)


def _edition() -> Edition:
    files = files_in()
    return read({name: files[name] for name in FILES}).edition


def _checked(plan: Plan, edition: Edition) -> Plan:
    """The plan. Refused: turned_round, too_early, beyond, too_long."""
    days = (plan.last - plan.first).days + 1
    horizon = hours_of(edition).horizon
    if days < 1:
        raise Refused("turned_round", first=plan.first, last=plan.last)
    if plan.first < EARLIEST:
        raise Refused("too_early", first=EARLIEST)
    if plan.last > horizon:
        raise Refused("beyond", horizon=horizon)
    if days > LONGEST:
        raise Refused("too_long", days=LONGEST, given=days)
    return plan


@contextmanager
def _bar(plan: Plan) -> Iterator[Callable[[date], None]]:
    """Days as they pass, where somebody looks on."""
    days = (plan.last - plan.first).days + 1
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task(f"{plan.first}", total=days)
        yield lambda day: bar.update(task, completed=(day - plan.first).days, description=f"{day}")
