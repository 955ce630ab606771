"""What somebody answers to a nudge, and what follows at once. Days are Tokyo's, moments UTC.

Every answer ends the going up to second contacts and staff. Done, and stopping, take back what has not left yet.
"""

from datetime import date

from intents.appointments import TOKYO
from intents.desk.deadlines.faults import CalendarFault
from intents.desk.deadlines.records import Deadline
from intents.desk.nudges.books import NudgeBooks
from intents.desk.nudges.dates import dates_of
from intents.desk.nudges.items import REMIND
from intents.desk.nudges.planning import unsent
from intents.desk.nudges.records import Answer, Obligation, ObligationState
from intents.desk.nudges.setting import Setting
from intents.desk.nudges.snooze import PutOff, put_off
from intents.desk.nudges.taken_back import take_back
from intents.desk.refused import Refused

# Dates of one rule that are all met by doing the thing once: calls to those who never applied.
SERIES = frozenset({"DL-11"})
NO_LONGER = "snooze_no_longer"


def working(books: NudgeBooks, id_: int, by: str) -> Obligation:
    """They are at it: nobody else is asked, and the next notice comes at its time."""
    return _answered(books, _held(books, id_), Answer.WORKING, by)


def done(books: NudgeBooks, id_: int, by: str) -> tuple[Obligation, ...]:
    """It is done: no further notice of it leaves, not even one on its way. Gives what is closed by that."""
    one = _held(books, id_)
    closed = tuple(
        _closed(books, each, Answer.DONE, ObligationState.DONE, by) for each in _with_series(books, one)
    )
    take_back(books, closed)
    return closed


def stop(books: NudgeBooks, id_: int, by: str) -> Obligation:
    """No further notice of this date is wanted; the date itself stays what it is."""
    one = _closed(books, _held(books, id_), Answer.STOP, ObligationState.STOPPED, by)
    take_back(books, (one,))
    return one


def stop_project(books: NudgeBooks, project: int, by: str) -> tuple[Obligation, ...]:
    """No notice of any date of a project is wanted that stands now."""
    held = books.obligations.open_of(project, hold=True)
    closed = tuple(_closed(books, one, Answer.STOP, ObligationState.STOPPED, by) for one in held)
    take_back(books, closed)
    return closed


def snooze(setting: Setting, books: NudgeBooks, id_: int, wanted: date, by: str) -> tuple[Obligation, PutOff]:
    """Puts the next notice off, as far as that may be. Raises Refused (snooze_past, snooze_too_late, snooze_no_longer)."""
    one = _held(books, id_)
    today = books.now.astimezone(TOKYO).date()
    dated = _dated(setting, books, one, today)
    if dated is None or one.state is not ObligationState.OPEN:
        raise Refused(NO_LONGER)
    to = put_off(one, dated, wanted, today, setting.hours)
    # Notices in between are passed over; a last one on a later day stays.
    passed = [step.name for step in dated.steps if step.on < to.day]
    rested = one._replace(snoozed_to=to.day, next_on=to.day, step=passed[-1] if passed else one.step)
    take_back(books, (one,))
    return _answered(books, rested, Answer.SNOOZE, by), to


def moved(books: NudgeBooks, id_: int, by: str) -> Obligation:
    """Somebody else does this now: who, is asked elsewhere."""
    return _answered(books, _held(books, id_), Answer.MOVED, by)


def consulted(books: NudgeBooks, id_: int, by: str) -> Obligation:
    """They want to talk about it with the office."""
    return _answered(books, _held(books, id_), Answer.CONSULT, by)


def reopen(setting: Setting, books: NudgeBooks, id_: int, by: str) -> Obligation:
    """Takes "done" or "stop" back: the next notice comes as if nothing had been said."""
    one = _held(books, id_)
    if one.state is ObligationState.OPEN or one.answer not in (Answer.DONE, Answer.STOP):
        return one
    today = books.now.astimezone(TOKYO).date()
    dated = _dated(setting, books, one, today)
    ahead = [step.on for step in unsent(one, dated)] if dated else []
    open_ = one._replace(state=ObligationState.OPEN, answer="", closed_at=None, why="")
    again = open_._replace(next_on=min(ahead, default=None))
    if not ahead and dated and (dated.due_on is None or dated.due_on >= today):
        # Its last notice is over and the date is not: it is told once more.
        again = open_._replace(next_on=today, why=REMIND)
    books.obligations.save((again,))
    project = next(iter(books.projects.heads([one.project])))
    books.audit.note(
        project.subject, "nudge_reopened", before={"rule": one.rule, "state": one.state}, reason=by
    )
    return again


def _dated(setting: Setting, books: NudgeBooks, one: Obligation, today: date) -> Deadline | None:
    project = next(iter(books.projects.of([one.project])))
    try:
        found = dates_of(project, setting.almanac(books), today, of=(one.rule,))
    except CalendarFault:
        return None
    return next((dated for dated in found if (dated.rule.id, dated.key) == one.name), None)


def _held(books: NudgeBooks, id_: int) -> Obligation:
    found = books.obligations.lock([id_])
    if not found:
        raise Refused("no_obligation")
    return found[0]


def _with_series(books: NudgeBooks, one: Obligation) -> tuple[Obligation, ...]:
    if one.rule not in SERIES:
        return (one,)
    alike = [other.id for other in books.obligations.open_of(one.project) if other.rule == one.rule]
    return books.obligations.lock(sorted({one.id, *alike}))


def _closed(
    books: NudgeBooks, one: Obligation, answer: Answer, state: ObligationState, by: str
) -> Obligation:
    ended = one._replace(
        state=state, next_on=None, snoozed_to=None, closed_at=books.now, why=f"said:{answer}"
    )
    return _answered(books, ended, answer, by)


def _answered(books: NudgeBooks, one: Obligation, answer: Answer, by: str) -> Obligation:
    heard = one._replace(told_at=None, asked_second_at=None, asked_staff_at=None)
    now = heard._replace(answer=answer, answered_at=books.now, answered_by=by)
    books.obligations.save((now,))
    subject = books.projects.in_touch(now.project)
    books.audit.note(subject, f"nudge_{answer}", after={"rule": now.rule, "key": now.key, "by": by})
    return now
