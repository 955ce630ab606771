"""What was asked and what was said to it: for recalls, for gaps in the knowledge, and for reports."""

from datetime import datetime

from sqlalchemy import Connection, insert, update

from intents.ports import Outcome
from storage.tables import answer_given


class StoredAnswers:
    """The record of answers within one transaction."""

    def __init__(
        self, connection: Connection, conversation_id: int, event: int, edition: str, now: datetime
    ) -> None:
        self._connection = connection
        self._turn = {"conversation_id": conversation_id, "event": event, "edition": edition, "at": now}

    def record(self, *, asked: str, outcome: Outcome, entry: str, confidence: float) -> None:
        """Keeps what this turn's question found; confidence is 0..1."""
        found = {
            "asked": asked,
            "outcome": outcome.value,
            "entry": entry,
            "confidence": round(confidence * 1000),
        }
        self._connection.execute(insert(answer_given).values(self._turn | found))

    def rate(self, event: int, *, helpful: bool) -> bool:
        """Keeps a vote on an answer of the same conversation; the newest vote counts."""
        mine = (answer_given.c.event == event) & (
            answer_given.c.conversation_id == self._turn["conversation_id"]
        )
        return bool(
            self._connection.execute(update(answer_given).where(mine).values(helpful=helpful)).rowcount
        )
