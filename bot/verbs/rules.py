"""`jdesk rules`: which rules of deadlines are sent, and what they need from the office."""

import json
from typing import Annotated

import typer

from bot.clock import now, tokyo_day
from bot.verbs.register_desk import database, desk, shelves, words
from bot.verbs.seminar_desk import In, Json
from intents.desk.projects import settings
from intents.desk.refused import Refused
from knowledge.model import Lang
from knowledge.reminders import load_rules

app = typer.Typer(
    no_args_is_help=True, help="Rules of deadlines: which are sent, and what they need from the office."
)
RuleId = Annotated[str, typer.Argument(metavar="RULE", help="such as DL-05")]
Pairs = Annotated[
    list[str], typer.Argument(metavar="NAME=VALUE…", help="such as submission_month=5; - takes it back")
]
NOTHING = "-"


def add_to(tool: typer.Typer) -> None:
    """Registers the verbs."""
    tool.add_typer(app, name="rules")


@app.command("list")
def list_(as_json: Json = False, lang: In = Lang.JA) -> None:
    """Every rule: whether it is sent, how firm it is, and what was entered for it."""
    with shelves(database()) as opened:
        entered = opened.calendars.settings()
    today = tokyo_day(now())
    rows = []
    for rule in load_rules().values():
        own = entered.get(rule.id, {})
        rows.append(
            {
                "rule": rule.id,
                "on": settings.enabled(rule, own),
                "kind": (rule.on(today) or rule.versions[-1]).kind,
                "subject": rule.subject,
                "title": rule.title[lang],
                "settings": {one.name: own.get(one.name, one.default) for one in rule.settings},
            }
        )
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        _show(row, lang)


def _show(row: dict[str, object], lang: Lang) -> None:
    told, own = words(lang), row["settings"]
    assert isinstance(own, dict)
    switch = told.say("on" if row["on"] else "off")
    pairs = " ".join(f"{name}={value or NOTHING}" for name, value in own.items())
    typer.echo(
        "  ".join(filter(None, (str(row["rule"]), switch, str(row["kind"]), str(row["title"]), pairs)))
    )


@app.command("on")
def switch_on(rule: RuleId, lang: In = Lang.JA) -> None:
    """Sends a rule from now on."""
    with desk(lang) as opened:
        found = settings.switch(opened, load_rules(), rule, on=True)
    typer.echo(words(lang).say("rule_on", rule=found.id, title=found.title[lang]))


@app.command("off")
def switch_off(rule: RuleId, lang: In = Lang.JA) -> None:
    """Sends a rule no more."""
    with desk(lang) as opened:
        found = settings.switch(opened, load_rules(), rule, on=False)
    typer.echo(words(lang).say("rule_off", rule=found.id, title=found.title[lang]))


@app.command("set")
def set_rule(
    rule: RuleId,
    given: Pairs,
    lang: In = Lang.JA,
) -> None:
    """Enters what a rule needs from the office."""
    with desk(lang) as opened:
        for one in given:
            name, sign, text = one.partition("=")
            if not sign:
                raise Refused("pair_wrong", value=one)
            value = settings.enter(opened, load_rules(), rule, name, text)
            typer.echo(f"{rule}  {name.strip()}={value or NOTHING}")
