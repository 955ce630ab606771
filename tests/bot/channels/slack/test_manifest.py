"""The manifest asks for what the code does, and for nothing else."""

import re
from pathlib import Path
from typing import Any

import pytest

from bot.channels import slack
from bot.channels.slack.shortcuts import CONSULT

FILE = Path(slack.__file__).parent / "manifest.yaml"
# What each event needs, by Slack's own pages of the events.
SCOPES = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "app_uninstalled": None,
    "assistant_thread_context_changed": "assistant:write",
    "assistant_thread_started": "assistant:write",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "reaction_added": "reactions:read",
    "tokens_revoked": None,
}


def _list(name: str) -> list[str]:
    """The entries of a list in the manifest."""
    found = re.search(rf"\n +{name}:\n((?: +- \S+\n|\s*#.*\n)+)", FILE.read_text("utf-8"))
    assert found is not None
    return re.findall(r"- (\S+)", found[1])


def test_every_event_has_its_scope() -> None:
    """Slack refuses a manifest whose events lack their scopes."""
    assert set(_list("bot_events")) == set(SCOPES)
    assert {scope for scope in SCOPES.values() if scope} <= set(_list("bot"))


@pytest.mark.parametrize("scope", ["chat:write", "commands", "im:write"])
def test_what_we_do_is_asked_for(scope: str) -> None:
    """Writing, whispering, changing cards; the slash command; direct messages that the desk begins."""
    assert scope in _list("bot")


def test_slack_takes_the_texts() -> None:
    """The help of a slash command is cut off where it is longer."""
    text = FILE.read_text("utf-8")
    hints: Any = re.findall(r"(?:usage_hint|description): (.+)", text)
    assert max(map(len, hints)) <= 140
    assert all(word in text for word in ("queue", "login", "help"))


def test_the_shortcut_is_the_one_that_is_understood() -> None:
    """Slack takes names of 24 letters."""
    text = FILE.read_text("utf-8")
    found = re.search(r"shortcuts:\n +- name: (.+)\n +type: message\n +callback_id: (\S+)\n", text)
    assert found is not None
    assert (len(found[1]) <= 24, found[2]) == (True, CONSULT)
