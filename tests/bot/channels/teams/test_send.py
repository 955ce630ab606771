"""What a sender keeps in mind: of a reply in several messages each is said once, whatever comes between two."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.channels.teams.send import TeamsSender
from bot.delivery import Later
from intents.messages import Paragraph, Reply, Text
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage.outbox import Letter
from tests.kit import NOON


@dataclass
class Limited:
    """A connector that takes one message, and then asks to wait twice."""

    posted: list[str] = field(default_factory=list)
    refusals: int = 2

    async def post(self, _: str, __: str, activity: Mapping[str, Any], *, attempts: int) -> str:
        if self.posted and self.refusals:
            self.refusals -= 1
            raise Later(float(attempts), "429")
        self.posted.append(str(activity))
        return f"m{len(self.posted)}"


def test_what_is_there_already_is_not_said_again_after_a_limit() -> None:
    reply = Reply(tuple(Paragraph((Text(f"{n}" + "あ" * 6_000),)) for n in range(5)), Lang.JA)
    letter = Letter(
        1, "k", "teams", {"conversation": "a:1", "service": "s", "tenant": "t"}, reply, 1, 0, NOON
    )
    api = Limited()
    sender = TeamsSender(api, load_wording(), "s")  # type: ignore[arg-type]
    for _ in range(2):
        with pytest.raises(Later):
            asyncio.run(sender.send(letter))
    assert asyncio.run(sender.send(letter)) == "teams:a:1:m1"
    assert len(api.posted) == len(set(api.posted)) > 1
    assert sender.there == {}
