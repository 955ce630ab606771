"""What the requester of a case is told, on their own channel and by mail where they gave an address."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from intents.desk.books import Recipient
from intents.desk.case_books import CaseBooks
from intents.desk.case_records import Case, CaseNote
from intents.desk.moments import day_before, moment_text
from intents.desk.staff_books import StaffMember
from intents.messages import (
    Appointment,
    Choice,
    Choices,
    ChoiceStyle,
    Heading,
    Paragraph,
    Part,
    Reply,
    RunCommand,
    Text,
)
from knowledge.model import Lang
from knowledge.wording import Wording

PURPOSE = "case"
# How long an appointment is where nobody said so; what the calendar shows, not a promise.
LENGTH = timedelta(hours=1)
# What the buttons below a letter call: the requester has what they wanted, or wants the desk's own answers again.
SETTLED, DESK_AGAIN = "case.settled", "case.desk_again"
EVE = "eve:"


Write = Callable[[Lang], tuple[Part, ...]]


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters about cases, each in the language of who reads it."""

    wording: Wording

    def reaches(self, case: Case) -> bool:
        """Whether there is anybody to tell."""
        return _reaches(case)

    def reply(self, books: CaseBooks, case: Case, who: StaffMember, note: CaseNote) -> None:
        """What one of staff wrote, word for word, and how to go on."""

        def written(lang: Lang) -> tuple[Part, ...]:
            heading = self._say(lang, "reply_from", name=who.display, number=case.number)
            how = self._line(lang, "just_write")
            return (Heading(heading), *_written(note.text), how)

        self._send(books, case, f"note:{note.id}", written, buttons=True)

    def appointed(self, books: CaseBooks, case: Case, who: StaffMember, at: datetime, text: str) -> None:
        """The time that was agreed on, for the calendar as well, and a reminder on the day before."""
        drop_reminders(books, case, *books.cases.merged(case))
        write = partial(self._agreed, case, who, at, text)
        self._send(books, case, f"appointed:{case.version}", write)
        self.remind(books, case, who, at)

    def remind(self, books: CaseBooks, case: Case, who: StaffMember, at: datetime) -> None:
        """A letter on the day before an appointment, unless that day has come."""
        if (eve := day_before(at)) > books.now and self.reaches(case):
            write = partial(self._agreed, case, who, at, "")
            self._send(books, case, f"{EVE}{case.version}", write, eve)

    def _agreed(self, case: Case, who: StaffMember, at: datetime, text: str, lang: Lang) -> tuple[Part, ...]:
        heading = self._say(lang, "appointed", name=who.display, number=case.number)
        when = self._line(lang, "appointed_at", when=moment_text(self.wording, at, lang))
        return (Heading(heading), when, *_written(text), self._date(case, at, lang))

    def _date(self, case: Case, at: datetime, lang: Lang) -> Appointment:
        # One calendar entry a case: a later version takes the place of an earlier one.
        title = self.wording.say("consultation.appointment", lang, number=case.number)
        uid = f"case-{case.id}@jdesk"
        return Appointment(uid, case.version, title, starts_at=at, ends_at=at + LENGTH, place="")

    def closed(self, books: CaseBooks, case: Case, who: StaffMember, text: str) -> None:
        """That the case is closed, a last word, and that the desk answers again."""

        def written(lang: Lang) -> tuple[Part, ...]:
            heading = self._say(lang, "closed", name=who.display, number=case.number)
            return (Heading(heading), *_written(text), self._line(lang, "closed_next"))

        self._send(books, case, f"closed:{case.version}", written)

    def reopened(self, books: CaseBooks, case: Case, who: StaffMember, by: datetime) -> None:
        """That the case was taken up again, and by when they hear."""

        def written(lang: Lang) -> tuple[Part, ...]:
            when = moment_text(self.wording, by, lang)
            return (self._line(lang, "reopened", name=who.display, number=case.number, when=when),)

        self._send(books, case, f"reopened:{case.version}", written)

    def desk_again(self, books: CaseBooks, case: Case, but: str = "") -> None:
        """That the desk's own understanding answers again; to everybody but one person, who has heard."""

        def written(lang: Lang) -> tuple[Part, ...]:
            return (self._line(lang, "desk_again", number=case.number),)

        self._send(books, case, f"desk:{case.version}", written, but=but)

    def _send(
        self,
        books: CaseBooks,
        case: Case,
        what: str,
        write: Write,
        due: datetime | None = None,
        *,
        but: str = "",
        buttons: bool = False,
    ) -> None:
        # Whoever asked in a case that was merged into this one waits for the same answer.
        for place, to in enumerate(askers(case, books.cases.merged(case))):
            if but and to.person == but:
                continue
            key = f"{case.subject}:{what}" + (f":{place}" if place else "")
            below = (self._buttons(books, case, to),) if buttons else ()
            letter = Reply((*write(to.lang), *below), to.lang)
            # They asked, and this is the answer: no withdrawn consent to other letters stops it.
            books.post.send(key, to, letter, purpose=PURPOSE, due=due or books.now, always=True)

    def _buttons(self, books: CaseBooks, case: Case, to: Recipient) -> Choices:
        # Whose letter it is goes with the button: it may be opened in another place.
        given, lang = {"case": case.number, "person": to.person}, to.lang
        options = tuple(
            Choice(
                self._say(lang, command.replace(".", "_")),
                books.links.issue(RunCommand(command, given=given)),
            )
            for command in (SETTLED, DESK_AGAIN)
        )
        # By their words: while somebody talks with them a number is an answer to that person.
        return Choices(self._say(lang, "or_press"), options, ChoiceStyle.WORDS)

    def _line(self, lang: Lang, name: str, /, **places: object) -> Paragraph:
        return Paragraph((Text(self._say(lang, name, **places)),))

    def _say(self, lang: Lang, name: str, /, **places: object) -> str:
        return self.wording.say(f"case.{name}", lang, **places)


def _reaches(case: Case) -> bool:
    return bool(case.to.conversation or case.to.mail)


def askers(case: Case, merged: tuple[Case, ...]) -> tuple[Recipient, ...]:
    """Everybody who asked in a case or in one that was merged into it, each place and each address once."""
    found: dict[tuple[str, int], Recipient] = {}
    for one in (case.to, *(other.to for other in merged)):
        place = (one.person, one.conversation)
        before = found.get(place, one)
        found[place] = replace(before, mail=before.mail or one.mail)
    written_to = set[str]()
    for place, one in found.items():
        found[place] = replace(one, mail="" if one.mail in written_to else one.mail)
        written_to.add(one.mail)
    return tuple(found.values())


def drop_reminders(books: CaseBooks, *cases: Case) -> None:
    """Takes back the reminders of appointments that have not left."""
    for one in filter(_reaches, cases):
        books.post.drop(f"{one.subject}:{EVE}")


def _written(text: str) -> Iterator[Paragraph]:
    """A typed text by its paragraphs; line by line, as every channel keeps the ends of paragraphs only."""
    return (Paragraph((Text(line),)) for line in text.splitlines() if line.strip())
