"""A reply as plain text: choices are numbers to type, but for what was said unasked, where they are words."""

from bot.plain_text import letter_text, plain_text
from intents.messages import Choice, Choices, ChoiceStyle, Heading, Reply
from knowledge.model import Lang
from knowledge.wording import load_wording

WORDING = load_wording()
LETTER = Reply(
    (
        Heading("お知らせ"),
        Choices("どうしますか", (Choice("対応中", "t1"), Choice("完了", "t2")), ChoiceStyle.ASK),
    ),
    Lang.JA,
)


def test_an_answers_choices_are_numbers() -> None:
    assert "2) 完了" in plain_text(LETTER, WORDING)
    assert "番号で答えてください" in plain_text(LETTER, WORDING)


def test_a_letters_choices_are_words() -> None:
    """A number would press an option of the last answer, which is another one."""
    text = letter_text(LETTER, WORDING)
    assert "どうしますか\n\n- 対応中\n- 完了" in text
    assert "番号" not in text
