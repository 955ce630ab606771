"""What acting needs besides the transaction, and what is said in many places."""

from dataclasses import dataclass
from datetime import date

from intents.desk.practice import Practice, practice_of
from intents.messages import Choice, Choices, ChoiceStyle, Paragraph, RunCommand, ShowCategory, Text
from intents.notices import Notices
from intents.ports import Work
from knowledge.finder import Finder
from knowledge.model import Edition, Lang
from knowledge.wording import Wording

HANDOFF = "human.handoff"


@dataclass(frozen=True, slots=True)
class Room:
    """The edition of the day (what has ended is not in it, so nothing can show it), and what is said with it.

    `lang` is the language of the turn, `day` the day in Tokyo; `console` is the address under which staff have
    their pages, empty where nobody has set it.
    """

    edition: Edition
    wording: Wording
    lang: Lang
    day: date
    notices: Notices
    finder: Finder
    console: str = ""

    @property
    def practice(self) -> Practice:
        """How the office of this edition works."""
        return practice_of(self.edition)

    def say(self, name: str, /, **places: object) -> Paragraph:
        """A sentence of the catalogue as a paragraph."""
        return Paragraph((Text(self.wording.say(f"chat.{name}", self.lang, **places)),))

    def starters(self, work: Work) -> Choices:
        """The topics to begin with, and a person."""
        written = {entry.category for entry in self.edition.entries.values()}
        options = tuple(
            Choice(self.wording.say(f"categories.{name}", self.lang), work.tokens.issue(ShowCategory(name)))
            for name in self.wording.names("categories")
            if name in written
        )
        prompt = self.wording.say("chat.topics", self.lang)
        return Choices(prompt, (*options, self.person_choice(work)), ChoiceStyle.OFFER)

    def person(self, work: Work, asked: str = "") -> Choices:
        """The way to a person, who will see what was asked."""
        prompt = self.wording.say("chat.person_prompt", self.lang)
        return Choices(prompt, (self.person_choice(work, asked),), ChoiceStyle.OFFER)

    def person_choice(self, work: Work, asked: str = "") -> Choice:
        """The button that asks for a person."""
        return Choice(
            self.wording.say("chat.person", self.lang), work.tokens.issue(RunCommand(HANDOFF, asked))
        )
