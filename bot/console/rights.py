"""Who may open what: one table of routes and the least role that each asks for. A route that is not here is not served."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from intents.desk.staff_books import Role

READER, DESK, EDITOR, ADMIN = Role.READER, Role.DESK, Role.EDITOR, Role.ADMIN
ROOT = "/console"
# Whoever holds a link to sign in is nobody yet.
ANYBODY = None


@dataclass(frozen=True, slots=True)
class Right:
    """One line of the table: a page's name, how it is asked for, below which address, and the least role.

    A form shows what is wrong on the page that it stands on, which is asked for at `stands_at`, by itself the same address.
    """

    name: str
    method: str
    below: str
    role: Role | None
    stands_at: str = ""

    @property
    def path(self) -> str:
        """The whole address, with its places."""
        return f"{ROOT}{self.below}"

    def page(self, places: Mapping[str, object]) -> str:
        """The address of the page to look at, with its places filled in."""
        found = self.stands_at or self.below
        for name, value in places.items():
            for place in (f"{{{name}}}", f"{{{name}:path}}"):
                found = found.replace(place, quote(str(value), safe=""))
        return f"{ROOT}{found.rstrip('/')}"


RIGHTS = (
    Right("login.ask", "GET", "/login/{token}", ANYBODY),
    Right("login.use", "POST", "/login/{token}", ANYBODY),
    Right("logout", "POST", "/logout", READER, "/"),
    Right("help", "GET", "/help", READER),
    Right("queue", "GET", "", READER),
    Right("queue.slash", "GET", "/", READER),
    Right("queue.news", "GET", "/queue.json", READER),
    Right("case", "GET", "/cases/{number}", READER),
    Right("case.act", "POST", "/cases/{number}/{act}", DESK, "/cases/{number}"),
    Right("projects", "GET", "/projects", READER),
    Right("project.new", "GET", "/projects/new", DESK),
    Right("project.create", "POST", "/projects/new", DESK),
    Right("project.import", "GET", "/projects/import", DESK),
    Right("project.take", "POST", "/projects/import", DESK),
    Right("project.template", "GET", "/projects/template/{kind}", DESK),
    Right("project.export", "POST", "/projects/export", DESK, "/projects"),
    Right("project", "GET", "/projects/{id}", READER),
    Right("project.do", "POST", "/projects/{id}/{act}", DESK, "/projects/{id}"),
    Right("project.nudge", "POST", "/projects/{id}/nudges/{act}", DESK, "/projects/{id}"),
    Right("outreach", "GET", "/outreach", READER),
    Right("outreach.call", "POST", "/outreach/{week}", DESK, "/outreach"),
    Right("calendar", "GET", "/calendar", READER),
    Right("calendar.do", "POST", "/calendar/{act}", DESK, "/calendar"),
    Right("calendar.rule", "POST", "/calendar/rules/{rule}", EDITOR, "/calendar"),
    Right("seminars", "GET", "/seminars", READER),
    Right("seminar.new", "GET", "/seminars/new", DESK),
    Right("seminar.create", "POST", "/seminars/new", DESK),
    Right("seminar", "GET", "/seminars/{number}", DESK),
    Right("seminar.do", "POST", "/seminars/{number}/{act}", DESK, "/seminars/{number}"),
    Right("slots", "GET", "/slots", DESK),
    Right("slots.publish", "POST", "/slots", DESK),
    Right("slots.withdraw", "POST", "/slots/withdraw", DESK, "/slots"),
    Right("organisations", "GET", "/organisations", READER),
    Right("organisation", "GET", "/organisations/{key:path}", READER),
    Right("exports", "GET", "/exports", DESK),
    Right("exports.make", "POST", "/exports/{table}", DESK, "/exports"),
    Right("gaps", "GET", "/gaps", EDITOR),
    Right("gaps.draft", "GET", "/gaps/new", EDITOR),
    Right("gaps.propose", "POST", "/gaps/new", EDITOR, "/gaps"),
    Right("gaps.decide", "POST", "/gaps/{id}/{act}", EDITOR, "/gaps"),
    Right("people", "GET", "/people", ADMIN),
    Right("people.add", "POST", "/people", ADMIN),
    Right("people.change", "POST", "/people/{name}", ADMIN, "/people"),
    Right("people.link", "POST", "/people/{name}/link", ADMIN, "/people"),
    Right("audit", "GET", "/audit", ADMIN),
    Right("audit.verify", "POST", "/audit/verify", ADMIN, "/audit"),
    # Whatever else is asked for below here: signed-in people learn that there is no such page.
    Right("nothing", "GET", "/{rest:path}", READER),
    Right("nothing.post", "POST", "/{rest:path}", READER),
)


def may(role: Role, name: str) -> bool:
    """Whether somebody of that role may open a page; for links that should lead nowhere else."""
    return any(one.name == name and (one.role is None or role.may(one.role)) for one in RIGHTS)
