"""What the demo shows of the staff desk: two members of staff, and cases in each state; put in once."""

from datetime import timedelta

from bot.wiring import House
from intents.desk import cases, staff
from intents.desk.books import Recipient
from intents.desk.case_records import Case, CaseKind, DateKind, NewCase
from intents.desk.case_talk import open_case
from intents.desk.practice import Practice, practice_of
from intents.desk.staff_books import Desk, Role, StaffMember
from intents.messages import Incoming, Said
from knowledge.model import Lang
from storage import inbox
from storage.books import StoredBooks, books

ADMIN, COLLEAGUE = "sato", "suzuki"
MAIL = "visitor@example.jp"


def fill_desk(house: House) -> None:
    """Puts the samples in unless there is staff already."""
    with books(house.database, house.clock(), "staff:demo") as opened:
        if opened.staff.all():
            return
        for member in _staff(house):
            staff.add(opened, member)
    for place, name in enumerate(("ask_1", "ask_2"), 1):
        _ask(house, f"demo-{place}", house.wording.say(f"demo.{name}", Lang.JA))
    practice = practice_of(house.live.current().edition)
    with books(house.database, house.clock(), f"staff:{COLLEAGUE}") as opened:
        _cases(opened, practice, house)


def sign_in(house: House, base: str) -> str:
    """The address with which the demo's administrator signs in, once."""
    with books(house.database, house.clock(), "staff:demo") as opened:
        return f"{base}/console/login/{staff.login(opened, ADMIN)}"


def _staff(house: House) -> tuple[StaffMember, ...]:
    def named(name: str) -> str:
        return house.wording.say(f"demo.{name}", Lang.JA)

    desks = tuple(desk.value for desk in Desk)
    return (
        StaffMember(ADMIN, named("staff_admin"), Role.ADMIN, desks=desks),
        StaffMember(COLLEAGUE, named("staff_desk"), Role.DESK, desks=(Desk.GENERAL.value,)),
    )


def _ask(house: House, place: str, text: str) -> None:
    """A visitor of the web chat asks something, as anybody would."""
    now = house.clock()
    said = Incoming("web", f"{place}:1", place, place, Said(text), {"conversation": place}, now, Lang.JA)
    row = inbox.add(house.database, [said], "demo")[0]
    if not row.duplicate:
        house.pipeline.run(row.event)


def _cases(opened: StoredBooks, practice: Practice, house: House) -> None:
    colleague = opened.staff.by_name(COLLEAGUE)
    assert colleague is not None
    consultation = _open(opened, practice, house, CaseKind.CONSULTATION, 2, "saitama", "EN-S-001")
    _open(opened, practice, house, CaseKind.OFFSET, 4, "niigata", "")
    forest = _open(opened, practice, house, CaseKind.CONSULTATION, 3, "nagano", "FO-001")
    cases.take(opened, colleague, consultation.number)
    cases.note(opened, colleague, consultation.number, house.wording.say("demo.note", Lang.JA))
    cutoff = opened.now + timedelta(days=40)
    cases.set_date(opened, colleague, forest.number, cutoff, DateKind.COMMITTEE)


def _open(
    opened: StoredBooks, practice: Practice, house: House, kind: CaseKind, company: int, place: str, code: str
) -> Case:
    def say(name: str) -> str:
        return house.wording.say(f"demo.{name}", Lang.JA)

    name = "case_forest" if code.startswith("FO") else f"case_{kind.value}"
    new = NewCase(
        kind=kind,
        summary=say(name),
        to=Recipient(0, "", MAIL, Lang.JA),
        name=say("person"),
        organisation=say(f"company_{company}"),
        prefecture=house.wording.say(f"area.{place}", Lang.JA),
        topic=code,
        methodology=code,
    )
    return open_case(opened, practice, new)
