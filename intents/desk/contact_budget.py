"""How many letters somebody gets unasked in a week: nudges and surveys share one budget.

Dates of the scheme are exempt and say so; what answers a wish of their own (seats, times, cases) fills nobody's week.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from intents.desk.books import Books, Recipient
from knowledge.nudge_terms import load_nudge_terms

NUDGE, SURVEY = "nudge", "survey"
# Begins the keys of nudges with a date of the scheme.
EXEMPT = "nudge-hard"
WEEK = timedelta(days=7)


def has_room(books: Books, to: Recipient) -> bool:
    """Whether somebody may be written to unasked now.

    Several people may have been signed up in one chat: their addresses tell them apart.
    """
    return free_at(books, [(replace(to, person="") if to.mail else to, "")])[0] is None


def free_at(books: Books, whom: Sequence[tuple[Recipient, str]]) -> tuple[datetime | None, ...]:
    """When there is room again for each of these, with Slack's name of them (`T…:U…`), UTC; None: there is room now."""
    most = load_nudge_terms().letters_per_week
    sent = books.post.sent_since(whom, books.now - WEEK, (NUDGE, SURVEY))
    return tuple(sorted(one)[-most] + WEEK if len(one) >= most else None for one in sent)
