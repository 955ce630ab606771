"""What the verbs of `jdesk seminar` share: one transaction of staff, options, moments in Tokyo."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated

import typer

from bot.clock import TOKYO, now
from bot.settings import Settings
from intents.desk.refused import Refused
from intents.desk.seminar_buttons import letters_with_buttons
from intents.desk.seminar_letters import SeminarLetters, refusal_text
from intents.notices import load_notices
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage.books import StoredBooks, books
from storage.database import Database

STAFF = "staff:terminal"
Number = Annotated[str, typer.Argument(help="the seminar's number, such as S-0001")]
Json = Annotated[bool, typer.Option("--json", help="as JSON")]
In = Annotated[Lang, typer.Option("--lang", help="language of the sentences")]
Yes = Annotated[bool, typer.Option("--yes", help="do not ask")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="only say what would happen")]
Reason = Annotated[str, typer.Option(help="why; for the audit, and for people who are told")]


@contextmanager
def refusals(lang: Lang) -> Iterator[None]:
    """A refusal is printed and ends with exit code 1."""
    try:
        yield
    except Refused as refused:
        typer.echo(refusal_text(load_wording(), refused, lang), err=True)
        raise typer.Exit(1) from refused


@contextmanager
def desk(lang: Lang = Lang.JA) -> Iterator[StoredBooks]:
    """One transaction of staff; a refusal is printed and ends with exit code 1."""
    with refusals(lang), books(Database(Settings().url), now(), STAFF) as opened:
        yield opened


def letters(opened: StoredBooks) -> SeminarLetters:
    """The letters that staff's actions send, with the buttons that people know from the others."""
    return letters_with_buttons(opened.links, load_notices(), load_wording())


def tokyo(moment: datetime) -> str:
    """A moment as staff type it."""
    return f"{moment.astimezone(TOKYO):%Y-%m-%d %H:%M}"


def agreed(question: str, *, yes: bool, dry_run: bool) -> None:
    """Goes on when it is agreed; a dry run ends here with exit code 0, a no with 1."""
    if dry_run:
        raise typer.Exit
    if not yes and not typer.confirm(question):
        raise typer.Exit(1)


def say(name: str, lang: Lang, /, **places: object) -> str:
    """A sentence about seminars."""
    return load_wording().say(f"seminars.{name}", lang, **places)
