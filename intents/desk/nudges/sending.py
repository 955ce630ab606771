"""Nudges leave: one letter a person and day with everything that is due, in their hours, within the weekly budget.

A unit holds the person and then the obligations, in order, so that any number of clocks does each thing once. Dates
of the scheme are exempt from the budget and say so; a budget puts off but never swallows: what would be over before
there is room for it leaves as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from intents.desk.clock_units import Subject, Unit
from intents.desk.consultations import Pen
from intents.desk.contact_budget import EXEMPT, NUDGE, free_at
from intents.desk.nudges.books import NudgeBooks
from intents.desk.nudges.items import Item, after, items_of, nudges
from intents.desk.nudges.letters import digest
from intents.desk.nudges.planning import FIRM
from intents.desk.nudges.reach import recipient_of, send
from intents.desk.nudges.records import Obligation, SuccessionWhy
from intents.desk.nudges.setting import Setting
from intents.desk.nudges.succession import begin
from intents.desk.nudges.timing import (
    first_day,
    local_day,
    may_write,
    must_write,
    spans,
    tomorrow,
    working_days_ago,
)
from intents.desk.office_hours import add_working_days
from intents.desk.projects.records import Contact, Role
from knowledge.reminder_model import RuleKind

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
    open_ = {one.id for one in contacts if _may(setting, one, books.now)}
    # Outside those hours only dates of the scheme that are over before the next ones are looked at.
    over = add_working_days(setting.hours, day, 1)
    pressing = books.obligations.pressing(day, over) if len(open_) < len(contacts) else ()
    for id_ in sorted(open_ | (set(pressing) & awake)):
        yield partial(_write, setting, id_, id_ in seconds)


def _may(setting: Setting, contact: Contact, now: datetime) -> bool:
    return may_write(contact, setting.terms, setting.hours, now)


def _cannot_wait(setting: Setting, contact: Contact, one: Obligation, now: datetime) -> bool:
    return one.kind is RuleKind.HARD and must_write(one.due_on, contact, setting.terms, setting.hours, now)


def _write(setting: Setting, id_: int, is_second: bool, books: NudgeBooks, pen: Pen) -> None:
    contact = books.contacts.lock(id_)
    if contact is None:
        return
    items = _held(setting, contact, is_second, books)
    if not _may(setting, contact, books.now):
        items = [item for item in items if _cannot_wait(setting, contact, item.obligation, books.now)]
    if not items:
        return
    if contact.muted:
        _pass_over(items, books)
    elif until := _until(setting, contact, items, books):
        _put_off(items, until, books)
    elif not _send(setting, contact, items, books, pen):
        _unreached(setting, contact, items, books, pen)


def _held(setting: Setting, contact: Contact, is_second: bool, books: NudgeBooks) -> list[Item]:
    """What is due, read anew behind the locks; what is due no more is looked at again when its next notice is.

    `is_second`: the look found something that its owner is silent about. Who was not waits for the next look.
    """
    today = local_day(contact, books.now)
    before = working_days_ago(setting.hours, books.now, setting.terms.second_after_days)
    mine = {one.id for one in books.obligations.awake(contact.id, today)}
    asks = books.obligations.unheard_of(contact.id, before) if is_second else ()
    theirs = {one.id for one in asks} - mine
    books.obligations.lock(sorted(mine | theirs))
    almanac = setting.almanac(books)
    own = [one for one in books.obligations.awake(contact.id, today) if one.id in mine] if mine else []
    still = books.obligations.unheard_of(contact.id, before) if theirs else ()
    asked = [one for one in still if one.id in theirs]
    found = list(items_of(books, almanac, own, Role.OWNER, today))
    said = {item.obligation.id for item in found}
    # A date that stands no more waits for its next planning.
    books.obligations.save([replace(one, next_on=None) for one in own if one.id not in said])
    return [*found, *items_of(books, almanac, asked, Role.SECOND, today)]


# ------------------------------------------------ not now


def _until(setting: Setting, contact: Contact, items: Sequence[Item], books: NudgeBooks) -> date | None:
    """The day to which everything is put off; none when it leaves today."""
    today = local_day(contact, books.now)
    if _told_today(contact, books, today) and not any(
        _cannot_wait(setting, contact, item.obligation, books.now) for item in items
    ):
        return tomorrow(contact, setting.hours, books.now)
    if any(item.hard for item in items):
        return None
    free = free_at(books, recipient_of(contact), contact.slack)
    if free is None:
        return None
    day = add_working_days(setting.hours, local_day(contact, free), 0)
    over = any(item.dated.due_on and today <= item.dated.due_on <= day for item in items)
    return None if over else max(day, tomorrow(contact, setting.hours, books.now))


def _told_today(contact: Contact, books: NudgeBooks, today: date) -> bool:
    told = books.nudges.latest(contact.id, books.now - timedelta(days=1))
    return any(local_day(contact, one.put_at) == today for one in told)


def _put_off(items: Sequence[Item], until: date, books: NudgeBooks) -> None:
    own = [item.obligation for item in items if item.role is Role.OWNER]
    books.obligations.save([replace(one, next_on=until) for one in own])


def _pass_over(items: Sequence[Item], books: NudgeBooks) -> None:
    """Who wants no nudges gets none; what is firm goes to whoever is asked next, as if nothing had been answered."""
    books.obligations.save([_passed_over(item, books.now) for item in items])


def _passed_over(item: Item, now: datetime) -> Obligation:
    told = after(item, now)
    return told if item.role is Role.SECOND or item.dated.kind in FIRM else replace(told, told_at=None)


# ------------------------------------------------ now


def _send(setting: Setting, contact: Contact, items: Sequence[Item], books: NudgeBooks, pen: Pen) -> bool:
    hard = any(item.hard for item in items)
    here = f"{local_day(contact, books.now):%Y%m%d}:{books.now:%H%M%S}"
    key = f"{EXEMPT if hard else NUDGE}:{contact.id}:{here}"
    letter = digest(setting, pen, books.links, contact, items)
    # A date of the scheme is told at whatever hour a channel that was away comes back.
    open_ = () if hard else spans(contact, setting.terms, setting.hours, books.now)
    way = send(books, key, contact, letter, open_)
    if not way:
        return False
    books.nudges.add([one for item in items for one in nudges(item, contact.id, key, books.now)])
    books.obligations.save([after(item, books.now) for item in items])
    return True


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
            after(item, books.now) if item.role is Role.SECOND else replace(item.obligation, next_on=day)
            for item in items
        ]
    )
