"""Replying to an invitation: by its button only, with whom, and changed later."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from intents.desk import meetings
from intents.desk.consultations import Pen
from intents.desk.meeting_records import Invitation, NewInvitation
from intents.desk.seminar_records import NewSeminar, SeminarKind, Way, Ways
from intents.messages import Appointment, Pressed, RunCommand
from intents.notices import load_notices
from storage.books import books
from storage.codec import unpack_reply
from storage.database import Database
from storage.tables import outbox
from tests.kit import NOON
from tests.world import WORDING, Talk, form_of

PEN = Pen(load_notices(), WORDING)
START = NOON + timedelta(days=20)


@pytest.fixture
def number(sqlite_database: Database) -> str:
    """A meeting with one invitation; the number of that."""
    with books(sqlite_database, NOON, "staff:t") as opened:
        meeting = opened.seminars.add(
            NewSeminar(
                title="ネットワーク会議",
                kind=SeminarKind.MEETING,
                starts_at=START,
                ends_at=START + timedelta(hours=2),
                capacity=50,
                ways=Ways.BOTH,
                venue="さいたま新都心",
                link="https://meeting.example/n",
            )
        )
        one = NewInvitation(prefecture="群馬県", department="林政課", name="山田", mail="y@example.jp")
        return meetings.invite(opened, PEN, meeting.number, [one])[0].number


def _press(database: Database, number: str) -> Pressed:
    with books(database, NOON, "clock") as opened:
        return Pressed(opened.links.issue(RunCommand("meeting.attend", given={"invitation": number})))


def _invitation(database: Database, number: str) -> Invitation:
    with books(database, NOON, "clock") as opened:
        found = opened.invitations.find(number)
        assert found
        return found


def test_attending_and_then_not(sqlite_database: Database, number: str) -> None:
    """The date comes with the receipt and by mail, and goes again; one invitation, the newest reply."""
    talk = Talk(sqlite_database)
    talk.say(_press(sqlite_database, number))
    form = form_of(talk.say("はい"))
    assert "「ネットワーク会議」（2026年12月14日（月）12:00〜14:00）へのご出席" in [
        one.label for one in form.fields
    ]
    for word in ("はい", "林政課 山田花子\n森林課 佐藤", "会場", "スキップ"):
        talk.say(word)
    done = talk.say("送信")
    date = next(part for part in done.parts if isinstance(part, Appointment))
    assert (date.sequence, date.place, date.link, date.cancelled) == (1, "さいたま新都心", "", False)
    found = _invitation(sqlite_database, number)
    assert (found.attending, found.people, found.way) == (True, ("林政課 山田花子", "森林課 佐藤"), Way.VENUE)
    talk.say(_press(sqlite_database, number))
    for word in ("はい", "いいえ", "スキップ"):
        talk.say(word)
    gone = next(part for part in talk.say("送信").parts if isinstance(part, Appointment))
    assert (gone.uid, gone.sequence, gone.cancelled) == (date.uid, 2, True)
    assert _invitation(sqlite_database, number).people == ()
    with sqlite_database.look() as connection:
        sent = connection.execute(select(outbox.c.key, outbox.c.body).order_by(outbox.c.id)).all()
    kinds = [key.split(":")[3] for key, _ in sent]
    assert kinds == ["meeting_invited", "meeting_attending", "meeting_declined"]
    assert "https://meeting.example/n" not in str(unpack_reply(sent[0][1]))


@pytest.mark.parametrize("given", [{}, {"invitation": "I-00009"}, {"invitation": "R-00001"}])
def test_nobody_replies_without_a_letter(
    sqlite_database: Database, number: str, given: dict[str, str]
) -> None:
    """A number that was not sent opens nothing."""
    assert number
    with books(sqlite_database, NOON, "clock") as opened:
        token = opened.links.issue(RunCommand("meeting.attend", given=given))
    talk = Talk(sqlite_database)
    assert "受け付けられません" in talk.text(Pressed(token))
    assert not talk.memory.drafts


def test_too_many_people_are_refused_by_name(sqlite_database: Database, number: str) -> None:
    """The sentence names the field and the limit."""
    talk = Talk(sqlite_database)
    talk.say(_press(sqlite_database, number))
    for word in ("はい", "はい"):
        talk.say(word)
    form = form_of(talk.say("\n".join(f"{n}課 山田" for n in range(21))))
    assert form.asked == "people"
    assert "20名まで" in next(one.error for one in form.fields if one.name == "people")
