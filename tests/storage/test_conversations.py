"""What is remembered of a conversation is forgotten in time."""

from datetime import timedelta

from storage import conversations
from storage.database import Database
from tests.kit import NOON
from tests.world import Talk, open_office


def test_a_dialog_that_nobody_goes_on_with_is_forgotten(database: Database) -> None:
    """With everything typed into it; one that is still warm stays."""
    open_office(database)
    talk = Talk(database)
    for words in ("個別相談を申し込みます", "はい", "計画書を作っている", "埼玉", "秘密株式会社"):
        talk.say(words)
    with database.begin() as connection:
        assert conversations.forget_drafts(connection, NOON - timedelta(days=1)) == 0
    assert talk.memory.drafts
    with database.begin() as connection:
        assert conversations.forget_drafts(connection, NOON + timedelta(days=1)) == 1
    assert not talk.memory.drafts
