"""What staff do in a transcript: `職員> 返事する: text` acts on the newest case, and the letter that leaves is read."""

from sqlalchemy import select

from bot.plain_text import plain_text
from intents.desk.case_forms import FIELDS, CaseOffice, perform
from intents.desk.case_rules import CaseAct
from intents.desk.practice import practice_of
from intents.desk.staff_books import Role, StaffMember
from knowledge.model import Lang
from storage.books import StoredBooks, books
from storage.case_queue import newest
from storage.codec import unpack_reply
from storage.tables import outbox
from tests.kit import NOON
from tests.stage import Stage
from tests.world import WORDING

SATO = StaffMember("sato", "佐藤", Role.DESK, slack="T1:U1", desks=("general",))
_ACTS = {WORDING.say(f"cases.act_{act.value}", Lang.JA): act for act in CaseAct}


def staff_acts(stage: Stage, line: str) -> str:
    """Does it as 佐藤 and gives the text of what is on its way to the requester."""
    label, _, text = line.partition(": ")
    act = _ACTS[label]
    given = {name: text for name, _, _ in FIELDS[act]} | {"outcome": "answered"}
    with books(stage.database, NOON, SATO.actor) as opened:
        _known(opened)
        case = newest(opened.cases.connection, 1)[0]
        office = CaseOffice(WORDING, practice_of(stage.talk.line.mind.current().edition))
        last = _letters(opened)
        perform(opened, office, SATO, case.number, act, given)
        return "\n".join(_letters(opened)[len(last) :])


def _known(opened: StoredBooks) -> None:
    if opened.staff.by_name(SATO.name) is None:
        opened.staff.add(SATO)


def _letters(opened: StoredBooks) -> list[str]:
    mine = select(outbox.c.body).where(outbox.c.key.startswith("case:"), outbox.c.channel != "mail")
    rows = opened.cases.connection.scalars(mine.order_by(outbox.c.id))
    return [plain_text(unpack_reply(body), WORDING) for body in rows]
