"""The only place that builds things: from settings to an office ready to start."""

import os
import socket
from dataclasses import dataclass

from bot.bell import Bell
from bot.clock import Clock, now
from bot.heartbeat import Heart
from bot.live import LiveEdition, import_if_empty
from bot.loops import Loops
from bot.office import Office
from bot.pipeline import Pipeline
from bot.settings import Settings
from knowledge.wording import Wording, load_wording
from storage.database import Database
from storage.migrate import migrate
from storage.tokens import mint

# Answered through the outbox, whichever process answers: another one may be the one that sends.
PUSHED = frozenset({"slack", "teams"})


@dataclass(frozen=True, slots=True)
class House:
    """Everything that a process is made of."""

    settings: Settings
    database: Database
    live: LiveEdition
    pipeline: Pipeline
    office: Office
    bell: Bell
    loops: Loops
    wording: Wording
    clock: Clock
    heart: Heart


def build(settings: Settings, clock: Clock = now) -> House:
    """The house, not yet started; the database must have been migrated."""
    database = Database(settings.url)
    live, wording = LiveEdition(database, settings.cache_dir), load_wording()
    pipeline = Pipeline(database, live, wording, clock, mint, PUSHED, console=settings.public_url)
    bell, loops = Bell(database), Loops()
    office = Office(database, pipeline, clock, process_name(), bell, loops)
    heart = Heart(database, clock)
    return House(settings, database, live, pipeline, office, bell, loops, wording, clock, heart)


def prepare(settings: Settings, clock: Clock = now) -> None:
    """Brings the database to the newest shape and imports the first edition."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.url)
    migrate(database)
    import_if_empty(database, clock())
    database.close()


def process_name() -> str:
    """Names this process in leases."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}"
