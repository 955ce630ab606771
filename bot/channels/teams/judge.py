"""What a refusal of the Bot Connector means for a letter: later, or never; and whose fault it is.

The words are those of learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations, of its pages
`conversation-messages` ("Status code responses") and `send-proactive-messages`.
"""

from collections.abc import Mapping
from datetime import timedelta

from bot.delivery import Hopeless, Later
from storage.lost_letters import GONE as LEFT

TOO_MANY, UNTOLD_WAIT, BROKEN = 429, 30.0, 500
UNAUTHORIZED, FORBIDDEN, NOT_FOUND, TIMED_OUT, BUSY = 401, 403, 404, 408, 412
# While the connector itself is away, a letter is tried again this much later at most.
LONGEST_AWAY = timedelta(minutes=1)
# Nobody is told to wait longer than that; a number beyond it is a mistake.
LONGEST_WAIT = timedelta(hours=1)
# What no repetition mends: the activity is wrong, too big, or not allowed there.
_HOPELESS = frozenset({400, FORBIDDEN, NOT_FOUND, 405, 410, 413, 415, 422})
# A person who blocked or removed the app, or never had it; the words stand in bodies of several shapes.
_BLOCKED = (
    "MessageWritesBlocked",
    "ConversationBlockedByUser",
    "BotNotInConversationRoster",
    "ForbiddenOperationException",
)
_NO_MESSAGE = "ActivityNotFound"
_SHARED, _ONE_TO_ONE = "19:", "@unq.gbl.spaces"


class Vanished(Hopeless):
    """The message that was to be changed is not there any more; a new one can be posted."""


def personal(conversation: str) -> bool:
    """Whether a conversation is one person's with the app: those of channels, groups and meetings begin with 19."""
    return not conversation.startswith(_SHARED) or conversation.endswith(_ONE_TO_ONE)


def judged(
    status: int, headers: Mapping[str, str], text: str, attempts: int = 1, *, alone: bool
) -> Later | Hopeless:
    """What a refused call means for a letter whose sending was begun that often.

    `text` is the body of the answer; `alone` says that the call was about one person.
    """
    why = f"status {status}"
    if status == TOO_MANY:
        return Later(_wait(headers.get("Retry-After", "")))
    if status >= BROKEN or status in (TIMED_OUT, BUSY):
        return away(why, attempts)
    if status not in _HOPELESS:
        return Later(None, why)
    if status == NOT_FOUND and _NO_MESSAGE in text:
        return Vanished(why)
    word = next((word for word in _BLOCKED if word in text), "")
    lost = alone and ((status == FORBIDDEN and word) or status == NOT_FOUND)
    return Hopeless(f"{why} {word}".strip(), LEFT if lost else "")


def away(why: str, attempts: int) -> Later:
    """The connector cannot be reached: not the letter's fault, however long that lasts, so it costs no try."""
    return Later(min(2.0 ** min(attempts, 10), LONGEST_AWAY.total_seconds()), why)


def _wait(told: str) -> float:
    """The seconds of a `Retry-After`; Teams does not always send one, and a proxy may send a date."""
    return (
        min(float(told), LONGEST_WAIT.total_seconds()) if told.isascii() and told.isdigit() else UNTOLD_WAIT
    )
