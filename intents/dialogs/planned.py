"""The way to a committee round as a conversation shows it: a heading, a line for each step, and whether there is time."""

from collections.abc import Iterator

from intents.desk.deadlines.back_plan import BackPlan, back_plan
from intents.desk.deadlines.plan_words import heading, remarks, rows
from intents.desk.deadlines.records import Almanac
from intents.desk.nudges.setting import setting_of
from intents.desk.nudges.stages import said_done
from intents.desk.projects.records import Project
from intents.desk.refused import Refused
from intents.dialog import Scene
from intents.messages import Bullets, Heading, Paragraph, Part, Text


def almanac_here(scene: Scene) -> Almanac:
    """What dates are counted from in this turn."""
    return scene.once("almanac", lambda: setting_of(scene.room.edition).almanac(scene.work))


def plan_of(scene: Scene, project: Project) -> BackPlan | None:
    """The plan for the round that a project aims at; None without one, or when nothing of it is ahead."""
    if project.target_round is None:
        return None
    done = said_done(scene.work.obligations.of_projects([project.id]), project.target_round)
    try:
        plan = back_plan(project, almanac_here(scene), None, scene.today, done)
    except Refused:
        return None
    return plan if plan.ahead else None


def plan_parts(scene: Scene, project: Project) -> Iterator[Part]:
    """The same in words; nothing where there is none."""
    plan = plan_of(scene, project)
    if plan:
        wording, lang = scene.room.wording, scene.lang
        yield Heading(heading(plan, wording, lang))
        yield Bullets(tuple((Text(row.line),) for row in rows(plan, wording, lang)))
        told = remarks(plan, project.target_round, almanac_here(scene), wording, lang)
        yield Paragraph((Text(" ".join(told)),))
