"""The routes of the console: each line of the table of rights with the page behind it."""

from collections.abc import Mapping
from pathlib import Path

from starlette.middleware import Middleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from bot.channels.web.headers import Static
from bot.console import (
    audit,
    calendars,
    cases,
    exports,
    gaps,
    organisations,
    outreach,
    people,
    project_import,
    project_nudges,
    project_page,
    projects,
    queue,
    seminars,
    sign_in,
    slots,
)
from bot.console.guard import KNOCKS, Guard, Handler
from bot.console.rights import RIGHTS
from bot.console.sparing import Sparing
from bot.console.turned import nowhere
from bot.console.visit import Visit
from bot.wiring import House
from knowledge.render import Pages

FOLDER = Path(__file__).parent


def routes(house: House) -> list[BaseRoute]:
    """What the server mounts."""
    guard = Guard(house, Pages(FOLDER / "templates"), Sparing(KNOCKS))
    last = [Middleware(ServerErrorMiddleware, handler=guard.broken)]
    pages = [
        Route(
            right.path,
            guard.endpoint(right, HANDLERS[right.name]),
            methods=[right.method],
            name=right.name,
            middleware=last,
        )
        for right in RIGHTS
    ]
    return [*pages, Mount("/static/console", Static(FOLDER / "static"))]


def show_help(visit: Visit) -> Response:
    """What the keys do."""
    return visit.page("help.html.j2", {})


def nothing(_: Visit) -> Response:
    """There is no such page."""
    raise nowhere()


HANDLERS: Mapping[str, Handler] = {
    "login.ask": sign_in.ask,
    "login.use": sign_in.use,
    "logout": sign_in.out,
    "help": show_help,
    "queue": queue.show,
    "queue.slash": queue.show,
    "queue.news": queue.news,
    "case": cases.show,
    "case.act": cases.act,
    "projects": projects.show,
    "project.new": projects.new,
    "project.create": projects.create,
    "project.import": project_import.ask,
    "project.take": project_import.send,
    "project.template": projects.template,
    "project.export": projects.export,
    "project": project_page.show_one,
    "project.do": project_page.do,
    "project.nudge": project_nudges.do,
    "outreach": outreach.show,
    "outreach.call": outreach.call,
    "calendar": calendars.show,
    "calendar.do": calendars.do,
    "calendar.rule": calendars.rule,
    "seminars": seminars.show,
    "seminar.new": seminars.new,
    "seminar.create": seminars.create,
    "seminar": seminars.show_one,
    "seminar.do": seminars.do,
    "slots": slots.show,
    "slots.publish": slots.publish,
    "slots.withdraw": slots.withdraw,
    "organisations": organisations.show,
    "organisation": organisations.show_one,
    "exports": exports.show,
    "exports.make": exports.make,
    "gaps": gaps.show,
    "gaps.draft": gaps.draft,
    "gaps.propose": gaps.propose,
    "gaps.decide": gaps.decide,
    "people": people.show,
    "people.add": people.add,
    "people.change": people.change,
    "people.link": people.issue_link,
    "audit": audit.show,
    "audit.verify": audit.check,
    "nothing": nothing,
    "nothing.post": nothing,
}
