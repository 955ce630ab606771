"""What a refusal of Slack means for a letter: later, or never; and whose fault it is."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.delivery import Hopeless, Later
from storage.lost_letters import GONE as LEFT

OK, TOO_MANY, UNTOLD_WAIT, BROKEN = 200, 429, 30, 500
# While Slack itself is away, a letter is tried again this much later at most.
LONGEST_AWAY = timedelta(minutes=1)
_HOPELESS = frozenset(
    {
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "user_not_in_channel",
        "user_not_visible",
        "invalid_blocks",
    }
)
# Slack's words for an account that is switched off or not there, of conversations.open: chat.postMessage takes a
# message to such an account without a word. `account_inactive` is no such word: it speaks of our own token.
_LEFT = frozenset({"user_disabled", "user_not_found"})
# A card that somebody deleted, or that can be changed no longer.
GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found"})


def error_of(fault: SlackApiError) -> str:
    """Slack's word for what is wrong."""
    data = fault.response.data
    # A proxy or an outage answers with a page instead of Slack's JSON.
    return str(data.get("error")) if isinstance(data, dict) else "not JSON"


def judged(fault: SlackApiError, attempts: int = 1) -> Later | Hopeless:
    """What a refused call means for a letter whose sending was begun that often."""
    response = fault.response
    if response.status_code != OK:
        return refused(response.status_code, response.headers, attempts)
    error = error_of(fault)
    if error in _LEFT:
        return Hopeless(error, LEFT)
    return Hopeless(error) if error in _HOPELESS else Later(None, error)


def refused(status: int, headers: Mapping[str, Any], attempts: int = 1) -> Later | Hopeless:
    """What a status means."""
    if status == TOO_MANY:
        wait = headers.get("Retry-After") or headers.get("retry-after") or UNTOLD_WAIT
        return Later(float(wait[0] if isinstance(wait, list) else wait))
    if status >= BROKEN:
        return away(f"status {status}", attempts)
    gone = status in (400, 403, 404, 410)
    return Hopeless(f"status {status}") if gone else Later(None, f"status {status}")


def away(why: str, attempts: int) -> Later:
    """Slack cannot be reached: not the letter's fault, however long that lasts, so it costs no try."""
    return Later(min(2.0 ** min(attempts, 10), LONGEST_AWAY.total_seconds()), why)
