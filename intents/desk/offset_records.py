"""Applications for offsetting return gifts, and the organisations that staff asked to take part, as values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from intents.desk.offsets import Item
from knowledge.model import Lang

ASK_STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewApplication:
    """What a supplier applies with; `credit` is an id of the list of credits, or that staff shall propose one.

    `portals` is as it was typed; `consent` is the version of the purpose text that was agreed to.
    """

    supplier: str
    prefecture: str
    portals: str
    items: tuple[Item, ...]
    credit: str
    leaflet: bool
    name: str
    mail: str
    phone: str
    person: str
    lang: Lang
    consent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application(NewApplication):
    """An application in the books, with its case's number; retired when its credits are. Moments are UTC, days Tokyo's."""

    id: int
    case: str
    applied_at: datetime
    retired_on: date | None = None


class Stance(StrEnum):
    """What an organisation said to being asked to take part."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """An organisation that staff asked to take part, and when it was asked and answered (days in Tokyo)."""

    organisation: str
    asked_on: date
    prefecture: str = ""
    contact: str = ""
    state: Stance = Stance.ASKED
    note: str = ""
    answered_on: date | None = None


def asked_and_agreed(contacts: Sequence[Contact]) -> tuple[int, int]:
    """How many were asked, and how many of them agreed."""
    return len(contacts), sum(one.state is Stance.AGREED for one in contacts)
