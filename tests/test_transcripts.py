"""Whole conversations in plain words, with the product's own knowledge; `transcripts/_about.md` tells how."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from intents.messages import Content, Opened, Said
from tests.stage import EVENTS as OF_DESK
from tests.stage import Stage
from tests.stage_projects import EVENTS as OF_PROJECTS
from tests.stage_staff import staff_acts
from tests.world import office_at

EVENTS = {**OF_DESK, **OF_PROJECTS}
FOLDER = Path(__file__).parent / "transcripts"
PERSON, DESK, NEVER, STAFF = "客> ", "窓口> ", "窓口× ", "職員> "
# A line break within one message, and the code that the desk said last.
BREAK, CODE = "⏎", "（コード）"
_SAID_CODE = re.compile(r"[A-Z2-9]{4}-[A-Z2-9]{4}")


class Turn:
    """What is said or happens, with the words that the reply must and must not hold."""

    def __init__(self, said: str) -> None:
        self.said = said
        self.expected: list[str] = []
        self.forbidden: list[str] = []


def _turns(text: str) -> Iterator[Turn]:
    turn = Turn("")
    for line in text.splitlines():
        if line.startswith((PERSON, STAFF)) or line in EVENTS:
            yield turn
            turn = Turn(line)
        elif line.startswith(DESK):
            turn.expected.append(line.removeprefix(DESK))
        elif line.startswith(NEVER):
            turn.forbidden.append(line.removeprefix(NEVER))
        else:
            assert not line or line.startswith("#"), f"not a line of a transcript: {line}"
    yield turn


def _content(said: str, stage: Stage, before: str) -> Content | None:
    """What reaches the desk, if anything does."""
    if not said:
        return Opened()
    if said in EVENTS:
        return EVENTS[said](stage)
    typed = said.removeprefix(PERSON).replace(BREAK, "\n")
    if CODE in typed:
        typed = typed.replace(CODE, _SAID_CODE.findall(before)[-1])
    return Said(typed)


def play(text: str, stage: Stage) -> Iterator[tuple[Turn, str]]:
    """Plays a transcript and gives what the desk says to each turn."""
    heard = ""
    for turn in _turns(text):
        if turn.said.startswith(STAFF):
            said = staff_acts(stage, turn.said.removeprefix(STAFF))
        else:
            content = _content(turn.said, stage, heard)
            said = stage.talk.text(content) if content else ""
        heard += said
        yield turn, said


@pytest.mark.parametrize("name", sorted(file.stem for file in FOLDER.glob("*.txt")))
def test_transcript(tmp_path: Path, name: str) -> None:
    """Each reply holds what the transcript expects, and nothing that it forbids."""
    with office_at(tmp_path) as database:
        for turn, said in play((FOLDER / f"{name}.txt").read_text("utf-8"), Stage(database)):
            assert not [words for words in turn.expected if words not in said], f"{turn.said}: {said}"
            assert not [words for words in turn.forbidden if words in said], f"{turn.said}: {said}"
