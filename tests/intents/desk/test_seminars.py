"""What people, staff and the clock do about seminars, with real books on SQLite and the real letters."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import select

from intents.desk import clock_work, seminars, seminars_staff
from intents.desk.books import Recipient
from intents.desk.clock_units import due
from intents.desk.consultations import Pen
from intents.desk.moments import TOKYO
from intents.desk.refused import Refused
from intents.desk.seats import Rule, SeatState
from intents.desk.seminar_letters import SeminarLetters, refusal_text
from intents.desk.seminar_records import NewSeminar, Registration, SignUp, Way, Ways, mail_key
from intents.desk.seminars import Change, SignedUp
from intents.desk.seminars_staff import Attendance, Move
from intents.messages import Appointment, Bullets, Heading, Paragraph, Reply, plain
from intents.notices import load_notices
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage import consents
from storage.books import StoredBooks, books
from storage.codec import unpack_reply
from storage.database import Database
from storage.tables import audit, outbox
from tests.kit import NOON

PEN = Pen(load_notices(), load_wording())
LETTERS = SeminarLetters(PEN.notices, PEN.wording)
START = datetime(2026, 12, 20, 13, 30, tzinfo=TOKYO)
LINK = "https://example.com/join"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEW = NewSeminar(
    title="省エネ説明会",
    starts_at=START,
    ends_at=START + 2 * HOUR,
    capacity=3,
    link=LINK,
    deadline=START - 2 * DAY,
)
T = TypeVar("T")


class Office:
    """A desk with one seminar of three seats, and a clock that a test sets."""

    def __init__(self, database: Database, new: NewSeminar = NEW) -> None:
        self.database, self.now = database, NOON
        self.seminar = self.run(lambda opened: seminars_staff.create(opened, new))

    def run(self, use: Callable[[StoredBooks], T]) -> T:
        """One transaction."""
        with books(self.database, self.now, "person:web:p") as opened:
            return use(opened)

    def sign_up(self, name: str, party: int = 1, lang: Lang = Lang.JA, way: Way = Way.ONLINE) -> SignedUp:
        """Somebody signs up."""
        to = Recipient(0, f"web:{name}", f"{name}@example.jp", lang)
        wanted = SignUp(to=to, name=name, organisation="試験工業", party=party, way=way)
        return self.run(lambda opened: seminars.sign_up(opened, LETTERS, self.seminar.number, wanted))

    def change(self, number: str, wanted: Change) -> Registration:
        """Somebody changes their registration."""
        return self.run(lambda opened: seminars.change(opened, LETTERS, number, wanted))

    def cancel(self, number: str) -> Registration:
        """Somebody cancels."""
        return self.run(lambda opened: seminars.cancel(opened, LETTERS, number))

    def accept(self, number: str) -> Registration:
        """Somebody takes the seat that is held."""
        return self.run(lambda opened: seminars.accept(opened, LETTERS, number))

    def audited(self, subject: str) -> list[str]:
        """What the audit says about a subject, oldest first."""
        with self.database.look() as connection:
            mine = select(audit.c.action).where(audit.c.subject == subject).order_by(audit.c.id)
            return list(connection.scalars(mine))

    def attend(self, names: list[str]) -> Attendance:
        """Staff hand in who came."""
        return self.run(lambda opened: seminars_staff.take_attendance(opened, self.seminar.number, names))

    def tick(self) -> None:
        """The clock: it looks, then does each unit in a transaction of its own."""
        with self.database.look() as connection:
            looked = StoredBooks(connection, self.database, self.now, "clock")
            units = due(clock_work.of_seminars, looked)
        for unit in units:
            with books(self.database, self.now, "clock") as opened:
                unit(opened, PEN)

    def states(self) -> list[str]:
        """The states, in the order of arrival."""
        return [one.state.value for one in self.all()]

    def all(self) -> tuple[Registration, ...]:
        """The registrations."""
        return self.run(lambda opened: opened.seminars.registrations(self.seminar.id))

    def letters(self, kind: str = "") -> list[Reply]:
        """What is on its way, oldest first, by the kind in its key."""
        with self.database.look() as connection:
            rows = connection.execute(
                select(outbox.c.key, outbox.c.body).where(outbox.c.state == "due").order_by(outbox.c.id)
            ).all()
        return [unpack_reply(body) for key, body in rows if not kind or f":{kind}:" in key]


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    """The desk."""
    return Office(sqlite_database)


def _text(letter: Reply) -> str:
    lines = []
    for part in letter.parts:
        match part:
            case Heading(text):
                lines.append(text)
            case Paragraph(line):
                lines.append(plain(line))
            case Bullets(items):
                lines += map(plain, items)
    return "\n".join(lines)


def _date(letter: Reply) -> Appointment | None:
    return next((part for part in letter.parts if isinstance(part, Appointment)), None)


def _refused(run: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as caught:
        run()
    for lang in Lang:
        assert refusal_text(LETTERS.wording, caught.value, lang)
    return caught.value


# ---------------------------------------------------------------- signing up


def test_a_confirmed_person_gets_the_link_and_the_date(office: Office) -> None:
    """In Tokyo time, with a uid that stays."""
    found = office.sign_up("山田")
    assert (found.registration.state, found.position) == (SeatState.CONFIRMED, 0)
    (letter,) = office.letters()
    assert "2026年12月20日（日）13:30〜15:30" in _text(letter)
    assert LINK in _text(letter)
    date = _date(letter)
    assert date
    assert (date.uid, date.sequence, date.link) == ("S-0001-R-00001@seminar.jdesk", 0, LINK)


def test_who_waits_is_told_the_place_and_no_link(office: Office) -> None:
    """The joining link is for confirmed people only, whatever the letter."""
    office.sign_up("a", 3)
    assert office.sign_up("b", 2).position == 1
    assert office.sign_up("c", lang=Lang.EN).position == 2
    first, second = office.letters("waitlisted")
    assert "1番目" in _text(first)
    assert "Your place in the line: 2" in _text(second)
    for letter in (first, second):
        assert LINK not in _text(letter)
        assert _date(letter) is None


def test_a_venue_stands_in_the_letter_of_who_goes_there(sqlite_database: Database) -> None:
    """And the link in that of who does not."""
    office = Office(sqlite_database, replace(NEW, ways=Ways.BOTH, venue="さいたま新都心"))
    office.sign_up("a", way=Way.VENUE)
    office.sign_up("b")
    there, online = office.letters()
    assert "さいたま新都心" in _text(there)
    assert LINK not in _text(there)
    assert LINK in _text(online)
    assert "さいたま新都心" not in _text(online)


@pytest.mark.parametrize(
    ("moment", "party", "way", "problem"),
    [
        (NOON, 0, Way.ONLINE, "party_out_of_range"),
        (NOON, 6, Way.ONLINE, "party_out_of_range"),
        (NOON, 4, Way.ONLINE, "party_over_capacity"),
        (NOON, 1, Way.VENUE, "way_not_offered"),
        (START - 2 * DAY, 1, Way.ONLINE, "deadline_over"),
        (START, 1, Way.ONLINE, "started"),
    ],
)
def test_a_sign_up_that_is_refused(
    office: Office, moment: datetime, party: int, way: Way, problem: str
) -> None:
    """With a reason, and nothing is written."""
    office.now = moment
    assert _refused(lambda: office.sign_up("a", party, way=way)).problem == problem
    assert office.states() == []
    assert office.letters() == []


def test_sign_up_needs_an_open_seminar(office: Office) -> None:
    """Not a closed one, not a cancelled one, not one that does not exist."""
    number = office.seminar.number
    office.run(lambda opened: seminars_staff.set_open(opened, number, is_open=False))
    assert _refused(lambda: office.sign_up("a")).problem == "not_open"
    office.run(lambda opened: seminars_staff.cancel_seminar(opened, LETTERS, number))
    assert _refused(lambda: office.sign_up("a")).problem == "seminar_cancelled"
    office.seminar = replace(office.seminar, id=99)
    assert _refused(lambda: office.sign_up("a")).problem == "no_such_seminar"


@pytest.mark.parametrize(
    ("mail", "key"),
    [
        ("Ａ.B+x@Ex.JP ", "a.b@ex.jp"),
        ("+x@ex.jp", "+x@ex.jp"),
        ("a+b+c@ex.jp", "a@ex.jp"),
        ("", ""),
        ("no mail", "no mail"),
    ],
)
def test_the_key_of_a_mail_address(mail: str, key: str) -> None:
    """Width, case, space and plus tag do not make another person."""
    assert mail_key(mail) == mail_key(key) == key


# ---------------------------------------------------------------- changing


def test_a_change_is_told_with_a_newer_date(office: Office) -> None:
    """The same uid, a higher sequence; a change that changes nothing tells nothing."""
    number = office.sign_up("a", 2).registration.number
    assert office.change(number, Change(party=3, question="費用は")).sequence == 1
    assert office.change(number, Change(party=3)).sequence == 1
    (letter,) = office.letters("changed")
    date = _date(letter)
    assert date
    assert (date.uid, date.sequence) == ("S-0001-R-00001@seminar.jdesk", 1)
    assert "3名" in _text(letter)


def test_a_party_that_cannot_grow_stays_as_it_is(office: Office) -> None:
    """It does not fit, or would overtake; smaller it may become, and the seats go on."""
    number = office.sign_up("a", 2).registration.number
    assert _refused(lambda: office.change(number, Change(party=4))).places["free"] == 1
    office.sign_up("b", 2)
    assert _refused(lambda: office.change(number, Change(party=3))).problem == "others_wait"
    assert [one.party for one in office.all()] == [2, 2]
    office.change(number, Change(party=1))
    assert office.states() == ["confirmed", "offered"]


def test_cancelling_frees_the_seats_in_order(office: Office) -> None:
    """The date leaves the calendar, the next whole party is offered; twice is once."""
    numbers = [
        office.sign_up(name, party).registration.number for name, party in [("a", 3), ("b", 2), ("c", 2)]
    ]
    office.cancel(numbers[0])
    office.cancel(numbers[0])
    assert office.states() == ["cancelled", "offered", "waiting"]
    (letter,) = office.letters("withdrawn")
    date = _date(letter)
    assert date
    assert date.cancelled
    assert office.letters("confirmed") == []
    (offer,) = office.letters("offered")
    assert "2026年11月25日（水）12:00" in _text(offer)
    assert LINK not in _text(offer)
    assert _refused(lambda: office.change(numbers[0], Change(party=1))).problem == "registration_over"


# ---------------------------------------------------------------- offers


def _offered(office: Office) -> str:
    first = office.sign_up("a", 3).registration.number
    number = office.sign_up("b", 2).registration.number
    office.sign_up("c", 1)
    office.cancel(first)
    return number


def test_an_offer_is_taken_once(office: Office) -> None:
    """With the link and the date now; a second press changes nothing."""
    number = _offered(office)
    assert office.accept(number) == office.accept(number)
    (letter,) = office.letters("confirmed")
    assert _date(letter)
    assert LINK in _text(letter)


def test_a_declined_offer_goes_to_the_next(sqlite_database: Database) -> None:
    """Whoever declined has no seat and no place any more."""
    office = Office(sqlite_database, replace(NEW, capacity=2))
    first = office.sign_up("a", 2).registration.number
    number = office.sign_up("b", 2).registration.number
    office.sign_up("c", 1)
    office.cancel(first)
    office.run(lambda opened: seminars.decline(opened, LETTERS, number))
    assert office.states() == ["cancelled", "declined", "offered"]
    assert _refused(lambda: office.accept(number)).problem == "no_offer"


def test_an_offer_lapses(office: Office) -> None:
    """At its moment, not before; the person is told, and an answer after that is explained."""
    number = _offered(office)
    office.now = NOON + DAY - timedelta(seconds=1)
    office.tick()
    assert office.states() == ["cancelled", "offered", "offered"]
    office.now = NOON + DAY
    said = _refused(lambda: office.accept(number))
    assert "2026年11月25日（水）12:00" in refusal_text(LETTERS.wording, said, Lang.JA)
    office.tick()
    office.tick()
    assert office.states() == ["cancelled", "expired", "expired"]
    assert len(office.letters("offer_expired")) == 2
    assert _refused(lambda: office.accept(number)).problem == "offer_expired"


def test_an_offer_outlasts_sign_up_and_not_the_start(office: Office) -> None:
    """Five minutes before the deadline somebody has the same hours to answer as on any day; near the start, until then."""
    office.now = START - 2 * DAY - timedelta(minutes=5)
    _offered(office)
    office.sign_up("d", 3)
    assert office.all()[1].offered_until == office.now + DAY
    office.now += DAY
    office.tick()
    assert office.states() == ["cancelled", "expired", "expired", "offered"]
    assert office.all()[3].offered_until == START - timedelta(minutes=5)


def test_near_the_start_an_offer_stands_until_then(office: Office) -> None:
    """Even six hours would be too long."""
    first = office.sign_up("a", 3).registration.number
    office.sign_up("b")
    office.now = START - HOUR
    office.cancel(first)
    assert office.all()[1].offered_until == START


def test_an_offer_stands_six_hours_at_least(sqlite_database: Database) -> None:
    """Whatever staff wrote: who looks at their mail in the evening can still answer."""
    office = Office(sqlite_database, replace(NEW, offer_hours=1))
    _offered(office)
    assert office.all()[1].offered_until == NOON + 6 * HOUR


@pytest.mark.parametrize("reached", [True, False])
def test_no_seat_is_held_for_somebody_who_cannot_be_told(office: Office, reached: bool) -> None:
    """Signed up by staff without mail: they keep their place, the audit says so, and the next in line is asked."""
    first = office.sign_up("a", 3).registration.number
    to = Recipient(0, "staff:s1", "b@example.jp" if reached else "", Lang.JA)
    wanted = SignUp(to=to, name="b", organisation="試験工業", party=2)
    office.run(lambda opened: seminars.sign_up(opened, LETTERS, office.seminar.number, wanted))
    office.sign_up("c", 2)
    office.cancel(first)
    states = ["offered", "waiting"] if reached else ["waiting", "offered"]
    assert office.states() == ["cancelled", *states]
    assert office.audited("registration:R-00002") == ["signed_up", *([] if reached else ["cannot_be_told"])]
    # Nor does a seat stay empty for them, or a newcomer wait behind them.
    assert office.sign_up("d").registration.state is (SeatState.WAITING if reached else SeatState.CONFIRMED)


def test_who_gets_an_address_is_offered_the_seat(office: Office) -> None:
    """As soon as they can be told."""
    to = Recipient(0, "staff:s1", "", Lang.JA)
    first = office.sign_up("a", 3).registration.number
    wanted = SignUp(to=to, name="b", organisation="試験工業", party=2)
    office.run(lambda opened: seminars.sign_up(opened, LETTERS, office.seminar.number, wanted))
    office.cancel(first)
    office.change("R-00002", Change(mail="b@example.jp"))
    assert office.states() == ["cancelled", "offered"]


# ---------------------------------------------------------------- parties and addresses


def test_a_party_that_can_never_fit_holds_nobody_up(office: Office) -> None:
    """It cannot grow beyond the seats; where it is too big all the same, the line goes past it and says why."""
    first = office.sign_up("a", 3).registration.number
    number = office.sign_up("b", 2).registration.number
    assert _refused(lambda: office.change(number, Change(party=4))).problem == "party_over_capacity"
    office.sign_up("c", 1)
    one = office.all()[1]
    office.run(lambda opened: opened.seminars.update(replace(one, party=4)))
    office.cancel(first)
    assert office.states() == ["cancelled", "waiting", "offered"]
    assert office.sign_up("d", 2).registration.state is SeatState.CONFIRMED
    assert office.run(lambda opened: seminars.why(opened, number)).rule is Rule.TOO_BIG


def test_lowering_strands_nobody(office: Office) -> None:
    """Fewer seats than a waiting party needs are refused with its name; smaller it is no obstacle."""
    office.sign_up("a", 1)
    number = office.sign_up("b", 3).registration.number

    def lower() -> None:
        office.run(lambda opened: seminars_staff.lower_capacity(opened, office.seminar.number, 2))

    refused = _refused(lower)
    assert refused.problem == "lower_below_waiting"
    assert f"{number} (3)" in refusal_text(LETTERS.wording, refused, Lang.JA)
    office.change(number, Change(party=2))
    office.cancel(number)
    lower()


def test_a_new_address_is_the_key(office: Office) -> None:
    """Letters go there; nobody else's, and the old one is free again."""
    number = office.sign_up("a").registration.number
    office.sign_up("b")
    assert _refused(lambda: office.change(number, Change(mail="B+x@example.jp"))).problem == "mail_taken"
    assert office.all()[0].mail == "a@example.jp"
    office.change(number, Change(mail="c@example.jp", name="新しい名"))
    assert "新しい名" in _text(office.letters("changed")[0])
    assert office.sign_up("c").already
    assert not office.sign_up("a").already


