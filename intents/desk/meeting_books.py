"""What the rules of meetings need from the books; `storage.meetings` fulfils it."""

from typing import Protocol

from intents.desk.meeting_records import Invitation, NewInvitation
from intents.desk.seminar_books import SeminarBooks


class Invitations(Protocol):
    """The invitations within one transaction."""

    def add(self, seminar: int, new: NewInvitation) -> Invitation:
        """Writes an invitation down and gives it its number."""
        ...

    def of_meeting(self, seminar: int) -> tuple[Invitation, ...]:
        """All invitations to a meeting, in the order of the list."""
        ...

    def of_person(self, person: str) -> tuple[Invitation, ...]:
        """The invitations that a person has replied to, the newest first."""
        ...

    def find(self, number: str) -> Invitation | None:
        """The invitation of that number."""
        ...

    def update(self, invitation: Invitation) -> None:
        """Writes the invitation down as it is now."""
        ...


class MeetingBooks(SeminarBooks, Protocol):
    """The office's books with the meetings and who is invited."""

    @property
    def invitations(self) -> Invitations:
        """The invitations."""
        ...
