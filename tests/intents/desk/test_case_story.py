"""The story of a case, whole and in order; and the one name that links an event, its change, its letter and its sending."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import select

from intents.actions import DoCase
from intents.desk import case_endings, cases
from intents.desk.case_records import CaseOutcome
from intents.messages import Content, Incoming, Said, Submitted
from storage import inbox, outbox
from storage.audit import lines
from storage.case_story import StoryKind, StoryLine
from storage.database import Database
from storage.tables import audit, case_note, message
from storage.tables import inbox as arrived
from storage.tables import outbox as letters
from tests.intents.desk.case_world import LETTERS, MINUTE, SATO, act, case, staffed, tick
from tests.kit import NOON, event
from tests.world import Talk

PERSON = "担当者に聞く"
REQUESTER, STAFF = "T1:U77", "T1:U1"


class Clock:
    """A minute passes whenever somebody looks."""

    def __init__(self) -> None:
        self._minutes = count()

    def __call__(self) -> datetime:
        """The next minute."""
        return NOON + next(self._minutes) * MINUTE


def _line(database: Database, clock: Clock) -> Talk:
    talk = Talk(database, channel="slack")
    talk.line = replace(talk.line, clock=clock)
    return talk


def _arrives(talk: Talk, content: Content, person: str, conversation: str) -> int:
    """Something arrives from Slack and is dealt with; gives the number of its event."""
    sent: Incoming = replace(
        event(content, "", conversation, "slack"), person=person, address={"channel": conversation}
    )
    row = inbox.add(talk.database, [sent], "test")[0]
    talk.line.run(row.event)
    return row.event


def _sends(database: Database, now: datetime) -> None:
    """Everything due leaves by Slack and mail."""
    for channel in ("slack", "mail"):
        while found := outbox.claim(database, channel, "test", now, 50):
            for letter in found:
                assert outbox.sent(database, letter.id, "test", now, f"ref-{letter.id}")


def _told(database: Database, number: str) -> tuple[StoryLine, ...]:
    found = case(database, number)
    return act(database, lambda opened: opened.story(found))


def test_trace_one_id(database: Database) -> None:
    """From the event of a hand-over to the reply that left, and from the press of one of staff to theirs."""
    staffed(database)
    talk = _line(database, Clock())
    asked = _arrives(talk, Said(PERSON), REQUESTER, "D77")
    token = act(database, lambda opened: opened.links.issue(DoCase("K-00001", "reply")))
    answered = _arrives(talk, Submitted(token, {"text": "お答えします"}), STAFF, "D1")
    later = NOON + timedelta(hours=1)
    _sends(database, later)
    for number, action, key in ((asked, "opened", "reply:"), (answered, "replied", "case:K-00001:note:")):
        trace = f"E-{number}"
        with database.look() as connection:
            assert connection.scalar(select(arrived.c.id).where(arrived.c.id == number)) == number
            assert action in connection.scalars(select(audit.c.action).where(audit.c.trace == trace)).all()
            sent = connection.execute(select(letters).where(letters.c.trace == trace)).all()
        assert any(row.key.startswith(key) for row in sent)
        assert {row.sent_at for row in sent} == {later}
    with database.look() as connection:
        assert connection.scalars(select(case_note.c.trace)).all() == [f"E-{answered}"]
    assert [line.actor for line in lines(database, "case:K-00001")] == [
        f"person:slack:{REQUESTER}",
        "staff:sato",
    ]


def test_each_transaction_of_staff_has_its_own_trace(sqlite_database: Database) -> None:
    """What somebody does in the terminal or on a page: audit, note and letter under one name, and no other's."""
    staffed(sqlite_database)
    _arrives(_line(sqlite_database, Clock()), Said(PERSON), REQUESTER, "D77")
    for text in ("一つめ", "二つめ"):
        act(sqlite_database, lambda opened, said=text: cases.reply(opened, LETTERS, SATO, "K-00001", said))  # type: ignore[misc]
    found = [one for one in _told(sqlite_database, "K-00001") if one.trace.startswith("T-")]
    by_trace = {one.trace: {other.kind for other in found if other.trace == one.trace} for one in found}
    assert list(by_trace.values()) == [{StoryKind.CHANGED, StoryKind.REPLY, StoryKind.SENT}] * 2


def test_story_in_order(database: Database) -> None:
    """Every kind of line, each with a moment not before the one above it and with its trace."""
    staffed(database)
    clock = Clock()
    talk = _line(database, clock)
    _arrives(talk, Said("こんにちは"), REQUESTER, "D77")
    _arrives(talk, Said(PERSON), REQUESTER, "D77")
    number = "K-00001"
    act(database, lambda opened: cases.take(opened, SATO, number), now=clock())
    act(database, lambda opened: cases.note(opened, SATO, number, "資料を確認"), now=clock())
    act(database, lambda opened: cases.reply(opened, LETTERS, SATO, number, "どの設備ですか"), now=clock())
    _sends(database, clock())
    _arrives(talk, Said("貫流ボイラーです"), REQUESTER, "D77")
    act(database, lambda opened: opened.audit.note(f"case:{number}", "read"), now=clock())
    tick(database, NOON + timedelta(hours=4.5))
    done = CaseOutcome.ANSWERED
    act(
        database,
        lambda opened: case_endings.finish(opened, LETTERS, SATO, number, done, "では"),
        now=NOON + timedelta(hours=4.8),
    )
    found = _told(database, number)
    # What they wrote while somebody talked with them stands in the conversation already.
    assert {one.kind for one in found} == set(StoryKind) - {StoryKind.ADDED}
    assert [one.at for one in found] == sorted(one.at for one in found)
    assert all(one.trace for one in found)
    changed = [one.text.partition(":")[0] for one in found if one.kind is StoryKind.CHANGED]
    assert changed == ["opened", "taken", "noted", "replied", "heard", "promise_missed", "closed"]
    said = [one.text for one in found if one.kind in (StoryKind.SAID, StoryKind.ADDED)]
    assert said[:2] == ["こんにちは", PERSON]
    assert said.count("貫流ボイラーです") == 1
    assert {one.who for one in found if one.kind is StoryKind.NOTE} == {"staff:sato", "clock"}
    assert [one.who for one in found if one.kind is StoryKind.READ] == ["staff:sato"]


def test_what_others_say_is_not_in_it(sqlite_database: Database) -> None:
    """In a channel others ask, too; and another case has a story of its own."""
    staffed(sqlite_database)
    talk = _line(sqlite_database, Clock())
    _arrives(talk, Said("私の質問"), "T1:U88", "D77")
    _arrives(talk, Said(PERSON), REQUESTER, "D77")
    with sqlite_database.look() as connection:
        assert "私の質問" in connection.scalars(select(message.c.text)).all()
    numbers = [
        line.subject.removeprefix("case:") for line in lines(sqlite_database) if line.action == "opened"
    ]
    assert numbers
    assert all(
        one.text != "私の質問" for one in _told(sqlite_database, numbers[-1]) if one.kind is StoryKind.SAID
    )
