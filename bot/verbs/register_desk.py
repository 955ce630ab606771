"""What the verbs of the register share: refusals in its words, one transaction of staff, and a look without any."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from bot.clock import now
from bot.project_words import Words
from bot.settings import Settings
from bot.verbs.seminar_desk import STAFF
from intents.desk.refused import Refused
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage.books import StoredBooks, books
from storage.database import Database


def words(lang: Lang) -> Words:
    """The sentences."""
    return Words(load_wording(), lang)


def database() -> Database:
    """The database of the settings."""
    return Database(Settings().url)


@contextmanager
def refusals(lang: Lang) -> Iterator[None]:
    """A refusal is printed and ends with exit code 1."""
    try:
        yield
    except Refused as refused:
        typer.echo(words(lang).refusal(refused), err=True)
        raise typer.Exit(1) from refused


@contextmanager
def desk(lang: Lang = Lang.JA) -> Iterator[StoredBooks]:
    """One transaction of staff; a refusal is printed and ends with exit code 1."""
    with refusals(lang), books(database(), now(), STAFF) as opened:
        yield opened


@contextmanager
def shelves(where: Database) -> Iterator[StoredBooks]:
    """The books to read only: nobody waits for it."""
    with where.look() as connection:
        yield StoredBooks(connection, where, now(), STAFF)
