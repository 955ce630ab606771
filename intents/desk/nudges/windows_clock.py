"""Support with limited money: whoever has a draft hears when a share of it is gone; a window closes itself. Moments are UTC."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from intents.appointments import TOKYO
from intents.desk.clock_units import Subject, Unit
from intents.desk.consultations import Pen
from intents.desk.nudges.books import NudgeBooks
from intents.desk.nudges.items import USED, window_key
from intents.desk.projects.records import Window

SUPPORT = ("DL-12", "DL-13")


def subjects(_: NudgeBooks) -> Iterator[Subject[NudgeBooks]]:
    """The windows that may have to be closed, or of which people may have to hear."""
    yield _to_do


def _to_do(books: NudgeBooks) -> Iterator[Unit[NudgeBooks]]:
    for window in books.calendars.windows():
        if _is_over(window, books):
            yield partial(_close, window.id)
        elif _level(window):
            yield partial(_warn, window.id)


def _is_over(window: Window, books: NudgeBooks) -> bool:
    return window.closed_at is None and window.closes_at is not None and window.closes_at <= books.now


def _level(window: Window) -> int:
    """The highest share that was passed and of which nobody was told; 0 when there is none."""
    if window.closed_at or window.used is None:
        return 0
    passed = [level for level in window.levels if level <= window.used]
    told = max(window.warned, default=0)
    return max((level for level in passed if level > told), default=0)


def _held(id_: int, books: NudgeBooks) -> Window | None:
    books.calendars.hold()
    return next((one for one in books.calendars.windows() if one.id == id_), None)


def _close(id_: int, books: NudgeBooks, _: Pen) -> None:
    window = _held(id_, books)
    if window and _is_over(window, books):
        books.calendars.save_window(replace(window, closed_at=books.now))
        books.audit.note(f"window:{id_}", "closed", reason="end")


def _warn(id_: int, books: NudgeBooks, _: Pen) -> None:
    """Makes what is open about it come up today, for those who have not applied yet."""
    window = _held(id_, books)
    level = _level(window) if window else 0
    if window and level:
        books.calendars.save_window(replace(window, warned=(*window.warned, level)))
        today = books.now.astimezone(TOKYO).date()
        told = books.obligations.bring_up(SUPPORT, window_key(window), f"{USED}{level}", today)
        books.audit.note(f"window:{id_}", "level_passed", after={"level": level, "told": told})