def test_a_moved_date_reaches_who_stopped_letters(office: Office) -> None:
    """As a cancelled seminar does; an offer does not."""
    office.sign_up("a", 3)
    office.sign_up("b")
    with office.database.begin() as connection:
        for name in "ab":
            consents.withdraw(connection, f"web:{name}", "seminar", NOON, f"{name}@example.jp")
    move = Move(starts_at=START + DAY, ends_at=START + DAY + HOUR)
    office.run(lambda opened: seminars_staff.move_seminar(opened, LETTERS, office.seminar.number, move))
    assert len(office.letters("moved")) == 2
    office.cancel("R-00001")
    assert office.states() == ["cancelled", "waiting"]


# ---------------------------------------------------------------- reminders


def _reminded(office: Office, *moments: datetime) -> list[str]:
    for office.now in moments:
        office.tick()
        office.tick()
    kinds = (*office.letters("reminder"), *office.letters("reminder_today"))
    return [_text(letter).split("\n")[0].split(":")[0] for letter in kinds]


def _at(days: int, hour: int, minute: int = 0) -> datetime:
    return (START - timedelta(days=days)).replace(hour=hour, minute=minute)


def test_reminders_leave_at_their_moments(office: Office) -> None:
    """14, 3 and 1 days before at 10:00, that morning at 08:30, each once; the link is in the last."""
    office.sign_up("a")
    office.sign_up("b", 3)
    assert _reminded(office, _at(14, 9, 59)) == []
    moments = (_at(14, 10), _at(3, 10), _at(1, 10), _at(0, 8, 30), _at(0, 13, 29), START)
    assert _reminded(office, *moments) == ["あと14日です", "あと3日です", "あと1日です", "本日です"]
    assert LINK in _text(office.letters("reminder_today")[0])


