"""What has not left yet is taken back when it is no longer true; what else its letter told comes in another one."""

from collections.abc import Collection

from intents.appointments import TOKYO
from intents.desk.nudges.books import NudgeBooks
from intents.desk.nudges.records import Obligation, ObligationState


def take_back(books: NudgeBooks, closed: Collection[Obligation]) -> None:
    """Drops the letters about these obligations that wait to leave, and lets the rest of each be told anew."""
    # Most have left long ago.
    for letter in books.nudges.waiting([one.id for one in closed]):
        if books.post.drop(f"{letter}:"):
            _tell_rest(books, letter, {one.id for one in closed})


def _tell_rest(books: NudgeBooks, letter: str, closed: Collection[int]) -> None:
    others = {one.obligation for one in books.nudges.of_letter(letter)} - set(closed)
    books.nudges.withdraw(letter)
    today = books.now.astimezone(TOKYO).date()
    held = books.obligations.lock(sorted(others))
    open_ = [one for one in held if one.state is ObligationState.OPEN]
    books.obligations.tell([one._replace(next_on=today, step="", told_at=None) for one in open_])
