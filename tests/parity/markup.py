"""A sentence as each channel's clients send it, and as the channel's reader hands it to the core."""

import html
import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.channels.slack import receive as slack
from bot.channels.teams import receive as teams
from bot.channels.web import receive as web
from tests.teams_connector import APP_ID

BOT = f"28:{APP_ID}"
_ADDRESS = re.compile(r"https?://[\w.-]+(?:/[\w./?=%#-]*)?", re.ASCII)


def by_web(text: str) -> str:
    """Plain, as JSON."""
    return web.clean(text)


def by_slack(text: str) -> str:
    """Escaped, below a mention of the desk; Slack makes links of addresses."""
    return slack.typed(f"<@U0BOT> {escaped_by_slack(text)}")


def escaped_by_slack(text: str) -> str:
    """Literal text in Slack's markup."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _ADDRESS.sub(lambda found: f"<{found[0]}>", escaped)


def by_teams(text: str) -> str:
    """Escaped as in HTML, with hard blanks, behind a mention that an entity describes."""
    return teams.typed(mentioning(text))


def mentioning(text: str) -> Mapping[str, Any]:
    """A message in a channel of Teams."""
    mention = {"type": "mention", "mentioned": {"id": BOT, "name": "bot"}, "text": "<at>bot</at>"}
    escaped = html.escape(text, quote=False).replace("  ", "\xa0 ")
    return {"text": f"<at>bot</at>\xa0{escaped}\n", "recipient": {"id": BOT}, "entities": [mention]}


READERS: Mapping[str, Callable[[str], str]] = {"web": by_web, "slack": by_slack, "teams": by_teams}
