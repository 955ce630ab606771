"""What the requester of a case is told, on their own channel and by mail where they gave an address."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

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
from knowledge.wording import Wording

PURPOSE = "case"
# How long an appointment is where nobody said so; what the calendar shows, not a promise.
LENGTH = timedelta(hours=1)
# What the buttons below a letter call: the requester has what they wanted, or wants the desk's own answers again.
SETTLED, DESK_AGAIN = "case.settled", "case.desk_again"


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters about cases, in the requester's language."""

    wording: Wording

    def reaches(self, case: Case) -> bool:
        """Whether there is anybody to tell."""
        return bool(case.to.conversation or case.to.mail)

    def reply(self, books: CaseBooks, case: Case, who: StaffMember, note: CaseNote) -> None:
        """What one of staff wrote, word for word, and how to go on."""
        heading = self._say(case, "reply_from", name=who.display, number=case.number)
        buttons = self._buttons(books, case, SETTLED, DESK_AGAIN)
        parts: tuple[Part, ...] = (
            Heading(heading),
            *_written(note.text),
            self._line(case, "just_write"),
            buttons,
        )
        self._send(books, case, f"note:{note.id}", parts)

    def appointed(self, books: CaseBooks, case: Case, who: StaffMember, at: datetime, text: str) -> None:
        """The time that was agreed on, for the calendar as well, and a reminder on the day before."""
        heading = self._say(case, "appointed", name=who.display, number=case.number)
        when = self._line(case, "appointed_at", when=moment_text(self.wording, at, case.to.lang))
        date = self._date(case, at)
        self._send(books, case, f"appointed:{case.version}", (Heading(heading), when, *_written(text), date))
        books.post.drop(f"{case.subject}:eve:")
        if (eve := day_before(at)) > books.now:
            self._send(books, case, f"eve:{case.version}", (Heading(heading), when, date), eve)

    def _date(self, case: Case, at: datetime) -> Appointment:
        # One calendar entry a case: a later version takes the place of an earlier one.
        title = self.wording.say("consultation.appointment", case.to.lang, number=case.number)
        uid = f"case-{case.id}@jdesk"
        return Appointment(uid, case.version, title, starts_at=at, ends_at=at + LENGTH, place="")

    def closed(self, books: CaseBooks, case: Case, who: StaffMember, text: str) -> None:
        """That the case is closed, a last word, and that the desk answers again; no reminder follows."""
        books.post.drop(f"{case.subject}:eve:")
        heading = self._say(case, "closed", name=who.display, number=case.number)
        parts: tuple[Part, ...] = (Heading(heading), *_written(text), self._line(case, "closed_next"))
        self._send(books, case, f"closed:{case.version}", parts)

    def desk_again(self, books: CaseBooks, case: Case) -> None:
        """That the desk's own understanding answers again."""
        self._send(books, case, f"desk:{case.version}", (self._line(case, "desk_again", number=case.number),))

    def _send(
        self, books: CaseBooks, case: Case, what: str, parts: tuple[Part, ...], due: datetime | None = None
    ) -> None:
        letter = Reply(parts, case.to.lang)
        # Whoever asked in a case that was merged into this one waits for the same answer.
        for place, to in enumerate((case.to, *books.cases.others(case))):
            key = f"{case.subject}:{what}" + (f":{place}" if place else "")
            # They asked, and this is the answer: no withdrawn consent to other letters stops it.
            books.post.send(key, to, letter, purpose=PURPOSE, due=due or books.now, always=True)

    def _buttons(self, books: CaseBooks, case: Case, *commands: str) -> Choices:
        options = tuple(
            Choice(
                self._say(case, command.replace(".", "_")),
                books.links.issue(RunCommand(command, given={"case": case.number})),
            )
            for command in commands
        )
        return Choices(self._say(case, "or_press"), options, ChoiceStyle.OFFER)

    def _line(self, case: Case, name: str, /, **places: object) -> Paragraph:
        return Paragraph((Text(self._say(case, name, **places)),))

    def _say(self, case: Case, name: str, /, **places: object) -> str:
        return self.wording.say(f"case.{name}", case.to.lang, **places)


def _written(text: str) -> Iterator[Paragraph]:
    """A typed text by its paragraphs; line by line, as every channel keeps the ends of paragraphs only."""
    return (Paragraph((Text(line),)) for line in text.splitlines() if line.strip())
