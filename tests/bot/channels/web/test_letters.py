"""Letters to the web chat: once in the log, in the open stream, and their appointments as files of one's own."""

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import Connection, insert, select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.bell import Bell
from bot.channels.web.app import routes
from bot.channels.web.letters import WebSender
from bot.channels.web.session import COOKIE, Sessions
from bot.clock import TOKYO
from bot.delivery import Delivery
from intents.messages import Appointment, Heading, Incoming, Opened, Reply
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage import conversations, messages, outbox
from storage.codec import pack_reply
from storage.database import Database
from storage.tables import conversation, inbox, message
from tests.kit import NOON, clock, office

START = datetime(2026, 12, 1, 14, 0, tzinfo=TOKYO)
SLOT = Appointment("c-7@jdesk", 1, "<b>相談</b>", START, START + timedelta(hours=1), "さいたま")
ONLINE = replace(SLOT, uid="c-8@jdesk", place="", link="https://meet.example.jp/a", note="持ち物なし")
LETTER = Reply((Heading("日時が決まりました"), SLOT, ONLINE), Lang.JA)


def _begin(database: Database, key: str) -> None:
    event = Incoming("web", f"{key}:opened", key, key, Opened(), {"conversation": key}, NOON)
    with database.begin() as connection:
        conversations.recall(connection, database, event, Lang.JA)


def _put(database: Database, key: str, where: str, body: Reply = LETTER) -> None:
    with database.begin() as connection:
        outbox.put(connection, database, key, "web", {"conversation": where}, body, NOON, NOON)


def _deliver(database: Database, after: timedelta = timedelta()) -> int:
    delivery = Delivery(
        database, {"web": WebSender(database, clock)}, lambda: NOON + after, "w", Bell(database)
    )
    return asyncio.run(delivery.once("web"))


def test_a_letter_is_said_once(database: Database) -> None:
    """Also when it is sent again because nobody wrote down that it had been."""
    _begin(database, "c1")
    _put(database, "k", "c1")
    (letter,) = outbox.claim(database, "web", "gone", NOON, 20)
    first = asyncio.run(WebSender(database, clock).send(letter))
    assert _deliver(database, timedelta(minutes=2)) == 1
    (logged,) = messages.history(database, "web", "c1", 0, 10)
    assert (logged.author, logged.event, logged.reply) == ("desk", 0, LETTER)
    assert first == f"message:{logged.id}"


def test_a_letter_to_nobody_is_parked(database: Database) -> None:
    """There is no such conversation, and the next letter leaves."""
    _begin(database, "c1")
    _put(database, "k", "c9")
    _put(database, "l", "c1")
    _deliver(database)
    assert [parked.key for parked in outbox.parked(database)] == ["k"]
    assert len(messages.history(database, "web", "c1", 0, 10)) == 1


def test_an_open_stream_hears_of_a_letter(sqlite_database: Database) -> None:
    """The bell rings when it is written down, not at the next look."""
    _begin(sqlite_database, "c1")
    desk = office(sqlite_database)

    async def read() -> int:
        desk.start(worker=False)
        coming = asyncio.ensure_future(anext(aiter(desk.follow("web", "c1"))))
        await asyncio.sleep(0.05)
        _put(sqlite_database, "k", "c1")
        (letter,) = outbox.claim(sqlite_database, "web", "w", NOON, 20)
        await WebSender(sqlite_database, clock).send(letter)
        heard = await asyncio.wait_for(coming, 5)
        await desk.stop()
        return heard.event

    assert asyncio.run(read()) == 0


@pytest.fixture
def sessions() -> Sessions:
    """Sessions of a site without https."""
    return Sessions("s" * 40, False)


@pytest.fixture
def web(sqlite_database: Database, sessions: Sessions) -> Iterator[TestClient]:
    """A browser before the real desk."""
    desk = office(sqlite_database)

    @asynccontextmanager
    async def open_(_: Starlette) -> AsyncIterator[None]:
        desk.start(worker=False)
        yield
        await desk.stop()

    app = Starlette(routes=routes(desk, sessions, load_wording(), clock), lifespan=open_)
    with TestClient(app) as browser:
        yield browser


