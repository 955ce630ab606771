"""Whole conversations in plain words, with the product's own knowledge; `transcripts/_about.md` tells how."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.plain_text import plain_text
from intents.messages import Content, Opened, Said
from knowledge.reader import files_in
from knowledge.wording import load_wording
from storage import inbox, knowledge_files, messages
from storage.database import Database
from tests.kit import NOON, event, pipeline

FOLDER = Path(__file__).parent / "transcripts"
PERSON, DESK, NEVER = "客> ", "窓口> ", "窓口× "
Turn = tuple[Content, list[str], list[str]]


def _turns(text: str) -> Iterator[Turn]:
    turn: Turn = (Opened(), [], [])
    for line in text.splitlines():
        if line.startswith(PERSON):
            yield turn
            turn = (Said(line.removeprefix(PERSON)), [], [])
        elif line.startswith(DESK):
            turn[1].append(line.removeprefix(DESK))
        elif line.startswith(NEVER):
            turn[2].append(line.removeprefix(NEVER))
        else:
            assert not line or line.startswith("#"), f"not a line of a transcript: {line}"
    yield turn


@pytest.mark.parametrize("name", sorted(file.stem for file in FOLDER.glob("*.txt")))
def test_transcript(sqlite_database: Database, name: str) -> None:
    """Each reply holds what the transcript expects, and nothing that it forbids."""
    knowledge_files.replace(sqlite_database, files_in(), NOON)
    line = pipeline(sqlite_database)
    for content, expected, forbidden in _turns((FOLDER / f"{name}.txt").read_text("utf-8")):
        row = inbox.add(sqlite_database, [event(content)], "test")[0]
        line.run(row.event)
        logged = messages.reply_to(sqlite_database, row.event)
        assert logged is not None
        assert logged.reply is not None
        said = plain_text(logged.reply, load_wording())
        assert not [words for words in expected if words not in said], f"{content}: {said}"
        assert not [words for words in forbidden if words in said], f"{content}: {said}"
