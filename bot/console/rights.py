"""Who may open what: one table of routes and the least role that each asks for. A route that is not here is not served."""

from dataclasses import dataclass

from intents.desk.staff_books import Role

READER, DESK, EDITOR, ADMIN = Role.READER, Role.DESK, Role.EDITOR, Role.ADMIN
ROOT = "/console"
# Whoever holds a link to sign in is nobody yet.
ANYBODY = None


@dataclass(frozen=True, slots=True)
class Right:
    """One line of the table: a page's name, how it is asked for, below which address, and the least role."""

    name: str
    method: str
    below: str
    role: Role | None

    @property
    def path(self) -> str:
        """The whole address, with its places."""
        return f"{ROOT}{self.below}"


RIGHTS = (
    Right("login.ask", "GET", "/login/{token}", ANYBODY),
    Right("login.use", "POST", "/login/{token}", ANYBODY),
    Right("logout", "POST", "/logout", READER),
    Right("help", "GET", "/help", READER),
    Right("queue", "GET", "", READER),
    Right("queue.news", "GET", "/queue.json", READER),
    Right("case", "GET", "/cases/{number}", READER),
    Right("case.act", "POST", "/cases/{number}/{act}", DESK),
    Right("seminars", "GET", "/seminars", READER),
    Right("seminar.new", "GET", "/seminars/new", DESK),
    Right("seminar.create", "POST", "/seminars/new", DESK),
    Right("seminar", "GET", "/seminars/{number}", DESK),
    Right("seminar.do", "POST", "/seminars/{number}/{act}", DESK),
    Right("slots", "GET", "/slots", DESK),
    Right("slots.publish", "POST", "/slots", DESK),
    Right("slots.withdraw", "POST", "/slots/withdraw", DESK),
    Right("organisations", "GET", "/organisations", READER),
    Right("organisation", "GET", "/organisations/{key:path}", READER),
    Right("exports", "GET", "/exports", DESK),
    Right("exports.make", "POST", "/exports/{table}", DESK),
    Right("gaps", "GET", "/gaps", EDITOR),
    Right("gaps.draft", "GET", "/gaps/new", EDITOR),
    Right("gaps.propose", "POST", "/gaps/new", EDITOR),
    Right("gaps.decide", "POST", "/gaps/{id}/{act}", EDITOR),
    Right("people", "GET", "/people", ADMIN),
    Right("people.add", "POST", "/people", ADMIN),
    Right("people.change", "POST", "/people/{name}", ADMIN),
    Right("people.link", "POST", "/people/{name}/link", ADMIN),
    Right("audit", "GET", "/audit", ADMIN),
    Right("audit.verify", "POST", "/audit/verify", ADMIN),
    # Whatever else is asked for below here: signed-in people learn that there is no such page.
    Right("nothing", "GET", "/{rest:path}", READER),
    Right("nothing.post", "POST", "/{rest:path}", READER),
)


def may(role: Role, name: str) -> bool:
    """Whether somebody of that role may open a page; for links that should lead nowhere else."""
    return any(one.name == name and (one.role is None or role.may(one.role)) for one in RIGHTS)
