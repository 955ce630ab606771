"""What a simulated time came to, as `jdesk simulate` shows it: as text for people, or as one JSON object."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from bot.clock import TOKYO
from bot.simulation.evidence import Judged
from bot.simulation.story import Arrival
from bot.simulation.verdict import Verdict
from bot.simulation.year import Lived
from intents.desk.projects.records import Duty, Role
from knowledge.model import Lang
from knowledge.wording import Wording

# Troubles that were made, in the order in which they are shown; examples and people that are shown at most.
TROUBLES = (
    "kills",
    "raced",
    "away",
    "failed",
    "slow",
    "answer_lost",
    "told_to_wait",
    "bounced",
    "gone",
    "found_there",
)
EXAMPLES, BUSIEST = 5, 5
WIDE = 200


@dataclass(frozen=True, slots=True)
class Report:
    """What was lived and how it was judged, who looks after what at the end, in which words."""

    lived: Lived
    verdict: Verdict
    duties: Sequence[Duty]
    wording: Wording
    lang: Lang

    def say(self, name: str, /, **places: object) -> str:
        """A sentence of the simulation."""
        return self.wording.say(f"simulate.{name}", self.lang, **places)

    @property
    def arrivals(self) -> Sequence[Arrival]:
        """What arrived, each once."""
        return [one for one in self.lived.story.arrivals if not one.again]

    def by_month(self) -> Mapping[str, Counter[str]]:
        """How many letters arrived, by kind and month (Tokyo's)."""
        found: dict[str, Counter[str]] = {}
        for one in self.arrivals:
            found.setdefault(_kind(one), Counter())[f"{one.at.astimezone(TOKYO):%Y-%m}"] += 1
        return dict(sorted(found.items()))

    def busiest(self) -> Iterator[tuple[str, int, int]]:
        """Who got most about projects: name, letters, projects."""
        cast, mine = self.lived.cast, Counter(one.contact for one in self.duties if one.role is Role.OWNER)
        got = Counter(
            someone.contact for one in self.arrivals if (someone := cast.at(one.channel, one.to)) is not None
        )
        for contact, letters in got.most_common(BUSIEST):
            yield cast.people[contact].name, letters, mine[contact]


def _kind(one: Arrival) -> str:
    return one.key.partition(":")[0]


# ------------------------------------------------ as text


def write_text(report: Report, *, sent: bool) -> None:
    """Everything for people; `sent` lists each letter as well."""
    plan, people = report.lived.plan, len(report.lived.cast.people)
    places = {"first": plan.first, "last": plan.last, "projects": plan.projects, "seed": plan.seed}
    typer.echo(report.say("title", people=people, **places))
    if sent:
        _letters(report)
    _months(report)
    _people(report)
    _troubles(report)
    _rules(report)
    typer.echo(report.say("good") if report.verdict.holds else report.say("bad", seed=plan.seed))


def _letters(report: Report) -> None:
    for one in report.arrivals:
        typer.echo("  ".join((f"{one.at.astimezone(TOKYO):%Y-%m-%d %H:%M}", *_letter(report, one))))


def _letter(report: Report, one: Arrival) -> tuple[str, ...]:
    return one.channel, _kind(one), report.lived.cast.name(one.channel, one.to), one.subject


def _months(report: Report) -> None:
    counts = report.by_month()
    months = sorted({month for some in counts.values() for month in some})
    if not months:
        typer.echo(report.say("no_letters"))
        return
    table = Table(title=report.say("arrived"), title_justify="left", box=None)
    table.add_column("")
    for head in (*(month[2:] for month in months), report.say("total")):
        table.add_column(head, justify="right")
    for kind, some in counts.items():
        row = [str(some[month] or "") for month in months]
        table.add_row(report.say(f"kind_{kind}"), *row, str(some.total()))
    Console(width=WIDE, highlight=False).print(table)


def _people(report: Report) -> None:
    typer.echo(report.say("busiest"))
    for name, letters, projects in report.busiest():
        typer.echo("  " + report.say("busy", name=name, letters=letters, projects=projects))


def _troubles(report: Report) -> None:
    counted = report.lived.story.counted
    found = {f"what_{name}": counted[name] for name in TROUBLES if counted[name]}
    found["what_stops"] = len(report.lived.story.stops)
    typer.echo(f"{report.say('went_wrong')}: {_listed(report, found)}")


def _listed(report: Report, found: Mapping[str, int]) -> str:
    said = (report.say("counted", what=report.say(name), count=count) for name, count in found.items())
    return report.say("between").join(said)


def _rules(report: Report) -> None:
    typer.echo(report.say("rules"))
    for one in report.verdict.rules:
        _rule(report, one)
    prompt = report.verdict.prompt
    seconds = round(prompt.slowest.total_seconds())
    typer.echo(report.say("prompt_share", share=f"{prompt.share:.2f}", slowest=seconds))


def _rule(report: Report, one: Judged) -> None:
    key = "not_held" if not one.holds else "held" if one.checked else "not_looked_at"
    rule = report.say(f"rule_{one.name}")
    typer.echo("  " + report.say(key, rule=rule, checked=one.checked, broken=len(one.broken)))
    if one.aside:
        reasons = _listed(report, {f"aside_{name}": count for name, count in one.aside.items()})
        typer.echo("      " + report.say("left_out", reasons=reasons))
    for example in one.broken[:EXAMPLES]:
        typer.echo(f"      {example}")


# ------------------------------------------------ as JSON


def write_json(report: Report, *, sent: bool) -> None:
    """One object: the plan, letters by kind and month, what went wrong, each rule; with `sent`, each letter."""
    plan, prompt = report.lived.plan, report.verdict.prompt
    whole: dict[str, Any] = {
        "seed": plan.seed,
        "from": plan.first,
        "to": plan.last,
        "projects": plan.projects,
        "people": len(report.lived.cast.people),
        "arrived": report.by_month(),
        "counted": dict(sorted(report.lived.story.counted.items())),
        "standstills": [asdict(one) for one in report.lived.story.stops],
        "rules": [_rule_row(one) for one in report.verdict.rules],
        "within_five_minutes": round(prompt.share, 3),
        "holds": report.verdict.holds,
    }
    if sent:
        names = ("channel", "kind", "to", "subject")
        whole["sent"] = [
            {"at": one.at} | dict(zip(names, _letter(report, one), strict=True)) for one in report.arrivals
        ]
    typer.echo(json.dumps(whole, ensure_ascii=False, default=str))


def _rule_row(one: Judged) -> dict[str, Any]:
    return {
        "name": one.name,
        "holds": one.holds,
        "checked": one.checked,
        "broken": list(one.broken),
        "aside": dict(one.aside),
    }
