"""What the demo shows: seminars to join, one of them full, and times to book; put in once, into an empty office."""

from datetime import datetime, timedelta

from bot.clock import TOKYO
from intents.desk.books import Recipient
from intents.desk.consultation_books import Meeting, NewSlot
from intents.desk.seminar_buttons import letters_with_buttons
from intents.desk.seminar_records import NewSeminar, SignUp, Ways
from intents.desk.seminars import sign_up
from intents.notices import load_notices
from knowledge.model import Lang
from knowledge.wording import Wording
from storage.books import StoredBooks, books
from storage.database import Database

LINK = "https://meeting.example/jcredit"
SLOT_DAYS, SLOT_HOURS = 10, (10, 14, 15)
SATURDAY = 5


def fill_demo(database: Database, wording: Wording, now: datetime) -> None:
    """Puts the samples in unless there are seminars already."""
    with books(database, now, "staff:demo") as opened:
        if opened.seminars.listing():
            return
        _seminars(opened, wording, now)
        for slot in _slots(now):
            opened.consultations.publish(slot)


def _seminars(opened: StoredBooks, wording: Wording, now: datetime) -> None:
    def say(name: str) -> str:
        return wording.say(f"demo.{name}", Lang.JA)

    free = NewSeminar(
        title=say("seminar"),
        starts_at=_at(now, 21, 13, 30),
        ends_at=_at(now, 21, 15, 30),
        capacity=200,
        ways=Ways.BOTH,
        venue=say("venue"),
        link=LINK,
        programme=say("programme"),
        deadline=_at(now, 19, 17),
        questions=(say("question"),),
    )
    full = NewSeminar(
        title=say("workshop"), starts_at=_at(now, 14, 10), ends_at=_at(now, 14, 11, 30), capacity=1, link=LINK
    )
    opened.seminars.add(free)
    seat = SignUp(to=Recipient(0, "staff:demo", "", Lang.JA), name=say("guest"), organisation=say("company"))
    letters = letters_with_buttons(opened.links, load_notices(), wording)
    sign_up(opened, letters, opened.seminars.add(full).number, seat)


def _at(now: datetime, days: int, hour: int, minute: int = 0) -> datetime:
    """So many days ahead, on a working day of the week, at that time in Tokyo."""
    day = now.astimezone(TOKYO) + timedelta(days=days)
    day += timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= SATURDAY else 0)
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


def _slots(now: datetime) -> list[NewSlot]:
    begins = {_at(now, days, hour) for days in range(2, SLOT_DAYS) for hour in SLOT_HOURS}
    return [
        NewSlot(moment, moment + timedelta(hours=1), way, LINK if way is Meeting.ONLINE else "")
        for number, moment in enumerate(sorted(begins))
        for way in ((Meeting.ONLINE, Meeting.PHONE, Meeting.OFFICE)[number % 3],)
    ]
