"""Slack's payloads, already verified, read into `Incoming`; what is none of our business is nothing."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import parse_qsl

from bot.channels.slack.blocks import OPENS_FORM
from bot.channels.slack.fields import texts
from bot.channels.slack.modals import CHECK
from bot.channels.slack.where import kept_in
from bot.typed import sound
from intents.messages import Called, Incoming, Lane, Opened, Pressed, Said, Submitted

CHANNEL = "slack"
Payload = Mapping[str, Any]
P = ParamSpec("P")
T = TypeVar("T")
# A plain message, one with a file, and a reply that was also sent to the channel.
_SPOKEN = (None, "", "file_share", "thread_broadcast")
_MENTION = re.compile(r"<@[UW][A-Z0-9]+(?:\|[^>]*)?>")
_LINK = re.compile(r"<((?:https?|mailto):[^|>]+)(?:\|([^>]*))?>")
_SPECIAL = re.compile(r"<([!#][^>|]*)(?:\|([^>]*))?>")


class Malformed(ValueError):
    """A verified payload that lacks what every payload of its kind has; the text names it."""


def has_signature(headers: Mapping[str, str]) -> bool:
    """Whether the headers of a signature are there and of its form; Bolt verifies what they say."""
    stamp, signature = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
    return stamp.isascii() and stamp.isdecimal() and signature.startswith("v0=") and signature.isascii()


def is_readable(body: bytes, content_type: str) -> bool:
    """Whether a body is an object in one of the two forms in which Slack sends: JSON, or a form around it."""
    try:
        text = body.decode()
        # Bolt takes whatever begins like JSON for JSON, whatever its type says.
        if "json" in content_type or text.startswith("{"):
            return isinstance(json.loads(text), dict)
        fields = dict(parse_qsl(text, keep_blank_values=True))
        return isinstance(json.loads(fields.get("payload", "{}")), dict)
    except (ValueError, RecursionError):
        return False


def whole(read: Callable[Concatenate[Payload, P], T]) -> Callable[Concatenate[Payload, P], T]:
    """Names what is missing instead of failing with it."""

    @wraps(read)
    def reading(body: Payload, /, *rest: P.args, **named: P.kwargs) -> T:
        try:
            return read(body, *rest, **named)
        except (KeyError, TypeError, AttributeError, ValueError) as fault:
            raise Malformed(str(fault)) from fault

    return reading


def team_of(body: Payload) -> str:
    """The workspace in which something happened; where the app belongs to a whole organisation, that of the person.

    Empty where Slack names neither.
    """
    named = body.get("team_id") or (body.get("team") or {}).get("id")
    return str(named or (body.get("user") or {}).get("team_id") or "")


def typed(text: str) -> str:
    """What a person typed, out of Slack's markup; mentions of the desk itself are dropped."""
    text = _LINK.sub(lambda found: found[2] or found[1], _MENTION.sub(" ", text))
    text = _SPECIAL.sub(lambda found: found[2] or found[1], text)
    return sound(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")).strip()


@whole
def from_event(body: Payload, now: datetime) -> Incoming | None:
    """An event of the Events API: a direct message, a mention, a reply in a thread, or the Home tab."""
    event = body["event"]
    team = str(body.get("team_id", ""))
    match event.get("type"):
        case "app_home_opened" if event.get("tab", "home") == "home":
            return _home(event, team, str(body.get("event_id")), now)
        case "assistant_thread_started":
            return _assistant(event["assistant_thread"], team, now)
        case _ if is_spoken(event):
            return _message(event, team, now)
        case _:
            return None


def is_spoken(event: Payload) -> bool:
    """Whether an event is something that a person says; what they edit or delete later is not."""
    spoken = event.get("type") in ("app_mention", "message") and event.get("subtype") in _SPOKEN
    return bool(spoken and not event.get("bot_id"))


def desk_conversation(team: str, user: str) -> str:
    """Where one of staff does things by cards: an order of their own."""
    return f"{team}:desk:{user}"


def _home(event: Payload, team: str, event_id: str, now: datetime) -> Incoming:
    user = str(event["user"])
    address = {"home": user}
    return Incoming(
        CHANNEL, f"home:{event_id}", f"{team}:home:{user}", f"{team}:{user}", Opened(), address, now
    )


def _assistant(thread: Payload, team: str, now: datetime) -> Incoming:
    """Somebody opened the assistant's pane: a thread of the direct channel that begins with suggestions."""
    channel, ts, user = str(thread["channel_id"]), str(thread["thread_ts"]), str(thread["user_id"])
    address = {"channel": channel, "thread": ts, "assistant": user}
    conversation = _conversation(team, channel, ts)
    key = f"assistant:{team}:{channel}:{ts}"
    return Incoming(CHANNEL, key, conversation, f"{team}:{user}", Opened(), address, now)


def _message(event: Payload, team: str, now: datetime) -> Incoming:
    channel, ts, user = str(event["channel"]), str(event["ts"]), str(event.get("user", ""))
    direct = event.get("channel_type") == "im"
    thread = str(event.get("thread_ts") or ("" if direct else ts))
    # A mention arrives as `message` and as `app_mention`: the place and time of posting make them one.
    key = f"message:{team}:{channel}:{ts}"
    address = {"channel": channel} | ({"thread": thread} if thread else {})
    # What the desk says unasked goes to the person: a channel need not know about their seats.
    address |= {} if direct else {"user": user}
    text = Said(typed(str(event.get("text", ""))), len(event.get("files") or ()))
    return Incoming(CHANNEL, key, _conversation(team, channel, thread), f"{team}:{user}", text, address, now)


def is_overheard(body: Payload) -> bool:
    """Whether this is talk in a channel that only concerns us if we are part of its thread."""
    event = body["event"]
    return bool(event.get("type") == "message" and event.get("channel_type") != "im")


@whole
def from_action(body: Payload, now: datetime, rooms: frozenset[str]) -> Incoming | None:
    """A pressed button; `rooms` are the channels of staff."""
    action = next((act for act in body.get("actions", ()) if act.get("value")), None)
    if action is None:
        return None
    team, user = team_of(body), str(body["user"]["id"])
    key = f"action:{body.get('trigger_id')}:{action.get('action_ts')}"
    channel = str(body.get("channel", {}).get("id", ""))
    if modal := modal_of(body):
        where = kept_in(modal).where
        address, conversation = dict(where.address), where.conversation
    elif not channel:
        address, conversation = {"home": user}, f"{team}:home:{user}"
    else:
        address, conversation = _where_pressed(body, team, channel, user, rooms)
    pressed = Pressed(str(action["value"]))
    return Incoming(CHANNEL, key, conversation, f"{team}:{user}", pressed, address, now)


def modal_of(body: Payload) -> Payload | None:
    """The modal in which something was pressed."""
    view: Payload = body.get("view") or {}
    return view if view.get("type") == "modal" else None


def asks_for_form(body: Payload) -> bool:
    """Whether the button that was pressed brings a form."""
    return any(str(act.get("action_id", "")).startswith(OPENS_FORM) for act in body.get("actions", ()))


@whole
def from_submission(body: Payload, now: datetime) -> Incoming:
    """A submitted modal: the same one twice is one event, the same answers to a later question another."""
    view = body["view"]
    kept = kept_in(view)
    fields = {} if view["callback_id"] == CHECK else texts(view["state"]["values"])
    content = Pressed(kept.token) if view["callback_id"] == CHECK else Submitted(kept.token, fields)
    said = hashlib.sha256(json.dumps([kept.token, fields], sort_keys=True).encode()).hexdigest()[:24]
    team, user = team_of(body), str(body["user"]["id"])
    key, where = f"view:{view['id']}:{said}", kept.where
    return Incoming(CHANNEL, key, where.conversation, f"{team}:{user}", content, where.address, now)


def _where_pressed(
    body: Payload, team: str, channel: str, user: str, rooms: frozenset[str]
) -> tuple[dict[str, str], str]:
    """The address and the conversation of a button in a channel: its thread, or what only one person sees."""
    message = body.get("message", {})
    thread = str(message.get("thread_ts", ""))
    # Somebody else's thread under our message does not move the message into it.
    thread = "" if thread == str(message.get("ts", "")) else thread
    alone = {"channel": channel, "user": user, "response_url": str(body.get("response_url", ""))}
    if body.get("container", {}).get("is_ephemeral"):
        return alone, seen_alone(team, channel, user, rooms)
    if channel in rooms and not thread:
        # A card: what is answered is for whoever pressed it.
        return alone, desk_conversation(team, user)
    address = {"channel": channel} | ({"thread": thread} if thread else {})
    # Direct channels begin with a D; in all others somebody may look on.
    address |= {} if channel.startswith("D") else {"user": user}
    return address, _conversation(team, channel, thread)


def seen_alone(team: str, channel: str, user: str, rooms: frozenset[str]) -> str:
    """The conversation of what only one person sees in a channel."""
    return desk_conversation(team, user) if channel in rooms else f"{team}:command:{channel}:{user}"


@whole
def from_command(body: Payload, now: datetime, call: Callable[[str], str], rooms: frozenset[str]) -> Incoming:
    """The slash command; its reply is for the person who typed it only. `call` knows the words of orders."""
    team, user, channel = str(body.get("team_id", "")), str(body["user_id"]), str(body["channel_id"])
    text = typed(str(body.get("text", "")))
    order = call(text)
    return Incoming(
        CHANNEL,
        f"command:{body['trigger_id']}",
        seen_alone(team, channel, user, rooms),
        f"{team}:{user}",
        Called(order) if order else Said(text) if text else Opened(),
        {"channel": channel, "user": user, "response_url": str(body.get("response_url", ""))},
        now,
        lane=Lane.FAST,
    )


def _conversation(team: str, channel: str, thread: str) -> str:
    return f"{team}:{channel}:{thread}" if thread else f"{team}:{channel}"
