"""The only place that knows which database this is: URL, engine, transactions, locks, dialect words.

SQLite (WAL, immediate transactions) serves one process; PostgreSQL serves many.
"""

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Executable,
    Select,
    Table,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from storage.fair_lock import FairLock
from storage.faults import DatabaseDown as DatabaseDown
from storage.new_rows import insert_all, inserting

# A sender waits three seconds at most, so nobody waits longer for a lock than this.
LOCK_WAIT_MS = 1500
CONNECT_SECONDS = 3
# How often a listener looks whether it should stop.
LISTEN_SECONDS = 0.5
_BELL, _RUNG = "jdesk", "rung"


class BadUrl(ValueError):
    """The database's URL cannot be read, or names an engine that is not supported."""


class Database:
    """An engine with one way to begin a transaction. Times go in and come out in UTC.

    `durable` is false for a file that nobody needs after a power cut: SQLite then waits for no disk.
    """

    def __init__(self, url: str, *, durable: bool = True) -> None:
        self.embedded = _backend(url) == "sqlite"
        self._engine = _engine(url, embedded=self.embedded, durable=durable)
        # SQLite has one writer; a lock of our own wakes the next thread at once, where its busy loop sleeps, and in
        # turn: the clock does one short transaction after the other, and would else be quickest every time.
        self._writer = FairLock()
        self._hearers: list[Callable[[str], None]] = []

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One transaction that may write; raises DatabaseDown when the database cannot do it."""
        rung: set[str] = set()
        with self._turn(), _down(), self._engine.begin() as connection:
            self._start(connection, "BEGIN IMMEDIATE")
            connection.info[_RUNG] = rung
            yield connection
        for topic in rung:
            self._pass_on(topic)

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """One transaction that only reads; it never waits for a writer."""
        with _down(), self._engine.connect() as connection:
            self._start(connection, "BEGIN")
            yield connection

    def _start(self, connection: Connection, words: str) -> None:
        # The driver's own BEGIN comes too late for an immediate transaction, so we send ours; straight to the driver,
        # as there are more of these than of anything else.
        if self.embedded:
            driver: Any = connection.connection.driver_connection
            driver.execute(words)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self.embedded:
            yield
            return
        if not self._writer.acquire(timeout=LOCK_WAIT_MS / 1000):
            raise DatabaseDown("another transaction holds the database")
        try:
            yield
        finally:
            self._writer.release()

    # ------------------------------------------------ waking whoever waits

    def ring(self, connection: Connection, topic: str) -> None:
        """Wakes those who wait for the topic, here and in other processes, when the transaction commits."""
        if self.embedded:
            connection.info[_RUNG].add(topic)
        else:
            connection.execute(select(func.pg_notify(_BELL, topic)))

    def hear(self, hearer: Callable[[str], None]) -> None:
        """Calls the hearer with each topic that is rung, from any thread."""
        self._hearers.append(hearer)

    def listen(self, stop: threading.Event) -> None:
        """Hears what other processes ring, until told to stop; with one process there is nobody to hear."""
        broken: tuple[type[Exception], ...] = (DBAPIError, self._engine.dialect.loaded_dbapi.Error)
        while not self.embedded and not stop.is_set():
            try:
                self._listen(stop)
            except broken:
                stop.wait(LISTEN_SECONDS)

    def _listen(self, stop: threading.Event) -> None:
        borrowed = self._engine.raw_connection()
        driver: Any = borrowed.driver_connection
        # A connection that listens must not go back to the pool.
        borrowed.detach()
        with contextlib.closing(driver):
            driver.autocommit = True
            driver.execute(f"LISTEN {_BELL}")
            while not stop.is_set():
                for note in driver.notifies(timeout=LISTEN_SECONDS, stop_after=1):
                    self._pass_on(note.payload)

    def _pass_on(self, topic: str) -> None:
        for hearer in self._hearers:
            hearer(topic)

    # ------------------------------------------------ dialect words

    def insert_new(self, table: Table, rows: Sequence[dict[str, Any]]) -> Executable:
        """An INSERT that leaves rows out whose unique key exists already."""
        # A statement for one row is compiled once, one for several anew each time.
        new = inserting(table, self._engine.dialect.name)
        return new.values(rows[0] if len(rows) == 1 else list(rows))

    def add_new(self, connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Inserts rows of the same columns at once, leaving out those whose unique key exists already."""
        insert_all(connection, table, rows)

    def for_update(self, select: Select[Any], *, skip_locked: bool = False) -> Select[Any]:
        """The rows of the select, locked until the transaction ends; SQLite holds the whole file anyway."""
        return select if self.embedded else select.with_for_update(skip_locked=skip_locked)

    def close(self) -> None:
        """Gives every connection back."""
        self._engine.dispose()

    @property
    def engine(self) -> Engine:
        """For migrations only; whoever takes it begins SQLite's transactions, too."""
        return self._engine


def _backend(url: str) -> str:
    try:
        name = make_url(url).get_backend_name()
    except ArgumentError as fault:
        raise BadUrl(str(fault)) from fault
    if name not in ("sqlite", "postgresql"):
        raise BadUrl(f"{name} is not supported: use sqlite or postgresql+psycopg")
    return name


def _engine(url: str, *, embedded: bool, durable: bool) -> Engine:
    if not embedded:
        waits = {"connect_timeout": CONNECT_SECONDS, "options": f"-c lock_timeout={LOCK_WAIT_MS}"}
        return create_engine(
            url,
            connect_args={name: value for name, value in waits.items() if name not in make_url(url).query},
            pool_size=10,
            max_overflow=5,
            pool_timeout=LOCK_WAIT_MS / 1000,
            pool_pre_ping=True,
            hide_parameters=True,
        )
    here = {"check_same_thread": False, "timeout": LOCK_WAIT_MS / 1000, "cached_statements": 1000}
    # What people wrote must not come into the logs by way of a failed statement.
    engine = create_engine(url, connect_args=here, hide_parameters=True)
    event.listen(engine, "connect", partial(_prepare, "full" if durable else "off"))
    return engine


def _prepare(waits: str, connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=wal", f"synchronous={waits}", "foreign_keys=on"):
        cursor.execute(f"pragma {pragma}")
    cursor.close()


@contextmanager
def _down() -> Iterator[None]:
    """Whatever is the database's fault, and not that of the statement or its values, may pass: try again."""
    try:
        yield
    except (DataError, IntegrityError, ProgrammingError, NotSupportedError):
        raise
    except DBAPIError as fault:
        raise DatabaseDown(str(fault.orig)) from fault
    except (PoolTimeout, sqlite3.OperationalError) as fault:
        raise DatabaseDown(str(fault)) from fault
