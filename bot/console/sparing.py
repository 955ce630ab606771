"""Something that is worth noting once in a while and not every time."""

import threading
from datetime import datetime, timedelta

KEPT = 500


class Sparing:
    """Remembers, in this process, when each thing was noted last; safe from any thread."""

    def __init__(self, span: timedelta) -> None:
        self._span, self._last, self._lock = span, dict[str, datetime](), threading.Lock()

    def first(self, key: str, now: datetime) -> bool:
        """Whether it is the first time within the span; from then on it counts anew."""
        with self._lock:
            if key in self._last and now - self._last[key] < self._span:
                return False
            # What is old tells nothing any more, and a flood of keys must not fill the memory.
            self._last = {name: at for name, at in self._last.items() if now - at < self._span}
            if len(self._last) < KEPT:
                self._last[key] = now
            return True
