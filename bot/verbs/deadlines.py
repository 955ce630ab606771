"""`jdesk deadlines`: every date of the projects and of the office, with its rule, its source and how it was counted."""

import re
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.clock import now, tokyo_day
from bot.settings import Settings
from bot.verbs.deadline_view import SUBJECT, View, write_json, write_text
from bot.verbs.office_desk import refusals, say
from bot.verbs.seminar_desk import STAFF, In, Json
from intents.desk.deadlines.almanac import almanac_of, hours_of
from intents.desk.projects.records import Project
from intents.desk.refused import Refused
from knowledge.complaints import nearest
from knowledge.model import Edition, Lang
from knowledge.reader import files_in, read
from knowledge.reminders import load_rules
from storage import knowledge_files
from storage.books import StoredBooks
from storage.database import BadUrl, Database
from storage.migrate import is_current

PAGE = 500
SQLITE = "sqlite:///"
# What dates are counted with, of an edition.
FILES = ("calendar.toml", "sources.toml")


def add_to(app: typer.Typer) -> None:
    """Registers the verb."""
    app.command(SUBJECT)(show)


def show(
    project: Annotated[str, typer.Option(help="only this project")] = "",
    rule: Annotated[str, typer.Option(help="only this rule, such as DL-03")] = "",
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="as of this day")] = None,
    as_json: Json = False,
    whole: Annotated[
        bool, typer.Option("--all", help="also what cannot be counted, and what is switched off")
    ] = False,
    lang: In = Lang.JA,
    db: Annotated[
        str, typer.Option(help="a database's file or URL; without it, the one of the settings")
    ] = "",
) -> None:
    """Every date with its rule, its source, what it was counted from and how; exit 1 for an unknown project or rule."""
    with refusals(SUBJECT, lang), opened_books(db) as (opened, edition):
        almanac = almanac_of(opened, hours_of(edition))
        day = on.date() if on else tokyo_day(now())
        view = View(almanac, day, _rule(rule, lang), whole, lang, edition.sources)
        # Before anything is written: a calendar that has ended is told by a sentence, and not amid a list.
        own = [] if project else view.office()
        chosen = (find_project(opened, project, lang),) if project else _every(opened)
        if as_json:
            write_json(view, chosen, own)
        else:
            write_text(view, chosen, own)


def _rule(typed: str, lang: Lang) -> str:
    rules = load_rules()
    if typed and typed not in rules:
        # A rule is known by its number, however that is written.
        of = next((name for name in ("BP", "MB") if typed.upper().startswith(name)), "DL")
        number = f"{of}-{re.sub(r'[^0-9]', '', typed).zfill(2)}"
        raise Refused("no_rule", value=typed, meant=_meant(number, rules, lang))
    return typed


def find_project(opened: StoredBooks, typed: str, lang: Lang) -> Project:
    """The project that the office calls so. Refused: no_project, with the nearest."""
    found = opened.projects.find(typed)
    if found is None:
        known = [one.project_id for one in _every(opened)]
        raise Refused("no_project", value=typed, meant=_meant(typed, known, lang))
    return found


def _meant(typed: str, known: Iterable[str], lang: Lang) -> str:
    word = nearest(typed, known)
    return say(SUBJECT, "meant", lang, word=word) if word else ""


def _every(opened: StoredBooks) -> Iterator[Project]:
    after = 0
    while page := opened.projects.page(after, PAGE):
        yield from page
        after = page[-1].id


# ------------------------------------------------ the database


@contextmanager
def opened_books(db: str) -> Iterator[tuple[StoredBooks, Edition]]:
    """The books to read, and the live edition as far as dates need it. Refused: no_database, not_migrated, …"""
    with closing(_database(db)) as database:
        if not is_current(database):
            raise Refused("not_migrated")
        files = knowledge_files.load(database) or files_in()
        edition = read({name: files[name] for name in FILES if name in files}).edition
        with database.look() as connection:
            yield StoredBooks(connection, database, now(), STAFF), edition


def _database(db: str) -> Database:
    url = db if "://" in db else f"{SQLITE}{Path(db).absolute()}" if db else Settings().url
    file = url.removeprefix(SQLITE)
    # SQLite would make a new file of any name.
    if file != url and not Path(file).is_file():
        raise Refused("no_database", file=file)
    try:
        return Database(url)
    except BadUrl as fault:
        raise Refused("bad_database", why=fault) from fault
