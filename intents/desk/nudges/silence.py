"""What happens by the clock when nobody answers: second contacts and staff are asked, lost letters are followed up.

Second contacts are told with their other nudges (`sending`); here is everything behind that. All of it happens while
the office is open. Days are working days of the office, moments UTC.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from intents.desk.clock_units import Subject, Unit, only_if
from intents.desk.consultations import Pen
from intents.desk.deadlines.records import Deadline
from intents.desk.looks import OfProjects, Silence
from intents.desk.nudges.books import LostWay, NudgeBooks
from intents.desk.nudges.dates import dates_of
from intents.desk.nudges.planning import next_step, unsent
from intents.desk.nudges.project_case import bring_in_staff, end_of
from intents.desk.nudges.records import Obligation, Succession, SuccessionState, SuccessionWhy
from intents.desk.nudges.setting import Setting
from intents.desk.nudges.succession import ask_staff, begin, settled
from intents.desk.nudges.timing import first_day, monday, working_days_ago
from intents.desk.office_hours import is_open
from intents.desk.projects.records import Contact, ProjectHead, Role
from knowledge.model import Lang

LOOKED_AT = 2_000


def subjects(
    setting: Setting, seen: Callable[[NudgeBooks], OfProjects], books: NudgeBooks
) -> Iterator[Subject[NudgeBooks]]:
    """What may have to go up while the office is open."""
    if not is_open(setting.hours, books.now):
        return
    yield only_if(lambda now: seen(now).unanswered, partial(_to_pass_on, setting))
    yield only_if(lambda now: seen(now).successions, partial(_to_ask_staff, setting))
    yield only_if(lambda now: seen(now).people, partial(_to_ask_who, setting))
    yield only_if(lambda now: seen(now).orphans, partial(_to_take_in, setting))


def look(setting: Setting, books: NudgeBooks) -> OfProjects:
    """What there is of all this, and whether the radar has its list: mostly nothing to do, which is one question."""
    terms = setting.terms
    told, asked = _before(setting, books)
    silence = Silence(
        told=told,
        asked=asked,
        unseen=working_days_ago(setting.hours, books.now, terms.unseen_after_days),
        letters=terms.unseen_letters,
        stuck=working_days_ago(setting.hours, books.now, terms.succession_days),
        day=first_day(books.now),
        week=monday(books.now),
    )
    return books.looks.projects(silence)


# ------------------------------------------------ obligations that nobody answers


def _to_pass_on(setting: Setting, books: NudgeBooks) -> Iterator[Unit[NudgeBooks]]:
    told, asked = _before(setting, books)
    for id_ in books.obligations.to_pass_on(told, asked, LOOKED_AT):
        yield partial(_pass_on, setting, id_)


def _before(setting: Setting, books: NudgeBooks) -> tuple[datetime, datetime]:
    terms = setting.terms
    told = working_days_ago(setting.hours, books.now, terms.second_after_days)
    return told, working_days_ago(setting.hours, books.now, terms.staff_after_days)


def _pass_on(setting: Setting, id_: int, books: NudgeBooks, pen: Pen) -> None:
    # Obligations are held before their project is written, as where they are answered.
    project = next(iter(books.projects.heads([id_])), None)
    told, asked = _before(setting, books)
    silent = books.obligations.passing_on(id_, told, asked)
    if project is None or not silent:
        return
    _bring_in(setting, books, pen, project, silent, "nudges.staff_silent")
    books.obligations.tell([one._replace(asked_staff_at=books.now) for one in silent])


def _bring_in(
    setting: Setting,
    books: NudgeBooks,
    pen: Pen,
    project: ProjectHead,
    found: tuple[Obligation, ...],
    key: str,
) -> None:
    days = [one.due_on for one in found if one.due_on]
    due = pen.wording.say("nudges.and", Lang.JA).join(day.isoformat() for day in days)
    what = setting.titles(found, Lang.JA)
    text = pen.wording.say(key, Lang.JA, project=project.project_id, title=project.title, what=what, due=due)
    ahead = [end_of(day) for day in days if end_of(day) > books.now]
    bring_in_staff(books, setting.practice, project, text, by=min(ahead, default=None))


# ------------------------------------------------ projects that nobody looks after


def _to_take_in(setting: Setting, books: NudgeBooks) -> Iterator[Unit[NudgeBooks]]:
    for id_ in books.obligations.orphaned(first_day(books.now), LOOKED_AT):
        yield partial(_take_in, setting, id_)


def _take_in(setting: Setting, id_: int, books: NudgeBooks, pen: Pen) -> None:
    project = next(iter(books.projects.of([id_])), None)
    if project is None or any(duty.role is Role.OWNER for duty in books.contacts.duties([id_])):
        return
    day = first_day(books.now)
    ids = [one.id for one in books.obligations.open_of(id_) if _waits(one, day)]
    found = tuple(one for one in books.obligations.lock(ids) if _waits(one, day))
    if found:
        _bring_in(setting, books, pen, project, found, "nudges.staff_nobody")
        rules = {one.rule for one in found}
        standing = dates_of(project, setting.almanac(books), day, of=rules)
        dates = {(one.rule.id, one.key): one for one in standing}
        books.obligations.tell([_with_staff(one, dates.get(one.name), day, books.now) for one in found])


def _with_staff(one: Obligation, dated: Deadline | None, day: date, now: datetime) -> Obligation:
    """Staff know of what is due; each notice after it is told to them anew, and all to whoever is put in charge."""
    asked = one._replace(asked_staff_at=now, next_on=None)
    if dated is None or dated.stopped:
        # A date that stands no more waits for its next planning.
        return asked
    due = [step.name for step in unsent(one, dated) if step.on <= day]
    rested = None if one.snoozed_to and one.snoozed_to <= day else one.snoozed_to
    passed = asked._replace(step=due[-1] if due else one.step, snoozed_to=rested)
    return passed._replace(next_on=next_step(passed, dated))


def _waits(one: Obligation, day: date) -> bool:
    return one.next_on is not None and one.next_on <= day


# ------------------------------------------------ people who are not there any more


def _to_ask_who(setting: Setting, books: NudgeBooks) -> Iterator[Unit[NudgeBooks]]:
    before = working_days_ago(setting.hours, books.now, setting.terms.unseen_after_days)
    for id_ in books.nudges.silent(setting.terms.unseen_letters, before, LOOKED_AT):
        yield partial(_ask_who, setting, id_, SuccessionWhy.UNSEEN)
    yield from (partial(_take_lost, setting, lost) for lost in books.nudges.lost(LOOKED_AT))


def _ask_who(setting: Setting, id_: int, why: SuccessionWhy, books: NudgeBooks, pen: Pen) -> None:
    contact = books.contacts.lock(id_)
    mine = [duty.project for duty in books.contacts.duties_of(id_) if duty.role is Role.OWNER]
    if contact:
        for project in books.projects.heads(mine):
            begin(setting, books, pen, project, contact, why)


def _take_lost(setting: Setting, lost: LostWay, books: NudgeBooks, pen: Pen) -> None:
    """Somebody whose mail came back or whose account is gone is written to on other ways, and others are asked."""
    told = books.nudges.of_letter(lost.letter)
    contact = books.contacts.lock(told[0].contact) if told else None
    if not books.nudges.take_in(lost) or contact is None:
        return
    if lost.why == "bounced":
        books.contacts.save(replace(contact, bounced_at=books.now))
    elif lost.why == "gone" and lost.channel == "teams":
        # Teams tells no difference between a person who left and one who blocked the app: other chats stay open.
        books.contacts.save(
            replace(
                contact, teams="", conversation=0 if _talks_in(contact, "teams") else contact.conversation
            )
        )
    elif lost.why == "gone":
        books.contacts.save(replace(contact, gone_at=books.now))
    elif lost.alive:
        return
    books.audit.note(contact.subject, "unreached", reason=lost.why)
    _ask_who(setting, contact.id, SuccessionWhy(lost.why or "unreached"), books, pen)


def _talks_in(contact: Contact, channel: str) -> bool:
    return contact.person.startswith(f"{channel}:")


# ------------------------------------------------ successions that nobody answers


def _to_ask_staff(setting: Setting, books: NudgeBooks) -> Iterator[Unit[NudgeBooks]]:
    yield from (partial(_settle, id_) for id_ in books.successions.settled())
    before = working_days_ago(setting.hours, books.now, setting.terms.succession_days)
    yield from (partial(_ask_staff, setting, id_) for id_ in books.successions.stuck(before))


def _in_charge(one: Succession, books: NudgeBooks) -> int:
    """Who looks after the project now: the one who was asked about, as long as they do; 0: nobody."""
    owners = [duty.contact for duty in books.contacts.duties([one.project]) if duty.role is Role.OWNER]
    return one.contact if one.contact in owners else next(iter(owners), 0)


def _settle(id_: int, books: NudgeBooks, _: Pen) -> None:
    """Staff, or somebody else, put another one in charge meanwhile: there is nothing to ask any more."""
    one = books.successions.find(id_)
    if one is None or one.state is not SuccessionState.OPEN:
        return
    owner = _in_charge(one, books)
    if owner != one.contact:
        project = next(iter(books.projects.heads([one.project])))
        settled(books, project, owner)


def _is_stuck(setting: Setting, one: Succession, books: NudgeBooks) -> bool:
    since = one.asked_second_at or one.opened_at
    before = working_days_ago(setting.hours, books.now, setting.terms.succession_days)
    return one.state is SuccessionState.OPEN and one.asked_staff_at is None and since < before


def _ask_staff(setting: Setting, id_: int, books: NudgeBooks, pen: Pen) -> None:
    one = books.successions.find(id_)
    if one and _is_stuck(setting, one, books) and _in_charge(one, books) == one.contact:
        ask_staff(setting, books, pen, one)
