"""Signs of life of the clock: its own beat, for readiness, and calls to a watcher outside, who misses them."""

from datetime import datetime, timedelta
from http.client import HTTPException
from urllib.request import Request, urlopen

import structlog

from bot.clock import Clock
from knowledge.links import web_address
from storage import heartbeats
from storage.database import Database

SCHEDULER = "scheduler"
# A clock that has not beaten for so long has stopped.
SILENT = timedelta(seconds=30)
# How long a watcher may take to answer, at each step.
SECONDS = 5
log = structlog.get_logger()


class Heart:
    """The beat of the scheduler of this process; where none was started, none is missed."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._seen: datetime | None = None

    def start(self) -> None:
        """From now on it has to beat; the first beat may take as long as any."""
        self._seen = self._clock()

    def beat(self) -> None:
        """Notes that the scheduler goes on. Raises DatabaseDown."""
        now = self._clock()
        heartbeats.beat(self._database, SCHEDULER, now)
        self._seen = now

    def stopped(self) -> bool:
        """Whether the scheduler was started here and is heard no more."""
        return self._seen is not None and self._clock() - self._seen > SILENT


class Watcher:
    """Somebody outside who raises the alarm when the calls stay away: a dead man's switch.

    The address is a secret, as whoever knows it can keep the watcher quiet; so it is in no log.
    """

    def __init__(self, url: str) -> None:
        self._url, self._well = web_address(url), False

    def well(self) -> None:
        """A round of what is due has run through."""
        self._well = True

    def call(self) -> None:
        """Calls when a round has run through since the last call; for a thread, and a failure is only logged."""
        if not self._url or not self._well:
            return
        self._well = False
        try:
            asked = Request(self._url, headers={"user-agent": "jdesk"})  # noqa: S310 - an address of the web, see above
            with urlopen(asked, timeout=SECONDS):  # noqa: S310 - the same
                pass
        except (OSError, HTTPException, ValueError) as fault:
            log.warning(
                "watcher_not_reached", fault=type(fault).__name__, status=getattr(fault, "code", None)
            )
