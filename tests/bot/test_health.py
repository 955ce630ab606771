"""Readiness names what is stuck, on both engines, while liveness stays."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.health import STUCK, Health, routes
from intents.messages import Paragraph, Reply, Text
from knowledge.model import Lang
from storage import inbox, knowledge_files, outbox
from storage.database import Database
from tests.kit import NOON, said, small_edition

LATER = NOON + STUCK + timedelta(seconds=1)
REPLY = Reply((Paragraph((Text("やあ"),)),), Lang.JA)


@contextmanager
def _looked_at(database: Database) -> Iterator[TestClient]:
    with TestClient(
        Starlette(routes=[*routes(Health(database, lambda: LATER, frozenset({"slack"})))])
    ) as client:
        yield client


def _problems(database: Database) -> tuple[int, list[str]]:
    with _looked_at(database) as client:
        assert client.get("/healthz").status_code == 200
        answer = client.get("/readyz")
    return answer.status_code, answer.json()["problems"]


@pytest.fixture
def ready(database: Database) -> Database:
    """A database with an edition and nothing waiting."""
    knowledge_files.replace(database, small_edition(), NOON)
    return database


def test_health_ready_when_nothing_waits(ready: Database) -> None:
    """All is well: 200 and no problem."""
    assert _problems(ready) == (200, [])


def test_health_ready_fails_when_the_inbox_is_stuck(ready: Database) -> None:
    """An event that nobody took for thirty seconds."""
    inbox.add(ready, [said("まだですか")], "w")
    assert _problems(ready) == (503, ["inbox"])


def test_health_ready_fails_when_the_outbox_is_stuck(ready: Database) -> None:
    """A letter that nobody sent for thirty seconds."""
    with ready.begin() as connection:
        outbox.put(connection, ready, "a", "slack", {"channel": "C1"}, REPLY, NOON)
    assert _problems(ready) == (503, ["outbox"])


def test_health_ready_fails_when_the_database_is_held(sqlite_database: Database) -> None:
    """A lock that never ends is a database that is down."""
    knowledge_files.replace(sqlite_database, small_edition(), NOON)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with sqlite_database.begin():
            held.set()
            done.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    assert _problems(sqlite_database) == (503, ["database"])
    done.set()
    thread.join()


def test_health_ready_fails_when_the_database_is_gone() -> None:
    """A server that does not answer."""
    gone = Database("postgresql+psycopg://nobody@127.0.0.1:9/none?connect_timeout=1")
    assert _problems(gone) == (503, ["database"])
    gone.close()


def test_health_ready_fails_before_the_first_edition(database: Database) -> None:
    """Without knowledge there is nothing to answer with."""
    assert _problems(database) == (503, ["knowledge"])


def test_metrics_count_by_name(database: Database) -> None:
    """The counters are there under their names, and no word that anybody said."""
    with _looked_at(database) as client:
        text = client.get("/metrics").text
    for name in ("received", "duplicate", "acknowledged_late", "answered", "handed_over", "sent", "retried", "parked"):  # fmt: skip
        assert f"jdesk_{name}_total" in text
