"""`jdesk staff`: who works at the office, and the links with which they sign in to the console."""

import dataclasses
import json
from collections.abc import Sequence
from typing import Annotated

import typer

from bot.settings import Settings
from bot.verbs.office_desk import desk, say
from bot.verbs.seminar_desk import In, Json
from intents.desk import staff as rules
from intents.desk.refused import Refused
from intents.desk.staff_books import Desk, Role, StaffMember
from intents.readers.area import AREA, prefecture
from intents.readers.misread import Misread
from knowledge.model import Lang

SUBJECT = "staff"
app = typer.Typer(no_args_is_help=True, help="Who works at the office.")
Name = Annotated[str, typer.Argument(help="the handle that stands in the audit, such as sato")]
ROLE = "reader looks, desk works on cases, editor edits answers, admin does everything"
SLACK = "ids of workspace and user, T…:U…"
PREFECTURE = "answers for it; repeat for more, none for all of the area"
DESK = "general or forest; repeat for both"


def add_to(tool: typer.Typer) -> None:
    """Registers the verbs."""
    tool.add_typer(app, name="staff")


@app.command()
def add(
    name: Name,
    display: Annotated[str, typer.Option(help="the name that people read")],
    role: Annotated[Role, typer.Option(help=ROLE)],
    slack: Annotated[str, typer.Option(help=SLACK)] = "",
    teams: Annotated[str, typer.Option(help="the id in Microsoft Teams")] = "",
    mail: Annotated[str, typer.Option(help="the mail address")] = "",
    prefectures: Annotated[list[str] | None, typer.Option("--prefecture", help=PREFECTURE)] = None,
    desks: Annotated[list[Desk] | None, typer.Option("--desk", help=DESK)] = None,
    lang: In = Lang.JA,
) -> None:
    """Somebody new; then give them a link with `login-link`."""
    with desk(SUBJECT, lang) as opened:
        places = _prefectures(prefectures or ())
        at = tuple(str(one) for one in desks or (Desk.GENERAL,))
        member = rules.add(opened, StaffMember(name, display, role, slack, teams, mail, at, places))
    typer.echo(_said("added", member, lang))


@app.command("list")
def list_(as_json: Json = False, lang: In = Lang.JA) -> None:
    """Everybody, also who has left."""
    with desk(SUBJECT, lang) as opened:
        found = opened.staff.all()
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        where = ", ".join(one.prefectures) or say(SUBJECT, "everywhere", lang)
        left = "" if one.active else say(SUBJECT, "left", lang)
        told = (one.name, one.display, say(SUBJECT, f"role_{one.role}", lang), ",".join(one.desks), where)
        typer.echo("  ".join((*told, one.slack, one.mail, left)).rstrip())
    if not found:
        typer.echo(say(SUBJECT, "nobody", lang))


@app.command()
def change(
    name: Name,
    display: Annotated[str | None, typer.Option(help="the name that people read")] = None,
    role: Annotated[Role | None, typer.Option(help=ROLE)] = None,
    slack: Annotated[str | None, typer.Option(help=f"{SLACK}; '' for none")] = None,
    teams: Annotated[str | None, typer.Option(help="the id in Microsoft Teams; '' for none")] = None,
    mail: Annotated[str | None, typer.Option(help="the mail address; '' for none")] = None,
    prefectures: Annotated[list[str] | None, typer.Option("--prefecture", help=f"{PREFECTURE} ('')")] = None,
    desks: Annotated[list[Desk] | None, typer.Option("--desk", help=DESK)] = None,
    active: Annotated[bool | None, typer.Option("--active/--inactive", help="may sign in")] = None,
    lang: In = Lang.JA,
) -> None:
    """Changes what is given; another role or --inactive ends their sessions."""
    given = {"display": display, "role": role, "slack": slack, "teams": teams, "mail": mail, "active": active}
    changes: dict[str, object] = {field: value for field, value in given.items() if value is not None}
    with desk(SUBJECT, lang) as opened:
        if prefectures:
            changes["prefectures"] = _prefectures(prefectures)
        if desks:
            changes["desks"] = tuple(str(one) for one in desks)
        member = rules.change(opened, name, **changes)
    typer.echo(_said("changed", member, lang))


@app.command()
def remove(name: Name, lang: In = Lang.JA) -> None:
    """Ends somebody's access at once; what they did stays in the record."""
    with desk(SUBJECT, lang) as opened:
        member = rules.remove(opened, name)
    typer.echo(_said("removed", member, lang))


@app.command("login-link")
def login_link(
    name: Name,
    base_url: Annotated[str, typer.Option(help="where the console is, if not at JDESK_PUBLIC_URL")] = "",
    lang: In = Lang.JA,
) -> None:
    """A link to sign in to the console: once, within 15 minutes."""
    with desk(SUBJECT, lang) as opened:
        token = rules.login(opened, name)
    settings = Settings()
    base = base_url or settings.public_url or f"http://{settings.host}:{settings.port}"
    typer.echo(f"{base.rstrip('/')}/console/login/{token}")
    typer.echo(say(SUBJECT, "login_hint", lang), err=True)


def _said(key: str, member: StaffMember, lang: Lang) -> str:
    role = say(SUBJECT, f"role_{member.role}", lang)
    places = {"name": member.name, "display": member.display, "role": role}
    return say(SUBJECT, key, lang, **places)


def _prefectures(typed: Sequence[str]) -> tuple[str, ...]:
    """Full names, each once. Refused: prefecture_wrong."""
    found = []
    for text in filter(None, typed):
        try:
            found.append(prefecture(text))
        except Misread as fault:
            raise Refused("prefecture_wrong", value=text, known=" ".join(AREA)) from fault
    return tuple(dict.fromkeys(found))
