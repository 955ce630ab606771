"""The register as lists, on both engines: words in any width, filters, pages by id, and quick for a large register."""

import time
from datetime import date

from sqlalchemy import insert

from intents.desk.projects import duties, register
from intents.desk.projects.records import Certification, NewProject, ProjectState, Role
from storage.books import books
from storage.database import Database
from storage.tables import project
from storage.views_projects import ProjectFilter, methodologies, project_lines, projects_of
from tests.kit import NOON


def _fill(database: Database) -> None:
    with books(database, NOON, "staff:x") as opened:
        for number, title in enumerate(("ＬＥＤ照明の更新", "100%再生エネルギー", "間伐"), 1):
            new = NewProject(
                project_id=f"P-{number}", title=title, organisation="みどり（株）", methodology="EN-S-006"
            )
            register.add(opened, new)
        register.change(
            opened, "P-3", methodology="FO-001", state=ProjectState.ENDED, unverified=frozenset({"cp_end"})
        )
        register.certify(opened, "P-1", Certification(date(2022, 10, 3)))
        duties.assign(opened, "P-1", Role.OWNER, "青井", "aoi@example.jp")
        duties.assign(opened, "P-2", Role.SECOND, "Bell", "bell@example.jp")


def _ids(database: Database, which: ProjectFilter) -> list[str]:
    with database.look() as connection:
        return [one.project_id for one in project_lines(connection, which).lines]


def test_words_and_filters(database: Database) -> None:
    """Every word has to be found somewhere; signs of a pattern are signs."""
    _fill(database)
    found = {
        text: _ids(database, ProjectFilter(text=text))
        for text in (
            "led",
            "ＬＥＤ",
            "株式会社みどり",
            "青井",
            "bell",
            "en-s-006 照明",
            "100%",
            "%",
            "_",
            "p-3",
            "aoi@",
        )
    }
    assert found == {
        "led": ["P-1"],
        "ＬＥＤ": ["P-1"],
        "株式会社みどり": ["P-1", "P-2", "P-3"],
        "青井": ["P-1"],
        "bell": ["P-2"],
        "en-s-006 照明": ["P-1"],
        "100%": ["P-2"],
        "%": ["P-2"],
        "_": [],
        "p-3": ["P-3"],
        "aoi@": [],
    }
    assert _ids(database, ProjectFilter(never_certified=True)) == ["P-2", "P-3"]
    assert _ids(database, ProjectFilter(without_contact=True)) == ["P-2", "P-3"]
    assert _ids(database, ProjectFilter(unverified=True, methodology="FO-001")) == ["P-3"]
    with database.look() as connection:
        assert methodologies(connection) == ("EN-S-006", "FO-001")
        first, _, third = projects_of(connection, "みどり")
    assert (first.owner, first.certified, first.unverified) == ("青井", True, False)
    assert (third.owner, third.state, third.unverified) == ("", ProjectState.ENDED, True)


def test_a_large_register_is_looked_through_quickly(database: Database) -> None:
    """Twenty thousand projects: any page and any search well within a second, on a busy machine too."""
    rows = [
        {
            "project_id": f"P-{number:05}",
            "title": "ボイラーの更新",
            "organisation": "株式会社みどり",
            "organisation_key": "みどり",
            "prefecture": "茨城県",
            "methodology": "EN-S-001",
            "scheme": "normal",
            "is_forest": False,
            "state": "active",
            "unverified": [],
            "version": 1,
            "created_at": NOON,
            "changed_at": NOON,
        }
        for number in range(20_000)
    ]
    with database.begin() as connection:
        connection.execute(insert(project), rows)
    with database.look() as connection:
        began = time.perf_counter()
        page = project_lines(connection, ProjectFilter(), after="P-10000")
        search = project_lines(connection, ProjectFilter(text="茨城 19999 みどり"))
        took = time.perf_counter() - began
    assert (page.total, len(page.lines), page.lines[0].project_id) == (20_000, 50, "P-10001")
    assert (page.before, page.after, search.total) == (True, True, 0)
    assert took < 2
