"""Who of a turn looks after projects, and which nudge they may be answering."""

from dataclasses import dataclass, replace
from datetime import timedelta

from intents.compose import day_text
from intents.desk.nudges.books import NudgeBooks
from intents.desk.nudges.records import Nudge, Obligation, ObligationState
from intents.desk.nudges.setting import Setting
from intents.desk.projects.records import Contact, Project
from knowledge.model import Lang
from knowledge.nudge_terms import load_nudge_terms
from knowledge.wording import Wording


@dataclass(frozen=True, slots=True)
class Nudged:
    """The newest letter to somebody, as far as it is still open: what it told, and of which projects."""

    contact: Contact
    letter: str
    open: tuple[Obligation, ...]
    projects: tuple[Project, ...]

    @property
    def project(self) -> Project | None:
        """The project, if it is only one."""
        return self.projects[0] if len(self.projects) == 1 else None


def sign_of_life(books: NudgeBooks, person: str) -> None:
    """Whoever does anything at the desk has seen what was sent to them before."""
    contact = books.contacts.by_person(person)
    if contact is None:
        return
    books.nudges.seen(contact.id)
    channel, _, name = person.partition(":")
    here = replace(contact, teams=name) if channel == "teams" else contact
    # Whoever was gone, or took the desk out of Teams, is there again.
    back = replace(here, gone_at=None) if channel in ("slack", "teams") else here
    if back != contact:
        books.contacts.save(back)


def nudged(books: NudgeBooks, person: str) -> Nudged | None:
    """What somebody was nudged about lately and has not settled; None when there is nothing."""
    contact = books.contacts.by_person(person)
    return nudged_contact(books, contact) if contact else None


def nudged_contact(books: NudgeBooks, contact: Contact) -> Nudged | None:
    """The same for a contact."""
    since = books.now - timedelta(days=load_nudge_terms().reply_days)
    told = books.nudges.latest(contact.id, since)
    newest = [one for one in told if one.letter == told[0].letter]
    found = _open(books, newest)
    projects = books.projects.of({one.project for one in found})
    return Nudged(contact, newest[0].letter, found, projects) if found else None


def _open(books: NudgeBooks, told: list[Nudge]) -> tuple[Obligation, ...]:
    found = (books.obligations.find(one.obligation) for one in told)
    return tuple(one for one in found if one and one.state is ObligationState.OPEN)


def label_of(setting: Setting, wording: Wording, lang: Lang, one: Obligation, found: Nudged) -> str:
    """An obligation as one of several: what it is, its day, and its project where there are several."""
    names = {project.id: project.project_id for project in found.projects}
    day = day_text(one.due_on, lang, wording) if one.due_on else ""
    project = names.get(one.project, "") if len(names) > 1 else ""
    return " ".join(filter(None, (project, setting.title(one.rule, lang), day)))
