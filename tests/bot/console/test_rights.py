"""Who may open what: every route of the running app with every role, compared with the checked-in matrix."""

import csv
from pathlib import Path

import pytest
from sqlalchemy import func, select
from starlette.applications import Starlette
from starlette.routing import Route

from bot.console.rights import RIGHTS
from bot.wiring import House
from storage import audit
from storage.tables import audit as audit_table
from storage.tables import case, case_note
from tests.bot.console.conftest import Browser
from tests.bot.console.matrix_samples import ROLES, sample, word_of
from tests.bot.console.office import STAFF, new_case, new_project, new_seminar

MATRIX = Path(__file__).parent / "matrix.csv"
HEAD = ["page", "method", "path", *ROLES]


def _matrix() -> list[dict[str, str]]:
    with MATRIX.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_route_has_its_line(app: Starlette) -> None:
    """A route that nobody has thought about is not served without anybody noticing."""
    served = {
        (route.name, method, route.path)
        for route in app.routes
        if isinstance(route, Route) and route.path.startswith("/console")
        for method in route.methods or ()
        if method != "HEAD"
    }
    assert served == {(line["page"], line["method"], line["path"]) for line in _matrix()}


def test_each_role_gets_what_the_matrix_says(house: House, signed_in: Browser) -> None:
    """Allowed, asked to sign in, refused or not found: as it is written down."""
    new_case(house)
    new_seminar(house)
    new_project(house)
    found = {right: {"page": right.name, "method": right.method, "path": right.path} for right in RIGHTS}
    for role in ROLES:
        browser = signed_in(STAFF.get(role, ""))
        word = word_of(browser)
        # Signing out ends what follows, so it comes last.
        for right in sorted(RIGHTS, key=lambda one: one.name == "logout"):
            found[right][role] = str(sample(right).status(browser, word))
    assert list(found.values()) == _matrix()


def _figures(house: House) -> tuple[int, ...]:
    with house.database.look() as connection:
        return tuple(
            connection.scalar(select(func.count()).select_from(one)) or 0 for one in (case_note, case)
        )


@pytest.mark.parametrize("role", ["none", "reader"])
def test_whoever_is_refused_changes_nothing(house: House, signed_in: Browser, role: str) -> None:
    """The page says so, the audit keeps who tried what, and the case is as it was."""
    number = new_case(house).number
    browser = signed_in(STAFF.get(role, ""))
    before = _figures(house)
    answer = browser.post(f"/console/cases/{number}/note", data={"csrf": word_of(browser), "text": "x"})
    assert answer.status_code == (401 if role == "none" else 403)
    assert _figures(house) == before
    line = audit.lines(house.database, "console")[-1]
    assert (line.action, line.reason.split()[:3]) == (
        "refused",
        ["POST", "/console/cases/{number}/{act}", role],
    )
    assert line.trace.startswith("T-")


def test_strangers_cannot_fill_the_record(house: House, signed_in: Browser) -> None:
    """Knocking at one door a hundred times is one line; the log has them all."""
    stranger = signed_in("")
    for _ in range(100):
        assert stranger.get("/console").status_code == 401
    with house.database.look() as connection:
        mine = select(func.count()).where(audit_table.c.subject == "console")
        assert connection.scalar(mine) == 1


PATHS = (
    "/console/cases/K-99999",
    "/console/cases/1",
    "/console/cases/K-1",
    "/console/cases/K-000001",
    "/console/cases/x",
    "/console/seminars/S-9999",
    "/console/seminars/1",
    "/console/organisations/nobody",
    "/console/projects/P-2",
    "/console/projects/p-1",
)


def test_guessed_numbers_lead_nowhere(house: House, signed_in: Browser) -> None:
    """Neither another number nor another way of writing one gives anything but the page that says so."""
    new_case(house)
    new_project(house)
    admin = signed_in(STAFF["admin"])
    assert {path: admin.get(path).status_code for path in PATHS} == dict.fromkeys(PATHS, 404)
