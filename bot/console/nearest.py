"""The nearest entry to each question, looked up once for each edition and day in this process."""

import threading
from collections.abc import Callable
from datetime import date

from intents.understanding.router import Understanding

KEPT = 20_000


class Nearest:
    """Remembers what was looked up with the newest edition; safe from any thread."""

    def __init__(self) -> None:
        self._of, self._known, self._lock = ("", date.min), dict[str, str](), threading.Lock()

    def by(self, mind: Understanding, today: date) -> Callable[[str], str]:
        """What names the nearest entry to a text; empty for none."""
        with self._lock:
            if self._of != (mind.edition.name, today) or len(self._known) > KEPT:
                self._of, self._known = (mind.edition.name, today), {}
            known = self._known

        def nearest(text: str) -> str:
            if text not in known:
                candidates = mind.match(text, today).candidates
                known[text] = candidates[0].entry if candidates else ""
            return known[text]

        return nearest


NEAREST = Nearest()