def test_after_a_standstill_only_the_latest_step_is_sent(office: Office) -> None:
    """Two steps passed unsent: one letter."""
    office.sign_up("a")
    assert _reminded(office, _at(1, 11)) == ["あと1日です"]


def test_a_step_before_the_sign_up_is_not_sent(office: Office) -> None:
    """Nor one that a move has made old news; a new date is reminded of anew."""
    office.now = _at(3, 11)
    office.sign_up("a")
    assert _reminded(office, _at(3, 12)) == []
    later = Move(starts_at=START + 4 * DAY, ends_at=START + 4 * DAY + HOUR)
    number = office.seminar.number
    office.run(lambda opened: seminars_staff.move_seminar(opened, LETTERS, number, later))
    assert _reminded(office, _at(3, 13), _at(-1, 10)) == ["あと3日です"]


# ---------------------------------------------------------------- staff


def test_a_seminar_that_moves_tells_everybody(office: Office) -> None:
    """The old date, the new one, a newer calendar file for the confirmed; the place in the line stays."""
    office.sign_up("a", 3)
    office.sign_up("b")
    move = Move(starts_at=START + DAY, ends_at=START + DAY + HOUR)
    number = office.seminar.number
    told = office.run(lambda opened: seminars_staff.move_seminar(opened, LETTERS, number, move, "会場の都合"))
    assert len(told) == 2
    seated, waits = office.letters("moved")
    assert "2026年12月21日（月）13:30〜14:30" in _text(seated)
    assert "これまでの日時: 2026年12月20日（日）" in _text(seated)
    date = _date(seated)
    assert date
    assert date.sequence == 1
    assert _date(waits) is None
    assert "空席待ち" in _text(waits)


