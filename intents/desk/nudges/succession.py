"""Who looks after a project now: asked of the second contact, then of staff, until somebody takes over or nobody changed.

With the duty move everything that hangs on the project: what has to be done, what was answered, its cases. The person
who leaves stays in the history. Moments are UTC.
"""

from dataclasses import replace
from datetime import date

from intents.appointments import TOKYO
from intents.compose import day_text
from intents.desk.consultations import Pen
from intents.desk.nudges.books import NudgeBooks
from intents.desk.nudges.letters import asked_who, handed_over, taken_over
from intents.desk.nudges.project_case import bring_in_staff
from intents.desk.nudges.reach import PURPOSE, send
from intents.desk.nudges.records import Succession, SuccessionState, SuccessionWhy
from intents.desk.nudges.setting import Setting
from intents.desk.projects.records import Contact, ProjectHead, Role
from intents.desk.refused import Refused
from knowledge.model import Lang


def begin(
    setting: Setting, books: NudgeBooks, pen: Pen, project: ProjectHead, contact: Contact, why: SuccessionWhy
) -> Succession | None:
    """Asks who has taken over: the second contact if there is one who can be asked, else staff. None: it is asked already."""
    opened = books.successions.open(project.id, contact.id, why)
    if opened is None:
        return None
    books.audit.note(project.subject, "succession_opened", after={"why": why, "contact": contact.id})
    return _ask_second(books, pen, opened, project, contact) or _bring_in(
        setting, books, pen, opened, project, contact
    )


def _ask_second(
    books: NudgeBooks, pen: Pen, one: Succession, project: ProjectHead, leaving: Contact
) -> Succession | None:
    """Writes to the second contact; None when there is none, or no way to them."""
    second = _second(books, one)
    if second is None:
        return None
    letter = asked_who(pen, books.links, project, leaving, second, one)
    if not send(books, f"succession:{one.id}:second", second, letter):
        return None
    asked = replace(one, asked_second_at=books.now)
    books.successions.save(asked)
    books.audit.note(project.subject, "succession_asked", after={"contact": second.id})
    return asked


def _second(books: NudgeBooks, one: Succession) -> Contact | None:
    seconds = books.contacts.with_role(one.project, Role.SECOND)
    return next((found for found in seconds if found.id != one.contact and not found.muted), None)


def ask_on(setting: Setting, books: NudgeBooks, pen: Pen, project: ProjectHead) -> Succession | None:
    """Whoever was asked does not know either: staff are asked, unless they are already."""
    one = books.successions.open_of(project.id)
    return one if one is None or one.asked_staff_at else ask_staff(setting, books, pen, one)


def ask_staff(setting: Setting, books: NudgeBooks, pen: Pen, one: Succession) -> Succession:
    """Opens a case: staff find out, by telephone as a rule."""
    project = next(iter(books.projects.heads([one.project])))
    leaving = books.contacts.by_id(one.contact)
    assert leaving is not None
    return _bring_in(setting, books, pen, one, project, leaving)


def _bring_in(
    setting: Setting, books: NudgeBooks, pen: Pen, one: Succession, project: ProjectHead, leaving: Contact
) -> Succession:
    why = pen.wording.say(f"nudges.why_{one.why}", Lang.JA)
    places = {"project": project.project_id, "title": project.title, "name": leaving.name}
    text = pen.wording.say("nudges.staff_succession", Lang.JA, why=why, **places)
    case = bring_in_staff(books, setting.practice, project, text)
    asked = replace(one, asked_staff_at=books.now, case=case.number)
    books.successions.save(asked)
    return asked


# ------------------------------------------------ how it ends


def hand_over(
    setting: Setting,
    books: NudgeBooks,
    pen: Pen,
    project: ProjectHead,
    leaving: Contact,
    successor: Contact,
    by: str,
) -> None:
    """Makes somebody the person in charge, tells both, and closes the question. Refused: same_person.

    The consent to be written to about projects moves along; the first letter says how to end it.
    """
    if successor.id == leaving.id:
        raise Refused("same_person", name=leaving.name)
    books.contacts.hand_over(project.id, leaving.id, successor.id, by)
    before, after = {"owner": leaving.id}, {"owner": successor.id}
    books.audit.note(project.subject, "handed_over", before=before, after=after, reason=by)
    version = books.successions.copy_consent(leaving, successor, PURPOSE)
    if version:
        books.audit.note(f"consent:{PURPOSE}", "moved", after={"version": version, "to": successor.id})
    books.projects.in_touch(project.id)
    _close(books, project, SuccessionState.DONE, by, successor.id)
    at = f"{books.now:%Y%m%d%H%M%S}"
    welcome = taken_over(
        pen, books.links, project, leaving, successor, _next(setting, books, pen, project, successor)
    )
    send(books, f"taken-over:{project.id}:{successor.id}:{at}", successor, welcome)
    send(
        books,
        f"handed-over:{project.id}:{leaving.id}:{at}",
        leaving,
        handed_over(pen, project, leaving, successor),
    )


def _next(setting: Setting, books: NudgeBooks, pen: Pen, project: ProjectHead, to: Contact) -> str:
    """The next date of a project, in words; empty when there is none."""
    lang, today = Lang(to.lang), books.now.astimezone(TOKYO).date()
    open_ = [one for one in books.obligations.open_of(project.id) if one.due_on and one.due_on >= today]
    first = min(open_, key=lambda one: one.due_on or date.max, default=None)
    if first is None or first.due_on is None:
        return ""
    return f"{setting.title(first.rule, lang)} {day_text(first.due_on, lang, pen.wording)}"


def decline(books: NudgeBooks, project: ProjectHead, named: Contact) -> None:
    """Somebody who was named says that it is not theirs: their duty ends, and staff look for another."""
    books.contacts.end(project.id, named.id, Role.OWNER, named.subject)
    books.audit.note(project.subject, "succession_declined", before={"owner": named.id}, reason=named.subject)


def settled(books: NudgeBooks, project: ProjectHead, owner: int) -> None:
    """Somebody else looks after it by now, without anybody having answered the question."""
    books.audit.note(project.subject, "succession_settled", after={"owner": owner})
    _close(books, project, SuccessionState.DONE, "clock", owner)


def stays(books: NudgeBooks, project: ProjectHead, by: str) -> None:
    """Nobody changed: the question is closed."""
    books.audit.note(project.subject, "succession_stays", reason=by)
    books.projects.in_touch(project.id)
    _close(books, project, SuccessionState.STAYS, by, 0)


def _close(books: NudgeBooks, project: ProjectHead, state: SuccessionState, by: str, successor: int) -> None:
    if one := books.successions.open_of(project.id):
        books.successions.save(
            replace(one, state=state, successor=successor, closed_at=books.now, closed_by=by)
        )
        books.post.drop(f"succession:{one.id}:")
