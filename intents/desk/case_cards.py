"""A case as a card in a room of staff, and as a line of a list; both with what can be done from there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from intents.actions import DoCase
from intents.choices import Choice, Choices, ChoiceStyle
from intents.desk.books import Links
from intents.desk.case_forms import FIELDS
from intents.desk.case_records import CLOSED, OPEN, Case, DateKind
from intents.desk.case_rules import RULES, CaseAct
from intents.desk.case_words import display, slack_text
from intents.desk.moments import moment_text
from intents.desk.practice import Practice
from intents.desk.routing import suggested
from intents.desk.staff_books import Staff
from intents.messages import Facts, Heading, Line, Link, Paragraph, Part, Reply, Strong, Text
from knowledge.model import Lang
from knowledge.wording import Wording

# What a card offers; the rest is on the case's page.
ON_CARD = (
    CaseAct.TAKE,
    CaseAct.ASSIGN,
    CaseAct.REPLY,
    CaseAct.ASK_BACK,
    CaseAct.APPOINT,
    CaseAct.FINISH,
    CaseAct.REFER,
    CaseAct.REOPEN,
)
SUMMARY = 600


@dataclass(frozen=True, slots=True)
class CardPen:
    """What cards are written with, in the office's own language."""

    wording: Wording
    practice: Practice
    staff: Staff
    now: datetime
    page: str = ""  # the address under which the console is, for links; empty: none
    lang: Lang = Lang.JA

    def say(self, name: str, /, **places: object) -> str:
        """A sentence of the cases."""
        return self.wording.say(f"cases.{name}", self.lang, **places)

    def link(self, case: Case) -> tuple[Link, ...]:
        """The way to the case's page, where there is one."""
        label = self.wording.say("rooms.open_page", self.lang, number=case.number)
        return (Link(label, f"{self.page.rstrip('/')}/console/cases/{case.number}"),) if self.page else ()


def card(case: Case, pen: CardPen, links: Links) -> Reply:
    """The case as it stands, with a button for each thing that can be done to it now."""
    heading = f"{case.number}  {pen.say(f'kind_{case.kind.value}')} ／ {pen.say(f'state_{case.state.value}')}"
    parts: tuple[Part, ...] = (Heading(heading), Facts(tuple(_rows(case, pen))))
    acts = tuple(act for act in ON_CARD if _applies(act, case))
    at_once = tuple(_button(act, case, pen, links) for act in acts if not FIELDS[act])
    asking = tuple(_button(act, case, pen, links) for act in acts if FIELDS[act])
    buttons = tuple(
        Choices("", options, style)
        for options, style in ((at_once, ChoiceStyle.OFFER), (asking, ChoiceStyle.FORMS))
        if options
    )
    hint = Paragraph((Text(pen.say("thread_hint" if case.is_open else "thread_closed")),))
    return Reply((*parts, *buttons, hint), pen.lang)


def _applies(act: CaseAct, case: Case) -> bool:
    """Whether a card shows the button to everybody who looks on; who presses it is judged then."""
    if act is CaseAct.TAKE:
        return case.is_open and not case.owner
    return case.state in next(rule.of for rule in RULES if rule.act is act) & (OPEN | CLOSED)


def _button(act: CaseAct, case: Case, pen: CardPen, links: Links) -> Choice:
    return Choice(pen.say(f"act_{act.value}"), links.issue(DoCase(case.number, act.value)))


def _rows(case: Case, pen: CardPen) -> Iterator[tuple[str, Line]]:
    yield pen.say("row_summary"), (Text(case.summary[:SUMMARY] or pen.say("no_summary")),)
    for name, value in (
        ("organisation", case.organisation),
        ("prefecture", case.prefecture),
        ("methodology", case.methodology),
    ):
        if value:
            yield pen.say(f"row_{name}"), (Text(value),)
    yield pen.say("row_owner"), (_owner(case, pen),)
    if case.due:
        yield pen.wording.say("rooms.row_due", pen.lang), (Text(_due(case.due, pen)),)
    if case.outcome:
        yield pen.say("row_outcome"), (Text(pen.say(f"outcome_{case.outcome.value}")),)
    yield pen.say("row_opened"), (Text(moment_text(pen.wording, case.opened_at, pen.lang)),)
    if link := pen.link(case):
        yield pen.wording.say("rooms.row_page", pen.lang), link


def _due(due: tuple[datetime, DateKind], pen: CardPen) -> str:
    """The date itself: a card stands for hours, and what is left would soon be wrong."""
    name = "due_past" if due[0] < pen.now else "due_by"
    when = moment_text(pen.wording, due[0], pen.lang)
    return pen.wording.say(f"rooms.{name}", pen.lang, when=when, why=pen.say(f"date_kind_{due[1].value}"))


def _owner(case: Case, pen: CardPen) -> Text | Strong:
    if case.owner:
        return Strong(display(case.owner, pen.staff))
    names = pen.say("and").join(
        one.display for one in suggested(case.desk, case.prefecture, pen.staff.all())[:3]
    )
    return Text(pen.say("suggested", names=names) if names and case.is_open else pen.say("nobody"))


def line(case: Case, pen: CardPen) -> str:
    """A case in one line of a list."""
    owner = display(case.owner, pen.staff) if case.owner else pen.say("nobody")
    slack = slack_text(case, pen.practice, pen.now, pen.wording, pen.lang)
    shown = (case.number, pen.say(f"kind_{case.kind.value}"), pen.say(f"state_{case.state.value}"), owner)
    about = case.organisation or case.summary[:40]
    return "  ".join(part for part in (*shown, about, slack) if part)
