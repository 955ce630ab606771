"""Who works at the office, and what the rules about them need from the books; `storage.staff` fulfils it."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from intents.desk.books import Books


class Role(StrEnum):
    """What somebody may do; each role may do what those before it may."""

    READER = "reader"
    DESK = "desk"
    EDITOR = "editor"
    ADMIN = "admin"

    def may(self, needed: "Role") -> bool:
        """Whether this role is enough where another one is needed."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


class Desk(StrEnum):
    """A desk of the office: everything, or forestry, which has advisers of its own."""

    GENERAL = "general"
    FOREST = "forest"


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody of the office.

    `name` is the handle that stands in the audit, `display` what people read. `slack` and `teams` are the channel's
    name of them (`T…:U…`), empty: none. Prefectures are full names; none means all of the area. `id` 0: not stored.
    """

    name: str
    display: str
    role: Role
    slack: str = ""
    teams: str = ""
    mail: str = ""
    desks: tuple[str, ...] = ()
    prefectures: tuple[str, ...] = ()
    active: bool = True
    id: int = 0

    @property
    def actor(self) -> str:
        """Their name in the audit, as actor and as subject."""
        return f"staff:{self.name}"

    @property
    def reached(self) -> bool:
        """Whether they can be written to at all."""
        return bool(self.slack or self.teams or self.mail)

    def one_way(self) -> "StaffMember":
        """The same with one way to write to them, chat before mail: what is no promise need not come twice."""
        if self.slack:
            return replace(self, teams="", mail="")
        return replace(self, mail="") if self.teams else self


class Staff(Protocol):
    """The people of the office within one transaction."""

    def by_person(self, person: str) -> StaffMember | None:
        """The active one whom a channel calls so: `slack:T…:U…` or `teams:…`."""
        ...

    def by_name(self, name: str) -> StaffMember | None:
        """The one of that handle, active or not."""
        ...

    def all(self) -> tuple[StaffMember, ...]:
        """Everybody, also who has left, by handle."""
        ...

    def add(self, member: StaffMember) -> StaffMember:
        """Writes a new one down; gives them with their id."""
        ...

    def save(self, member: StaffMember) -> None:
        """Writes down what changed; another role or leaving ends their sessions and unused links."""
        ...

    def issue_login(self, member: StaffMember) -> str:
        """The token of a link with which they sign in once, for 15 minutes."""
        ...


class StaffBooks(Books, Protocol):
    """The office's books with its people."""

    @property
    def staff(self) -> Staff:
        """The people of the office."""
        ...
