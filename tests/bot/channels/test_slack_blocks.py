"""Replies as Block Kit: literal text stays literal, and Slack's own models accept every block."""

from slack_sdk.models.blocks import Block

from bot.channels.slack.blocks import messages
from intents.messages import (
    Bullets,
    Choice,
    Choices,
    Heading,
    Link,
    Paragraph,
    Reply,
    SourceLine,
    Sources,
    Strong,
    Text,
)
from knowledge.model import Lang
from knowledge.wording import load_wording

EVIL = "<!channel> <@U1> *x* <https://a|b> & <script>"


def _messages(reply: Reply) -> list[dict[str, list[dict[str, object]]]]:
    return messages(reply, load_wording())


def test_mention_injection_arrives_as_literal_text() -> None:
    """No mention, link or command comes out of what a person typed, in blocks or in the fallback text."""
    line = (Text(EVIL), Strong(EVIL), Link(EVIL, "https://x.test/a|b>"))
    sources = Sources(EVIL, (SourceLine(1, EVIL),), EVIL)
    reply = Reply((Paragraph(line), Bullets((line,)), sources, Choices(EVIL, (Choice(EVIL, "t"),))), Lang.JA)
    for message in _messages(reply):
        said = str([block for block in message["blocks"] if block["type"] != "actions"]) + str(
            message["text"]
        )
        assert "<!channel" not in said
        assert "<@U1" not in said
        assert "<script" not in said
        assert "<https://a|b>" not in said


def test_every_block_is_inside_slack_s_limits() -> None:
    """Long answers are split, labels are cut, and the SDK's models validate the result."""
    long = Reply(
        (
            Heading("題" * 400),
            *(Paragraph((Text("あ" * 9000),)) for _ in range(20)),
            Choices("?", tuple(Choice("選" * 200, f"t{n}") for n in range(60))),
        ),
        Lang.JA,
    )
    found = _messages(long)
    assert len(found) > 1
    for message in found:
        assert len(message["blocks"]) <= 50
        for block in Block.parse_all(message["blocks"]):
            block.validate_json()
