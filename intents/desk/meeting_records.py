"""Invitations to a meeting of the network, as values; the meeting itself is a seminar of that kind. Moments are UTC."""

from dataclasses import dataclass
from datetime import datetime

from intents.desk.books import Recipient
from intents.desk.seminar_records import Way, mail_key
from knowledge.model import Lang

DEPARTMENT_LIMIT, PEOPLE_LIMIT = 200, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInvitation:
    """Whom staff invite; `department` is the office or company that they come from."""

    prefecture: str
    department: str
    name: str
    mail: str

    @property
    def key(self) -> str:
        """What tells one invited person from another at the same meeting."""
        return mail_key(self.mail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation(NewInvitation):
    """An invitation in the books; `attending` and `attended` are None until they are known.

    `people` are those who come, a line each; `sequence` numbers what they were told, for the calendar file;
    `reminded_to` is the latest reminder's moment that has been dealt with.
    """

    id: int
    seminar: int
    conversation: int
    person: str
    lang: Lang
    invited_at: datetime
    attending: bool | None = None
    people: tuple[str, ...] = ()
    way: Way = Way.ONLINE
    question: str = ""
    consent: str = ""
    answered_at: datetime | None = None
    attended: bool | None = None
    reminded_to: datetime | None = None
    sequence: int = 0

    @property
    def number(self) -> str:
        """What people call it by: I-00001."""
        return f"I-{self.id:05d}"

    @property
    def to(self) -> Recipient:
        """Where to write to them."""
        return Recipient(self.conversation, self.person, self.mail, self.lang)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingReply:
    """What an invited person replies, from where; `consent` is the version of the purpose text they agreed to."""

    to: Recipient
    attending: bool
    people: tuple[str, ...] = ()
    way: Way = Way.ONLINE
    question: str = ""
    consent: str = ""
