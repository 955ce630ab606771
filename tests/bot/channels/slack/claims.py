"""Many of staff press the same card at the same moment, each through the pipeline; used by the tests and the figures."""

import threading
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from bot.pipeline import Pipeline
from intents.actions import DoCase
from intents.desk import staff as rules
from intents.desk.staff_books import Role, StaffMember
from intents.messages import Incoming, Lane, Pressed
from storage import inbox, knowledge_files
from storage.books import books
from storage.database import Database, DatabaseDown
from storage.messages import reply_to
from storage.tables import case
from tests.intents.desk.case_world import ask, story
from tests.intents.desk.case_world import case as case_of
from tests.kit import NOON, pipeline, small_edition

STAFF = 20


class Unguarded(Database):
    """The guard taken out: whoever changes a case does not hold it."""

    def for_update(self, select: Select[Any], *, skip_locked: bool = False) -> Select[Any]:
        """The case without its lock; everything else as always."""
        held = case not in select.get_final_froms()
        return super().for_update(select, skip_locked=skip_locked) if held else select


@dataclass(frozen=True, slots=True)
class Claim:
    """What came of one card: who was told to own it, who owns it, and how many read the name of the owner."""

    takers: tuple[str, ...]
    owner: str
    told: int


def claims(database: Database, rounds: int, staff: int = STAFF) -> list[Claim]:
    """So many cards, one after the other, each taken by everybody together."""
    if not knowledge_files.live_name(database):
        knowledge_files.replace(database, small_edition(), NOON)
    with books(database, NOON, "staff:terminal") as opened:
        for n in range(staff):
            rules.add(opened, StaffMember(_name(n), f"職員{n:02d}", Role.DESK, slack=f"T1:U{n:02d}"))
    line = pipeline(database)
    # As a process does before it answers.
    line.mind.current()
    return [_claim(database, line, staff) for _ in range(rounds)]


def _name(n: int) -> str:
    return f"s{n:02d}"


def _claim(database: Database, line: Pipeline, staff: int) -> Claim:
    number = ask(database)
    with books(database, NOON, "clock") as opened:
        # A button each, as in lists of their own: pressing the same one they would wait for each other at its row.
        tokens = [opened.links.issue(DoCase(number, "take")) for _ in range(staff)]
    presses = [_press(token, number, n) for n, token in enumerate(tokens)]
    events = [stored.event for stored in inbox.add(database, presses, "w")]
    start = threading.Barrier(staff)
    threads = [threading.Thread(target=_run, args=(line, event, start)) for event in events]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    takers = tuple(one.actor for one in story(database, number) if one.action == "taken")
    owner = case_of(database, number).owner
    return Claim(takers, owner, sum(_reads(database, event, owner) for event in events))


def _press(token: str, number: str, n: int) -> Incoming:
    user, where = f"U{n:02d}", {"channel": "C1", "user": f"U{n:02d}", "response_url": "https://slack.example"}
    person, place = f"T1:{user}", f"T1:desk:{user}"
    return Incoming("slack", f"{number}:{user}", place, person, Pressed(token), where, NOON, lane=Lane.SLOW)


def _run(line: Pipeline, event: int, start: threading.Barrier) -> None:
    start.wait()
    while True:
        try:
            line.run(event)
        except DatabaseDown:
            # The worker tries again, too.
            continue
        return


def _reads(database: Database, event: int, owner: str) -> bool:
    logged = reply_to(database, event)
    return bool(logged and logged.reply and f"職員{owner[1:]}" in str(logged.reply))
