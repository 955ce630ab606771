"""What people are told about their seats, each thing once, in their language.

The joining link goes to confirmed people who attend online, and to nobody else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from intents.desk.moments import moment_text, span_text
from intents.desk.refused import Refused
from intents.desk.seats import SeatState, WhyWaiting
from intents.desk.seminar_books import SeminarBooks
from intents.desk.seminar_records import Registration, Seminar, Way, Ways
from intents.messages import Appointment, Part, Reply
from intents.notices import Notices
from knowledge.model import Lang
from knowledge.wording import Wording

PURPOSE = "seminar"
TOLD_IN_CHAT = ("confirmed", "waitlisted", "changed", "withdrawn")
# Who wants no more letters must still not come on the wrong day.
TOLD_ALWAYS = ("cancelled", "moved")
Buttons = Callable[[str, Registration], tuple[Part, ...]]


def no_buttons(_name: str, _registration: Registration) -> tuple[Part, ...]:
    """A letter without buttons."""
    return ()


@dataclass(frozen=True, slots=True)
class SeminarLetters:
    """Writes the letters; `buttons` adds parts to the notice of that name, such as the answers to an offer."""

    notices: Notices
    wording: Wording
    buttons: Buttons = no_buttons

    def signed_up(self, books: SeminarBooks, seminar: Seminar, one: Registration, position: int) -> None:
        """A seat is confirmed, or a place in the line given."""
        if one.state is SeatState.CONFIRMED:
            self.confirmed(books, seminar, one)
        else:
            self._send(books, seminar, one, "waitlisted", position=position)

    def confirmed(self, books: SeminarBooks, seminar: Seminar, one: Registration) -> None:
        """The seats are theirs, with the date for the calendar."""
        self._send(books, seminar, one, "confirmed")

    def offered(self, books: SeminarBooks, seminar: Seminar, one: Registration) -> int:
        """Seats are held for them until a moment; gives the number of ways on which they hear it."""
        return self._send(books, seminar, one, "offered")

    def offer_expired(self, books: SeminarBooks, seminar: Seminar, one: Registration) -> None:
        """The seats went to the next in line."""
        self._send(books, seminar, one, "offer_expired")

    def changed(self, books: SeminarBooks, seminar: Seminar, one: Registration) -> None:
        """The registration reads differently now."""
        self._send(books, seminar, one, "changed")

    def withdrawn(self, books: SeminarBooks, seminar: Seminar, one: Registration, was: SeatState) -> None:
        """The registration is cancelled; what was in the calendar goes."""
        self._send(books, seminar, one, "withdrawn", gone=was is SeatState.CONFIRMED)

    def cancelled(self, books: SeminarBooks, seminar: Seminar, one: Registration, reason: str) -> None:
        """The seminar will not take place."""
        gone = one.state is SeatState.CONFIRMED
        self._send(books, seminar, one, "cancelled", gone=gone, reason=reason)

    def moved(
        self, books: SeminarBooks, seminar: Seminar, one: Registration, before: Seminar, reason: str
    ) -> None:
        """The seminar has another date or place."""
        earlier = span_text(self.wording, before.starts_at, before.ends_at, one.lang)
        self._send(books, seminar, one, "moved", before=earlier, reason=reason)

    def missed(self, books: SeminarBooks, seminar: Seminar, one: Registration) -> None:
        """It began and no seat had become free."""
        self._send(books, seminar, one, "missed")

    def reminder(
        self, books: SeminarBooks, seminar: Seminar, one: Registration, days: int, step: str
    ) -> None:
        """So many days to go; none: it is today. The step is part of the key, so that twice is once."""
        name = "reminder" if days else "reminder_today"
        self._send(books, seminar, one, name, tag=step, days=days)

    def _send(
        self,
        books: SeminarBooks,
        seminar: Seminar,
        one: Registration,
        name: str,
        *,
        gone: bool = False,
        tag: str = "",
        **more: object,
    ) -> int:
        places = _places(self.wording, seminar, one, {"reason": "", "position": "", "before": ""} | more)
        notice = self.notices.parts(f"seminar_{name}", one.lang, **places)
        date = (
            (appointment(self.wording, seminar, one, cancelled=gone),)
            if gone or _in_calendar(name, one)
            else ()
        )
        letter = Reply((*notice, *date, *self.buttons(name, one)), one.lang)
        key = f"{letters_of(seminar, one)}{name}:{tag or one.sequence}"
        # Who did it in the chat was told there; the mail is the copy to keep.
        own = books.actor == f"person:{one.person}" and name in TOLD_IN_CHAT
        always = name in TOLD_ALWAYS
        return books.post.send(
            key, one.to, letter, purpose=PURPOSE, due=books.now, mail_only=own, always=always
        )


def _in_calendar(name: str, one: Registration) -> bool:
    return one.state is SeatState.CONFIRMED and name in ("confirmed", "changed", "moved")


def letters_of(seminar: Seminar, one: Registration | None = None) -> str:
    """How the keys of a seminar's letters begin, or of the letters to one registrant."""
    return f"seminar:{seminar.id}:" + (f"{one.id}:" if one else "")


