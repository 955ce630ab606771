"""Nudges leave: one letter a person and day with everything that is due, in their hours, within the weekly budget.

A unit holds some people and then their obligations, in order, so that any number of clocks does each thing once. Dates
of the scheme are exempt from the budget and say so; a budget puts off but never swallows: what would be over before
there is room for it leaves as well.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial

from intents.desk.books import Outgoing
from intents.desk.clock_units import Subject, Together, Unit, in_batches
from intents.desk.consultations import Pen
from intents.desk.contact_budget import EXEMPT, NUDGE, free_at
from intents.desk.nudges.books import NudgeBooks
from intents.desk.nudges.due_now import Due, cannot_wait, due_now
from intents.desk.nudges.items import Item, after, nudges
from intents.desk.nudges.letters import digest
from intents.desk.nudges.planning import FIRM
from intents.desk.nudges.reach import outgoing, recipient_of, send_each
from intents.desk.nudges.records import Hearer, Obligation, SuccessionWhy
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
    over = add_working_days(setting.hours, day, 1)
    found = books.obligations.to_tell(day, over, before, LOOKED_AT)
    zones = {one.zone: one for one in found}
    open_ = {zone for zone, one in zones.items() if may_write(one, setting.terms, setting.hours, books.now)}
    # Outside those hours only dates of the scheme that are over before the next ones are looked at.
    wanted = [one for one in found if one.zone in open_ or one.is_pressing]
    # What owners are told changes what second contacts are asked about: those come later, and one by one.
    for some in _same_day([one for one in wanted if not one.is_second], books.now):
        yield from (_together(setting, few) for few in in_batches(some))
    for one in wanted:
        if one.is_second:
            yield partial(_write, setting, frozenset({one.id}), True)


def _together(setting: Setting, ids: Collection[int]) -> Together[NudgeBooks]:
    apart = (partial(_write, setting, frozenset({id_}), False) for id_ in sorted(ids))
    return Together(partial(_write, setting, ids, False), tuple(apart))


def _same_day(people: Collection[Hearer], now: datetime) -> Iterator[Sequence[int]]:
    """Those who share a calendar day, in the order of the days."""
    days = {one.id: local_day(one, now) for one in people}
    for day in sorted(set(days.values())):
        yield [id_ for id_ in days if days[id_] == day]


def _write(setting: Setting, ids: Collection[int], are_second: bool, books: NudgeBooks, pen: Pen) -> None:
    found = _one_by_name(due_now(setting, ids, books, second=are_second))
    until = _until(setting, [due for due in found if not due.contact.muted], books)
    now = [due for due in found if not due.contact.muted and due.contact.id not in until]
    letters = [_letter(setting, due, books, pen) for due in now]
    ways = send_each(books, letters)
    sent = [(due, one.key) for due, one, way in zip(now, letters, ways, strict=True) if way]
    told = [(item, due.contact.id, key) for due, key in sent for item in due.items]
    books.nudges.add([one for item, whom, key in told for one in nudges(item, whom, key, books.now)])
    books.obligations.tell(
        [*_put_off(found, until, books.now), *(after(item, books.now) for item, *_ in told)]
    )
    for due, way in zip(now, ways, strict=True):
        if not way:
            _unreached(setting, due.contact, due.items, books, pen)


def _one_by_name(found: Iterable[Due]) -> Sequence[Due]:
    """Who shares a name with somebody before them waits for the next look: letters are counted by names.

    Dates of the scheme are not counted.
    """
    taken: set[str] = set()
    kept = []
    for due in found:
        one = due.contact
        names = {name for name in (one.person, one.mail, one.slack and f"slack:{one.slack}") if name}
        if due.hard or not names & taken:
            kept.append(due)
            taken |= names
    return kept


# ------------------------------------------------ not now


def _until(setting: Setting, found: Collection[Due], books: NudgeBooks) -> Mapping[int, date]:
    """The day to which everything is put off, by contact; those to whom it leaves today are left out."""
    waiting = {
        due.contact.id: tomorrow(due.contact, setting.hours, books.now)
        for due in found
        if due.was_told and not _cannot_wait(setting, due, books.now)
    }
    asked = [due for due in found if due.contact.id not in waiting and not due.hard]
    free = free_at(books, [(recipient_of(due.contact), due.contact.slack) for due in asked])
    days = (
        (due.contact.id, _room(setting, due, at, books.now))
        for due, at in zip(asked, free, strict=True)
        if at
    )
    return waiting | {id_: day for id_, day in days if day}


def _cannot_wait(setting: Setting, due: Due, now: datetime) -> bool:
    return any(cannot_wait(setting, due.contact, item.obligation, now) for item in due.items)


def _room(setting: Setting, due: Due, free: datetime, now: datetime) -> date | None:
    """The day on which there is room for a letter again; none when something would be over by then."""
    contact, today = due.contact, local_day(due.contact, now)
    day = add_working_days(setting.hours, local_day(contact, free), 0)
    over = any(item.dated.due_on and today <= item.dated.due_on <= day for item in due.items)
    return None if over else max(day, tomorrow(contact, setting.hours, now))


def _put_off(found: Iterable[Due], until: Mapping[int, date], now: datetime) -> Iterator[Obligation]:
    """What is told later, or never, as it stands from now on."""
    for due in found:
        if due.contact.muted:
            yield from (_passed_over(item, now) for item in due.items)
        elif day := until.get(due.contact.id):
            own = (item.obligation for item in due.items if item.role is Role.OWNER)
            yield from (one._replace(next_on=day) for one in own)


def _passed_over(item: Item, now: datetime) -> Obligation:
    """Who wants no nudges gets none; what is firm goes to whoever is asked next, as if nothing had been answered."""
    told = after(item, now)
    return told if item.role is Role.SECOND or item.dated.kind in FIRM else told._replace(told_at=None)


# ------------------------------------------------ now


def _letter(setting: Setting, due: Due, books: NudgeBooks, pen: Pen) -> Outgoing:
    """One letter with everything."""
    contact = due.contact
    here = f"{local_day(contact, books.now):%Y%m%d}:{books.now:%H%M%S}"
    key = f"{EXEMPT if due.hard else NUDGE}:{contact.id}:{here}"
    letter = digest(setting, pen, books.links, contact, due.items)
    # A date of the scheme is told at whatever hour a channel that was away comes back.
    open_ = () if due.hard else spans(contact, setting.terms, setting.hours, books.now)
    return outgoing(key, contact, letter, open_)


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
    books.obligations.tell(
        [
            after(item, books.now) if item.role is Role.SECOND else item.obligation._replace(next_on=day)
            for item in items
        ]
    )
