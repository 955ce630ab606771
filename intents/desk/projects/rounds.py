"""The dates that staff enter: committee rounds, windows, and the settings of rules. Days are Tokyo's.

Raises Refused before anything is written. `seen` is the mark of the value that somebody looked at (`marks.mark`).
"""

from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import date, datetime
from itertools import pairwise

from intents.desk.moments import TOKYO
from intents.desk.projects.books import ProjectBooks
from intents.desk.projects.marks import check_seen
from intents.desk.projects.records import Round, Window
from intents.desk.projects.register import told
from intents.desk.refused import Refused
from intents.readers.register import EARLIEST, LATEST, MOST_ROUNDS

NAME_LIMIT, SOURCE_LIMIT, MOST_LEVELS = 200, 500, 6
ALL_GONE = 100

# ------------------------------------------------ rounds


def put_round(books: ProjectBooks, wanted: Round, seen: str | None = None) -> Round:
    """Enters a round, or what has changed about it. Refused: round_wrong, day_far, round_order, changed_meanwhile."""
    books.calendars.hold()
    before = next((one for one in books.calendars.rounds() if one.number == wanted.number), None)
    if before == wanted:
        return wanted
    check_seen(before, seen)
    _check_round(wanted)
    books.calendars.put_round(wanted)
    subject = f"round:{wanted.number}"
    books.audit.note(
        subject, "entered", before=told(asdict(before)) if before else None, after=told(asdict(wanted))
    )
    return wanted


def _check_round(wanted: Round) -> None:
    if not 1 <= wanted.number <= MOST_ROUNDS:
        raise Refused("round_wrong", field="number", value=wanted.number, limit=MOST_ROUNDS)
    _check_day("cutoff", wanted.cutoff)
    _check_day("held_on", wanted.held_on)
    if wanted.cutoff and wanted.held_on and wanted.held_on < wanted.cutoff:
        raise Refused("order_wrong", field="held_on", other="cutoff")


def _check_day(field: str, day: date | None) -> None:
    if day and not EARLIEST <= day <= LATEST:
        raise Refused("day_far", field=field, value=day, low=EARLIEST.year, high=LATEST.year)


# ------------------------------------------------ windows


def add_window(books: ProjectBooks, new: Window) -> Window:
    """Enters a window; the same one twice is once. Refused: window_exists, and as `_check_window`."""
    _check_window(new)
    books.calendars.hold()
    known = _alike(books.calendars.windows(), new)
    if known and replace(known, id=new.id) == new:
        return known
    if known:
        raise Refused("window_exists", field="name", value=new.name)
    added = books.calendars.add_window(new)
    books.audit.note(f"window:{added.id}", "added", after=_told(added))
    return added


def use(books: ProjectBooks, id_: int, used: int, as_of: date, seen: str | None = None) -> Window:
    """The share of a window's money that is gone, as of a day; when all of it is gone the window closes.

    Refused: no_such_window, used_wrong, as_of_wrong, changed_meanwhile.
    """
    books.calendars.hold()
    before = find_window(books, id_)
    if not 0 <= used <= ALL_GONE:
        raise Refused("used_wrong", field="used", value=used)
    if as_of > books.now.astimezone(TOKYO).date():
        raise Refused("as_of_wrong", field="used_as_of", value=as_of)
    over = before.closed_at or (books.now if used == ALL_GONE else None)
    return _save_window(
        books, before, replace(before, used=used, used_as_of=as_of, closed_at=over), "used", seen
    )


def close(books: ProjectBooks, id_: int, reason: str = "", seen: str | None = None) -> Window:
    """Closes a window by hand; twice is once. Refused: no_such_window, changed_meanwhile."""
    books.calendars.hold()
    before = find_window(books, id_)
    if before.closed_at:
        return before
    return _save_window(books, before, replace(before, closed_at=books.now), "closed", seen, reason)


def find_window(books: ProjectBooks, id_: int) -> Window:
    """The window of that number. Refused: no_such_window."""
    if found := next((one for one in books.calendars.windows() if one.id == id_), None):
        return found
    raise Refused("no_such_window", value=id_)


def _alike(windows: Collection[Window], new: Window) -> Window | None:
    same = (new.kind, new.year, new.name)
    return next((one for one in windows if (one.kind, one.year, one.name) == same), None)


def _save_window(
    books: ProjectBooks, before: Window, after: Window, action: str, seen: str | None, reason: str = ""
) -> Window:
    if after == before:
        return before
    check_seen(before, seen)
    books.calendars.save_window(after)
    old, new = _told(before), _told(after)
    names = [name for name in old if old[name] != new[name]]
    books.audit.note(
        f"window:{before.id}",
        action,
        before={name: old[name] for name in names},
        after={name: new[name] for name in names},
        reason=reason,
    )
    return after


def _told(window: Window) -> dict[str, object]:
    return told(asdict(window))


def _check_window(new: Window) -> None:
    if not new.name.strip() or len(new.name) > NAME_LIMIT:
        raise Refused("window_name_wrong", field="name", limit=NAME_LIMIT)
    if not EARLIEST.year <= new.year <= LATEST.year:
        raise Refused("year_wrong", field="year", value=new.year)
    if len(new.source) > SOURCE_LIMIT:
        raise Refused("text_long", field="source", limit=SOURCE_LIMIT)
    for field in ("announced_on", "opens_on"):
        _check_day(field, getattr(new, field))
    if new.opens_on and new.closes_at and _day(new.closes_at) < new.opens_on:
        raise Refused("order_wrong", field="closes_at", other="opens_on")
    _check_levels(new.levels)


def _check_levels(levels: tuple[int, ...]) -> None:
    rising = all(one < two for one, two in pairwise(levels))
    if len(levels) > MOST_LEVELS or not rising or not all(0 < one < ALL_GONE for one in levels):
        raise Refused("levels_wrong", field="levels", value=", ".join(map(str, levels)), limit=MOST_LEVELS)


def _day(moment: datetime) -> date:
    return moment.astimezone(TOKYO).date()
