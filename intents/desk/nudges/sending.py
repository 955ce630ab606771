"""Nudges leave: one letter a person and day with everything that is due, in their hours, within the weekly budget.

A unit holds some people and then their obligations, in order, so that any number of clocks does each thing once. Dates
of the scheme are exempt from the budget and say so; a budget puts off but never swallows: what would be over before
there is room for it leaves as well.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from intents.desk.clock_units import Subject, Together, Unit, in_batches
from intents.desk.consultations import Pen
from intents.desk.contact_budget import EXEMPT, NUDGE, free_at
from intents.desk.nudges.books import NudgeBooks
from intents.desk.nudges.due_now import Due, cannot_wait, due_now
from intents.desk.nudges.items import Item, after, nudges
from intents.desk.nudges.letters import digest
from intents.desk.nudges.planning import FIRM
from intents.desk.nudges.reach import recipient_of, send
from intents.desk.nudges.records import Nudge, Obligation, SuccessionWhy
from intents.desk.nudges.setting import Setting
from intents.desk.nudges.succession import begin
from intents.desk.nudges.timing import (
    first_day,
    local_day,
    may_write,
    spans,
    tomorrow,
    working_days_ago,
)
from intents.desk.office_hours import add_working_days
from intents.desk.projects.records import Contact, Role

LOOKED_AT = 20_000


def subjects(setting: Setting, _: NudgeBooks) -> Iterator[Subject[NudgeBooks]]:
    """The people whom something may have to be told."""
    yield partial(_to_write, setting)


def _to_write(setting: Setting, books: NudgeBooks) -> Iterator[Unit[NudgeBooks]]:
    day = first_day(books.now)
    before = working_days_ago(setting.hours, books.now, setting.terms.second_after_days)
    seconds = frozenset(books.obligations.unheard(before, LOOKED_AT))
    awake = {*books.obligations.waking(day, LOOKED_AT), *seconds}
    contacts = books.contacts.of(sorted(awake))
    open_ = {one.id for one in contacts if may_write(one, setting.terms, setting.hours, books.now)}
    # Outside those hours only dates of the scheme that are over before the next ones are looked at.
    over = add_working_days(setting.hours, day, 1)
    pressing = set(books.obligations.pressing(day, over)) if len(open_) < len(contacts) else set()
    wanted = [one for one in contacts if one.id in open_ | pressing]
    # What owners are told changes what second contacts are asked about: those come later, and one by one.
    for some in _same_day([one for one in wanted if one.id not in seconds], books.now):
        yield from (_together(setting, few) for few in in_batches(some))
    for one in wanted:
        if one.id in seconds:
            yield partial(_write, setting, frozenset({one.id}), True)


def _together(setting: Setting, ids: Collection[int]) -> Together[NudgeBooks]:
    apart = (partial(_write, setting, frozenset({id_}), False) for id_ in sorted(ids))
    return Together(partial(_write, setting, ids, False), tuple(apart))


def _same_day(people: Collection[Contact], now: datetime) -> Iterator[Sequence[int]]:
    """Those who share a calendar day, in the order of the days."""
    days = {one.id: local_day(one, now) for one in people}
    for day in sorted(set(days.values())):
        yield [id_ for id_ in days if days[id_] == day]


@dataclass(slots=True)
class _Gathered:
    """What is written about some people at once, and those who cannot be reached, with what was due for them."""

    nudges: list[Nudge] = field(default_factory=list)
    obligations: list[Obligation] = field(default_factory=list)
    unreached: list[tuple[Contact, Sequence[Item]]] = field(default_factory=list)


def _write(setting: Setting, ids: Collection[int], are_second: bool, books: NudgeBooks, pen: Pen) -> None:
    gathered = _Gathered()
    for due in due_now(setting, ids, books, second=are_second):
        _deal(setting, due, gathered, books, pen)
    books.nudges.add(gathered.nudges)
    books.obligations.save(gathered.obligations)
    for contact, items in gathered.unreached:
        _unreached(setting, contact, items, books, pen)


def _deal(setting: Setting, due: Due, gathered: _Gathered, books: NudgeBooks, pen: Pen) -> None:
    contact, items = due.contact, due.items
    if contact.muted:
        gathered.obligations += [_passed_over(item, books.now) for item in items]
    elif until := _until(setting, due, items, books):
        own = (item.obligation for item in items if item.role is Role.OWNER)
        gathered.obligations += [one._replace(next_on=until) for one in own]
    elif key := _send(setting, contact, items, books, pen):
        gathered.nudges += [one for item in items for one in nudges(item, contact.id, key, books.now)]
        gathered.obligations += [after(item, books.now) for item in items]
    else:
        gathered.unreached.append((contact, items))


# ------------------------------------------------ not now


def _until(setting: Setting, due: Due, items: Sequence[Item], books: NudgeBooks) -> date | None:
    """The day to which everything is put off; none when it leaves today."""
    contact, today = due.contact, local_day(due.contact, books.now)
    if due.was_told and not any(cannot_wait(setting, contact, item.obligation, books.now) for item in items):
        return tomorrow(contact, setting.hours, books.now)
    if any(item.hard for item in items):
        return None
    free = free_at(books, recipient_of(contact), contact.slack)
    if free is None:
        return None
    day = add_working_days(setting.hours, local_day(contact, free), 0)
    over = any(item.dated.due_on and today <= item.dated.due_on <= day for item in items)
    return None if over else max(day, tomorrow(contact, setting.hours, books.now))


def _passed_over(item: Item, now: datetime) -> Obligation:
    """Who wants no nudges gets none; what is firm goes to whoever is asked next, as if nothing had been answered."""
    told = after(item, now)
    return told if item.role is Role.SECOND or item.dated.kind in FIRM else told._replace(told_at=None)


# ------------------------------------------------ now


def _send(setting: Setting, contact: Contact, items: Sequence[Item], books: NudgeBooks, pen: Pen) -> str:
    """Puts one letter with everything and gives its key; empty when nobody is reached by it."""
    hard = any(item.hard for item in items)
    here = f"{local_day(contact, books.now):%Y%m%d}:{books.now:%H%M%S}"
    key = f"{EXEMPT if hard else NUDGE}:{contact.id}:{here}"
    letter = digest(setting, pen, books.links, contact, items)
    # A date of the scheme is told at whatever hour a channel that was away comes back.
    open_ = () if hard else spans(contact, setting.terms, setting.hours, books.now)
    return key if send(books, key, contact, letter, open_) else ""


def _unreached(
    setting: Setting, contact: Contact, items: Sequence[Item], books: NudgeBooks, pen: Pen
) -> None:
    """Nobody can be written to in this way: who looks after it now is asked of others, once.

    Nothing counts as told, so that whoever takes over hears of it. A second contact who cannot be reached counts as
    asked: staff are next.
    """
    for project in {item.project.id: item.project for item in items if item.role is Role.OWNER}.values():
        begin(setting, books, pen, project, contact, SuccessionWhy.UNREACHED)
    day = tomorrow(contact, setting.hours, books.now)
    books.obligations.save(
        [
            after(item, books.now) if item.role is Role.SECOND else item.obligation._replace(next_on=day)
            for item in items
        ]
    )
