"""Twenty of staff who want the same case at once: whether one of them gets it, and how long they wait."""

import time

from storage.database import Database
from storage.migrate import migrate
from tests.benchmarks.engines import fresh
from tests.bot.channels.slack.claims import STAFF, claims

ROUNDS = 50


def report(name: str, server_url: str) -> None:
    """Prints how often it went right and the time of a round in milliseconds."""
    with fresh(server_url) as url:
        database = Database(url)
        migrate(database)
        start = time.perf_counter()
        found = claims(database, ROUNDS)
        took = time.perf_counter() - start
        database.close()
    right = sum(len(one.takers) == 1 and one.told == STAFF - 1 for one in found)
    print(
        f"{name}: {STAFF} of staff take one case at once, {ROUNDS} times: right {right} of {ROUNDS}, "
        f"{took * 1000 / ROUNDS:.0f} ms each time",
        flush=True,
    )
