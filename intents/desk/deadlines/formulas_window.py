"""Dates of windows that staff entered: support, the call for agriculture, auctions."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

from intents.appointments import TOKYO
from intents.desk.deadlines.calendar_math import APRIL
from intents.desk.deadlines.case import Case
from intents.desk.deadlines.found import Found, Inputs, given
from intents.desk.deadlines.frame import Frame, InForce, closing_day
from intents.desk.deadlines.records import Stop
from intents.desk.projects.records import Window, WindowKind

NO_DAYS: Mapping[str, date] = {}


def support_window(case: Case, _: InForce) -> Iterator[Found]:
    """The end of each support window, for projects that have not come to certification before its year began."""
    applied = case.first_application()
    for window in case.frame.windows[WindowKind.SUPPORT]:
        begins = date(window.year, APRIL, 1)
        if applied is None or applied >= begins:
            stop = Stop("applied", applied) if applied else None
            yield _window(window, {"fiscal_year": begins}, stop)


def agriculture_window(case: Case, _: InForce) -> Iterator[Found]:
    """The end of each call for agricultural projects."""
    for window in case.frame.windows[WindowKind.AGRICULTURE]:
        first = window.opens_on or closing_day(window)
        anchors = {"new_year": date(first.year if first else window.year, 1, 1)}
        yield _window(window, anchors, None)


def auction(frame: Frame, _: InForce) -> Iterator[Found]:
    """The end of each auction."""
    for window in frame.windows[WindowKind.AUCTION]:
        anchors = {"announced": window.announced_on} if window.announced_on else {}
        yield _window(window, anchors, None)


def _window(window: Window, anchors: Mapping[str, date], stop: Stop | None) -> Found:
    closes = closing_day(window)
    opens = {"opens": window.opens_on} if window.opens_on else NO_DAYS
    return Found(
        closes,
        "entered_closing" if closes else "closing_not_known",
        _inputs(window),
        anchors={**anchors, **opens},
        last=closes or date.max,
        apart=f"{window.kind}-{window.id}",
        about=window.name,
        stopped=_closed(window) or stop,
    )


def _closed(window: Window) -> Stop | None:
    if window.closed_at is None:
        return None
    return Stop("window_closed", window.closed_at.astimezone(TOKYO).date())


@lru_cache(maxsize=256)
def _inputs(window: Window) -> Inputs:
    closes = window.closes_at
    found = [given("fiscal_year", window.year)]
    if window.opens_on:
        found.append(given("opens_on", window.opens_on))
    if closes:
        found.append(given("closes_at", f"{closes.astimezone(TOKYO):%Y-%m-%d %H:%M}"))
    return tuple(found)
