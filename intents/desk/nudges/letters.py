"""The letters of nudging: what is due, who took over; each says what, when, how firm, on what ground, and what to do."""

from collections.abc import Sequence
from datetime import date

from intents.compose import day_text
from intents.desk.books import Links
from intents.desk.consultations import Pen
from intents.desk.deadlines.explain import explain
from intents.desk.nudges.benefit import benefit_text
from intents.desk.nudges.items import Item
from intents.desk.nudges.monthly import ENTER, asked_text, entry
from intents.desk.nudges.records import Answer, Succession
from intents.desk.nudges.setting import Setting
from intents.desk.projects.records import Contact, ProjectHead, Role
from intents.messages import Bullets, Choice, Choices, ChoiceStyle, Heading, Part, Reply, RunCommand, Text
from knowledge.model import Lang

ANSWER, SNOOZE, CHANGE = "nudge.answer", "reminder.snooze", "project.contact_change"
PROJECTS, SETTLE = "my.projects", "succession.settle"
# The question whether the people are still the same is answered in words of its own.
SAME_PEOPLE = "DL-16"
# A channel takes so many buttons; what is beyond them stands in the list of one's projects.
SHOWN = 7


def digest(setting: Setting, pen: Pen, links: Links, to: Contact, items: Sequence[Item]) -> Reply:
    """Everything that is due for one person today, dates of the scheme first, then by day."""
    lang = Lang(to.lang)
    ordered = sorted(items, key=_order)
    parts = [*_head(pen, to, ordered)]
    for item in ordered[:SHOWN]:
        parts += _item(setting, pen, item, lang)
        parts.append(_buttons(pen, links, item, to))
    if len(ordered) > SHOWN:
        parts += [Heading(_say(pen, lang, "more_items", count=len(ordered) - SHOWN))]
        parts += [part for item in ordered[SHOWN:] for part in _short(pen, item, lang)]
    parts += pen.notices.parts("nudge_foot", lang)
    see = Choice(
        _say(pen, lang, "see_projects"), links.issue(RunCommand(PROJECTS, given={"contact": str(to.id)}))
    )
    return Reply((*parts, Choices("", (see,), ChoiceStyle.OFFER)), lang)


def _order(item: Item) -> tuple[bool, str, str]:
    return not item.hard, item.dated.due_on.isoformat() if item.dated.due_on else "9", item.project.project_id


def _head(pen: Pen, to: Contact, items: Sequence[Item]) -> tuple[Part, ...]:
    lang = Lang(to.lang)
    hard = any(item.hard for item in items)
    asked = next((item for item in items if item.role is Role.SECOND), None)
    words = _say(pen, lang, "count_one" if len(items) == 1 else "count_many", count=len(items))
    return pen.notices.parts(
        "nudge",
        lang,
        name=to.name,
        count=len(items),
        count_words=words,
        first=items[0].dated.rule.title[lang],
        mark=_say(pen, lang, "mark_hard") if hard else "",
        exempt=_say(pen, lang, "exempt") if hard else "",
        second=_say(pen, lang, "second") if asked else "",
    )


def _item(setting: Setting, pen: Pen, item: Item, lang: Lang) -> tuple[Part, ...]:
    told = explain(item.dated, pen.wording, lang, setting.edition.sources)
    other = Lang.EN if lang is Lang.JA else Lang.JA
    return pen.notices.parts(
        "nudge_item",
        lang,
        title=f"{item.dated.rule.title[lang]} / {item.dated.rule.title[other]}",
        project=f"{item.project.project_id} {item.project.title}",
        what=" ".join(filter(None, (_what(item, lang), asked_text(pen, item.dated, item.project, lang)))),
        due=" ".join(filter(None, (told.due, told.estimated))),
        kind=told.kind,
        news=_news(pen, item, lang),
        benefit=benefit_text(setting, pen, item, lang),
        next=told.next,
        consequence=told.consequence,
        sources=_say(pen, lang, "and").join((*told.sources, told.as_of)),
        caution=told.caution,
    )


def _short(pen: Pen, item: Item, lang: Lang) -> tuple[Part, ...]:
    """An item for which there is no room: its name, its day and its project."""
    day = day_text(item.dated.due_on, lang, pen.wording) if item.dated.due_on else ""
    title = f"{item.project.project_id} {item.dated.rule.title[lang]}"
    return (Bullets(((Text(" ".join(filter(None, (title, day)))),),)),)


def _what(item: Item, lang: Lang) -> str:
    """What the newest notice asks for."""
    steps = {step.name: step.rule.what[lang] for step in item.dated.steps}
    names = (item.step, *(name for name, _ in item.passed[::-1]), item.obligation.step)
    return next((steps[name] for name in names if name in steps), "")


