"""What nudging needs from the books."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from intents.desk.case_books import CaseBooks
from intents.desk.looks import LookBooks
from intents.desk.nudges.records import Glimpse, Hearer, Nudge, Obligation, Succession, SuccessionWhy
from intents.desk.projects.books import ProjectBooks
from intents.desk.projects.records import Contact
from intents.messages import Part


class Obligations(Protocol):
    """What has to be done by when."""

    def unplanned(self, planned_by: str, day: date, limit: int) -> tuple[int, ...]:
        """Projects whose obligations are not those of their data, of this almanac, or of this day."""
        ...

    def planned(self, projects: Collection[tuple[int, int, date]], planned_by: str) -> None:
        """Keeps that these projects (row and version) were planned by this almanac, and until when that will do."""
        ...

    def of_projects(self, projects: Collection[int], *, hold: bool = False) -> tuple[Obligation, ...]:
        """All obligations of these projects, in the order in which they were planned; held where that is asked for."""
        ...

    def open_of(self, project: int, *, hold: bool = False) -> tuple[Obligation, ...]:
        """Those of a project that are open, in the same order; held where that is asked for."""
        ...

    def find(self, id_: int) -> Obligation | None:
        """One obligation."""
        ...

    def lock(self, ids: Collection[int]) -> tuple[Obligation, ...]:
        """These obligations, held until the transaction ends; always taken in the same order."""
        ...

    def take(self, ids: Collection[int]) -> frozenset[int]:
        """Those of these that nobody else holds; held until the transaction ends."""
        ...

    def add(self, new: Sequence[Obligation]) -> None:
        """Writes new ones down; one that is there already stays as it is."""
        ...

    def save(self, changed: Sequence[Obligation]) -> None:
        """Writes obligations down as they are now."""
        ...

    def tell(self, told: Sequence[Obligation]) -> None:
        """Writes down what telling changes of them: what was said when and to whom, and when there is more to say."""
        ...

    def to_tell(self, day: date, due_by: date, told_before: datetime, limit: int) -> tuple[Hearer, ...]:
        """Who looks after a project with an open obligation to look at on that day or before, and second contacts.

        Those are of projects whose owners were told before that moment of what is due, and say nothing. It presses
        where a date of the scheme is due by another day.
        """
        ...

    def inherited(self, limit: int) -> tuple[int, ...]:
        """Projects with open ones that were told to, or answered by, somebody else than who looks after them now."""
        ...

    def caught_up(self, begun_before: datetime, limit: int) -> tuple[int, ...]:
        """Duties that began before that moment, of which nothing of before is left, and that are not known as such."""
        ...

    def keep_caught_up(self, duties: Collection[int]) -> None:
        """Keeps that nobody needs to look any more for what these people were not told."""
        ...

    def bring_up(self, rules: Collection[str], key_ends: str, why: str, day: date) -> int:
        """Wakes the open ones of projects with a draft (not registered, or on the way to a round); gives their number."""
        ...

    def awake(self, contacts: Collection[int], day: date) -> Mapping[int, Sequence[Obligation]]:
        """The open ones to look at by then of what these people look after, by contact."""
        ...

    def stirring(self, contacts: Collection[int], day: date) -> Mapping[int, Sequence[Glimpse]]:
        """What a look shows of those, by contact."""
        ...

    def orphaned(self, day: date, limit: int) -> tuple[int, ...]:
        """Projects with an obligation to look at by then whom nobody looks after."""
        ...

    def unheard_of(
        self, contacts: Collection[int], told_before: datetime
    ) -> Mapping[int, Sequence[Obligation]]:
        """Those for which these people are second contacts, by contact."""
        ...

    def to_pass_on(self, told_before: datetime, asked_before: datetime, limit: int) -> tuple[int, ...]:
        """Projects with obligations to pass to staff: a second contact was asked before, or there is none to ask."""
        ...

    def passing_on(self, id_: int, told_before: datetime, asked_before: datetime) -> tuple[Obligation, ...]:
        """Those obligations of one project, held until the transaction ends."""
        ...


@dataclass(frozen=True, slots=True)
class LostWay:
    """A way on which a nudge could not be delivered, and what is known: `bounced`, `gone`, or nothing.

    `alive`: another way of the same letter was delivered or still may be.
    """

    row: int
    letter: str
    why: str
    alive: bool
    channel: str = ""


class Nudges(Protocol):
    """Who was told what."""

    def add(self, new: Sequence[Nudge]) -> None:
        """Writes them down; one that is there already stays."""
        ...

    def waiting(self, ids: Collection[int]) -> tuple[str, ...]:
        """The letters about these obligations that wait to leave, oldest first; none that has left on any way."""
        ...

    def of_letter(self, letter: str) -> tuple[Nudge, ...]:
        """What one letter told."""
        ...

    def latest(self, contact: int, since: datetime) -> tuple[Nudge, ...]:
        """What somebody was told since then, the newest letter first."""
        ...

    def told(self, contacts: Collection[int], since: datetime) -> Mapping[int, Collection[datetime]]:
        """When these people were told something since then, by contact."""
        ...

    def withdraw(self, letter: str) -> None:
        """Forgets a letter's nudges, because it was taken back before it left."""
        ...

    def seen(self, contact: int) -> int:
        """Keeps that somebody showed a sign of life now; gives how many nudges that confirms."""
        ...

    def silent(self, letters: int, before: datetime, limit: int) -> tuple[int, ...]:
        """Contacts with so many letters since their last sign of life, the newest of them put before that moment."""
        ...

    def words(self, letter: str) -> tuple[Part, ...]:
        """What a letter says, with its buttons; nothing when there is no such letter."""
        ...

    def lost(self, limit: int) -> tuple[LostWay, ...]:
        """Ways on which nudges could not be delivered and that nobody has taken in yet, the oldest first."""
        ...

    def take_in(self, lost: LostWay) -> bool:
        """Keeps that this was taken in; False when somebody was quicker."""
        ...


class Successions(Protocol):
    """Who takes over."""

    def open(self, project: int, contact: int, why: SuccessionWhy) -> Succession | None:
        """Opens the question for a project; None when it is open already."""
        ...

    def find(self, id_: int) -> Succession | None:
        """One of them, held until the transaction ends."""
        ...

    def open_of(self, project: int) -> Succession | None:
        """The one of a project that is open, held until the transaction ends."""
        ...

    def settled(self) -> tuple[int, ...]:
        """Those that are open, though whom they ask about is in charge no more."""
        ...

    def stuck(self, before: datetime) -> tuple[int, ...]:
        """Of the others those of which staff do not know, and whoever was asked last was asked before that moment."""
        ...

    def save(self, changed: Succession) -> None:
        """Writes one down as it is now."""
        ...

    def copy_consent(self, leaving: Contact, successor: Contact, purpose: str) -> str:
        """What was agreed to for a project holds for whoever takes over, unless they once withdrew it themselves.

        Gives the version; empty when nothing was agreed to.
        """
        ...

    def renew_consent(self, contact: Contact, purpose: str, version: str) -> None:
        """Somebody who withdrew their consent gives it again."""
        ...


class NudgeBooks(ProjectBooks, CaseBooks, LookBooks, Protocol):
    """The books with everything that nudging needs."""

    @property
    def obligations(self) -> Obligations:
        """What has to be done."""
        ...

    @property
    def nudges(self) -> Nudges:
        """Who was told."""
        ...

    @property
    def successions(self) -> Successions:
        """Who takes over."""
        ...
