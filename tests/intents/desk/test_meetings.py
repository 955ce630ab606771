"""Invitations to a meeting of the network: once each, reminded at their moments, counted by department."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from intents.desk import clock_work, meetings, seminars_staff
from intents.desk.books import Recipient
from intents.desk.consultations import Pen
from intents.desk.meeting_records import Invitation, MeetingReply, NewInvitation
from intents.desk.moments import TOKYO
from intents.desk.refused import Refused
from intents.desk.seminar_letters import SeminarLetters
from intents.desk.seminar_records import NewSeminar, SeminarKind
from intents.notices import load_notices
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage.books import StoredBooks, books
from storage.database import Database
from storage.tables import outbox
from tests.kit import NOON

PEN = Pen(load_notices(), load_wording())
START = datetime(2026, 12, 10, 13, 30, tzinfo=TOKYO)
LIST = tuple(
    NewInvitation(prefecture=prefecture, department=department, name="担当", mail=f"{n}@example.jp")
    for n, (prefecture, department) in enumerate(
        [("群馬県", "林政課"), ("群馬県", "環境課"), ("国", "林野庁")], 1
    )
)


@pytest.fixture
def meeting(sqlite_database: Database) -> str:
    """A meeting; its number."""
    return _meeting(sqlite_database)


def _meeting(database: Database, kind: SeminarKind = SeminarKind.MEETING) -> str:
    with books(database, NOON, "staff:t") as opened:
        new = NewSeminar(
            title="会議", kind=kind, starts_at=START, ends_at=START + timedelta(hours=2), capacity=99
        )
        return opened.seminars.add(new).number


def _invite(database: Database, meeting: str) -> tuple[Invitation, ...]:
    with books(database, NOON, "staff:t") as opened:
        return meetings.invite(opened, PEN, meeting, LIST)


def _reply(database: Database, number: str, at: datetime = NOON, *, attending: bool = True) -> Invitation:
    to = Recipient(0, "web:p", "p@example.jp", Lang.JA)
    said = MeetingReply(to=to, attending=attending, people=("林政課 山田", "林政課 佐藤"))
    with books(database, at, "person:web:p") as opened:
        return meetings.reply(opened, PEN, number, said)


def _keys(database: Database) -> list[str]:
    with database.look() as connection:
        keys = connection.scalars(select(outbox.c.key).order_by(outbox.c.id)).all()
    return [":".join(key.split(":")[2:4]) for key in keys]


def test_a_list_twice_invites_once(sqlite_database: Database, meeting: str) -> None:
    """One letter each; a mail address in another width is the same person."""
    assert [one.number for one in _invite(sqlite_database, meeting)] == ["I-00001", "I-00002", "I-00003"]
    assert _invite(sqlite_database, meeting) == ()
    wide = NewInvitation(prefecture="国", department="林野庁", name="担当", mail="３@example.jp")
    with books(sqlite_database, NOON, "staff:t") as opened:
        assert meetings.invite(opened, PEN, meeting, [wide]) == ()
    assert len(_keys(sqlite_database)) == 3


def test_a_seminar_has_no_invitations(sqlite_database: Database) -> None:
    """Nor has a meeting that has begun, or that does not exist."""
    seminar = _meeting(sqlite_database, SeminarKind.SEMINAR)
    meeting = _meeting(sqlite_database)
    for number, now, problem in (
        (seminar, NOON, "not_a_meeting"),
        ("S-0099", NOON, "no_such_seminar"),
        (meeting, START, "started"),
    ):
        with pytest.raises(Refused, match=problem), books(sqlite_database, now, "staff:t") as opened:
            meetings.invite(opened, PEN, number, LIST)


def test_the_same_reply_twice_is_told_once(sqlite_database: Database, meeting: str) -> None:
    """The calendar's sequence rises with each change only."""
    one = _invite(sqlite_database, meeting)[0]
    assert _reply(sqlite_database, one.number).sequence == 1
    assert _reply(sqlite_database, one.number).sequence == 1
    assert _reply(sqlite_database, one.number, attending=False).sequence == 2
    assert _keys(sqlite_database)[3:] == ["1:meeting_attending", "1:meeting_declined"]
    with pytest.raises(Refused, match="started"):
        _reply(sqlite_database, one.number, START)


