"""The page behind a letter's button says what the button does, for every button of a nudge."""

import pytest

from intents.desk.nudges.records import Answer
from knowledge.wording import load_wording

BUTTONS = (
    "my.projects",
    "reminder.snooze",
    "project.contact_change",
    *(f"nudge.answer.{one}" for one in (Answer.WORKING, Answer.DONE, Answer.CONSULT, Answer.STOP)),
    *(f"succession.settle.{one}" for one in ("took_over", "stays", "not_mine")),
)


@pytest.mark.parametrize("command", BUTTONS)
def test_a_nudges_button_has_words(command: str) -> None:
    """Nobody should have to press "continue" without knowing what for."""
    assert f"press.{command.replace('.', '_')}" in load_wording().texts
