"""What there is to say to some people now: found without locks, then held, and read anew behind the locks.

Their obligations are taken all at once and in one order, so that any number of clocks does each thing once.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from intents.desk.nudges.books import NudgeBooks
from intents.desk.nudges.items import Item, items_of
from intents.desk.nudges.records import Obligation
from intents.desk.nudges.setting import Setting
from intents.desk.nudges.timing import first_day, local_day, working_days_ago
from intents.desk.office_hours import DAY
from intents.desk.projects.records import Contact, Role

Found = Mapping[int, Sequence[Obligation]]


@dataclass(frozen=True, slots=True)
class Due:
    """What is due for somebody, and whether they were told anything on this day of theirs already."""

    contact: Contact
    items: Sequence[Item]
    was_told: bool


def due_now(setting: Setting, ids: Collection[int], books: NudgeBooks, *, second: bool) -> tuple[Due, ...]:
    """What is due for these people, who share one calendar day; those for whom nothing is are left out.

    With whom somebody else is dealing just now, waits for the next look, and so does whose day is another one by now.
    `second`: they are second contacts who may have to be asked about what owners are silent about.
    """
    taken = books.contacts.take(ids)
    today = local_day(taken[0], books.now) if taken else first_day(books.now)
    people = [one for one in taken if local_day(one, books.now) == today]
    items = _items(setting, [one.id for one in people], today, books, second=second)
    told = books.nudges.told([*items], books.now - DAY) if items else {}
    return tuple(
        Due(one, items[one.id], any(local_day(one, moment) == today for moment in told.get(one.id, ())))
        for one in people
        if one.id in items
    )


def _items(
    setting: Setting, ids: Collection[int], today: date, books: NudgeBooks, *, second: bool
) -> Mapping[int, Sequence[Item]]:
    """By contact, what they look after before what they are asked about others."""
    own, asked = _held(setting, ids, today, books, second=second)
    almanac = setting.almanac(books)
    mine = {item.obligation.id: item for item in items_of(books, almanac, _all(own), Role.OWNER, today)}
    # What is due no more is looked at again when its next notice is; a date that stands no more, at its next planning.
    books.obligations.save([replace(one, next_on=None) for one in _all(own) if one.id not in mine])
    theirs = {item.obligation.id: item for item in items_of(books, almanac, _all(asked), Role.SECOND, today)}
    both = ((id_, [*_said(own.get(id_, ()), mine), *_said(asked.get(id_, ()), theirs)]) for id_ in ids)
    return {id_: items for id_, items in both if items}


def _said(found: Iterable[Obligation], items: Mapping[int, Item]) -> Iterable[Item]:
    return (items[one.id] for one in found if one.id in items)


def _held(
    setting: Setting, ids: Collection[int], today: date, books: NudgeBooks, *, second: bool
) -> tuple[Found, Found]:
    """What these people look after, and what they are asked about: what stands behind the locks as it stood before."""
    before = working_days_ago(setting.hours, books.now, setting.terms.second_after_days)

    def read() -> tuple[Found, Found]:
        own = books.obligations.awake(ids, today)
        return own, books.obligations.unheard_of(ids, before) if second else {}

    first = [{one.id for one in _all(found)} for found in read()]
    held = set().union(*first)
    if not held:
        return {}, {}
    books.obligations.lock(sorted(held))
    own, asked = read()
    return _only(own, first[0]), _only(asked, first[1] - first[0])


def _all(found: Found) -> list[Obligation]:
    return [one for some in found.values() for one in some]


def _only(found: Found, ids: Collection[int]) -> Found:
    """Those with these ids, each for the first of the people who have it."""
    left, kept = set(ids), {}
    for id_ in sorted(found):
        kept[id_] = [one for one in found[id_] if one.id in left]
        left -= {one.id for one in kept[id_]}
    return kept
