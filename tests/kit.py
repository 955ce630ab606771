"""What tests share: a small office with a fixed clock, built from the real parts."""

import atexit
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.bell import Bell
from bot.live import LiveEdition
from bot.loops import Loops
from bot.office import Office
from bot.pipeline import Pipeline
from intents.desk.case_records import CaseKind, NewCase
from intents.desk.case_talk import open_case
from intents.desk.practice import practice_of
from intents.messages import Content, Incoming, Lane, Said
from knowledge.model import Lang
from knowledge.reader import files_in, read
from knowledge.wording import load_wording
from storage import knowledge_files
from storage.database import Database
from storage.unit_of_work import Turn

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def _cache() -> Path:
    """The test run's own folder for indexes: the processes of a run share it, and the first one removes it."""
    if kept := os.environ.get("JDESK_TEST_CACHE"):
        return Path(kept)
    folder = tempfile.mkdtemp(prefix="jdesk-cache")
    os.environ["JDESK_TEST_CACHE"] = folder
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


CACHE = _cache()
_numbers = itertools.count(1)


def small_edition() -> dict[str, str]:
    """Six answers, every command: an edition that does not change when the office writes."""
    return files_in(Path(__file__).parent / "edition")


def clock() -> datetime:
    """Noon in Tokyo on the day of the first edition."""
    return NOON


def counted_token() -> str:
    """Tokens that a test can read."""
    return f"token-{next(_numbers)}"


def said(text: str, key: str = "", conversation: str = "c1", channel: str = "web") -> Incoming:
    """A typed message."""
    return event(Said(text), key, conversation, channel)


def event(content: Content, key: str = "", conversation: str = "c1", channel: str = "web") -> Incoming:
    """Something that arrived."""
    key = key or f"key-{next(_numbers)}"
    return Incoming(channel, key, conversation, "p1", content, {"to": conversation}, NOON, lane=Lane.SLOW)


def pipeline(
    database: Database, now: Callable[[], datetime] = clock, pushed: frozenset[str] = frozenset({"slack"})
) -> Pipeline:
    """The pipeline over a database that holds the small edition."""
    if not knowledge_files.live_name(database):
        knowledge_files.replace(database, small_edition(), now())
    return Pipeline(database, LiveEdition(database, CACHE), load_wording(), now, counted_token, pushed)


def office(database: Database, name: str = "test") -> Office:
    """An office that is not started yet."""
    return Office(database, pipeline(database), clock, name, Bell(database), Loops())


def opened_case(work: Turn, kind: CaseKind, summary: str) -> str:
    """The number of a case that this turn opens."""
    practice = practice_of(read(small_edition()).edition)
    new = NewCase(kind=kind, summary=summary, to=work.recipient("", Lang.JA))
    return open_case(work, practice, new).number
