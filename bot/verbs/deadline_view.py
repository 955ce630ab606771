"""Dates as `jdesk deadlines` shows them: as one JSON array, or as text for people."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import typer

from bot.verbs.office_desk import say
from intents.desk.deadlines.contradictions import contradictions
from intents.desk.deadlines.engine import OFFICE, deadlines, office_deadlines
from intents.desk.deadlines.explain import Explanation, contradiction_text, explain, version_of
from intents.desk.deadlines.records import Almanac, Deadline, Step
from intents.desk.projects.records import Project, ProjectState
from knowledge.model import Lang, Source
from knowledge.wording import load_wording

SUBJECT = "deadlines"


@dataclass(frozen=True, slots=True)
class View:
    """What dates are looked at with: the day, which of them, in which language."""

    almanac: Almanac
    on: date
    rule: str
    whole: bool
    lang: Lang
    sources: Mapping[str, Source]

    def of(self, project: Project) -> list[Deadline]:
        """The dates of a project to show."""
        return self._shown(deadlines(project, self.almanac, self.on, off=self.whole))

    def office(self) -> list[Deadline]:
        """The office's own dates to show."""
        return self._shown(office_deadlines(self.almanac, self.on, off=self.whole))

    def _shown(self, found: Iterable[Deadline]) -> list[Deadline]:
        chosen = (one for one in found if self.rule in ("", one.rule.id) and (self.whole or not one.missing))
        # Nothing is sent about what is switched off.
        return [one if self.almanac.is_on(one.rule.id) else one._replace(steps=()) for one in chosen]

    def explain(self, one: Deadline) -> Explanation:
        """A date in words."""
        return explain(one, load_wording(), self.lang, self.sources)


# ------------------------------------------------ as JSON


def write_json(view: View, projects: Iterable[Project], own: Iterable[Deadline]) -> None:
    """One array, written as it comes: a register may be large."""
    between = "["
    for project_id, one in _named(view, projects, own):
        typer.echo(f"{between}{json.dumps(_row(view, project_id, one), ensure_ascii=False)}", nl=False)
        between = ",\n"
    typer.echo("]" if between != "[" else "[]")


def _named(
    view: View, projects: Iterable[Project], own: Iterable[Deadline]
) -> Iterator[tuple[str, Deadline]]:
    for project in projects:
        yield from ((project.project_id, one) for one in view.of(project))
    yield from ((OFFICE, one) for one in own)


def _row(view: View, project_id: str, one: Deadline) -> dict[str, object]:
    told, version = view.explain(one), version_of(one)
    shifts = told.shifts
    stop = one.stopped
    return {
        "project": project_id,
        "rule": one.rule.id,
        "title": told.title,
        "about": one.about,
        "kind": one.kind,
        "due_on": one.due_on.isoformat() if one.due_on else None,
        "estimated": one.estimated,
        "steps": [_step(step, shifts, view.lang) for step in one.steps],
        "source": list(version.sources),
        "as_of": version.as_of.isoformat(),
        "why": told.arithmetic,
        "inputs": dict(one.inputs),
        "state": _state(view, one),
        "stopped": {"why": told.stopped, "on": stop.on.isoformat() if stop.on else None} if stop else None,
        "missing": list(one.missing),
        "warnings": list(told.warnings),
    }


def _step(step: Step, shifts: Mapping[str, str], lang: Lang) -> dict[str, str]:
    row = {"on": step.on.isoformat(), "what": step.rule.what[lang]}
    if step.name in shifts:
        row |= {"planned": step.planned.isoformat(), "why": shifts[step.name]}
    return row


def _state(view: View, one: Deadline) -> str:
    if not view.almanac.is_on(one.rule.id):
        return "off"
    if one.missing:
        return "not computable"
    return "stopped" if one.stopped else "open"


# ------------------------------------------------ as text


def write_text(view: View, projects: Iterable[Project], own: Iterable[Deadline]) -> None:
    """Each project with its dates, then the office's; or that there are none to show."""
    shown = False
    for head, lines in _sections(view, projects, own):
        if lines:
            shown = True
            typer.echo("\n".join((head, *lines, "")))
    if not shown:
        typer.echo(say(SUBJECT, "nothing", view.lang))


def _sections(
    view: View, projects: Iterable[Project], own: Iterable[Deadline]
) -> Iterator[tuple[str, list[str]]]:
    for one in projects:
        head = say(SUBJECT, "project_head", view.lang, id=one.project_id, title=one.title)
        yield head, [*_remarks(view, one), *_lines(view, view.of(one))]
    yield say(SUBJECT, "office_head", view.lang), [*_lines(view, own)]


def _remarks(view: View, project: Project) -> Iterator[str]:
    """What is to be said about a project besides its dates."""
    if project.state is not ProjectState.ACTIVE:
        yield f"  {say(SUBJECT, 'inactive', view.lang)}"
    for found in contradictions(project):
        text = contradiction_text(found, load_wording(), view.lang)
        yield f"  {say(SUBJECT, 'line_warning', view.lang, text=text)}"


def _lines(view: View, found: Iterable[Deadline]) -> Iterator[str]:
    for one in found:
        told = view.explain(one)
        due = f"{told.due} {told.estimated}".strip()
        words = {"rule": one.rule.id, "title": told.title, "due": due, "kind": told.kind}
        yield f"  {say(SUBJECT, 'date_head', view.lang, **words)}"
        yield from (f"      {line}" for line in _details(view, one, told))


def _details(view: View, one: Deadline, told: Explanation) -> Iterator[str]:
    off = "" if view.almanac.is_on(one.rule.id) else say(SUBJECT, "is_off", view.lang)
    inputs = " / ".join(f"{name} {value}" for name, value in told.inputs)
    texts = [
        ("about", told.about),
        ("input", inputs),
        ("why", told.arithmetic),
        ("state", off or told.stopped),
    ]
    for name, text in texts:
        yield from (say(SUBJECT, f"line_{name}", view.lang, text=text),) if text else ()
    shifts = told.shifts
    for step in one.steps:
        text = " ".join(filter(None, (step.rule.what[view.lang], shifts.get(step.name, ""))))
        yield say(SUBJECT, "line_notice", view.lang, day=step.on.isoformat(), text=text)
    after = [("warning", text) for text in (*told.warnings, told.caution)]
    after += [("basis", told.basis), ("next", told.next), ("consequence", told.consequence)]
    after += [("source", text) for text in told.sources]
    for name, text in after:
        yield from (say(SUBJECT, f"line_{name}", view.lang, text=text),) if text else ()
    yield f"({told.as_of})"
