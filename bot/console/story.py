"""The story of a case as staff read it: who said what to whom, what changed, what left the house."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.console.masking import readable
from bot.console.visit import Visit
from bot.plain_text import plain_text
from intents.desk.case_clock import MISSED, NEAR, NO_REPLY, QUIET, UNDELIVERED
from intents.desk.case_records import Case
from intents.messages import Choices, Form, Reply
from storage.case_story import StoryKind, StoryLine

# The note or the reply stands in the story itself.
# Their reason stands elsewhere, or is a mark of the clock's own.
UNSAID = frozenset({"closed", "read", NEAR, MISSED, NO_REPLY, QUIET, UNDELIVERED})
TOLD_ALREADY = frozenset({"noted", "replied", "asked_back", "heard"})
# These change and are worth a word each.
SHOWN = ("state", "owner", "desk")


@dataclass(frozen=True, slots=True)
class Told:
    """A line to show: `look` is said, answered, note, reply, added, changed, read or sent."""

    at: datetime
    look: str
    who: str
    text: str
    trace: str


def told(visit: Visit, of: Case, lines: Sequence[StoryLine], called: Callable[[str], str]) -> list[Told]:
    """The lines that say something, oldest first."""
    teller = _Teller(visit, of, called)
    return [one for line in lines if (one := teller.told(line))]


@dataclass(frozen=True, slots=True)
class _Teller:
    visit: Visit
    of: Case
    called: Callable[[str], str]

    def told(self, line: StoryLine) -> Told | None:
        text = readable(self._text(line), self.visit.member)
        return Told(line.at, line.kind.value, self._who(line.who), text, line.trace) if text else None

    def _text(self, line: StoryLine) -> str:
        match line.kind:
            case StoryKind.ANSWERED:
                return self._answered(line.reply) if line.reply else ""
            case StoryKind.CHANGED | StoryKind.READ:
                return self._change(line)
            case StoryKind.SENT:
                return self._sent(line)
            case _:
                return line.text

    def _answered(self, reply: Reply) -> str:
        """What the desk said; the buttons below it tell staff nothing."""
        said = tuple(part for part in reply.parts if not isinstance(part, Choices | Form))
        return plain_text(Reply(said, reply.lang), self.visit.wording)

    def _who(self, actor: str) -> str:
        kind, _, name = actor.partition(":")
        if kind == "staff":
            return self.called(name)
        if kind == "person" or actor == self.of.to.person:
            return self.of.name or self.visit.say("requester")
        key = f"console.who_{actor}"
        return self.visit.word(key) if key in self.visit.wording.texts else actor

    def _change(self, line: StoryLine) -> str:
        action, _, reason = line.text.partition(": ")
        if action in TOLD_ALREADY:
            return ""
        parts = [self._did(action), *self._differences(line)]
        if reason and action not in UNSAID:
            parts.append(self.visit.say("because", reason=reason))
        return " ".join(parts)

    def _did(self, action: str) -> str:
        key = f"console.did_{action}"
        return self.visit.word(key) if key in self.visit.wording.texts else action

    def _differences(self, line: StoryLine) -> Iterator[str]:
        before, after = line.before or {}, line.after or {}
        for name in SHOWN:
            if name in before and name in after:
                old, new = (self._value(name, str(values[name])) for values in (before, after))
                yield self.visit.say("change", what=self.visit.say(f"col_{name}"), old=old, new=new)

    def _value(self, name: str, value: str) -> str:
        if name == "owner":
            return self.called(value) or self.visit.word("cases.nobody")
        return self.visit.word(f"cases.{name}_{value}")

    def _sent(self, line: StoryLine) -> str:
        """What left, by which channel, and where it stands; a card for the staff rooms is one more picture of the case."""
        key, _, state = line.text.rpartition(" ")
        what = (
            key.removeprefix(f"{self.of.subject}:").partition(":")[0]
            if key.startswith(self.of.subject)
            else "card"
        )
        name = f"console.letter_{what}"
        letter = self.visit.word(name if name in self.visit.wording.texts else "console.letter_card")
        channel = (
            self.visit.word(f"console.channel_{line.who}")
            if f"console.channel_{line.who}" in self.visit.wording.texts
            else line.who
        )
        return self.visit.say(
            "sent_line", letter=letter, channel=channel, state=self.visit.say(f"sent_{state}")
        )
