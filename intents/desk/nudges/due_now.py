"""What there is to say to some people now: found without locks, then held, and read anew behind the locks.

Nobody is waited for: who is dealt with elsewhere just now, or whose dates are, gets all of it at the next look.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias, TypeVar

from intents.desk.nudges.books import NudgeBooks
from intents.desk.nudges.items import Item, items_of
from intents.desk.nudges.records import Glimpse, Obligation
from intents.desk.nudges.setting import Setting
from intents.desk.nudges.timing import local_day, may_write, must_write, working_days_ago
from intents.desk.office_hours import DAY
from intents.desk.projects.records import Contact, Role
from knowledge.reminder_model import RuleKind

T = TypeVar("T", Glimpse, Obligation)
Seen: TypeAlias = Mapping[int, Sequence[T]]
Found: TypeAlias = Seen[Obligation]


@dataclass(frozen=True, slots=True)
class Due:
    """What is due for somebody, and whether they were told anything on this day of theirs already."""

    contact: Contact
    items: Sequence[Item]
    was_told: bool

    @property
    def hard(self) -> bool:
        """Whether a date of the scheme is among it, which no budget holds back."""
        return any(item.hard for item in self.items)


@dataclass(frozen=True, slots=True)
class _People:
    """Some people who share a calendar day, those of them who may be written to at this hour being `open`.

    `second`: they may have to be asked about what owners are silent about.
    """

    setting: Setting
    contacts: Mapping[int, Contact]
    today: date
    open: Collection[int]
    second: bool


def due_now(setting: Setting, ids: Collection[int], books: NudgeBooks, *, second: bool) -> tuple[Due, ...]:
    """What these people may be told now; those for whom nothing is due are left out.

    Whose day is another one than that of the first of them waits for the next look.
    """
    taken = books.contacts.take(ids)
    if not taken:
        return ()
    today = local_day(taken[0], books.now)
    contacts = {one.id: one for one in taken if local_day(one, books.now) == today}
    open_ = {id_ for id_, one in contacts.items() if may_write(one, setting.terms, setting.hours, books.now)}
    items = _items(_People(setting, contacts, today, open_, second), books)
    told = books.nudges.told([*items], books.now - DAY) if items else {}
    return tuple(
        Due(contacts[id_], some, any(local_day(contacts[id_], at) == today for at in told.get(id_, ())))
        for id_, some in items.items()
    )


def cannot_wait(setting: Setting, contact: Contact, one: Glimpse | Obligation, now: datetime) -> bool:
    """Whether a date of the scheme would be over before somebody may be written to again."""
    return one.kind is RuleKind.HARD and must_write(one.due_on, contact, setting.terms, setting.hours, now)


def _items(people: _People, books: NudgeBooks) -> Mapping[int, Sequence[Item]]:
    """By contact, what they look after before what they are asked about others."""
    own, asked = _held(people, books)
    if not own and not asked:
        return {}
    almanac, today = people.setting.almanac(books), people.today
    mine = {item.obligation.id: item for item in items_of(books, almanac, _all(own), Role.OWNER, today)}
    # What is due no more is looked at again when its next notice is; a date that stands no more, at its next planning.
    books.obligations.tell([one._replace(next_on=None) for one in _all(own) if one.id not in mine])
    theirs = {item.obligation.id: item for item in items_of(books, almanac, _all(asked), Role.SECOND, today)}
    both = (
        (id_, [*_said(own.get(id_, ()), mine), *_said(asked.get(id_, ()), theirs)]) for id_ in people.contacts
    )
    return {id_: items for id_, items in both if items}


def _said(found: Iterable[Obligation], items: Mapping[int, Item]) -> Iterable[Item]:
    return (items[one.id] for one in found if one.id in items)


# ------------------------------------------------ behind the locks


def _held(people: _People, books: NudgeBooks) -> tuple[Found, Found]:
    """What they look after, and what they are asked about, as far as it stands behind the locks as it stood before."""
    first = _seen(people, books)
    wanted = {id_: {one.id for found in first for one in found.get(id_, ())} for id_ in people.contacts}
    free = books.obligations.take({one for some in wanted.values() for one in some})
    # The rest of it today would put the other part off until tomorrow.
    whole = [id_ for id_, ids in wanted.items() if ids and ids <= free]
    if not whole:
        return {}, {}
    own = _to_tell(people, books.obligations.awake(whole, people.today), books.now)
    asked = _to_tell(people, _unheard(people, whole, books), books.now)
    mine = {one.id for one in _all(own)}
    return _only(own, free), _only(asked, free - mine)


def _seen(people: _People, books: NudgeBooks) -> tuple[Seen[Glimpse], Seen[Obligation]]:
    """What a look shows of it; most of what is looked at is read once more behind the locks."""
    own = books.obligations.stirring(people.contacts, people.today)
    asked = _unheard(people, people.contacts, books)
    return _to_tell(people, own, books.now), _to_tell(people, asked, books.now)


def _unheard(people: _People, ids: Collection[int], books: NudgeBooks) -> Found:
    if not people.second:
        return {}
    setting = people.setting
    before = working_days_ago(setting.hours, books.now, setting.terms.second_after_days)
    return books.obligations.unheard_of(ids, before)


def _to_tell(people: _People, found: Seen[T], now: datetime) -> Seen[T]:
    """What those people may be told at this hour; before it is shared out, so that nobody else waits for them."""
    setting, contacts = people.setting, people.contacts
    return {
        id_: [one for one in some if id_ in people.open or cannot_wait(setting, contacts[id_], one, now)]
        for id_, some in found.items()
    }


def _all(found: Found) -> list[Obligation]:
    return [one for some in found.values() for one in some]


def _only(found: Found, ids: Collection[int]) -> Found:
    """Those with these ids, each for the first of the people who have it."""
    left, kept = set(ids), {}
    for id_ in sorted(found):
        kept[id_] = [one for one in found[id_] if one.id in left]
        left -= {one.id for one in kept[id_]}
    return {id_: some for id_, some in kept.items() if some}
