"""What happens in a room of staff, read into `Incoming`: presses of cards, what is written below them, and marks."""

from collections.abc import Mapping
from datetime import datetime

from bot.channels.slack.receive import CHANNEL, Payload, desk_conversation, is_spoken, typed, whole
from bot.room_words import to_requester
from intents.messages import Incoming, OnCard
from knowledge.wording import Wording

# The marks that send a note on to the requester: letters, by Slack's names of them, without their variants.
ENVELOPES = frozenset({"envelope", "email", "e-mail", "incoming_envelope", "outbox_tray"})


def reference(channel: str, ts: str) -> str:
    """What we call a message of Slack: unique over all channels."""
    return f"{CHANNEL}:{channel}:{ts}"


def ts_of(known_as: str) -> str:
    """The time of posting in such a reference; empty for any other."""
    parts = known_as.split(":")
    return parts[2] if len(parts) == 3 and parts[0] == CHANNEL else ""


def in_room(body: Payload, rooms: frozenset[str]) -> bool:
    """Whether an event happened in one of these channels."""
    event = body.get("event") or {}
    return event.get("channel") in rooms or (event.get("item") or {}).get("channel") in rooms


@whole
def from_event(body: Payload, now: datetime, wording: Wording) -> Incoming | None:
    """A message in a thread, or an envelope put on a message; nothing for all else that happens in a room."""
    return _mark(body, now) if body["event"].get("type") == "reaction_added" else _below(body, now, wording)


def _below(body: Payload, now: datetime, wording: Wording) -> Incoming | None:
    event = body["event"]
    thread, text = event.get("thread_ts"), typed(str(event.get("text") or ""))
    if not is_spoken(event) or not thread or thread == event.get("ts") or not text:
        return None
    channel, ts, team = str(event["channel"]), str(event["ts"]), str(body.get("team_id", ""))
    said, passed = to_requester(text, wording)
    content = OnCard(reference(channel, str(thread)), reference(channel, ts), said, passed)
    # The same key as elsewhere: a mention in a thread arrives as `message` and as `app_mention`.
    address = {"channel": channel, "thread": str(thread)}
    return _incoming(
        f"message:{team}:{channel}:{ts}", team, str(event.get("user", "")), content, address, now
    )


def _mark(body: Payload, now: datetime) -> Incoming | None:
    event, item = body["event"], body["event"]["item"]
    if item.get("type") != "message" or event.get("reaction") not in ENVELOPES:
        return None
    channel, ts, user = str(item["channel"]), str(item["ts"]), str(event["user"])
    team = str(body.get("team_id", ""))
    key = f"mark:{team}:{channel}:{ts}:{user}:{event.get('event_ts')}"
    content = OnCard("", reference(channel, ts), "", passed=True)
    return _incoming(key, team, user, content, {"channel": channel}, now)


def _incoming(
    key: str, team: str, user: str, content: OnCard, address: Mapping[str, str], now: datetime
) -> Incoming:
    # What is answered is for whoever did it; all others see what comes of it on the card.
    whom = {**address, "user": user, "only": "user"}
    return Incoming(CHANNEL, key, desk_conversation(team, user), f"{team}:{user}", content, whom, now)
