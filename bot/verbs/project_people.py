"""`jdesk projects contact` and `person`: who looks after a project, and how they are reached."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from bot.verbs.register_desk import desk, words
from bot.verbs.seminar_desk import In
from intents.desk.projects import duties, people, register
from intents.desk.projects.records import Contact, Duty, Project, Role
from intents.desk.refused import Refused
from knowledge.model import Lang
from storage.books import StoredBooks

Id = Annotated[str, typer.Argument(metavar="ID", help="the office's name of the project")]
NOBODY = "-"
Staff = list[tuple[Duty, Contact]]


def staff_of(opened: StoredBooks, found: Project) -> Staff:
    """Who is what to a project now."""
    current = opened.contacts.duties([found.id])
    known: Mapping[int, Contact] = {
        one.id: one for one in opened.contacts.of({one.contact for one in current})
    }
    return [(one, known[one.contact]) for one in current]


def show_staff(staff: Staff, lang: Lang) -> None:
    """One line each."""
    for one, who in staff:
        typer.echo(f"{words(lang).say(f'role_{one.role}')}: {who.name} {who.mail}".rstrip())


def contact(
    id_: Id,
    owner: Annotated[str | None, typer.Option(help="mail address of who is in charge; - for nobody")] = None,
    second: Annotated[
        str | None, typer.Option(help="mail address of the second contact; - for nobody")
    ] = None,
    name: Annotated[str, typer.Option(help="what they are called")] = "",
    why: Annotated[str, typer.Option(help="why it changes; for the audit")] = "",
    lang: In = Lang.JA,
) -> None:
    """Who is in charge of a project, or who is asked when that person does not answer."""
    with desk(lang) as opened:
        if (owner is None) is (second is None):
            raise Refused("one_role")
        role, mail = (Role.OWNER, owner) if owner is not None else (Role.SECOND, second)
        if mail == NOBODY:
            duties.unassign(opened, id_, role, why=why)
        else:
            duties.assign(opened, id_, role, name, mail or "", why=why)
        staff = staff_of(opened, register.find(opened, id_))
    show_staff(staff, lang)


def person(
    mail: Annotated[str, typer.Argument(help="their mail address")],
    zone: Annotated[str | None, typer.Option(help="time zone, such as Asia/Tokyo")] = None,
    language: Annotated[str | None, typer.Option(help="ja or en")] = None,
    ways: Annotated[
        str | None, typer.Option(help="how to reach them, in order: web,slack,teams,mail")
    ] = None,
    slack: Annotated[str | None, typer.Option(help="Slack's name of them, T…:U…")] = None,
    left: Annotated[bool, typer.Option("--left", help="they are no longer there")] = False,
    lang: In = Lang.JA,
) -> None:
    """How somebody who looks after projects is reached, or that they have left."""
    with desk(lang) as opened:
        known = opened.contacts.by_mail(mail)
        if known is None:
            raise Refused("no_such_contact", value=mail)
        chosen = None if ways is None else tuple(one.strip() for one in ways.split(",") if one.strip())
        given = {"zone": zone, "lang": language, "ways": chosen, "slack": slack}
        changes: dict[str, Any] = {field: value for field, value in given.items() if value is not None}
        found = people.change(opened, known.id, **changes) if changes else known
        found = people.left(opened, known.id) if left else found
    typer.echo(
        f"{found.name} {found.mail}  {found.lang}  {found.zone}  {', '.join(found.ways) or '-'}  {found.slack}".rstrip()
    )
