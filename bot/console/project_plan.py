"""The way of a project to its committee round, and what it recorded month by month, as sections of its page."""

from bot.clock import tokyo_day
from bot.console.visit import Visit
from bot.reading_sheet import sheet_of
from intents.desk.deadlines.almanac import almanac_of, hours_of
from intents.desk.deadlines.back_plan import back_plan
from intents.desk.deadlines.plan_words import heading, remarks, rows
from intents.desk.deadlines.records import Almanac
from intents.desk.nudges.stages import said_done
from intents.desk.projects.months import spans
from intents.desk.projects.records import Project
from intents.desk.refused import Refused
from storage.books import StoredBooks


def shown(visit: Visit, opened: StoredBooks, project: Project) -> dict[str, object]:
    """The names of the sections for their template; without a round, or without items, they show nothing."""
    names: dict[str, object] = {"plan": None, "plan_problem": "", "months": None}
    try:
        almanac = almanac_of(opened, hours_of(visit.house.live.current().edition))
        if project.items:
            names |= {"months": _months(visit, opened, project, almanac)}
        if project.target_round is not None:
            names |= {"plan": _plan(visit, opened, project, almanac)}
    except Refused as refused:
        names |= {"plan_problem": visit.refusal(refused, "plan", "deadlines")}
    return names


def _plan(visit: Visit, opened: StoredBooks, project: Project, almanac: Almanac) -> dict[str, object]:
    done = said_done(opened.obligations.of_projects([project.id]), project.target_round)
    plan = back_plan(project, almanac, None, tokyo_day(visit.now), done)
    words = (visit.wording, visit.lang)
    return {
        "heading": heading(plan, *words),
        "rows": rows(plan, *words),
        "remarks": list(remarks(plan, project.target_round, almanac, *words)),
    }


def _months(visit: Visit, opened: StoredBooks, project: Project, almanac: Almanac) -> dict[str, object]:
    sheet = sheet_of(opened, project, almanac, tokyo_day(visit.now))
    return {
        "head": sheet.head(),
        # The newest month is what one looks for.
        "rows": list(reversed(list(sheet.rows(visit.wording, visit.lang)))),
        "missing": spans(sheet.missing),
    }
