"""What is one person's stays theirs: in a channel of Slack where others read along, by letters, and after a no."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from bot.plain_text import plain_text
from intents.desk import consultations
from intents.desk.books import Recipient
from intents.desk.consultations import Pen
from intents.desk.refused import Refused
from intents.messages import Choices, Content, Form, Incoming, Lane, Pressed, Reply, Said
from intents.notices import load_notices
from knowledge.model import Lang
from storage import consents, inbox, messages
from storage.books import books
from storage.database import Database
from storage.tables import booking, case_note, consent, outbox
from tests.kit import NOON
from tests.world import WORDING, Talk, office_at, open_office

REQUEST = "個別相談を申し込みます|はい|計画書を作っている|埼玉|株式会社グリーン|なし|製造|なし|極秘の計画|窓口|12/9|鈴木|a@example.com|なし"
SEAT = "説明会に申し込みます|はい|制度と活用セミナー|オンライン|1|個人|山田|a@example.com|なし|なし|なし|いいえ|送信"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody in Slack: in the channel that all of them read, or in their own direct messages."""

    database: Database
    name: str
    direct: bool = False

    def say(self, content: str | Content) -> Reply:
        """Says something and gives the reply."""
        said = Said(content) if isinstance(content, str) else content
        place = f"D{self.name}" if self.direct else "C1"
        address = {"channel": place} if self.direct else {"channel": place, "user": self.name}
        event = Incoming(
            "slack", uuid4().hex, f"T:{place}", f"T:{self.name}", said, address, NOON, lane=Lane.SLOW
        )
        row = inbox.add(self.database, [event], "test")[0]
        Talk(self.database).line.run(row.event)
        logged = messages.reply_to(self.database, row.event)
        assert logged is not None
        assert logged.reply is not None
        return logged.reply

    def text(self, content: str | Content) -> str:
        """The reply as plain text."""
        return plain_text(self.say(content), WORDING)

    def go(self, words: str) -> str:
        """Says one thing after the other and gives the last reply."""
        return [self.text(word) for word in words.split("|")][-1]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Database]:
    """An open office."""
    with office_at(tmp_path) as database:
        yield database


def _choice(reply: Reply, label: str) -> Pressed:
    options = [one for part in reply.parts if isinstance(part, Choices | Form) for one in part.options]
    return Pressed(next(one.token for one in options if label in one.label))


def test_a_case_is_shown_to_who_asked(office: Database) -> None:
    """The first speaker of a channel is not the owner of what others ask there."""
    Speaker(office, "UA").say("こんにちは")
    Speaker(office, "UB").go(f"{REQUEST}|送信")
    assert "極秘" not in Speaker(office, "UA", direct=True).text("自分の相談の状況を見たい")
    assert "極秘" in Speaker(office, "UB", direct=True).text("自分の相談の状況を見たい")
    assert "極秘" not in Speaker(office, "UB").text("自分の相談の状況を見たい")


def test_a_dialog_in_a_channel_is_its_person_s(office: Database) -> None:
    """Another's words do not answer it, another's press does nothing, and nothing known is proposed there."""
    Speaker(office, "UA", direct=True).go(SEAT)
    asker = Speaker(office, "UA")
    reply = asker.say("個別相談を申し込みます")
    assert "ほかの人にも見えます" in plain_text(reply, WORDING)
    assert "期限" in Speaker(office, "UB").text(_choice(reply, "同意する"))
    Speaker(office, "UB").say("はい")
    assert "同意" in asker.text("ヘルプ")
    assert "前回と同じ" not in asker.go("はい|計画書を作っている|埼玉")


def test_a_cancelled_dialog_is_taken_up_by_its_person_only(office: Database) -> None:
    """And nobody inherits an agreement."""
    asker = Speaker(office, "UA")
    asker.go(REQUEST.rpartition("|窓口|")[0])
    again = _choice(asker.say("やめる"), "やはり")
    assert "極秘" not in Speaker(office, "UB").text(again)
    assert "利用目的への同意" in asker.text(again)


def test_a_move_code_is_not_shown_where_others_read(office: Database) -> None:
    """In direct messages it is; there nobody else sees it."""
    Speaker(office, "UA").say("個別相談を申し込みます")
    assert "お見せできません" in Speaker(office, "UA").text("コード")
    private = Speaker(office, "UA", direct=True)
    private.say("個別相談を申し込みます")
    assert "15分" in private.text("コード")


