"""Whoever takes over a project hears what their predecessor was told and has not settled. Days are Tokyo's."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from intents.appointments import TOKYO
from intents.desk.clock_units import Subject, Unit
from intents.desk.consultations import Pen
from intents.desk.looks import OfDesk
from intents.desk.nudges.books import NudgeBooks
from intents.desk.nudges.items import REMIND
from intents.desk.nudges.records import Obligation
from intents.desk.projects.records import Role

LOOKED_AT = 2_000
# No transaction takes so long: what anybody was told in their predecessor's time is seen by then.
SETTLED = timedelta(hours=1)


def subjects(seen: Callable[[NudgeBooks], OfDesk], _: NudgeBooks) -> Iterator[Subject[NudgeBooks]]:
    """The projects whose person in charge is newer than what was told."""
    yield partial(_to_renew, seen)


def _to_renew(seen: Callable[[NudgeBooks], OfDesk], books: NudgeBooks) -> Iterator[Unit[NudgeBooks]]:
    there = seen(books)
    if there.to_hear:
        yield from (partial(_renew, id_) for id_ in books.obligations.inherited(LOOKED_AT))
    if there.caught_up:
        yield _keep


def _keep(books: NudgeBooks, _: Pen) -> None:
    """Whoever took over and has heard all of it need not be looked for again."""
    books.obligations.keep_caught_up(books.obligations.caught_up(books.now - SETTLED, LOOKED_AT))


def _renew(id_: int, books: NudgeBooks, _: Pen) -> None:
    held = books.obligations.open_of(id_, hold=True)
    since = max((one.since for one in books.contacts.duties([id_]) if one.role is Role.OWNER), default=None)
    if since is None:
        return
    today = books.now.astimezone(TOKYO).date()
    old = [one for one in held if _before(one, since)]
    quiet = [one._replace(told_at=None, asked_second_at=None, asked_staff_at=None) for one in old]
    fresh = [one._replace(answer="", answered_at=None, answered_by="", snoozed_to=None) for one in quiet]
    # What is over by now is no news to anybody.
    books.obligations.save(
        [
            one._replace(why=REMIND, next_on=today) if one.due_on is None or one.due_on >= today else one
            for one in fresh
        ]
    )


def _before(one: Obligation, since: datetime) -> bool:
    heard = one.told_at or one.answered_at or one.asked_staff_at
    return heard is not None and heard < since
