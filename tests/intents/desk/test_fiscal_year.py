"""The office's fiscal year 2022, as far as its public report tells (seed-kanto-r4): the books give it back.

The emissions of each unit are an example of 2.9 kg: the report does not tell them.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from intents.desk import meetings, offset_applications, outreach
from intents.desk.books import Recipient
from intents.desk.case_records import CaseKind
from intents.desk.consultations import Pen
from intents.desk.meeting_records import MeetingReply, NewInvitation
from intents.desk.offset_applications import Figures, figures
from intents.desk.offset_records import Contact, NewApplication, Stance
from intents.desk.offsets import Item
from intents.desk.seminar_records import NewSeminar, SeminarKind
from intents.notices import load_notices
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage import inbox
from storage.books import books
from storage.database import Database
from storage.tokens import mint
from storage.unit_of_work import turn
from tests.kit import opened_case, said

PEN = Pen(load_notices(), load_wording())
SUMMER = datetime(2022, 7, 1, 1, 0, tzinfo=UTC)
MEETING = datetime(2022, 10, 27, 4, 30, tzinfo=UTC)
EXAMPLE = Decimal("2.9")
GIFTS = {
    "桐建材(株)": {"桐らくねプレミアム24": 300, "桐らくねプレミアム35": 300},
    "(株)三宝": {
        "鴨だし中華ギフトセット": 50,
        "鴨だし中華カレーギフトセット": 50,
        "冷凍鴨まんまギフトセット": 50,
    },
    "山崎醸造(株)": {
        "郷土の実り１Lセット K-25": 50,
        "味の詰合せ T-38": 50,
        "新潟こだわり詰合せ MI-43": 50,
        "味の詰合せ C-25": 50,
    },
}
# How many departments of each prefecture, of the state and of other bodies attended.
DEPARTMENTS = {
    "茨城県": 2,
    "栃木県": 3,
    "群馬県": 2,
    "千葉県": 1,
    "東京都": 1,
    "新潟県": 1,
    "山梨県": 1,
    "長野県": 2,
    "静岡県": 4,
    "国": 3,
    "その他": 3,
}


def _apply(database: Database, supplier: str, gifts: dict[str, int]) -> str:
    event = inbox.add(database, [said("x", conversation=supplier)], "t")[0].event
    new = NewApplication(
        supplier=supplier,
        prefecture="新潟県",
        portals="ふるぽ",
        items=tuple(Item(name, units, EXAMPLE) for name, units in gifts.items()),
        credit="sado-toki",
        leaflet=True,
        name="担当",
        mail="t@example.jp",
        phone="",
        person="web:p1",
        lang=Lang.JA,
    )
    with turn(database, event, SUMMER) as work:
        assert work
        work.recall(Lang.JA, "e", mint)
        to = work.recipient(new.mail, Lang.JA)
        done = offset_applications.apply(
            work, PEN, new, to, lambda: opened_case(work, CaseKind.OFFSET, supplier)
        )
    return done.number


def test_replay_offset_fy2022(sqlite_database: Database) -> None:
    """Thirty asked, three agreed; nine items, 950 units of three suppliers; three tonnes, retired and certified."""
    with books(sqlite_database, SUMMER, "staff:t") as opened:
        others = [f"事業者{n}" for n in range(27)]
        for organisation in (*GIFTS, *others):
            outreach.add(opened, Contact(organisation=organisation, asked_on=date(2022, 6, 1)))
        for organisation in GIFTS:
            outreach.answer(opened, organisation, Stance.AGREED, date(2022, 6, 20))
    numbers = [_apply(sqlite_database, supplier, gifts) for supplier, gifts in GIFTS.items()]
    with books(sqlite_database, SUMMER, "staff:t") as opened:
        found = figures(opened.offsets.listing(), opened.outreach.listing())
        assert found == Figures(suppliers=3, items=9, units=950, tonnes=3, asked=30, agreed=3)
        for number in numbers:
            assert offset_applications.retire(opened, number, date(2023, 2, 1)).retired_on


def test_replay_network_meeting_fy2022(sqlite_database: Database) -> None:
    """Everybody who attended, by prefecture and department, and nobody of those who did not reply."""
    with books(sqlite_database, SUMMER, "staff:t") as opened:
        meeting = opened.seminars.add(
            NewSeminar(
                title="地域ネットワーク会議",
                kind=SeminarKind.MEETING,
                starts_at=MEETING,
                ends_at=MEETING + timedelta(hours=2),
                capacity=100,
            )
        )
        wanted = [
            NewInvitation(
                prefecture=area, department=f"{area}の課{n}", name="担当", mail=f"{n}.{place}@example.jp"
            )
            for place, (area, count) in enumerate({**DEPARTMENTS, "埼玉県": 1}.items())
            for n in range(count)
        ]
        invited = meetings.invite(opened, PEN, meeting.number, wanted)
        came = [one for one in invited if one.prefecture != "埼玉県"]
        for one in came:
            to = Recipient(0, "web:p", one.mail, Lang.JA)
            meetings.reply(
                opened, PEN, one.number, MeetingReply(to=to, attending=True, people=(one.department,))
            )
    with books(sqlite_database, MEETING + timedelta(hours=3), "staff:t") as opened:
        assert meetings.take_attendance(opened, meeting.number, [one.number for one in came]) == ()
        rows = meetings.attendance(opened.invitations.of_meeting(meeting.id))
    attended = {one.prefecture: one.attended for one in rows if one.prefecture and not one.department}
    assert attended == {**DEPARTMENTS, "埼玉県": 0}
    assert (rows[-1].invited, rows[-1].answered, rows[-1].attended) == (24, 23, 23)
