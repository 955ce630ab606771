"""Whether letters were told once, lost never, delivered once, in people's hours, one a day, and no more a week than they should be."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime

from bot.simulation.cast import MAIL
from bot.simulation.evidence import WEEK, Evidence, Judged, Told, shown, week_before
from bot.simulation.plan import DAY
from intents.desk.contact_budget import EXEMPT, NUDGE
from intents.desk.office_hours import add_working_days
from storage.further_ways import base_of
from storage.hindsight import Put


def told_once(seen: Evidence) -> Judged:
    """Whatever a letter speaks of is kept as told by that letter, and by no other for the same step and reader."""
    checked, broken, times = 0, [], Counter[tuple[int, str, int]]()
    for letter in seen.told:
        kept = {row.obligation for row in letter.rows}
        checked += len(letter.obligations)
        more = sorted(letter.obligations - kept)
        broken += [f"{letter.base} {seen.name(one)} {shown(letter.arrived_at)}" for one in more]
        times.update((row.obligation, row.step, row.contact) for row in letter.rows)
    broken += [f"{seen.name(one[0])} {one[1]} x{count}" for one, count in times.items() if count > 1]
    return Judged("told_once", checked, tuple(broken))


def delivered_once(seen: Evidence) -> Judged:
    """No channel shows a letter twice, and a nudge goes one way only, as far as the desk heard that it was there.

    Mail cannot be looked for: one that came again has the same Message-ID and is read as one.
    """
    story, broken, aside = seen.lived.story, [], Counter[str]()
    came = Counter(one.key for one in story.arrivals)
    channels = {one.key: one.channel for one in story.arrivals}
    for key, times in came.items():
        if times == 1:
            continue
        if channels[key] == MAIL and times <= 1 + story.unheard[key]:
            aside["same_message_id"] += times - 1
        else:
            broken.append(f"{key} x{times}")
    broken += _by_several_ways(seen, aside)
    aside["found_there"] = story.counted["found_there"]
    return Judged("delivered_once", len(story.arrivals), tuple(broken), +aside)


def _by_several_ways(seen: Evidence, aside: Counter[str]) -> list[str]:
    ways: dict[str, list[str]] = defaultdict(list)
    for one in seen.lived.story.arrivals:
        if not one.again and one.key.startswith((f"{NUDGE}:", f"{EXEMPT}:")):
            ways[base_of(one.key, one.channel)].append(one.key)
    broken = []
    for base, keys in ways.items():
        if len(keys) > 1 and all(seen.lived.story.unheard[key] for key in keys[:-1]):
            aside["arrived_unheard"] += 1
        elif len(keys) > 1:
            broken.append(f"{base} by {len(keys)} ways")
    return broken


def none_lost(seen: Evidence) -> Judged:
    """Every letter that was put has arrived, was taken back, or came back because nobody is there any more."""
    ways: dict[str, list[Put]] = defaultdict(list)
    for one in seen.back.letters:
        ways[one.base].append(one)
    broken, aside, until = [], Counter[str](), seen.lived.plan.ends - DAY
    for base, puts in ways.items():
        if base in seen.arrived or max(one.put_at for one in puts) > until:
            continue
        if why := _why_not(seen, puts):
            aside[why] += 1
        else:
            broken.append(f"{base} {'/'.join(sorted({one.state for one in puts}))}")
    return Judged("none_lost", len(ways), tuple(broken), aside)


def _why_not(seen: Evidence, puts: list[Put]) -> str:
    """Why a letter arrived nowhere; empty when nothing speaks for it."""
    states = {one.state for one in puts}
    if states == {"dropped"}:
        return "taken_back"
    gone = all(one.key in seen.lived.story.returned for one in puts if one.state == "parked")
    return "nobody_there" if states <= {"parked", "dropped"} and gone else ""


# ------------------------------------------------ when


def quiet_hours(seen: Evidence) -> Judged:
    """Nothing arrives outside the reader's hours or on closing days but dates of the scheme that cannot wait."""
    broken, aside = [], Counter[str]()
    for letter in seen.told:
        if seen.allowed(letter.contact, letter.arrived_at):
            continue
        if letter.exempt:
            aside["hard_outside_hours"] += 1
            if not seen.allowed(letter.contact, letter.put_at) and not _cannot_wait(seen, letter):
                broken.append(f"{letter.base} {_when(seen, letter)}")
        else:
            broken.append(f"{letter.base} {_when(seen, letter)}")
    return Judged("quiet_hours", len(seen.told), tuple(broken), aside)


def _cannot_wait(seen: Evidence, letter: Told) -> bool:
    found = (seen.obligation(row.obligation) for row in letter.rows)
    return any(seen.cannot_wait(letter.contact, one, letter.put_at) for one in found)


def _when(seen: Evidence, letter: Told) -> str:
    return f"{seen.here(letter.contact, letter.arrived_at):%Y-%m-%d %H:%M %Z}"


def one_a_day(seen: Evidence) -> Judged:
    """One letter a person and day; a date of the scheme that cannot wait may come as a second one."""
    broken, aside = [], Counter[str]()
    before: set[tuple[int, object]] = set()
    for letter in sorted(seen.told, key=lambda one: one.put_at):
        day = letter.contact, seen.here(letter.contact, letter.put_at).date()
        if day in before and letter.exempt and _cannot_wait(seen, letter):
            aside["could_not_wait"] += 1
        elif day in before:
            broken.append(f"{letter.base} {_when(seen, letter)}")
        before.add(day)
    return Judged("one_a_day", len(seen.told), tuple(broken), aside)


def weekly_budget(seen: Evidence) -> Judged:
    """No more nudges and surveys within seven days than the terms say, unless a date would be over before there is room."""
    most, aside, broken, checked = seen.lived.setting.terms.letters_per_week, Counter[str](), [], 0
    for contact, letters in _by_contact(seen):
        unasked = seen.unasked(contact)
        for letter in letters:
            checked += 1
            week = week_before(letter.put_at, unasked)
            if len(week) < most:
                continue
            if _would_be_over(seen, letter, week[-most] + WEEK):
                aside["would_be_over"] += 1
            else:
                broken.append(f"{letter.base} {_when(seen, letter)} {len(week) + 1}/{most}")
    return Judged("weekly_budget", checked, tuple(broken), aside)


def _by_contact(seen: Evidence) -> Iterator[tuple[int, list[Told]]]:
    found: dict[int, list[Told]] = defaultdict(list)
    for letter in seen.told:
        if not letter.exempt:
            found[letter.contact].append(letter)
    yield from sorted(found.items())


def _would_be_over(seen: Evidence, letter: Told, free: datetime) -> bool:
    """Whether something of it is due before the day on which there is room again."""
    today = seen.here(letter.contact, letter.put_at).date()
    day = add_working_days(seen.lived.setting.hours, seen.here(letter.contact, free).date(), 0)
    due = (seen.obligation(row.obligation).due_on for row in letter.rows)
    return any(one and today <= one <= day for one in due)
