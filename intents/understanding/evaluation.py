"""How well an edition understands: the figures that the office steers by, from files of questions.

A line of a question file is a JSON object with `query` and one of: `relevant` (ids, with `also_ok` ids that are no
mistake), `any_of` (an ambiguous question and what may be shown for it), `intent` (an order or a courtesy), or
`kind` far, near or tricky (out of scope, not to be answered).
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from intents.decide import offered
from intents.ports import Outcome
from intents.understanding.router import Reading, Understanding

FIRST_FEW = 3
OUTSIDE = ("far", "near", "tricky")


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a question file."""

    query: str
    right: frozenset[str] = frozenset()
    topic: str = ""
    any_of: frozenset[str] = frozenset()
    intent: str = ""
    outside: str = ""
    style: str = ""


@dataclass(slots=True)
class Shares:
    """Named shares: how often something held, of how many times it could."""

    held: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)

    def count(self, name: str, held: bool) -> None:
        """One more time that it could, and whether it did."""
        self.asked[name] += 1
        self.held[name] += held

    def share(self, name: str) -> float:
        """The share, 0..1; nothing asked is nothing wrong."""
        return self.held[name] / self.asked[name] if self.asked[name] else 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of one run: totals, the same by category and by style, and who was taken for whom."""

    total: Shares
    by_category: dict[str, Shares]
    by_style: Shares
    confused: Counter[tuple[str, str]]

    def figures(self) -> dict[str, float]:
        """Every total by name, rounded to a thousandth."""
        return {name: round(self.total.share(name), 3) for name in sorted(self.total.asked)}


def questions_in(lines: Iterable[str]) -> list[Question]:
    """The questions of a file; raises ValueError that names the line."""
    found = []
    for number, line in enumerate(lines, 1):
        try:
            if line.strip():
                found.append(_question(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise ValueError(f"line {number}: not a question ({fault})") from fault
    return found


def _question(row: dict[str, Any]) -> Question:
    relevant = row.get("relevant", ())
    return Question(
        str(row["query"]),
        frozenset((*relevant, *row.get("also_ok", ()))),
        relevant[0] if relevant else "",
        frozenset(row.get("any_of", ())),
        row.get("intent", ""),
        row.get("kind", ""),
        row.get("style", ""),
    )


def report(mind: Understanding, questions: Sequence[Question], day: date) -> Report:
    """Asks every question and counts."""
    made = Report(Shares(), defaultdict(Shares), Shares(), Counter())
    for question in questions:
        reading = mind.read(question.query, day)
        if question.right:
            _in_scope(made, mind, question, reading)
        elif question.any_of:
            _ambiguous(made, mind, question, reading)
        elif question.intent:
            made.total.count("command", reading.intent == question.intent)
        else:
            made.total.count("outside obeyed", reading.outcome is Outcome.COMMAND)
            answered = reading.outcome is Outcome.ANSWER
            made.total.count(f"refused {question.outside}", not answered)
            made.total.count("refused", not answered)
    return made


def _in_scope(made: Report, mind: Understanding, question: Question, reading: Reading) -> None:
    ids = [found.entry for found in reading.candidates]
    answered = reading.outcome is Outcome.ANSWER
    entry = mind.edition.entries.get(question.topic)
    first = bool(ids) and ids[0] in question.right
    counts = {
        "right first": first,
        "right in three": bool(question.right & set(ids[:FIRST_FEW])),
        "answered": answered,
        "confident wrong": answered and reading.entry not in question.right,
    }
    for shares in (made.total, made.by_category[entry.category if entry else "?"]):
        for name, held in counts.items():
            shares.count(name, held)
    made.by_style.count(question.style, first)
    if not first:
        made.confused[question.topic, ids[0] if ids else "-"] += 1
    if reading.outcome is Outcome.CHOICES:
        made.total.count("asked back well", bool(question.right & set(offered(reading, mind.edition))))


def _ambiguous(made: Report, mind: Understanding, question: Question, reading: Reading) -> None:
    shown = {reading.entry} if reading.outcome is Outcome.ANSWER else set(offered(reading, mind.edition))
    fits = reading.outcome in (Outcome.ANSWER, Outcome.CHOICES) and bool(shown & question.any_of)
    made.total.count("ambiguous", fits)
