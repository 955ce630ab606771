"""`jdesk teams-package`: the archive that is uploaded to Microsoft Teams."""

from pathlib import Path
from typing import Annotated

import typer

from bot.channels.teams.package.archive import archive, pretty
from bot.channels.teams.package.details import Details, checked
from bot.channels.teams.package.manifest import manifest
from bot.verbs.office_desk import refusals, say
from bot.verbs.seminar_desk import In
from intents.desk.refused import Refused
from knowledge.model import Lang
from knowledge.wording import load_wording

SUBJECT = "teams_package"


def add_to(tool: typer.Typer) -> None:
    """Registers the verb."""
    tool.command("teams-package")(teams_package)


def teams_package(
    app_id: Annotated[str, typer.Option(help="application (client) id of the registration in Entra")],
    domain: Annotated[str, typer.Option(help="where the desk is served, such as desk.example.jp")],
    bot_id: Annotated[str, typer.Option(help="the bot's id, where it is not the app's")] = "",
    name: Annotated[str, typer.Option(help="what the app is called in Teams, 30 characters at most")] = "",
    version: Annotated[str, typer.Option(help="raise it with every upload")] = "1.0.0",
    out: Annotated[Path, typer.Option(help="the archive")] = Path("jdesk-teams.zip"),
    triage: Annotated[
        bool, typer.Option("--triage", help="staff work cases in a channel: its menu, private channels")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="replace an archive that exists")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="print the manifest, write nothing")] = False,
    lang: In = Lang.JA,
) -> None:
    """Makes the app package for Microsoft Teams: manifest, its English texts and two icons in one archive."""
    with refusals(SUBJECT, lang):
        details = checked(Details(app_id, bot_id, domain, name, version, triage))
        if dry_run:
            typer.echo(pretty(manifest(details, load_wording())), nl=False)
            return
        _write(archive(details, load_wording()), out, force=force)
    typer.echo(say(SUBJECT, "written", lang, file=out, version=details.version))


def _write(content: bytes, out: Path, *, force: bool) -> None:
    if out.suffix.lower() != ".zip":
        raise Refused("out_kind", file=out)
    if not out.parent.is_dir():
        raise Refused("out_folder", folder=out.parent)
    try:
        with out.open("wb" if force else "xb") as file:
            file.write(content)
    except FileExistsError as fault:
        raise Refused("out_exists", file=out) from fault
    except OSError as fault:
        raise Refused("out_broken", file=out, why=fault.strerror) from fault