def test_adding_to_an_open_case_keeps_everything(office: Database) -> None:
    """Contact and wishes stand in the note, and who added finds it among their requests."""
    Speaker(office, "UA", direct=True).go(f"{REQUEST}|送信")
    # The same address elsewhere is the same person.
    added = REQUEST.replace("極秘の計画", "追加の話|書き足す").replace("鈴木", "高橋")
    other = Speaker(office, "UB", direct=True)
    assert "K-00001" in other.go(f"{added}|送信")
    with office.look() as connection:
        note = connection.scalars(select(case_note.c.text)).one()
    assert all(part in note for part in ("追加の話", "高橋", "a@example.com", "12月9日"))
    mine = other.text("自分の相談の状況を見たい")
    assert "追加の話" in mine
    assert "極秘" not in mine


def test_whoever_names_an_organisation_gets_no_part_in_its_case(office: Database) -> None:
    """Somebody else who wants to add gets a case of their own; staff are told of both, the other person of neither."""
    first = Speaker(office, "UA", direct=True)
    first.go(f"{REQUEST}|送信")
    other = Speaker(office, "UB", direct=True)
    added = REQUEST.replace("極秘の計画", "追加の話|書き足す").replace("鈴木", "高橋").replace("a@", "b@")
    assert "K-00002" in other.go(f"{added}|送信")
    assert "極秘" not in other.text("自分の相談の状況を見たい")
    assert "追加の話" not in first.text("自分の相談の状況を見たい")
    with office.look() as connection:
        assert "K-00001" in connection.scalars(select(case_note.c.text)).one()


def test_after_a_no_a_new_yes_is_answered_by_mail(office: Database) -> None:
    """Consent is kept before the letter is written."""
    person = Speaker(office, "UA", direct=True)
    person.go(f"{REQUEST}|送信")
    person.go("通知を止めて|1")
    person.go(REQUEST.replace("株式会社グリーン", "株式会社ブルー") + "|送信")
    with office.look() as connection:
        states = connection.scalars(
            select(outbox.c.state).where(outbox.c.channel == "mail").order_by(outbox.c.id)
        ).all()
    assert states == ["dropped", "due"]


def test_what_had_to_say_sorry_wrote_nothing(office: Database) -> None:
    """A party that no seminar can seat: no registration, no consent, no letter; the answers are kept."""
    person = Speaker(office, "UA", direct=True)
    words = SEAT.replace("制度と活用セミナー|オンライン|1|", "計画書づくり講座|2|")
    words = words.replace("なし|なし|なし|いいえ", "なし|なし|いいえ")
    assert "2名" in person.go(words)
    with office.look() as connection:
        assert connection.execute(select(consent)).all() == []
        assert connection.execute(select(outbox).where(outbox.c.channel == "mail")).all() == []
    assert "席をお取りしました" not in person.go("1|送信")
    with office.look() as connection:
        assert connection.scalars(select(consent.c.purpose)).all() == ["seminar"]


def test_unsubscribing_stops_a_seat_that_moved(office: Database) -> None:
    """The mail's own way out ends that purpose for the address, whoever's seat it is by now, consent or none."""
    with books(office, NOON, "staff:t") as opened:
        to = Recipient(0, "mail:x", "x@example.com", Lang.JA)
        letter = Reply((), Lang.JA)
        opened.post.send("a", to, letter, purpose="seminar", due=NOON)
    with office.begin() as connection:
        consents.withdraw(connection, "mail:nobody", "seminar", NOON, "x@example.com")
    with books(office, NOON, "staff:t") as opened:
        assert opened.post.send("b", to, letter, purpose="seminar", due=NOON) == 0
        assert opened.post.send("c", to, letter, purpose="consultation", due=NOON) == 1
    with office.look() as connection:
        states = connection.execute(select(outbox.c.key, outbox.c.state)).all()
    assert dict(map(tuple, states)) == {"a:mail": "dropped", "c:mail": "due"}


def test_a_booking_is_moved_or_cancelled_never_both(postgres_database: Database) -> None:
    """Two conversations of one person at once: whoever comes second finds what the first left."""
    open_office(postgres_database)
    pen = Pen(load_notices(), WORDING)
    Speaker(postgres_database, "UA", direct=True).go(REQUEST.replace("窓口|12/9", "オンライン|1") + "|送信")
    start, outcomes = threading.Barrier(2), []

    def act(move: bool) -> None:
        start.wait()
        try:
            with books(postgres_database, NOON, "person:x") as opened:
                if move:
                    consultations.move(opened, pen, "B-00001", 2)
                else:
                    consultations.cancel(opened, pen, "B-00001")
            outcomes.append("done")
        except Refused:
            outcomes.append("refused")

    threads = [threading.Thread(target=act, args=(move,)) for move in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with postgres_database.look() as connection:
        state = connection.scalars(select(booking.c.state)).one()
    # Cancelling comes last or wins alone; a cancelled booking never comes back to life.
    assert state == "cancelled"
    assert "done" in outcomes
