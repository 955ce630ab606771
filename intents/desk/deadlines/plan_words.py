"""A back-plan in words, wherever it is shown: its heading, a line for each step, and whether there is time for it."""

from collections.abc import Iterator
from dataclasses import dataclass

from intents.appointments import weekday_text
from intents.compose import day_text
from intents.desk.deadlines.back_plan import BackPlan, Stage
from intents.desk.deadlines.explain import explain
from intents.desk.deadlines.records import Almanac
from knowledge.model import Lang
from knowledge.wording import Wording


@dataclass(frozen=True, slots=True)
class StageRow:
    """One step in words; `left` is the number of working days, `why` tells how its day was counted."""

    rule: str
    day: str
    title: str
    kind: str
    left: int
    state: str
    state_text: str
    line: str
    why: str


def heading(plan: BackPlan, wording: Wording, lang: Lang) -> str:
    """Which round it leads to, and its cut-off."""
    places = {"round": plan.round.number, "cutoff": day_text(plan.cutoff, lang, wording)}
    return wording.say("plan.heading", lang, **places)


def rows(plan: BackPlan, wording: Wording, lang: Lang) -> tuple[StageRow, ...]:
    """Its steps, in order."""
    return tuple(_row(one, wording, lang) for one in plan.stages)


def _row(stage: Stage, wording: Wording, lang: Lang) -> StageRow:
    told = explain(stage.dated, wording, lang)
    day = weekday_text(stage.day, lang, wording)
    return StageRow(
        rule=stage.dated.rule.id,
        day=day,
        title=told.title,
        kind=told.kind,
        left=stage.left,
        state=stage.state.value,
        state_text=wording.say(f"plan.state_{stage.state}", lang),
        line=wording.say(f"plan.line_{stage.state}", lang, day=day, title=told.title, left=stage.left),
        why=told.arithmetic,
    )


def remarks(
    plan: BackPlan, target: int | None, almanac: Almanac, wording: Wording, lang: Lang
) -> Iterator[str]:
    """What is to be said about it: for which round it is, whether there is time, and what its days are worth.

    `target` is the round that the project aims at.
    """
    if not plan.aimed:
        key = "plan.proposed" if target is None else "plan.another"
        yield wording.say(key, lang, **({} if target is None else {"target": target}))
    yield _verdict(plan, almanac, wording, lang)
    yield wording.say("plan.own_values", lang)


def _verdict(plan: BackPlan, almanac: Almanac, wording: Wording, lang: Lang) -> str:
    if plan.reachable:
        return wording.say("plan.fits" if plan.ahead else "plan.finished", lang)
    found = almanac.round(plan.instead)
    if found is None or found.cutoff is None:
        instead = wording.say("plan.instead_none", lang)
    else:
        cutoff = day_text(found.cutoff, lang, wording)
        instead = wording.say("plan.instead", lang, round=found.number, cutoff=cutoff)
    return wording.say("plan.over" if plan.over else "plan.tight", lang, instead=instead)
