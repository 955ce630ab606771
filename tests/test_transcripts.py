"""Whole conversations in plain words, with the product's own knowledge; `transcripts/_about.md` tells how."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from intents.messages import Content, Opened, Said
from storage.database import Database
from tests.world import Talk, open_office

FOLDER = Path(__file__).parent / "transcripts"
PERSON, DESK, NEVER = "客> ", "窓口> ", "窓口× "
RESTART = "（再起動）"
Turn = tuple[Content | None, list[str], list[str]]


def _turns(text: str) -> Iterator[Turn]:
    turn: Turn = (Opened(), [], [])
    for line in text.splitlines():
        if line.startswith(PERSON):
            yield turn
            turn = (Said(line.removeprefix(PERSON)), [], [])
        elif line.startswith(DESK):
            turn[1].append(line.removeprefix(DESK))
        elif line == RESTART:
            yield turn
            turn = (None, [], [])
        elif line.startswith(NEVER):
            turn[2].append(line.removeprefix(NEVER))
        else:
            assert not line or line.startswith("#"), f"not a line of a transcript: {line}"
    yield turn


@pytest.mark.parametrize("name", sorted(file.stem for file in FOLDER.glob("*.txt")))
def test_transcript(sqlite_database: Database, name: str) -> None:
    """Each reply holds what the transcript expects, and nothing that it forbids."""
    open_office(sqlite_database)
    talk = Talk(sqlite_database)
    for content, expected, forbidden in _turns((FOLDER / f"{name}.txt").read_text("utf-8")):
        if content is None:
            talk.restart()
            continue
        said = talk.text(content)
        assert not [words for words in expected if words not in said], f"{content}: {said}"
        assert not [words for words in forbidden if words in said], f"{content}: {said}"
