"""Activities of Teams, already verified, read into `Incoming`; what is none of our business is nothing."""

import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.channels.teams.inputs import texts
from bot.room_words import called, to_requester
from bot.typed import sound
from intents.messages import Called, Content, Incoming, Lane, OnCard, Opened, Pressed, Said, Submitted
from intents.orders.channel import GONE
from knowledge.model import Lang
from knowledge.wording import Wording

CHANNEL = "teams"
Activity = Mapping[str, Any]
CARD_ACTION = "adaptiveCard/action"
# Our tables keep so much of a name; Teams' names of chats are long.
KEY, DIGEST = 200, 32
MENU = ("command_help", "command_projects", "command_queue")
_MENTION = re.compile(r"<at(?:\s[^>]*)?>(.*?)</at>", re.DOTALL | re.IGNORECASE)
# What comes along with each formatted text, and cards that somebody forwards, are no files.
_NO_FILES = ("text/html", "application/vnd.microsoft.card.")


class Malformed(ValueError):
    """A verified activity that lacks what every activity of its kind has; the text names the field."""


def field(activity: Activity, *path: str) -> str:
    """A text inside an activity. Raises Malformed, which names it, when it is not there."""
    found: object = activity
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    if not isinstance(found, str) or not found:
        raise Malformed(".".join(path))
    return found


def tenant_of(activity: Activity) -> str:
    """The organisation in which something happened; empty when it is not named."""
    conversation, data = _map(activity.get("conversation")), _map(activity.get("channelData"))
    return str(conversation.get("tenantId") or _map(data.get("tenant")).get("id") or "")


def from_activity(
    activity: Activity, now: datetime, rooms: frozenset[str], wording: Wording
) -> Incoming | None:
    """What somebody said, pressed or did; `rooms` are the channels of staff. Raises Malformed."""
    match activity.get("type"):
        case "message" if isinstance(activity.get("value"), Mapping):
            return _action(activity, _map(activity["value"]), rooms, now)
        case "message":
            return _message(activity, rooms, wording, now)
        case "invoke" if activity.get("name") == CARD_ACTION:
            action = _map(_map(activity.get("value")).get("action"))
            return _action(activity, _map(action.get("data")), rooms, now)
        # An upgrade of the app takes it out and puts it in again, which is nobody's doing.
        # That the bot became a member is told as well, by a `conversationUpdate`, and says nothing more.
        case "installationUpdate" if activity.get("action") == "add" and _place(activity)[0] not in rooms:
            return _event(activity, Opened(), _key(activity, "arrived", field(activity, "id")), now)
        case "installationUpdate" if activity.get("action") == "remove":
            return _left(activity, now)
        case _:
            return None


# ---------------------------------------------------- what was said


def typed(activity: Activity) -> str:
    """What a person typed: without mentions of the desk itself, those of others by their names."""
    text, mine = str(activity.get("text") or ""), _map(activity.get("recipient")).get("id")
    for entity in map(_map, _list(activity.get("entities"))):
        if entity.get("type") == "mention" and _map(entity.get("mentioned")).get("id") == mine:
            text = text.replace(str(entity.get("text") or ""), " ")
    text = _MENTION.sub(lambda found: found[1], text)
    return sound(html.unescape(text).replace("\xa0", " ")).strip()


def _message(activity: Activity, rooms: frozenset[str], wording: Wording, now: datetime) -> Incoming:
    place, thread = _place(activity)
    id_, text = field(activity, "id"), typed(activity)
    key = _key(activity, "message", id_)
    if place in rooms and thread and thread != id_ and text:
        said, passed = to_requester(text, wording)
        below = OnCard(reference(place, thread), reference(place, id_), said, passed)
        return _in_room(activity, below, key, now)
    if text in _menu(wording) and (order := called(text, wording)):
        # The app's menu sends the words of an order as if they were typed.
        return _event(activity, Called(order, typed=text), key, now)
    files = [one for one in _list(activity.get("attachments")) if not _is_no_file(one)]
    return _event(activity, Said(text, len(files)), key, now)


def _menu(wording: Wording) -> frozenset[str]:
    """What the app's menu sends, and how staff sign in; other words of orders are questions, as everywhere."""
    names = (*(f"teams_package.{name}" for name in MENU), "rooms.words_login")
    return frozenset(word for name in names for lang in Lang for word in wording.say(name, lang).split())


