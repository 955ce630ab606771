"""The shortcut on a message: whoever uses it asks for a consultation about what stands there."""

import re
from dataclasses import replace
from datetime import datetime

from bot.channels.slack.receive import CHANNEL, Payload, seen_alone, team_of, typed, whole
from intents.messages import Called, Incoming

CONSULT, ORDER, ABOUT = "consult", "consultation.start", "about"
SHORTCUTS = ("message_action", "shortcut")
# As much as the dialog takes of it.
LONGEST = 1000
_REACHED_AT = re.compile(r"<(?:mailto|tel):[^>]*>")


def asks_to_consult(body: Payload) -> bool:
    """Whether a shortcut is ours; names that are not, as of another version of the app, do nothing."""
    return body.get("type") == "message_action" and body.get("callback_id") == CONSULT


@whole
def from_shortcut(body: Payload, now: datetime, rooms: frozenset[str]) -> Incoming:
    """The consultation dialog, begun with the text of the message; whoever used the shortcut alone sees it there."""
    team, user = team_of(body), str(body["user"]["id"])
    channel, text = str(body["channel"]["id"]), about(str(body["message"].get("text") or ""))
    content = Called(ORDER, {ABOUT: text} if text else {})
    key = f"shortcut:{body['trigger_id']}"
    address = {"channel": channel, "user": user, "response_url": str(body.get("response_url", ""))}
    return Incoming(
        CHANNEL, key, seen_alone(team, channel, user, rooms), f"{team}:{user}", content, address, now
    )


def at_home(incoming: Incoming, channel: str) -> Incoming:
    """The same in their direct channel with the desk: the desk need not be where the message stands."""
    team = incoming.person.partition(":")[0]
    return replace(incoming, conversation=f"{team}:{channel}", address={"channel": channel})


def about(text: str) -> str:
    """What a message says, without who said it: no names of accounts, no addresses, no numbers to call."""
    said = typed(_REACHED_AT.sub(" ", text))
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"
