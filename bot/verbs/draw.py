"""`jdesk draw`: a dialog as a Mermaid flowchart."""

from typing import Annotated

import typer

from intents.dialog_drawing import drawing
from intents.dialogs import DIALOGS
from knowledge.model import Lang
from knowledge.wording import load_wording


def add_to(app: typer.Typer) -> None:
    """Registers the verb."""
    app.command("draw")(draw)


def draw(
    dialog: Annotated[str, typer.Argument(help="name of the dialog; without one they are listed")] = "",
    lang: Annotated[Lang, typer.Option(help="language of the labels")] = Lang.JA,
) -> None:
    """Prints a dialog as Mermaid; exit 1 when there is none of that name."""
    wording = load_wording()
    if not dialog:
        for one in DIALOGS:
            typer.echo(f"{one.name}  {wording.say(f'{one.wording}.title', lang)}")
        return
    found = next((one for one in DIALOGS if one.name == dialog), None)
    if found is None:
        typer.echo(f"There is no dialog {dialog}: {', '.join(one.name for one in DIALOGS)}", err=True)
        raise typer.Exit(1)
    typer.echo(drawing(found, wording, lang))