def _news(pen: Pen, item: Item, lang: Lang) -> str:
    if item.moved_from:
        return _say(
            pen, lang, "news_moved", was=day_text(date.fromisoformat(item.moved_from), lang, pen.wording)
        )
    window = item.window
    if window and window.used is not None and window.used_as_of and not window.closed_at:
        as_of = day_text(window.used_as_of, lang, pen.wording)
        return _say(pen, lang, "news_used", as_of=as_of, used=window.used, left=100 - window.used)
    return ""


def _buttons(pen: Pen, links: Links, item: Item, to: Contact) -> Choices:
    """What can be answered to one item; a record of a month is given, and not only said to be done."""
    lang, one = Lang(to.lang), {"obligation": str(item.obligation.id), "contact": str(to.id)}
    same = item.dated.rule.id == SAME_PEOPLE

    def button(name: str, command: str, **given: str) -> Choice:
        return Choice(_say(pen, lang, f"button_{name}"), links.issue(RunCommand(command, given=given)))

    def answer(name: str, said: Answer) -> Choice:
        return button(name, ANSWER, **one, answer=said.value)

    def wanted() -> tuple[Choice, ...]:
        if found := entry(item.dated, item.project):
            enter = RunCommand(ENTER, given={**found[1], "contact": one["contact"]})
            return (Choice(pen.wording.say(found[0], lang), links.issue(enter)),)
        done = answer("same" if same else "done", Answer.DONE)
        return (done,) if same else (answer("working", Answer.WORKING), done)

    options = (
        *wanted(),
        *(() if same else (button("snooze", SNOOZE, obligation=one["obligation"]),)),
        button("moved", CHANGE, place=str(item.project.id), contact=str(to.id)),
        answer("consult", Answer.CONSULT),
        answer("stop", Answer.STOP),
    )
    day = day_text(item.dated.due_on, lang, pen.wording) if item.dated.due_on else item.project.project_id
    prompt = _say(pen, lang, "about", title=item.dated.rule.title[lang], day=day)
    return Choices(prompt, options, ChoiceStyle.OFFER)


# ------------------------------------------------ succession


def asked_who(
    pen: Pen, links: Links, project: ProjectHead, leaving: Contact, second: Contact, one: Succession
) -> Reply:
    """To the second contact: who has taken over?"""
    lang = Lang(second.lang)
    parts = pen.notices.parts(
        "succession_asked",
        lang,
        name=second.name,
        title=project.title,
        project=project.project_id,
        leaving=leaving.name,
        why=_say(pen, lang, f"why_{one.why}"),
    )

    def settle(name: str, answer: str) -> Choice:
        given = {
            "succession": str(one.id),
            "project": str(project.id),
            "contact": str(second.id),
            "answer": answer,
        }
        return Choice(_say(pen, lang, name), links.issue(RunCommand(SETTLE, given=given)))

    other = RunCommand(CHANGE, given={"place": str(project.id), "contact": str(leaving.id)})
    options = (
        settle("took_over", "took_over"),
        Choice(_say(pen, lang, "someone_else"), links.issue(other)),
        settle("nobody_changed", "stays"),
    )
    return Reply((*parts, Choices(_say(pen, lang, "who_prompt"), options, ChoiceStyle.OFFER)), lang)


def taken_over(
    pen: Pen, links: Links, project: ProjectHead, leaving: Contact, successor: Contact, next_: str
) -> Reply:
    """To the new person in charge: welcome, and what comes next."""
    lang = Lang(successor.lang)
    parts = pen.notices.parts(
        "succession_taken_over",
        lang,
        name=successor.name,
        title=project.title,
        project=project.project_id,
        leaving=leaving.name,
        methodology=project.methodology,
        next=next_,
    )
    given = {"project": str(project.id), "contact": str(successor.id)}
    see = RunCommand(PROJECTS, given=given)
    not_mine = RunCommand(SETTLE, given=given | {"succession": "0", "answer": "not_mine"})
    options = (
        Choice(_say(pen, lang, "see_projects"), links.issue(see)),
        Choice(_say(pen, lang, "not_mine"), links.issue(not_mine)),
    )
    return Reply((*parts, Choices("", options, ChoiceStyle.OFFER)), lang)


def handed_over(pen: Pen, project: ProjectHead, leaving: Contact, successor: Contact) -> Reply:
    """To the one who was in charge: it is recorded."""
    lang = Lang(leaving.lang)
    names = {"name": leaving.name, "title": project.title, "project": project.project_id}
    parts = pen.notices.parts("succession_handed_over", lang, **names, successor=successor.name)
    return Reply(parts, lang)


def _say(pen: Pen, lang: Lang, name: str, /, **places: object) -> str:
    return pen.wording.say(f"nudges.{name}", lang, **places)
