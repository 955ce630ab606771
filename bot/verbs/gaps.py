"""What `jdesk knowledge gaps` shows: what people ask and nothing answers, by how many ask it."""

import dataclasses
import json
from collections.abc import Iterator

import typer

from bot.clock import now, tokyo_day
from bot.index_cache import understanding
from bot.settings import Settings
from bot.verbs.editions import edition_at
from bot.verbs.office_desk import say
from bot.verbs.seminar_desk import STAFF
from intents.desk.gaps import LOOK_BACK, Gap, Nearest, open_gaps
from knowledge.model import Lang
from storage.books import books
from storage.database import Database
from storage.gaps import StoredGaps

SUBJECT = "gaps"


def show_gaps(lang: Lang, *, as_json: bool) -> None:
    """Prints every open gap of the last year, the most asked for first."""
    found = _found()
    # What people typed may be personal.
    with books(Database(Settings().url), now(), STAFF) as opened:
        opened.audit.note("gaps", "read", after={"gaps": len(found)}, reason="jdesk knowledge gaps")
    if as_json:
        rows = [dataclasses.asdict(gap) | {"count": len(gap.events)} for gap in found]
        typer.echo(json.dumps(rows, ensure_ascii=False, default=str))
        return
    for line in _lines(found, lang) if found else [say(SUBJECT, "none", lang)]:
        typer.echo(line)


def _found() -> tuple[Gap, ...]:
    settings, moment = Settings(), now()
    nearest, database = _nearest(settings), Database(settings.url)
    with database.look() as connection:
        return open_gaps(StoredGaps(connection, database, moment), nearest, moment - LOOK_BACK)


def _nearest(settings: Settings) -> Nearest:
    """The nearest entry to a text, by the live edition as of today."""
    mind, today = understanding(edition_at(None), settings.cache_dir), tokyo_day(now())

    def nearest(text: str) -> str:
        candidates = mind.match(text, today).candidates
        return candidates[0].entry if candidates else ""

    return nearest


def _lines(found: tuple[Gap, ...], lang: Lang) -> Iterator[str]:
    yield say(SUBJECT, "head", lang)
    for gap in found:
        again = say(SUBJECT, "again", lang) if gap.again else ""
        # What people typed goes on one line, whatever they typed.
        asked = " ".join(gap.question.split())
        yield f"{len(gap.events):>4}  {gap.organisations:>4}  {gap.persons:>4}  {gap.nearest:<40}  {asked}{again}"
