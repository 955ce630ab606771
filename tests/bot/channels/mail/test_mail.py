"""Mail by a real server on the loopback: once, later, never, and nothing that was typed becomes a header."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from pydantic import SecretStr

from bot.bell import Bell
from bot.channels.mail.envelope import BadAddress, address, message_id
from bot.channels.mail.send import MailSender
from bot.channels.mail.text import write
from bot.clock import TOKYO
from bot.delivery import Delivery
from bot.settings import Settings
from intents.messages import (
    Appointment,
    Choice,
    Choices,
    ChoiceStyle,
    Heading,
    Link,
    Paragraph,
    Reply,
    Text,
)
from intents.notices import load_notices
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage import outbox
from storage.database import Database
from storage.lost_letters import BOUNCED, lost_letters
from tests.bot.channels.mail.post_office import PASSWORD, USER, PostOffice, free_port
from tests.kit import NOON

# Here everything stays on one machine.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
START = datetime(2026, 12, 1, 14, 0, tzinfo=TOKYO)
SLOT = Appointment("c-7@jdesk", 1, "個別相談", START, START + timedelta(hours=1), "さいたま新都心")
PLACES = {"number": "C-7", "when": "12月1日 14:00", "way": "来庁", "place": "さいたま新都心", "link": ""}
BOOKED = Reply((*load_notices().parts("consultation_booked", Lang.JA, **PLACES), SLOT), Lang.JA)
REFUSES = "550 5.1.1 not from you"
EVIL = "<script>alert(1)</script>\r\nBcc: thief@evil.example\r\n\r\n**x**"


@pytest.fixture
def port() -> int:
    """Where the server is, when it is there."""
    return free_port()


@pytest.fixture
def office(port: int) -> Iterator[PostOffice]:
    """An open post office."""
    office = PostOffice()
    with office.open(port):
        yield office


def _put(database: Database, key: str, body: Reply, to: str = "yamada@example.jp", **more: str) -> None:
    with database.begin() as connection:
        outbox.put(connection, database, key, "mail", {"mail": to, **more}, body, NOON, NOON)


def _settings(port: int, password: str = PASSWORD, public_url: str = "") -> Settings:
    return Settings(
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_user=USER,
        smtp_password=SecretStr(password),
        smtp_tls="none",
        mail_from="相談デスク <desk@example.jp>",
        public_url=public_url,
    )


def _deliver(database: Database, settings: Settings, after: timedelta = timedelta()) -> int:
    def clock() -> datetime:
        return NOON + after

    sender = MailSender(settings, load_wording(), clock)
    delivery = Delivery(database, {"mail": sender}, clock, "w", Bell(database))
    return asyncio.run(delivery.once("mail"))


def _part(mail: Any, kind: str) -> Any:
    (found,) = (part for part in mail.walk() if part.get_content_type() == kind)
    return found.get_content()


def test_a_confirmation_arrives_once_with_its_calendar_file(
    sqlite_database: Database, port: int, office: PostOffice
) -> None:
    """Japanese subject and text, HTML, the file as attachment and as alternative; said to be automatic."""
    _put(sqlite_database, "consultation:7:booked:mail", BOOKED)
    _deliver(sqlite_database, _settings(port))
    assert _deliver(sqlite_database, _settings(port), timedelta(days=1)) == 0
    (mail,) = office.inbox
    assert mail["subject"] == "個別相談の日時が決まりました（受付番号 C-7）"
    assert (mail["from"], mail["to"]) == ("相談デスク <desk@example.jp>", "yamada@example.jp")
    assert (mail["auto-submitted"], mail["list-unsubscribe"]) == ("auto-generated", None)
    assert mail["message-id"] == message_id("consultation:7:booked:mail", address("desk@example.jp"))
    assert "日時: 2026年12月1日（火） 14:00〜15:00（日本時間）" in _part(mail, "text/plain")
    assert "さいたま新都心" in _part(mail, "text/html")
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "appointment.ics"
    for file in (attached.get_content(), _part(mail, "text/calendar")):
        calendar: Any = Calendar.from_ical(file)
        (event,) = calendar.walk("VEVENT")
        assert (event["uid"], event["summary"]) == ("c-7@jdesk", "個別相談")
    assert max(len(line) for line in office.raw[0].split(b"\r\n")) <= 998
    assert office.raw[0].isascii()


def test_a_cancelled_appointment_says_so_to_the_calendar(
    sqlite_database: Database, port: int, office: PostOffice
) -> None:
    """METHOD stands in the type of the part, too."""
    _put(sqlite_database, "k", Reply((replace(SLOT, sequence=2, cancelled=True),), Lang.EN))
    _deliver(sqlite_database, _settings(port))
    (calendar,) = (part for part in office.inbox[0].walk() if part.get_content_type() == "text/calendar")
    assert calendar.get_param("method") == "CANCEL"
    assert "Cancelled appointment" in _part(office.inbox[0], "text/plain")


def test_451_is_tried_again_later_and_arrives_once(
    sqlite_database: Database, port: int, office: PostOffice
) -> None:
    """Not within the minute; then it goes."""
    _put(sqlite_database, "k", BOOKED)
    office.answers = ["451 greylisted"]
    _deliver(sqlite_database, _settings(port))
    assert _deliver(sqlite_database, _settings(port), timedelta(seconds=59)) == 0
    assert _deliver(sqlite_database, _settings(port), timedelta(seconds=61)) == 1
    assert len(office.inbox) == 1
    assert outbox.parked(sqlite_database) == ()


def test_a_server_that_always_says_later_is_given_up(
    sqlite_database: Database, port: int, office: PostOffice
) -> None:
    """After some hours of 452 a person has to look."""
    _put(sqlite_database, "k", BOOKED)
    office.answers = ["452 mailbox full"] * 12
    tries = sum(_deliver(sqlite_database, _settings(port), timedelta(hours=hour)) for hour in range(0, 36, 2))
    (parked,) = outbox.parked(sqlite_database)
    assert (tries, parked.last_error) == (12, "452 mailbox full")


def test_550_is_parked_with_its_code_and_the_next_mail_leaves(
    sqlite_database: Database, port: int, office: PostOffice
) -> None:
    """What bounced stays readable for staff."""
    _put(sqlite_database, "gone", BOOKED, "gone@example.jp")
    office.answers = ["550 5.1.1 no such user"]
    _deliver(sqlite_database, _settings(port))
    _put(sqlite_database, "fine", BOOKED)
    _deliver(sqlite_database, _settings(port))
    (parked,) = outbox.parked(sqlite_database)
    assert (parked.key, parked.last_error) == ("gone", "bounced: 550 5.1.1 no such user")
    assert office.to == [["yamada@example.jp"]]


@pytest.mark.parametrize(
    ("answer", "lost"),
    [
        ("550 no such user", BOUNCED),
        ("551 user not local", BOUNCED),
        ("553 mailbox name not allowed", BOUNCED),
        ("556 5.1.10 domain takes no mail", BOUNCED),
        ("550 5.1.6 has moved", BOUNCED),
        ("550 5.2.1 mailbox disabled", BOUNCED),
        ("550 5.4.1 Recipient address rejected: Access denied", BOUNCED),
        ("552 5.2.2 mailbox full", ""),
        ("550 5.7.1 relaying denied", ""),
        ("553 5.1.8 bad sender's system", ""),
        ("550 5.4.1 no answer from host", ""),
        ("554 transaction failed", ""),
    ],
)
def test_only_a_recipient_who_is_not_there_has_bounced(
    sqlite_database: Database, port: int, office: PostOffice, answer: str, lost: str
) -> None:
    """All are refused for good; of a policy, a sender or a full mailbox nobody is suspected to have left."""
    _put(sqlite_database, "k:mail", BOOKED)
    office.answers = [answer]
    _deliver(sqlite_database, _settings(port))
    with sqlite_database.look() as connection:
        (found,) = lost_letters(connection, "k", 10)
    assert [(way.lost, way.last_error.endswith(answer)) for way in found.ways] == [(lost, True)]


@pytest.mark.parametrize("office", [PostOffice(sender=REFUSES), PostOffice(text=REFUSES)])
def test_a_refused_sender_or_text_is_no_bounce(
    sqlite_database: Database, port: int, office: PostOffice
) -> None:
    """The same answer before or after the recipient was named speaks of us."""
    _put(sqlite_database, "k:mail", BOOKED)
    with office.open(port):
        _deliver(sqlite_database, _settings(port))
    assert [one.last_error for one in outbox.parked(sqlite_database)] == [REFUSES]


def test_a_bounced_mail_goes_by_the_next_way(
    sqlite_database: Database, port: int, office: PostOffice
) -> None:
    """The server knows the second address; the first one stays parked and says why."""
    way = outbox.Way("mail", {"mail": "second@example.jp"})
    with sqlite_database.begin() as connection:
        to = {"mail": "gone@example.jp"}
        whole = ("k:first", "mail", to, BOOKED, NOON, NOON)
        outbox.put(connection, sqlite_database, *whole, otherwise=[way])
    office.answers = ["550 5.1.1 no such user"]
    assert (_deliver(sqlite_database, _settings(port)), office.to) == (1, [])
    _deliver(sqlite_database, _settings(port))
    assert office.to == [["second@example.jp"]]
    assert [one.last_error for one in outbox.parked(sqlite_database)] == ["bounced: 550 5.1.1 no such user"]


def test_a_server_that_is_away_costs_time_and_no_letter(sqlite_database: Database, port: int) -> None:
    """Refused all day, then delivered once; being away is no failure of the letter."""
    _put(sqlite_database, "k", BOOKED)
    for minute in range(0, 40, 2):
        assert _deliver(sqlite_database, _settings(port), timedelta(minutes=minute)) == 1
    assert outbox.parked(sqlite_database) == ()
    office = PostOffice()
    with office.open(port):
        _deliver(sqlite_database, _settings(port), timedelta(minutes=42))
    assert len(office.inbox) == 1


def test_a_wrong_password_parks_nothing(sqlite_database: Database, port: int, office: PostOffice) -> None:
    """The setting is at fault; when it is mended, the letters go."""
    _put(sqlite_database, "k", BOOKED)
    _deliver(sqlite_database, _settings(port, "wrong"))
    assert outbox.parked(sqlite_database) == ()
    _deliver(sqlite_database, _settings(port), timedelta(minutes=2))
    assert len(office.inbox) == 1


def test_a_server_without_starttls_gets_no_mail(
    sqlite_database: Database, port: int, office: PostOffice
) -> None:
    """Nothing leaves unencrypted where encryption is asked for, and nothing is lost by it."""
    _put(sqlite_database, "k", BOOKED)
    _deliver(sqlite_database, _settings(port).model_copy(update={"smtp_tls": "starttls"}))
    assert (office.inbox, outbox.parked(sqlite_database)) == ([], ())


def test_nothing_typed_becomes_a_header_or_markup(
    sqlite_database: Database, port: int, office: PostOffice
) -> None:
    """Line breaks in a subject, tags in a text, an address that is two."""
    evil = (Heading(EVIL), Paragraph((Text(EVIL), Link(EVIL, "javascript:alert(1)"))))
    slot = replace(SLOT, title=EVIL, place=EVIL, note=EVIL, link="javascript:alert(1)")
    _put(sqlite_database, "k", Reply((*evil, slot), Lang.JA))
    _put(sqlite_database, "l", BOOKED, "a@example.jp\r\nBcc: thief@evil.example")
    _put(sqlite_database, "m", BOOKED, "a@example.jp, thief@evil.example")
    _put(sqlite_database, "n", BOOKED, unsubscribe="https://x\r\nBcc: thief@evil.example")
    _deliver(sqlite_database, _settings(port))
    _deliver(sqlite_database, _settings(port), timedelta(seconds=1))
    assert {parked.key for parked in outbox.parked(sqlite_database)} <= {"l", "m"}
    assert {to for recipients in office.to for to in recipients} <= {"yamada@example.jp", "a@example.jp"}
    for mail in office.inbox:
        assert mail["bcc"] is None
        assert mail["list-unsubscribe"] is None
        assert "<script" not in _part(mail, "text/html")
        assert "javascript:" not in _part(mail, "text/html")


@pytest.mark.parametrize(
    "written", ["", "x", "a@b@c", "a@", "@b", "a b@c.jp", "a@b.jp\nx", "\u202ea@b.jp", "a@b.jp\x00"]
)
def test_what_is_no_address_is_refused(written: str) -> None:
    """The text of the refusal does not repeat it."""
    with pytest.raises(BadAddress) as refused:
        address(written)
    assert str(refused.value) == "not one mail address"


def test_a_way_out_is_named_where_there_is_one(
    sqlite_database: Database, port: int, office: PostOffice
) -> None:
    """List-Unsubscribe leads to the page that asks first; only where the desk has a public address."""
    _put(sqlite_database, "k", BOOKED, unsubscribe="t1")
    _deliver(sqlite_database, _settings(port, public_url="https://desk.example.jp"))
    assert office.inbox[0]["list-unsubscribe"] == "<https://desk.example.jp/press/t1>"


def test_choices_are_links_or_the_chat_is_named() -> None:
    """Votes are left out; no number is asked for, as nobody reads an answer by mail."""
    ask = Choices("参加しますか", (Choice("はい", "t1"), Choice("いいえ", "t2")))
    vote = Choices("役に立ちましたか", (Choice("はい", "t3"),), ChoiceStyle.FEEDBACK)
    reply = Reply((Heading("件"), ask, vote), Lang.JA)
    linked = write(reply, "https://desk.example.jp/", load_wording())
    assert "- はい (https://desk.example.jp/press/t1)" in linked.plain
    assert '<a href="https://desk.example.jp/press/t2">いいえ</a>' in linked.html
    alone = write(reply, "", load_wording())
    assert "お返事は、このメールではなくチャットで" in alone.plain
    for written in (linked, alone):
        assert "役に立ち" not in written.plain
        assert "番号" not in written.plain
    assert "t1" not in alone.plain + alone.html


def test_a_letter_without_a_heading_has_a_subject() -> None:
    """A mail without a subject looks like spam."""
    assert write(Reply((Paragraph((Text("x"),)),), Lang.EN), "", load_wording()).subject
