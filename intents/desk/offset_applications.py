"""Applications for offsetting return gifts: applied once, settled by staff, and what the year comes to."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from intents.desk.books import Recipient
from intents.desk.consultations import Pen
from intents.desk.offset_books import OffsetBooks
from intents.desk.offset_records import ASK_STAFF, Application, Contact, NewApplication, asked_and_agreed
from intents.desk.offsets import Item, Offset, arithmetic, missing, tonnes_to_retire
from intents.desk.refused import Refused
from intents.desk.seminar_records import mail_key
from intents.messages import Reply
from intents.readers.organisation_key import organisation_key

PURPOSE = "offset"


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of applying: the case's number; `already` when the same application stood open."""

    number: str
    already: bool


def apply(
    books: OffsetBooks, pen: Pen, new: NewApplication, to: Recipient, open_case: Callable[[], str]
) -> Applied:
    """Opens a case with an application and sends a letter; applied again with the same items, it is the same one."""
    application, already = books.offsets.claim(new, fingerprint(new))
    if already:
        return Applied(application.case, already=True)
    number = open_case()
    books.offsets.attach(application.id, number)
    books.audit.note(f"offset:{number}", "applied", after={"items": len(new.items), "credit": new.credit})
    rows = " / ".join(arithmetic(new.items, to.lang, pen.wording))
    letter = Reply(pen.notices.parts("offset_received", to.lang, number=number, rows=rows), to.lang)
    key = f"offset:{number}:received"
    books.post.send(key, to, letter, purpose=PURPOSE, due=books.now, mail_only=True)
    return Applied(number, already=False)


def fingerprint(new: NewApplication) -> str:
    """Who applies with what: the same twice is one application."""
    items = [[one.name, one.units, str(one.kg_each)] for one in new.items]
    who = [organisation_key(new.supplier), mail_key(new.mail), new.credit]
    return hashlib.sha256(json.dumps([who, items]).encode()).hexdigest()


# ------------------------------------------------ staff


def find(books: OffsetBooks, number: str) -> Application:
    """The application of a case. Refused: no_application."""
    if found := books.offsets.find(number):
        return found
    raise Refused("no_application", number=number)


def set_factor(books: OffsetBooks, number: str, place: int, kg_each: Decimal) -> Application:
    """Settles the kilograms per unit of the item at that place, from 1. Refused: no_application, no_item, retired."""
    before = _unretired(books, number)
    if not 1 <= place <= len(before.items):
        raise Refused("no_item", place=place, count=len(before.items))
    items = list(before.items)
    items[place - 1] = replace(items[place - 1], kg_each=kg_each)
    return _save(books, replace(before, items=tuple(items)), "factor", {"place": place, "kg": str(kg_each)})


def choose_credit(books: OffsetBooks, number: str, credit: str) -> Application:
    """Settles which credit is retired. Refused: no_application, retired."""
    return _save(books, replace(_unretired(books, number), credit=credit), "credit", {"credit": credit})


def retire(books: OffsetBooks, number: str, day: date) -> Application:
    """Writes down that the credits were retired on that day. Refused: no_application, retired, not_settled."""
    before = _unretired(books, number)
    if names := missing(before.items):
        raise Refused("not_settled", names=" / ".join(names))
    if before.credit == ASK_STAFF:
        raise Refused("no_credit", number=before.case)
    return _save(books, replace(before, retired_on=day), "retired", {"day": day.isoformat()})


def offset_of(application: Application, credit: str) -> Offset:
    """The offset that an application comes to, for its certificate. Raises NotKnownYet while a factor is missing."""
    tonnes = tonnes_to_retire(application.items)
    return Offset(application.supplier, application.items, credit, tonnes, application.retired_on)


def _unretired(books: OffsetBooks, number: str) -> Application:
    found = find(books, number)
    if found.retired_on:
        raise Refused("retired", number=found.case, day=found.retired_on.isoformat())
    return found


def _save(books: OffsetBooks, application: Application, action: str, after: dict[str, object]) -> Application:
    books.offsets.save(application)
    books.audit.note(f"offset:{application.case}", action, after=after)
    return application


# ------------------------------------------------ what it comes to


@dataclass(frozen=True, slots=True)
class Figures:
    """A year's offsets: `tonnes` is None while an item's emissions are missing; how many were asked and agreed."""

    suppliers: int
    items: int
    units: int
    tonnes: int | None
    asked: int
    agreed: int


def figures(applications: Sequence[Application], contacts: Sequence[Contact]) -> Figures:
    """The sums over applications; the tonnes of each credit are rounded up once, as they are retired together."""
    items = [item for one in applications for item in one.items]
    asked, agreed = asked_and_agreed(contacts)
    suppliers = len({organisation_key(one.supplier) for one in applications})
    tonnes = None if missing(items) else sum(map(tonnes_to_retire, _by_credit(applications)))
    return Figures(suppliers, len(items), sum(one.units for one in items), tonnes, asked, agreed)


def _by_credit(applications: Sequence[Application]) -> tuple[tuple[Item, ...], ...]:
    chosen = dict.fromkeys(one.credit for one in applications)
    return tuple(
        tuple(item for one in applications if one.credit == credit for item in one.items) for credit in chosen
    )
