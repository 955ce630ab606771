"""What is read of seminars and registrations where reading all of it, again and again, would cost."""

from dataclasses import dataclass

from intents.desk.books import Recipient
from intents.desk.seats import SeatState
from intents.desk.seminar_records import Seminar, receipt, registrant_key


@dataclass(frozen=True, slots=True)
class Place:
    """A registration as far as seats, the line and the question who it is go; ids rise in the order of arrival."""

    id: int
    party: int
    state: SeatState
    passed_over: bool
    mail: str
    person: str

    @property
    def number(self) -> str:
        """The receipt number: R-00001."""
        return receipt(self.id)

    @property
    def key(self) -> str:
        """What tells one registrant from another at the same seminar."""
        return registrant_key(self.mail, self.person)


@dataclass(frozen=True, slots=True)
class Seated:
    """Somebody with a confirmed seat, as far as is needed to write to them; `attended` is None until it is known."""

    id: int
    name: str
    to: Recipient
    attended: bool | None

    @property
    def number(self) -> str:
        """The receipt number: R-00001."""
        return receipt(self.id)


@dataclass(frozen=True, slots=True)
class Watched:
    """A seminar of which something may be due by the clock; `lapsed` where the time of an offer is over."""

    seminar: Seminar
    lapsed: bool