def appointment(
    wording: Wording, seminar: Seminar, one: Registration, *, cancelled: bool = False
) -> Appointment:
    """The date for the registrant's calendar; its uid never changes, its sequence rises with each letter."""
    uid = f"{seminar.number}-{one.number}@seminar.jdesk"
    place = _place(wording, seminar, one)
    link = "" if cancelled else _link(seminar, one)
    return Appointment(
        uid,
        one.sequence,
        seminar.title,
        seminar.starts_at,
        seminar.ends_at,
        place,
        link,
        one.number,
        cancelled,
    )


def _place(wording: Wording, seminar: Seminar, one: Registration) -> str:
    return (seminar.venue if one.way is Way.VENUE else "") or wording.say(f"seminars.way_{one.way}", one.lang)


def _link(seminar: Seminar, one: Registration) -> str:
    return seminar.link if one.state is SeatState.CONFIRMED and one.way is Way.ONLINE else ""


def _places(
    wording: Wording, seminar: Seminar, one: Registration, more: Mapping[str, object]
) -> Mapping[str, object]:
    return {
        "name": one.name,
        "number": one.number,
        "title": seminar.title,
        "when": span_text(wording, seminar.starts_at, seminar.ends_at, one.lang),
        "way": wording.say(f"seminars.way_{one.way}", one.lang),
        "venue": seminar.venue if one.way is Way.VENUE else "",
        "link": _link(seminar, one),
        "party": one.party,
        "state": wording.say(f"seminars.state_{one.state}", one.lang),
        "materials": seminar.materials_url,
        "materials_text": seminar.materials_text,
        "until": moment_text(wording, one.offered_until, one.lang) if one.offered_until else "",
        **more,
    }


# ---------------------------------------------------------------- sentences for screens


def refusal_text(wording: Wording, refused: Refused, lang: Lang) -> str:
    """Why something was not done, in one or two sentences."""
    places = {name: _shown(wording, value, lang) for name, value in refused.places.items()}
    return wording.say(f"seminars.{refused.problem}", lang, **places)


def _shown(wording: Wording, value: object, lang: Lang) -> object:
    match value:
        case datetime():
            return moment_text(wording, value, lang)
        case SeatState():
            return wording.say(f"seminars.state_{value}", lang)
        case Ways():
            return wording.say(f"seminars.ways_{value}", lang)
        case _:
            return value


def why_text(wording: Wording, why: WhyWaiting, lang: Lang) -> str:
    """Position, seats and the rule that applies to somebody who waits."""
    places = {"position": why.position, "ahead": why.ahead, "free": why.free, "needed": why.needed}
    return wording.say("seminars.why", lang, **places, rule=wording.say(f"seminars.{why.rule}", lang))