def _is_no_file(attachment: object) -> bool:
    return str(_map(attachment).get("contentType", "")).startswith(_NO_FILES)


# ---------------------------------------------------- what was pressed


def _action(activity: Activity, data: Activity, rooms: frozenset[str], now: datetime) -> Incoming:
    token, submits = field(data, "token"), data.get("action") == "submit"
    fields = texts(data) if submits else {}
    content: Content = Submitted(token, fields) if submits else Pressed(token)
    # The same press twice is one event; the same card with other answers is another one.
    said = hashlib.sha256(repr((token, sorted(fields.items()))).encode()).hexdigest()[:16]
    key = _key(activity, "action", field(activity, "id"), said)
    if _place(activity)[0] in rooms:
        return _in_room(activity, content, key, now)
    incoming, card = _event(activity, content, key, now), str(activity.get("replyToId") or "")
    talk, mine = data.get("talk"), _desk(activity)
    if talk == mine:
        # What staff do by cards of the room has an order of its own, wherever its forms are shown.
        incoming = replace(incoming, conversation=mine, address={**incoming.address, "talk": mine})
    if card and (submits or data.get("here") or data.get("action") == "form"):
        # The answer takes the place of the card in which it was pressed.
        return replace(incoming, address={**incoming.address, "edit": card}, lane=Lane.FAST)
    return incoming


# ---------------------------------------------------- who came and went


def _left(activity: Activity, now: datetime) -> Incoming | None:
    """Somebody took the desk out of their own chat; out of a team or a group, it is gone for nobody in particular."""
    if not _is_personal(activity):
        return None
    return _event(activity, Called(GONE), _key(activity, "left", field(activity, "id")), now)


# ---------------------------------------------------- where, and from whom


def reference(channel: str, message: str) -> str:
    """What we call a message in a channel of Teams: unique over all channels."""
    return f"{CHANNEL}:{channel}:{message}"


def person_of(activity: Activity) -> str:
    """Who did it: organisation and person, as the directory calls them; else by the name that Teams gives."""
    someone = _map(activity.get("from"))
    return f"{tenant_of(activity)}:{someone.get('aadObjectId') or field(activity, 'from', 'id')}"


def _place(activity: Activity) -> tuple[str, str]:
    """The channel or chat, and the first message of the thread, if it is in one."""
    place, _, thread = field(activity, "conversation", "id").partition(";messageid=")
    return place, thread


def _event(activity: Activity, content: Content, key: str, now: datetime) -> Incoming:
    where = f"{tenant_of(activity)}:{field(activity, 'conversation', 'id')}"
    return Incoming(CHANNEL, key, _short(where), person_of(activity), content, _address(activity), now)


def _in_room(activity: Activity, content: Content, key: str, now: datetime) -> Incoming:
    """Something in a room of staff: what is answered is for whoever did it, alone."""
    address = _address(activity)
    alone = {name: address[name] for name in ("service", "tenant")}
    alone |= {"person": field(activity, "from", "id"), "talk": _desk(activity)}
    return Incoming(CHANNEL, key, alone["talk"], person_of(activity), content, alone, now)


def _desk(activity: Activity) -> str:
    """Where one of staff does things by cards: an order of their own."""
    return _short(f"{tenant_of(activity)}:desk:{person_of(activity).partition(':')[2]}")


def _address(activity: Activity) -> dict[str, str]:
    """Where the answer goes; where others look on, `user` is to whom everything else goes."""
    found = {
        "conversation": field(activity, "conversation", "id"),
        "service": field(activity, "serviceUrl").rstrip("/"),
        "tenant": tenant_of(activity),
    }
    return found if _is_personal(activity) else found | {"user": field(activity, "from", "id")}


def _is_personal(activity: Activity) -> bool:
    return bool(_map(activity.get("conversation")).get("conversationType", "personal") == "personal")


def _key(activity: Activity, kind: str, *rest: str) -> str:
    return _short(":".join((kind, field(activity, "conversation", "id"), *rest)))


def _short(name: str) -> str:
    """The name, or a shorter one that is as unique, as long as our tables keep."""
    digest = hashlib.sha256(name.encode()).hexdigest()[:DIGEST]
    return name if len(name) <= KEY else f"{name[: KEY - DIGEST - 1]}~{digest}"


def _map(value: object) -> Activity:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
