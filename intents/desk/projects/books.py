"""What the rules of projects need from the books. Nothing is deleted: duties end, projects change their state."""

from collections.abc import Collection, Mapping
from typing import Protocol

from intents.desk.books import Books
from intents.desk.projects.items import MonitoringItem, Reading
from intents.desk.projects.records import (
    Certification,
    Contact,
    Duty,
    Entered,
    Instrument,
    NewProject,
    Period,
    Project,
    ProjectHead,
    Role,
    Round,
    Window,
)


class Projects(Protocol):
    """The projects, each with its periods, certifications and instruments, oldest first."""

    def find(self, project_id: str) -> Project | None:
        """The project that the office calls so."""
        ...

    def named(self, project_ids: Collection[str], *, hold: bool = False) -> tuple[Project, ...]:
        """The projects that the office calls so, by row; held until the transaction ends where that is asked for."""
        ...

    def of(self, ids: Collection[int]) -> tuple[Project, ...]:
        """The projects of these rows, by row."""
        ...

    def heads(self, ids: Collection[int]) -> tuple[ProjectHead, ...]:
        """The projects of these rows, by row, without what belongs to them."""
        ...

    def lock(self, id_: int) -> Project | None:
        """The project, held until the transaction ends."""
        ...

    def page(self, after: int, limit: int) -> tuple[Project, ...]:
        """The next projects behind a row, by row; for looks at everything."""
        ...

    def add(self, new: NewProject) -> Project:
        """Writes a new project down; raises ValueError for an id that is taken."""
        ...

    def add_all(self, new: Collection[NewProject]) -> tuple[Project, ...]:
        """Writes new projects down at once, by row; raises ValueError when one of their ids is taken."""
        ...

    def save(self, project: Project) -> Project:
        """Writes its own fields; its version grows. Gives it as it stands then."""
        ...

    def put_periods(self, project: int, periods: Collection[Period]) -> None:
        """Adds periods, or changes those that begin on the same days; the version grows."""
        ...

    def put_certifications(self, project: int, found: Collection[Certification]) -> None:
        """Adds certifications, or changes those applied for on the same days; the version grows."""
        ...

    def put_instruments(self, project: int, found: Collection[Instrument]) -> None:
        """Adds instruments, or changes those of the same names; the version grows."""
        ...

    def items(self, projects: Collection[int]) -> Mapping[int, tuple[MonitoringItem, ...]]:
        """What these projects measure every month, by project and name."""
        ...

    def put_items(self, project: int, items: Collection[MonitoringItem]) -> None:
        """Adds items, or changes those of the same names; the version grows."""
        ...

    def in_touch(self, project: int) -> str:
        """Keeps that somebody of a project that is there was in touch with the office just now; the version stays.

        Gives what the audit calls the project.
        """
        ...


class Readings(Protocol):
    """What came in, month by month."""

    def of(self, project: int) -> tuple[Reading, ...]:
        """Everything that a project has recorded, by item and month."""
        ...

    def put(self, project: int, reading: Reading) -> None:
        """Writes one down, or changes what stands for its item and month; the project's version grows.

        Raises KeyError for an item that the project does not have.
        """
        ...


class Contacts(Protocol):
    """The people who look after projects, and what each is to which project."""

    def by_id(self, id_: int) -> Contact | None:
        """The contact of a row."""
        ...

    def of(self, ids: Collection[int]) -> tuple[Contact, ...]:
        """The contacts of these rows, by row."""
        ...

    def lock(self, id_: int) -> Contact | None:
        """The contact, held until the transaction ends."""
        ...

    def with_role(self, project: int, role: Role) -> tuple[Contact, ...]:
        """Those who are this to a project now, by row."""
        ...

    def take(self, ids: Collection[int]) -> tuple[Contact, ...]:
        """Those of these contacts whom nobody else holds, by row; held until the transaction ends."""
        ...

    def by_mail(self, mail: str) -> Contact | None:
        """The contact with that address, however its letters are written."""
        ...

    def by_mails(self, mails: Collection[str]) -> Mapping[str, Contact]:
        """The contacts with these addresses, by the key of the address (`people.known_key`)."""
        ...

    def by_person(self, person: str) -> Contact | None:
        """The contact who talks to the desk as that person (`channel:name`), or whose Slack name staff entered."""
        ...

    def put(self, name: str, mail: str, organisation: str) -> Contact:
        """The contact with that address, new or known; without an address, that of the name in the organisation."""
        ...

    def put_all(self, people: Collection[tuple[str, str, str]]) -> tuple[Contact, ...]:
        """The contacts of these names, addresses and organisations, new or known, in their order.

        Raises ValueError when somebody else puts one of them at the same moment.
        """
        ...

    def prove(self, id_: int, person: str) -> None:
        """A code that was sent to their address showed that they talk as that person."""
        ...

    def save(self, contact: Contact) -> None:
        """Writes a contact down as they are now."""
        ...

    def duties(self, projects: Collection[int]) -> tuple[Duty, ...]:
        """The duties of these projects that have not ended; owners first, then second contacts, the oldest first."""
        ...

    def duties_of(self, contact: int) -> tuple[Duty, ...]:
        """What somebody looks after now."""
        ...

    def give(self, project: int, contact: int, role: Role, why: str = "") -> None:
        """Makes somebody this to a project from now on; twice is once."""
        ...

    def give_all(self, given: Collection[tuple[int, int, Role]]) -> None:
        """Gives duties, each of a project to a contact, from now on; those that stand already are left out.

        Raises ValueError when somebody else gives one of them at the same moment.
        """
        ...

    def end(self, project: int, contact: int, role: Role, why: str = "") -> None:
        """Ends a duty now."""
        ...

    def hand_over(self, project: int, leaving: int, successor: int, why: str) -> None:
        """Makes somebody the owner of a project, who is its second contact no more, and the one before a former one."""
        ...


class Calendars(Protocol):
    """The dates that staff enter: committee rounds, windows, and the settings of rules."""

    def hold(self) -> None:
        """Nobody else enters anything until the transaction ends; what is read afterwards is what there is."""
        ...

    def entered(self) -> Entered:
        """All of it at once; the same one again as long as nothing changes."""
        ...

    def rounds(self) -> tuple[Round, ...]:
        """All rounds, by number."""
        ...

    def put_round(self, round_: Round) -> None:
        """Writes a round down, or what has changed about it."""
        ...

    def windows(self) -> tuple[Window, ...]:
        """All windows, the newest year first."""
        ...

    def add_window(self, window: Window) -> Window:
        """Writes a new window down (its `id` is given here); raises ValueError when it is there already."""
        ...

    def save_window(self, window: Window) -> None:
        """Writes a window down as it is now."""
        ...

    def settings(self) -> Mapping[str, Mapping[str, str]]:
        """What the office entered, by rule and name; `enabled` is `yes` or `no`."""
        ...

    def put_setting(self, rule: str, name: str, value: str) -> None:
        """Enters a setting; an empty value takes it back."""
        ...


class ProjectBooks(Books, Protocol):
    """The books with the register of projects."""

    @property
    def projects(self) -> Projects:
        """The projects."""
        ...

    @property
    def readings(self) -> Readings:
        """What they record every month."""
        ...

    @property
    def contacts(self) -> Contacts:
        """The people."""
        ...

    @property
    def calendars(self) -> Calendars:
        """The dates that staff enter."""
        ...
