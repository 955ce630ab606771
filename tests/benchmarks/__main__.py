"""`make bench`: all figures, on both engines; names choose some of them, `--full` measures for longer."""

import sys

from tests.benchmarks import (
    acknowledge,
    answering,
    claims,
    dialogs,
    load,
    nudges,
    planning,
    queue,
    simulate,
    teams,
    understanding,
)
from tests.benchmarks.engines import postgres

chosen = set(sys.argv[1:]) - {"--full"}
full = "--full" in sys.argv


def wanted(name: str) -> bool:
    """Whether these figures were asked for; all are when none is named."""
    return not chosen or name in chosen


with postgres() as server:
    for engine, url in (("SQLite", ""), ("PostgreSQL", server)):
        if wanted("acknowledge"):
            acknowledge.report(engine, url)
        if wanted("claims"):
            claims.report(engine, url)
        if wanted("dialogs"):
            dialogs.report(engine, url)
        if wanted("load"):
            load.report(engine, url, full=full)
        if wanted("nudges"):
            nudges.report(engine, url, full=full)
        if wanted("planning"):
            planning.report(engine, url, full=full)
        if wanted("queue"):
            queue.report(engine, url, full=full)
        if wanted("teams"):
            teams.report(engine, url)
if wanted("answering"):
    answering.report()
if wanted("simulate"):
    simulate.report(full=full)
if wanted("understanding"):
    understanding.report()
