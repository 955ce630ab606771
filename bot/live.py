"""The live edition in memory: read from the database, indexed, and swapped whole when it changes."""

import gc
import threading
from datetime import datetime
from pathlib import Path

import structlog

from bot.index_cache import understanding_apart
from intents.understanding.router import Understanding
from knowledge.reader import files_in
from storage import knowledge_files
from storage.database import Database

log = structlog.get_logger()


class LiveEdition:
    """Holds the newest edition; `refresh` is cheap when nothing changed and safe from any thread."""

    def __init__(self, database: Database, cache: Path) -> None:
        self._database, self._cache = database, cache
        self._lock = threading.Lock()
        self._mind: Understanding | None = None

    def current(self) -> Understanding:
        """The edition in force; the first call reads it."""
        return self._mind or self.refresh()

    def refresh(self) -> Understanding:
        """Reads the edition again if another one is live."""
        with self._lock:
            name = knowledge_files.live_name(self._database)
            if self._mind is None or self._mind.edition.name != name:
                self._mind = understanding_apart(knowledge_files.load(self._database), self._cache)
                # An edition lives long: the collector need not walk through it again and again.
                gc.collect()
                gc.freeze()
                log.info(
                    "edition_live", edition=self._mind.edition.name, entries=len(self._mind.edition.entries)
                )
            return self._mind


def import_if_empty(database: Database, now: datetime) -> bool:
    """Imports the files of the product on the first start; later editions are imported on purpose."""
    if knowledge_files.live_name(database):
        return False
    knowledge_files.replace(database, files_in(), now)
    return True
