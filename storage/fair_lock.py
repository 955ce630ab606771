"""A lock that is given in the order in which it was asked for."""

import threading
from collections import deque


class FairLock:
    """Hands over to whoever has waited longest; a plain lock goes to who is quickest, mostly who has just had it."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._line: deque[threading.Event] = deque()

    def acquire(self, timeout: float) -> bool:
        """Takes the lock within so many seconds; False when the time was over first."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            turn = threading.Event()
            self._line.append(turn)
        return turn.wait(timeout) or not self._leave(turn)

    def _leave(self, turn: threading.Event) -> bool:
        """Gives the place in the line up; False when the turn came at the last moment."""
        with self._guard:
            if turn.is_set():
                return False
            self._line.remove(turn)
            return True

    def release(self) -> None:
        """Hands the lock to the next in line, or leaves it free."""
        with self._guard:
            if self._line:
                self._line.popleft().set()
            else:
                self._taken = False
