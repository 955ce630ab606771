"""Applying for the carbon offset of return gifts: who, which items, which credit; the tonnes are worked out at once."""

from collections.abc import Iterator
from dataclasses import dataclass

from intents.desk import offset_applications as desk
from intents.desk.case_records import CaseKind, NewCase
from intents.desk.consultations import Pen
from intents.desk.offset_records import ASK_STAFF, NewApplication
from intents.desk.offsets import Item, arithmetic, missing
from intents.dialog import Answers, Dialog, Filed, Question, Scene, Sorry
from intents.dialogs.common import (
    CONSENT,
    MAIL,
    NAME,
    ORGANISATION,
    PHONE,
    PREFECTURE,
    YES_NO,
    choose,
    plain,
    text,
)
from intents.dialogs.filing import file_case
from intents.messages import Bullets, Facts, FieldKind, Heading, Option, Paragraph, Part, Text
from intents.readers.items import items
from intents.readers.numbers import yes_no
from knowledge.credits import Credit, load_credits

PORTALS_LIMIT = 300


@dataclass(frozen=True, slots=True)
class OffsetRequest:
    """What a supplier applies with."""

    consent: bool
    organisation: str
    prefecture: str
    portals: str
    items: tuple[Item, ...]
    credit: str
    leaflet: bool
    name: str
    mail: str
    phone: str | None


def _credits(scene: Scene, _: Answers) -> tuple[Option, ...]:
    known = (Option(one.id, credit_text(one, scene)) for one in load_credits().values())
    return (*known, Option(ASK_STAFF, scene.say("offset.ask_staff")))


def credit_text(credit: Credit, scene: Scene) -> str:
    """A credit as people choose it: what nobody has checked about it is said."""
    kind = credit.kind.in_(scene.lang) if credit.kind else scene.say("offset.kind_unverified")
    return f"{credit.name.in_(scene.lang)} ({kind})"


def _shown(value: tuple[Item, ...], scene: Scene) -> str:
    """The items as the sum that they come to."""
    return "\n".join(arithmetic(value, scene.lang, scene.room.wording))


QUESTIONS = (
    CONSENT,
    ORGANISATION,
    PREFECTURE,
    Question("portals", text(PORTALS_LIMIT), FieldKind.TEXT, open=True),
    Question("items", plain(items), FieldKind.TEXT, open=True, show=_shown),
    Question("credit", choose(_credits), FieldKind.ONE, options=_credits),
    Question("leaflet", plain(yes_no), FieldKind.ONE, options=YES_NO),
    NAME,
    MAIL,
    PHONE,
)


def submit(said: OffsetRequest, scene: Scene) -> Filed | Sorry:
    """Opens a case with the application; the same application once more is the one that stands."""
    new = NewApplication(
        supplier=said.organisation,
        prefecture=said.prefecture,
        portals=said.portals,
        items=said.items,
        credit=said.credit,
        leaflet=said.leaflet,
        name=said.name,
        mail=said.mail,
        phone=said.phone or "",
        person=scene.work.person,
        lang=scene.lang,
        consent=scene.say("purposes.version"),
    )
    units = sum(one.units for one in said.items)
    summary = scene.say(
        "offset.summary", supplier=said.organisation, items=len(said.items), units=f"{units:,}"
    )
    done = desk.apply(
        scene.work,
        Pen(scene.room.notices, scene.room.wording),
        new,
        scene.work.recipient(said.mail, scene.lang),
        lambda: file_case(scene, _case(said, summary, scene)),
    )
    return Filed(tuple(_receipt(done, new, scene)))


def _case(said: OffsetRequest, summary: str, scene: Scene) -> NewCase:
    return NewCase(
        kind=CaseKind.OFFSET,
        summary=summary,
        to=scene.work.recipient(said.mail, scene.lang),
        name=said.name,
        organisation=said.organisation,
        prefecture=said.prefecture,
    )


def _receipt(done: desk.Applied, new: NewApplication, scene: Scene) -> Iterator[Part]:
    yield Heading(scene.say("offset.already" if done.already else "dialog.done"))
    yield Facts(((scene.say("offset.number"), (Text(done.number),)),))
    yield Bullets(tuple((Text(row),) for row in arithmetic(new.items, scene.lang, scene.room.wording)))
    if missing(new.items) or new.credit == ASK_STAFF:
        yield _say(scene, "to_be_settled")
    yield _say(scene, "next", mail=new.mail)


def _say(scene: Scene, name: str, **places: object) -> Paragraph:
    return Paragraph((Text(scene.say(f"offset.{name}", **places)),))


OFFSET = Dialog("offset.apply", "offset", desk.PURPOSE, OffsetRequest, QUESTIONS, submit)
