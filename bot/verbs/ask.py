"""`jdesk ask`: one answer, or a stream of them, without a server and without leaving a trace."""

import itertools
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.clock import now, tokyo_day
from bot.index_cache import understanding
from bot.plain_text import plain_text
from bot.settings import Settings
from bot.verbs.editions import Unreadable, edition_at
from intents.conversation import Conversation
from intents.decide import decide
from intents.decisions import AnswerNudge, ForStaff, InDialog, TellPerson
from intents.messages import Action, Reply
from intents.notices import load_notices
from intents.ports import Outcome
from intents.room import Room
from intents.speak import spoken
from intents.understanding.router import Reading, Understanding
from knowledge.finder import load_finder
from knowledge.model import Lang
from knowledge.wording import load_wording


def add_to(app: typer.Typer) -> None:
    """Registers the verb."""
    app.command("ask")(ask)


def ask(
    text: Annotated[str, typer.Argument(help="the question, in your own words")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='read {"query": …} lines, write one line each')
    ] = False,
    lang: Annotated[Lang | None, typer.Option(help="answer in this language")] = None,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="as of this day")] = None,
    knowledge: Annotated[Path | None, typer.Option(help="a knowledge folder or a JSONL edition")] = None,
) -> None:
    """Answers one question (or a stream of them) and says how sure it is."""
    if not text and not jsonl:
        raise typer.BadParameter("give a question, or --jsonl to read questions from standard input")
    try:
        mind = understanding(edition_at(knowledge), Settings().cache_dir)
        answerer = Answerer(mind, on.date() if on else tokyo_day(now()), lang)
    except Unreadable as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from fault
    if jsonl:
        _stream(answerer)
    elif as_json:
        typer.echo(json.dumps(answerer.answer(text), ensure_ascii=False, indent=2))
    else:
        typer.echo(answerer.answer(text)["text"])


def _stream(answerer: "Answerer") -> None:
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            query = json.loads(line)["query"]
        except (ValueError, KeyError, TypeError) as fault:
            typer.echo(f'line {number}: needs one JSON object with "query": {fault}', err=True)
            raise typer.Exit(1) from fault
        typer.echo(json.dumps(answerer.answer(str(query)), ensure_ascii=False))


class Answerer:
    """Understands, decides and acts as the desk does, on paper only."""

    def __init__(self, mind: Understanding, day: date, lang: Lang | None) -> None:
        self._mind, self._day, self._lang = mind, day, lang
        self._wording = load_wording()

    def answer(self, query: str) -> dict[str, Any]:
        """The answer in the shape that others script against."""
        reading = self._mind.read(query, self._day, self._lang)
        reply = self._reply(reading, self._lang or reading.lang)
        return {
            "query": query,
            "kind": reading.outcome.value,
            "entry": reading.entry or None,
            "confidence": round(reading.confidence, 4),
            "candidates": [
                {"id": found.entry, "score": round(found.score, 4)} for found in reading.candidates
            ],
            "intent": reading.intent or None,
            "text": plain_text(reply, self._wording),
        }

    def _reply(self, reading: Reading, lang: Lang) -> Reply:
        decision = decide(reading, self._mind.edition, Conversation(lang=lang))
        # A question without a conversation leads to nothing but an answer.
        assert not isinstance(decision, InDialog | TellPerson | ForStaff | AnswerNudge)
        room = Room(
            self._mind.edition_on(self._day), self._wording, lang, self._day, load_notices(), load_finder()
        )
        return Reply(tuple(spoken(decision, room, Paper())), lang)


class Paper:
    """A transaction that keeps nothing: tokens are counted, cases are not opened."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self.event = 0
        self.now = datetime.fromtimestamp(0, UTC)

    @property
    def tokens(self) -> "Paper":
        """Itself: it gives tokens."""
        return self

    @property
    def answers(self) -> "Paper":
        """Itself: it forgets answers."""
        return self

    def issue(self, action: Action) -> str:
        """A token that only numbers the choice."""
        return f"{action.kind}:{next(self._numbers)}"

    def record(self, *, asked: str, outcome: Outcome, entry: str, confidence: float) -> None:
        """Keeps nothing."""

    def rate(self, event: int, *, helpful: bool) -> bool:  # noqa: ARG002 - the port names them
        """Keeps nothing."""
        return False
