"""Obligations follow from dates: planned once, kept while they stand, replaced when they move."""

from datetime import date, timedelta

import pytest

from intents.desk.nudges.planning import plan
from intents.desk.nudges.records import ObligationState
from intents.desk.nudges.setting import planned_by
from intents.desk.projects.records import Certification, Project, ProjectState
from storage.books import StoredBooks
from storage.database import Database
from tests.intents.desk.nudges.nudge_world import (
    SETTING,
    at,
    days,
    do,
    enter,
    letters,
    look,
    obligations,
    put_round,
    text_of,
    tick,
)

NOW = at(2026, 6, 1, 8)


def _stale(database: Database) -> tuple[int, ...]:
    def unplanned(opened: StoredBooks) -> tuple[int, ...]:
        name = planned_by(SETTING, SETTING.almanac(opened), NOW.date())
        return opened.obligations.unplanned(name, NOW.date(), 100)

    return look(database, NOW, unplanned)


def test_a_project_is_planned_once(database: Database) -> None:
    """Planning it again without a change writes nothing."""
    project = enter(database, NOW, registration_date=date(2026, 1, 20), cp_start=date(2026, 1, 20))
    assert _stale(database) == (project.id,)
    tick(database, NOW)
    before = look(database, NOW, lambda opened: opened.obligations.of_projects([project.id]))
    assert {one.rule for one in before} >= {"DL-03", "DL-06", "DL-11"}
    assert _stale(database) == ()
    do(database, NOW, lambda opened: plan(SETTING, [project.id], opened))
    assert look(database, NOW, lambda opened: opened.obligations.of_projects([project.id])) == before


@pytest.mark.parametrize("name", ["", "~"])
def test_another_almanac_plans_everything(database: Database, name: str) -> None:
    """Whether its name comes before or after that of the one by which a project was planned."""
    project = enter(database, NOW, registration_date=date(2026, 1, 20), cp_start=date(2026, 1, 20))
    tick(database, NOW)
    found = look(database, NOW, lambda opened: opened.obligations.unplanned(name, NOW.date(), 100))
    assert found == (project.id,)


def test_planning_comes_again_on_its_day(database: Database) -> None:
    """By the same almanac and without a change, from the day on that was set for it."""
    project = enter(database, NOW, registration_date=date(2026, 1, 20), cp_start=date(2026, 1, 20))
    tick(database, NOW)

    def on(day: date) -> tuple[int, ...]:
        def unplanned(opened: StoredBooks) -> tuple[int, ...]:
            name = planned_by(SETTING, SETTING.almanac(opened), NOW.date())
            return opened.obligations.unplanned(name, day, 100)

        return look(database, NOW, unplanned)

    again = date(2026, 7, project.id % 28 + 1)
    assert (on(again - timedelta(days=1)), on(again)) == ((), (project.id,))


def test_what_changes_is_planned_anew(database: Database) -> None:
    """A change of the project, of a round, or of a setting makes it stale."""
    project = enter(database, NOW, implementation_date=date(2025, 6, 1))
    tick(database, NOW)

    def later(opened: StoredBooks) -> None:
        held = opened.projects.lock(project.id)
        assert held
        opened.projects.save(_with(held, registration_application_date=date(2026, 6, 1)))

    do(database, NOW, later)
    assert _stale(database) == (project.id,)
    tick(database, NOW)
    assert obligations(database, project)["DL-01"].state is ObligationState.DONE
    put_round(database, NOW, 60, date(2027, 1, 29))
    assert _stale(database) == (project.id,)
    tick(database, NOW)
    do(database, NOW, lambda opened: opened.calendars.put_setting("DL-14", "enabled", "yes"))
    assert _stale(database) == (project.id,)


def _with(project: Project, **fields: object) -> Project:
    values = {name: getattr(project, name) for name in project.__dataclass_fields__}
    return Project(**(values | fields))


def test_done_by_the_data_is_undone_by_the_data(database: Database) -> None:
    """A certification stops the calls to those without one; taken back, they go on."""
    project = enter(database, NOW, registration_date=date(2025, 12, 1))
    tick(database, NOW)
    calls = [one for one in _all(database, project) if one.rule == "DL-11"]
    assert [one.due_on for one in calls] == [
        date(2026, 12, 1),
        date(2027, 6, 1),
        date(2027, 12, 1),
        date(2028, 6, 1),
    ]
    do(
        database,
        NOW,
        lambda opened: opened.projects.put_certifications(project.id, [Certification(date(2026, 5, 20), 59)]),
    )
    tick(database, NOW)
    assert {one.state for one in _all(database, project) if one.rule == "DL-11"} == {ObligationState.DONE}


def _all(database: Database, project: Project):  # type: ignore[no-untyped-def]
    return look(database, NOW, lambda opened: opened.obligations.of_projects([project.id]))


def test_a_paused_project_has_none(database: Database) -> None:
    """Everything open is superseded, and comes back with the project."""
    project = enter(database, NOW, registration_date=date(2026, 1, 20), cp_start=date(2026, 1, 20))
    tick(database, NOW)

    def put(state: ProjectState) -> None:
        def work(opened: StoredBooks) -> None:
            held = opened.projects.lock(project.id)
            assert held
            opened.projects.save(_with(held, state=state))

        do(database, NOW, work)
        tick(database, NOW)

    put(ProjectState.PAUSED)
    assert {one.state for one in _all(database, project)} == {ObligationState.SUPERSEDED}
    put(ProjectState.ACTIVE)
    assert {one.state for one in _all(database, project)} == {ObligationState.OPEN}
    assert obligations(database, project)["DL-06"].next_on == date(2027, 1, 29)


def test_old_notices_are_not_made_up_for(database: Database) -> None:
    """Whoever is entered late is told what comes, not what would have come; but a date of the scheme is told."""
    project = enter(database, NOW, implementation_date=date(2024, 6, 5), second="")
    tick(database, NOW)
    assert obligations(database, project)["DL-01"].step == ""
    tick(database, at(2026, 6, 1))
    told = letters(database)
    assert len(told) == 1
    assert "2026年6月5日" in text_of(told[0])


def test_a_date_that_moves_is_told_to_those_who_knew_the_old_one(database: Database) -> None:
    """Only to them; the notices of the new date follow."""
    put_round(database, NOW, 60, date(2026, 9, 1))
    told = enter(database, NOW, "P-001", target_round=60, second="")
    untold = enter(database, NOW, "P-002", owner="other@factory.example", second="")
    days(database, NOW, at(2026, 6, 5))
    assert obligations(database, told)["DL-08"].step == "d90"
    before = len(letters(database))
    put_round(database, at(2026, 6, 8), 60, date(2026, 9, 15))
    days(database, at(2026, 6, 8), at(2026, 6, 9))
    new = letters(database)[before:]
    assert len(new) == 1
    assert "2026年9月1日 から変わりました" in text_of(new[0])
    assert "DL-08" not in obligations(database, untold) or not obligations(database, untold)["DL-08"].step
    moved = [one for one in _all(database, told) if one.rule == "DL-08"]
    assert {(one.due_on, one.state) for one in moved} == {
        (date(2026, 9, 1), ObligationState.SUPERSEDED),
        (date(2026, 9, 15), ObligationState.OPEN),
    }
    assert next(one for one in moved if one.due_on == date(2026, 9, 15)).next_on == date(2026, 6, 17)