def test_a_cancelled_seminar_tells_everybody(office: Office) -> None:
    """What was in a calendar goes; letters that had not left are taken back; nothing moves any more."""
    number = office.sign_up("a", 3).registration.number
    office.sign_up("b")
    office.run(lambda opened: seminars_staff.cancel_seminar(opened, LETTERS, "S-0001", "台風のため"))
    seated, waits = office.letters()
    date = _date(seated)
    assert date
    assert date.cancelled
    assert "台風のため" in _text(waits)
    assert _refused(lambda: office.cancel(number)).problem == "seminar_cancelled"
    office.now = _at(1, 10)
    office.tick()
    assert len(office.letters()) == 2


def test_the_deadline_closes_sign_up(office: Office) -> None:
    """By the clock, with one line in the audit."""
    office.now = START - 2 * DAY
    office.tick()
    office.tick()
    assert office.audited(office.seminar.subject) == ["created", "closed"]


def test_attendance_names_who_is_not_known(office: Office) -> None:
    """By number or mail address, however it is typed; a second list corrects the first; the next raise learns."""
    office.sign_up("a")
    office.sign_up("b", 2)
    office.sign_up("c", 2)
    assert _refused(lambda: office.attend([])).problem == "not_started"
    office.now = START + HOUR
    office.attend(["r-00001"])
    found = office.attend(["Ｂ@example.jp ", "R-00003", "x@example.jp", ""])
    assert [one.number for one in found.came] == ["R-00002"]
    assert [one.number for one in found.absent] == ["R-00001"]
    assert [one.number for one in found.unconfirmed] == ["R-00003"]
    assert found.unknown == ("x@example.jp",)
    past = office.run(lambda opened: opened.seminars.attended())
    assert (past.confirmed, past.attended, past.expected(30)) == (3, 2, 20)


def test_who_got_no_seat_is_told_once_when_it_begins(office: Office) -> None:
    """Those who still wait hear it, with the materials; who has a seat does not."""
    for n in range(4):
        office.sign_up(f"m{n}")
    assert office.states()[-1] == "waiting"
    office.tick()
    assert not office.letters("missed")
    office.now = START
    office.tick()
    office.tick()
    assert len(office.letters("missed")) == 1
