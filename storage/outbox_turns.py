"""Whose turn it is to leave: what letters share a place, and which of them goes first there."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, FromClause, Select, and_, bindparam, exists, or_, select

from storage.tables import outbox
from storage.written import among, word

RING = "outbox"
_NOW: BindParameter[datetime] = bindparam("now")


def place_of(address: Mapping[str, str]) -> str:
    """What an address has in common with others of the same pace and order: its channel, its Home, its chat."""
    if "user" in address and ("response_url" in address or "only" in address):
        # What one person alone sees neither waits for what all see nor holds it up.
        return f"alone:{address.get('channel', '')}:{address['user']}"[:200]
    found = (
        f"{name}:{address[name]}"
        for name in ("channel", "home", "conversation", "person", "mail")
        if name in address
    )
    return next(found, "")[:200]


def waiting(letters: FromClause) -> ColumnElement[bool]:
    """Letters that have not left."""
    return among(letters.c.state, ("due", "sending"))


# What is needed of a letter to send it; the rest tells what became of it.
_TO_SEND = (
    *(outbox.c.id, outbox.c.key, outbox.c.channel, outbox.c.place, outbox.c.address, outbox.c.body),
    *(outbox.c.attempts, outbox.c.failures, outbox.c.put_at, outbox.c.subject, outbox.c.otherwise),
    outbox.c.hours,
)


@cache
def anybodys_turn(*, paced: bool) -> Select[Any]:
    """Whether it is any letter's: the first of `turns`, without what it says."""
    return turns(paced=paced).with_only_columns(outbox.c.id).limit(1)


@cache
def turns(*, paced: bool) -> Select[Any]:
    """Whose turn it is on `:channel` at `:now`, `:most` of them; put together once.

    Due is also what was on its way with somebody who does not answer for it any more. In a place where letters are
    `paced`, none leaves while another one has left after `:since`.
    """
    due = and_(outbox.c.state == word("due"), outbox.c.due_at <= _NOW)
    lapsed = and_(outbox.c.state == word("sending"), outbox.c.lease_until < _NOW)
    other = outbox.alias("other")
    here = and_(other.c.channel == outbox.c.channel, other.c.place == outbox.c.place)
    free = [~exists().where(here, waiting(other), _goes_first(other))]
    if paced:
        just_left = and_(other.c.state == word("sent"), other.c.sent_at > bindparam("since"))
        free.append(~exists().where(here, just_left))
    mine = and_(outbox.c.channel == bindparam("channel"), waiting(outbox), or_(due, lapsed), *free)
    most: BindParameter[int] = bindparam("most")
    return select(*_TO_SEND).where(mine).order_by(outbox.c.due_at, outbox.c.id).limit(most)


def _goes_first(other: FromClause) -> ColumnElement[bool]:
    """Whether another letter of the same place goes first, is on its way, or holds the place."""
    older = and_(other.c.id < outbox.c.id, other.c.state == word("due"), other.c.due_at <= _NOW)
    lapsed = and_(other.c.id < outbox.c.id, other.c.state == word("sending"))
    leaving = and_(other.c.id != outbox.c.id, other.c.state == word("sending"), other.c.lease_until >= _NOW)
    told_to_wait = and_(other.c.state == word("due"), other.c.quiet_until > _NOW)
    # A card that is put off for a while still comes before what stands under it, and before a newer one.
    same = or_(other.c.subject == outbox.c.address["under"].as_string(), other.c.subject == outbox.c.subject)
    card = and_(other.c.id < outbox.c.id, other.c.state == word("due"), same)
    return or_(older, lapsed, leaving, told_to_wait, card)
