"""`jdesk plan`: from a committee round back to today, each step with its day and how that was counted."""

import json
from datetime import datetime
from typing import Annotated

import typer

from bot.clock import now, tokyo_day
from bot.verbs.deadlines import find_project, opened_books
from bot.verbs.register_desk import refusals
from bot.verbs.seminar_desk import In, Json
from intents.desk.deadlines.almanac import almanac_of, hours_of
from intents.desk.deadlines.back_plan import BackPlan, back_plan
from intents.desk.deadlines.plan_words import heading, remarks, rows
from intents.desk.nudges.stages import said_done
from intents.desk.projects.records import Project
from knowledge.model import Lang
from knowledge.wording import Wording, load_wording

SUBJECT = "plan"
COLUMNS = ("day", "title", "left", "state", "why")


def add_to(app: typer.Typer) -> None:
    """Registers the verb."""
    app.command(SUBJECT)(show)


def show(
    project: Annotated[str, typer.Argument(help="the project's id")],
    round_: Annotated[
        int | None, typer.Option("--round", help="for this round, not the one aimed at")
    ] = None,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="as of this day")] = None,
    as_json: Json = False,
    lang: In = Lang.JA,
    db: Annotated[
        str, typer.Option(help="a database's file or URL; without it, the one of the settings")
    ] = "",
) -> None:
    """The steps on the way to a committee round, and whether there is time for each; exit 1 when there is no plan."""
    with refusals(lang), opened_books(db) as (opened, edition):
        almanac = almanac_of(opened, hours_of(edition))
        found = find_project(opened, project, lang)
        done = said_done(opened.obligations.of_projects([found.id]), found.target_round)
        plan = back_plan(found, almanac, round_, on.date() if on else tokyo_day(now()), done)
        told = (*remarks(plan, found.target_round, almanac, load_wording(), lang),)
    if as_json:
        typer.echo(json.dumps(_whole(plan, found, lang), ensure_ascii=False))
    else:
        typer.echo("\n".join(_lines(plan, found, told, lang)))


def _whole(plan: BackPlan, project: Project, lang: Lang) -> dict[str, object]:
    stages = [
        {
            "rule": row.rule,
            "title": row.title,
            "kind": stage.dated.kind,
            "day": stage.day.isoformat(),
            "left": row.left,
            "state": row.state,
            "why": row.why,
        }
        for stage, row in zip(plan.stages, rows(plan, load_wording(), lang), strict=True)
    ]
    return {
        "project": project.project_id,
        "round": plan.round.number,
        "cutoff": plan.cutoff.isoformat(),
        "aimed": plan.aimed,
        "reachable": plan.reachable,
        "over": plan.over,
        "instead": plan.instead,
        "stages": stages,
    }


def _lines(plan: BackPlan, project: Project, told: tuple[str, ...], lang: Lang) -> list[str]:
    wording = load_wording()
    found = rows(plan, wording, lang)
    table = [_heads(wording, lang)]
    table += [[row.day, f"{row.rule} {row.title}", str(row.left), row.state_text, row.why] for row in found]
    head = f"{project.project_id} {project.title}"
    return [head, heading(plan, wording, lang), *("  ".join(line) for line in table), *told]


def _heads(wording: Wording, lang: Lang) -> list[str]:
    return [wording.say(f"plan.column_{name}", lang) for name in COLUMNS]
