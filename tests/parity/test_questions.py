"""The questions of the development set: the text that reaches the core, and the answer, are those of every channel."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.room_words import called
from storage.codec import unpack_reply
from storage.tables import answer_given
from tests.parity.house import Home, Outside, home_at
from tests.parity.log import Neutral, neutral
from tests.parity.markup import READERS
from tests.parity.player import Player
from tests.parity.players import PLAYERS
from tests.world import WORDING

FOLDER = Path(__file__).parents[1] / "evaluation" / "dev"
SAMPLE = 50


def questions() -> list[str]:
    """Every line of the set, orders and what is none of our business included."""
    files = sorted(FOLDER.glob("*.jsonl"))
    return [json.loads(line)["query"] for file in files for line in file.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("channel", READERS)
def test_the_same_text_reaches_the_core(channel: str) -> None:
    """In each channel's markup, for every line; so its entry and confidence are the same as well."""
    typed, asked = READERS[channel], questions()
    assert len(asked) > 1500
    assert not [one for one in asked if typed(one) != one.strip()]


def test_no_question_is_an_order_in_teams() -> None:
    """Single words of the app's menu are, there alone; of these nobody asks for more than help, which all give."""
    assert {called(one, WORDING) for one in questions()} == {"", "desk.help"}


def sample() -> list[str]:
    """Questions from the whole set, evenly; no orders, as those begin dialogs."""
    files = sorted(one for one in FOLDER.glob("*.jsonl") if "commands" not in one.name)
    found = [json.loads(line)["query"] for one in files for line in one.read_text("utf-8").splitlines()]
    return found[:: len(found) // SAMPLE][:SAMPLE]


def test_the_whole_house_answers_alike(tmp_path: Path, beyond: Outside) -> None:
    """A sample through the real doors: the same replies, the same entry, the same confidence, in the same order."""
    asked = sample()
    assert len(asked) == SAMPLE
    heard = {}
    for kind in PLAYERS:
        with home_at(tmp_path / kind.name, beyond) as home:
            heard[kind.name] = _answers(home, kind(home), asked)
    web = heard.pop("web")
    for name, answers in heard.items():
        for question, mine, its in zip(asked, web, answers, strict=True):
            assert its == mine, f"{name}: {question}"


def _answers(home: Home, player: Player, asked: list[str]) -> list[Neutral]:
    """Each reply with what was recorded about it."""
    for question in asked:
        home.next_act()
        player.say(question)
    columns = (answer_given.c.asked, answer_given.c.outcome, answer_given.c.entry, answer_given.c.confidence)
    with home.database.look() as connection:
        recorded = {
            row.event: tuple(row)[1:] for row in connection.execute(select(answer_given.c.event, *columns))
        }
    replies = (row for row in player.log.rows() if row.reply)
    return [(neutral(unpack_reply(row.reply)), recorded.get(row.event)) for row in replies]