def test_reminders_leave_at_their_moments(sqlite_database: Database, meeting: str) -> None:
    """7 days and 1 day before at 10:00 in Tokyo, to who attends or has not replied, each once."""
    comes, gone, silent = _invite(sqlite_database, meeting)
    _reply(sqlite_database, comes.number)
    _reply(sqlite_database, gone.number, attending=False)
    before = len(_keys(sqlite_database))

    def at(days: int, hour: int, minute: int = 0) -> list[str]:
        now = (START - timedelta(days=days)).replace(hour=hour, minute=minute)
        for _ in range(2):
            with books(sqlite_database, now, "clock") as opened:
                clock_work.tick(opened, PEN.notices, PEN.wording)
        return _keys(sqlite_database)[before:]

    assert at(7, 9, 59) == []
    week = [f"{comes.id}:meeting_reminder", f"{silent.id}:meeting_reminder_open"]
    assert at(7, 10) == at(2, 10) == week
    assert at(1, 10) == at(0, 13, 29) == week * 2


def test_a_step_before_the_reply_is_not_sent(sqlite_database: Database, meeting: str) -> None:
    """Who replied since knows."""
    one = _invite(sqlite_database, meeting)[0]
    _reply(sqlite_database, one.number, START - timedelta(days=7))
    with books(sqlite_database, START - timedelta(days=6), "clock") as opened:
        clock_work.tick(opened, PEN.notices, PEN.wording)
    assert f"{one.id}:meeting_reminder" not in _keys(sqlite_database)


def test_attendance_by_prefecture_and_department(sqlite_database: Database, meeting: str) -> None:
    """Invited, answered, attending and how many, attended; by number or mail address; a second list corrects."""
    first, second, _ = _invite(sqlite_database, meeting)
    _reply(sqlite_database, first.number)
    _reply(sqlite_database, second.number, attending=False)
    assert _take(sqlite_database, meeting, ["i-00001", "２@Example.jp", "nobody"]) == ("nobody",)
    rows = _rows(sqlite_database, lambda opened: opened.invitations.of_meeting(1))
    assert rows == [
        ("群馬県", "", 2, 2, 1, 2, 2),
        ("群馬県", "林政課", 1, 1, 1, 2, 1),
        ("群馬県", "環境課", 1, 1, 0, 0, 1),
        ("国", "", 1, 0, 0, 0, 0),
        ("国", "林野庁", 1, 0, 0, 0, 0),
        ("", "", 3, 2, 1, 2, 2),
    ]
    _take(sqlite_database, meeting, ["I-00003"])
    assert _rows(sqlite_database, lambda opened: opened.invitations.of_meeting(1))[-1][-1] == 1


def _take(database: Database, meeting: str, came: list[str]) -> tuple[str, ...]:
    with books(database, START + timedelta(hours=3), "staff:t") as opened:
        return meetings.take_attendance(opened, meeting, came)


def _rows(
    database: Database, look: Callable[[StoredBooks], tuple[Invitation, ...]]
) -> list[tuple[str, str, int, int, int, int, int]]:
    with books(database, NOON, "staff:t") as opened:
        found = meetings.attendance(look(opened))
    return [
        (one.prefecture, one.department, one.invited, one.answered, one.attending, one.people, one.attended)
        for one in found
    ]


@pytest.mark.parametrize("off", [False, True])
def test_who_is_invited_hears_of_a_change(sqlite_database: Database, meeting: str, off: bool) -> None:
    """Those who come or have not replied are told once; for who comes it leaves the calendar when called off."""
    comes, gone, silent = _invite(sqlite_database, meeting)
    _reply(sqlite_database, comes.number)
    _reply(sqlite_database, gone.number, attending=False)
    letters = plain_letters()
    with books(sqlite_database, NOON, "staff:t") as opened:
        before = meetings.find_meeting(opened, meeting)
        if off:
            seminars_staff.cancel_seminar(opened, letters, meeting, "台風")
        else:
            later = seminars_staff.Move(
                starts_at=START + timedelta(days=1), ends_at=START + timedelta(days=1, hours=2)
            )
            seminars_staff.move_seminar(opened, letters, meeting, later, "台風")
        now = meetings.find_meeting(opened, meeting)
        told = meetings.tell_invited(opened, PEN, now, before, "台風")
    assert [one.number for one in told] == [comes.number, silent.number]
    with sqlite_database.look() as connection:
        rows = connection.execute(select(outbox).order_by(outbox.c.id.desc()).limit(2)).all()
    assert all("台風" in str(row.body) for row in rows)
    dates = [part for row in rows for part in row.body["parts"] if part["kind"] == "appointment"]
    assert [date["cancelled"] for date in dates] == [off]


def plain_letters() -> SeminarLetters:
    """Letters without buttons."""
    return SeminarLetters(load_notices(), load_wording())
