"""`jdesk survey`: what is asked about seminars and meetings, and what was answered. Times are Tokyo time."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.clock import now
from bot.verbs import survey_file, survey_results
from bot.verbs.office_desk import desk, refusals, write
from bot.verbs.seminar_desk import DryRun, In, Json, tokyo
from intents.desk import surveys
from intents.desk.seminar_records import Seminar
from intents.desk.seminar_seating import find_seminar
from intents.desk.survey_records import Survey
from intents.desk.survey_results import results as results_of
from knowledge.model import Lang

SUBJECT = "surveys"
app = typer.Typer(no_args_is_help=True, help="Surveys about seminars and meetings.")
Number = Annotated[str, typer.Argument(help="the survey's number, such as Q-0001")]


def add_to(tool: typer.Typer) -> None:
    """Registers the verbs."""
    tool.add_typer(app, name="survey")


@app.command()
def template() -> None:
    """Prints a file for `create --file`."""
    typer.echo(survey_file.TEMPLATE, nl=False)


@app.command()
def create(
    file: Annotated[Path, typer.Option(help="a TOML file, see `template`")],
    dry_run: DryRun = False,
    lang: In = Lang.JA,
) -> None:
    """A new survey from a file; letters leave when it is time."""
    with refusals(SUBJECT, lang):
        fields = survey_file.fields_at(file)
    with desk(SUBJECT, lang) as opened:
        event = find_seminar(opened, str(fields["subject"]))
        new = survey_file.read_survey(fields, event, now())
        typer.echo(f"{event.number} {event.title}  {new.moment}  {tokyo(new.closes_at)}  {new.title}")
        if not dry_run:
            typer.echo(surveys.create(opened, new).number)


@app.command("list")
def list_(as_json: Json = False) -> None:
    """Every survey, the newest first."""
    with desk(SUBJECT) as opened:
        rows = [_row(one, surveys.event_of(opened, one)) for one in opened.surveys.listing()]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(
            "  ".join(str(row[name]) for name in ("number", "event", "moment", "state", "closes", "title"))
        )
    if not rows:
        typer.echo("No surveys.")


def _row(survey: Survey, event: Seminar) -> dict[str, object]:
    row: dict[str, object] = {"number": survey.number, "title": survey.title, "event": event.number}
    return row | {"moment": survey.moment, "state": survey.state, "closes": tokyo(survey.closes_at)}


@app.command()
def show(number: Number, as_json: Json = False, lang: In = Lang.JA) -> None:
    """One survey with its questions."""
    with desk(SUBJECT, lang) as opened:
        survey = surveys.find_survey(opened, number)
        row = _row(survey, surveys.event_of(opened, survey))
    questions = [
        {"text": one.text, "kind": one.kind, "options": list(one.values), "theme": one.theme}
        for one in survey.questions
    ]
    if as_json:
        typer.echo(json.dumps(row | {"questions": questions}, ensure_ascii=False))
        return
    for name, value in row.items():
        typer.echo(f"{name:<8} {value}")
    for place, one in enumerate(survey.questions, 1):
        typer.echo(f"{place}. [{one.kind}] {one.text}  {' / '.join(one.options)}{one.theme}")


@app.command("open")
def open_(number: Number, lang: In = Lang.JA) -> None:
    """Opens a survey that was closed by hand."""
    with desk(SUBJECT, lang) as opened:
        typer.echo(f"{surveys.set_open(opened, number, is_open=True).number}: open")


@app.command()
def close(number: Number, lang: In = Lang.JA) -> None:
    """Closes a survey by hand: no letter leaves any more, no answer counts."""
    with desk(SUBJECT, lang) as opened:
        typer.echo(f"{surveys.set_open(opened, number, is_open=False).number}: closed")


@app.command()
def results(
    number: Number,
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="every answer as CSV; the audit keeps it")] = False,
    out: Annotated[Path | None, typer.Option(help="the file to write; else standard output")] = None,
    lang: In = Lang.JA,
) -> None:
    """How many answered, what they chose, and what they wrote, by theme."""
    with desk(SUBJECT, lang) as opened:
        survey = surveys.find_survey(opened, number)
        if as_csv:
            opened.audit.note(survey.subject, "exported")
            text = survey_results.as_csv(opened, survey, lang)
        elif as_json:
            text = survey_results.as_json(results_of(opened, survey)) + "\n"
        else:
            text = survey_results.as_text(results_of(opened, survey), lang) + "\n"
    write(text, out)