def _visit(database: Database, web: TestClient, sessions: Sessions) -> int:
    """A visitor with a letter; gives the message's number."""
    token = sessions.new()
    web.cookies.set(COOKIE, token)
    where = sessions.conversation(token) or ""
    _begin(database, where)
    _put(database, f"k:{where}", where)
    _deliver(database)
    return messages.history(database, "web", where, 0, 10)[-1].id


def test_a_letter_stands_on_the_page_with_its_files(
    sqlite_database: Database, web: TestClient, sessions: Sessions
) -> None:
    """A box with day, time, place and link; what was typed is no markup; each appointment is a download."""
    number = _visit(sqlite_database, web, sessions)
    page = web.get("/").text
    assert "2026年12月1日（火） 14:00〜15:00（日本時間）" in page
    assert "&lt;b&gt;相談" in page
    assert "<b>相談" not in page
    assert 'href="https://meet.example.jp/a"' in page
    links = re.findall(r'href="(/calendar/[^"]+)"', page)
    assert [link.split("?")[0] for link in links] == [f"/calendar/{number}.ics"] * 2
    assert [_uid(web, link) for link in [*links, f"/calendar/{number}.ics"]] == [
        "c-7@jdesk",
        "c-8@jdesk",
        "c-7@jdesk",
    ]


def _uid(web: TestClient, link: str) -> str:
    answer = web.get(link)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    calendar: Any = Calendar.from_ical(answer.content)
    return str(calendar.walk("VEVENT")[0]["uid"])


def test_a_calendar_file_of_somebody_else_is_not_there(
    sqlite_database: Database, web: TestClient, sessions: Sessions
) -> None:
    """Another visitor, no visitor, a number too large, a part that is none: 404."""
    mine = _visit(sqlite_database, web, sessions)
    assert web.get(f"/calendar/{mine}.ics").status_code == 200
    assert web.get(f"/calendar/{mine}.ics?part=0").status_code == 404
    assert web.get(f"/calendar/{10**30}.ics").status_code == 404
    assert web.get("/calendar/0.ics").status_code == 404
    _visit(sqlite_database, web, sessions)
    assert web.get(f"/calendar/{mine}.ics").status_code == 404
    web.cookies.clear()
    answer = web.get(f"/calendar/{mine}.ics?lang=en")
    assert (answer.status_code, answer.json()["error"]["field"]) == (404, "session")


def _letter_without_the_lock(database: Database, where: int) -> None:
    row = {"conversation_id": where, "letter": "letter", "author": "desk", "text": "", "at": NOON}
    with database.begin() as connection:
        connection.execute(insert(message).values(row | {"reply": pack_reply(LETTER)}))


def _in_order_of_appearance(database: Database, *, guard: bool) -> list[int]:
    """A letter comes while a turn holds the conversation: the ids of what the turn says, then of the letter."""
    _begin(database, "c1")
    with database.engine.connect() as turn:
        mine = select(conversation.c.id).where(conversation.c.key == "c1")
        where = turn.scalar(database.for_update(mine))
        assert where is not None
        letter = threading.Thread(
            target=partial(messages.log_letter, database, "letter", "web", "c1", LETTER, NOON)
            if guard
            else partial(_letter_without_the_lock, database, where)
        )
        letter.start()
        letter.join(0.5)
        said = messages.log_reply(turn, where, _event(turn), LETTER, NOON)
        turn.commit()
    letter.join()
    last = messages.history(database, "web", "c1", 0, 10)
    return [said, next(logged.id for logged in last if logged.id != said)]


def _event(turn: Connection) -> int:
    row = {"channel": "web", "event_key": "k", "conversation": "c1", "body": {}, "received_at": NOON}
    stored = turn.execute(insert(inbox).values(row)).inserted_primary_key
    assert stored is not None
    return int(stored[0])


def test_a_reader_that_follows_ids_misses_no_letter(postgres_database: Database) -> None:
    """A letter waits for the turn that holds the conversation, so what appears later has the larger id."""
    said, letter = _in_order_of_appearance(postgres_database, guard=True)
    assert said < letter


def test_a_reader_that_follows_ids_misses_a_letter_without_the_lock(postgres_database: Database) -> None:
    """The twin: the letter takes its id first and appears last, behind a reader who has seen a larger one."""
    said, letter = _in_order_of_appearance(postgres_database, guard=False)
    assert letter < said
