"""Whose turn it is to leave: what letters share a place, and which of them goes first there."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_

from storage.tables import outbox

RING = "outbox"


def place_of(address: Mapping[str, str]) -> str:
    """What an address has in common with others of the same pace and order: its channel, its Home, its chat."""
    if "user" in address and ("response_url" in address or "only" in address):
        # What one person alone sees neither waits for what all see nor holds it up.
        return f"alone:{address.get('channel', '')}:{address['user']}"[:200]
    found = (
        f"{name}:{address[name]}" for name in ("channel", "home", "conversation", "mail") if name in address
    )
    return next(found, "")[:200]


def claimable(now: datetime) -> ColumnElement[bool]:
    """Whether a letter is due, or was on its way with somebody who does not answer for it any more."""
    due = and_(outbox.c.state == "due", outbox.c.due_at <= now)
    return or_(due, and_(outbox.c.state == "sending", outbox.c.lease_until < now))


def held(now: datetime, pace: timedelta) -> ColumnElement[bool]:
    """Whether another letter of the same place goes first, is on its way, or has only just left."""
    other = outbox.alias("other")
    older = and_(other.c.id < outbox.c.id, other.c.state == "due", other.c.due_at <= now)
    lapsed = and_(other.c.id < outbox.c.id, other.c.state == "sending")
    leaving = and_(other.c.id != outbox.c.id, other.c.state == "sending", other.c.lease_until >= now)
    told_to_wait = and_(other.c.state == "due", other.c.quiet_until > now)
    just_left = and_(other.c.state == "sent", other.c.sent_at > now - pace)
    # A card that is put off for a while still comes before what stands under it, and before a newer one.
    same = or_(other.c.subject == outbox.c.address["under"].as_string(), other.c.subject == outbox.c.subject)
    card = and_(other.c.id < outbox.c.id, other.c.state == "due", same)
    return exists().where(
        other.c.channel == outbox.c.channel,
        other.c.place == outbox.c.place,
        or_(older, lapsed, leaving, told_to_wait, just_left, card),
    )
