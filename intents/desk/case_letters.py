"""What the requester of a case is told, on their own channel and by mail where they gave an address."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from intents.desk.books import Books
from intents.desk.case_records import Case, CaseNote
from intents.desk.moments import moment_text
from intents.desk.staff_books import StaffMember
from intents.messages import Choice, Choices, ChoiceStyle, Heading, Paragraph, Part, Reply, RunCommand, Text
from knowledge.wording import Wording

PURPOSE = "case"
# What the buttons below a letter call: the requester has what they wanted, or wants the desk's own answers again.
SETTLED, DESK_AGAIN = "case.settled", "case.desk_again"


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters about cases, in the requester's language."""

    wording: Wording

    def reaches(self, case: Case) -> bool:
        """Whether there is anybody to tell."""
        return bool(case.to.conversation or case.to.mail)

    def reply(self, books: Books, case: Case, who: StaffMember, note: CaseNote) -> None:
        """What one of staff wrote, word for word, and how to go on."""
        heading = self._say(case, "reply_from", name=who.display, number=case.number)
        buttons = self._buttons(books, case, SETTLED, DESK_AGAIN)
        parts: tuple[Part, ...] = (Heading(heading), *_written(note.text), self._line(case, "just_write"), buttons)
        self._send(books, case, f"note:{note.id}", parts)

    def appointed(self, books: Books, case: Case, who: StaffMember, at: datetime, text: str) -> None:
        """The time that was agreed on."""
        when = moment_text(self.wording, at, case.to.lang)
        heading = self._say(case, "appointed", name=who.display, number=case.number)
        parts: tuple[Part, ...] = (Heading(heading), self._line(case, "appointed_at", when=when), *_written(text))
        self._send(books, case, f"appointed:{case.version}", parts)

    def closed(self, books: Books, case: Case, who: StaffMember, text: str) -> None:
        """That the case is closed, a last word, and that the desk answers again."""
        heading = self._say(case, "closed", name=who.display, number=case.number)
        parts: tuple[Part, ...] = (Heading(heading), *_written(text), self._line(case, "closed_next"))
        self._send(books, case, f"closed:{case.version}", parts)

    def desk_again(self, books: Books, case: Case) -> None:
        """That the desk's own understanding answers again."""
        self._send(books, case, f"desk:{case.version}", (self._line(case, "desk_again", number=case.number),))

    def _send(self, books: Books, case: Case, what: str, parts: tuple[Part, ...]) -> None:
        letter = Reply(parts, case.to.lang)
        # They asked, and this is the answer: no withdrawn consent to other letters stops it.
        books.post.send(
            f"{case.subject}:{what}", case.to, letter, purpose=PURPOSE, due=books.now, always=True
        )

    def _buttons(self, books: Books, case: Case, *commands: str) -> Choices:
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
