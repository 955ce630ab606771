"""Liveness, readiness and metrics: alive is the process, ready is everything that a message needs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.clock import Clock
from storage import inbox, knowledge_files, outbox
from storage.database import Database, DatabaseDown
from storage.migrate import is_current

STUCK = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Health:
    """Looks at the database, the shape of its tables, the edition, the loops, the clock, and what is stuck.

    `channels` are those on which this process sends, `broken` tells which of its loops are down, `stopped` whether
    its scheduler is heard no more.
    """

    database: Database
    clock: Clock
    channels: frozenset[str] = frozenset()
    broken: Callable[[], list[str]] = list
    stopped: Callable[[], bool] = bool

    def problems(self) -> list[str]:
        """The names of what is not ready; empty when all is well."""
        try:
            return list(self._problems())
        except DatabaseDown:
            return ["database"]

    def _problems(self) -> list[str]:
        before = self.clock() - STUCK
        checks = {
            "migrations": is_current(self.database),
            "knowledge": bool(knowledge_files.live_name(self.database)),
            "inbox": not inbox.backlog(self.database, before),
            "outbox": not outbox.overdue(self.database, before, self.channels),
            "scheduler": not self.stopped(),
        }
        checks |= {f"loop {name}": False for name in self.broken()}
        # A reader passes a writer that holds SQLite, so readiness has to try a write as well.
        with self.database.begin():
            pass
        return [name for name, fine in checks.items() if not fine]


def routes(health: Health) -> list[Route]:
    """/healthz, /readyz and /metrics."""

    async def alive(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_: Request) -> Response:
        problems = await run_in_threadpool(health.problems)
        return JSONResponse(
            {"status": "not ready" if problems else "ok", "problems": problems}, 503 if problems else 200
        )

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", metrics)]
