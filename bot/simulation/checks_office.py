"""Whether the office's own things hold: seats and their line, a window that closes, the record of changes."""

from collections import Counter
from datetime import timedelta

from bot.simulation.evidence import Evidence, Judged, shown
from intents.desk.nudges.items import window_key
from storage.audit import verify

# The clock looks twice a minute; a closing that takes longer was missed.
SOON = timedelta(minutes=5)


def seats_and_line(seen: Evidence) -> Judged:
    """Never more people than seats, and nobody is asked before those who came before them."""
    story = seen.lived.story
    broken = [
        f"{shown(one.at)} {one.taken}/{one.capacity} {one.overtaken}"
        for one in story.seats
        if one.taken > one.capacity or one.overtaken
    ]
    return Judged("seats_and_line", len(story.seats), tuple(broken))


def windows_close(seen: Evidence) -> Judged:
    """A window closes itself in its minute, and nobody hears of it afterwards."""
    broken, aside, ends = [], Counter[str](), seen.lived.plan.ends
    windows = [one for one in seen.back.books.calendars.windows() if one.closes_at and one.closes_at < ends]
    for one in windows:
        assert one.closes_at
        if one.closed_at is None or one.closed_at - one.closes_at > SOON:
            if any(stop.since <= one.closes_at <= stop.until for stop in seen.lived.story.stops):
                aside["standstill"] += 1
            else:
                broken.append(f"{one.name} {shown(one.closes_at)}")
        closed = one.closed_at or one.closes_at
        for letter in seen.told:
            named = [
                row for row in letter.rows if seen.obligation(row.obligation).key.endswith(window_key(one))
            ]
            if named and letter.put_at > closed:
                broken.append(f"{letter.base} {one.name} {shown(letter.put_at)}")
    return Judged("windows_close", len(windows), tuple(broken), aside)


def record_holds(seen: Evidence) -> Judged:
    """The chain of the record of changes is whole."""
    found = verify(seen.lived.database)
    broken = () if found.ok else (f"{found.fault} {found.line}",)
    return Judged("record_holds", found.lines, broken)
