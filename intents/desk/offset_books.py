"""What the rules of offset participation need from the books; `storage.offsets` fulfils it."""

from typing import Protocol

from intents.desk.books import Books
from intents.desk.offset_records import Application, Contact, NewApplication


class Offsets(Protocol):
    """The applications within one transaction."""

    def claim(self, new: NewApplication, fingerprint: str) -> tuple[Application, bool]:
        """Writes an application down, unless the same one stands open: then it is that one, and True comes with it.

        Whoever claims the same in another transaction waits until this one ends.
        """
        ...

    def attach(self, application: int, case: str) -> None:
        """Keeps the case that an application opened."""
        ...

    def find(self, case: str) -> Application | None:
        """The application of a case."""
        ...

    def listing(self) -> tuple[Application, ...]:
        """Every application, the newest first."""
        ...

    def save(self, application: Application) -> None:
        """Writes the application down as it is now."""
        ...


class Outreach(Protocol):
    """The organisations that staff asked to take part, within one transaction."""

    def listing(self) -> tuple[Contact, ...]:
        """All of them, in the order in which they were asked."""
        ...

    def find(self, organisation: str) -> Contact | None:
        """The organisation of that name, however its legal form is written."""
        ...

    def put(self, contact: Contact) -> None:
        """Writes an organisation down, or what has changed about it."""
        ...


class OffsetBooks(Books, Protocol):
    """The office's books with the applications and the outreach."""

    @property
    def offsets(self) -> Offsets:
        """The applications."""
        ...

    @property
    def outreach(self) -> Outreach:
        """The outreach."""
        ...
