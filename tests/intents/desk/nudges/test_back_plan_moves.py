"""The way to a round replans itself when a date moves, and tells only those whom that concerns, in one letter."""

from datetime import date

import pytest

from intents.desk.nudges import answers
from intents.desk.nudges.planning import plan
from intents.desk.nudges.records import Obligation, ObligationState
from intents.desk.nudges.stages import said_done
from intents.desk.projects.records import Project
from intents.desk.projects.register import choose_round
from storage.books import StoredBooks
from storage.database import Database
from tests.intents.desk.nudges.nudge_world import (
    DAY,
    SETTING,
    at,
    days,
    do,
    enter,
    letters,
    look,
    put_round,
    text_of,
    tick,
)

NOW = at(2026, 6, 1, 8)
CUTOFF, MOVED, MUCH_LATER = date(2026, 12, 15), date(2026, 12, 22), date(2027, 2, 15)
STEPS = ("BP-01", "BP-02", "DL-07", "BP-03", "DL-08")


def _steps(database: Database, project: Project) -> list[Obligation]:
    found = look(database, NOW, lambda opened: opened.obligations.of_projects([project.id]))
    return [one for one in found if one.rule in STEPS]


def _open(database: Database, project: Project) -> dict[str, Obligation]:
    return {one.rule: one for one in _steps(database, project) if one.state is ObligationState.OPEN}


def _world(database: Database) -> tuple[Project, Project, Project]:
    """One project is on its way to round 60, one to round 61, one to none; each has an owner of its own."""
    put_round(database, NOW, 60, CUTOFF)
    put_round(database, NOW, 61, date(2027, 4, 20))
    aiming = enter(database, NOW, "P-060", owner="aims@factory.example", second="", target_round=60)
    later = enter(database, NOW, "P-061", owner="later@factory.example", second="", target_round=61)
    free = enter(database, NOW, "P-000", owner="free@factory.example", second="")
    return aiming, later, free


def test_moving_a_cutoff_moves_exactly_its_own_steps(database: Database) -> None:
    """All steps of the project that aims at that round, and nothing of the others; nobody was told yet, nobody is."""
    aiming, later, free = _world(database)
    tick(database, NOW)
    before = {project.id: _steps(database, project) for project in (aiming, later, free)}
    assert [len(found) for found in before.values()] == [5, 5, 1]
    put_round(database, NOW + DAY, 60, MOVED)
    tick(database, NOW + DAY)
    assert _steps(database, later) == before[later.id]
    # Who aims at no round is shown the next cut-off, and told nothing.
    assert {(one.rule, one.next_on) for one in _steps(database, free)} == {("DL-08", None)}
    after = _open(database, aiming)
    old = {one.rule: one.due_on for one in before[aiming.id]}
    assert set(after) == set(STEPS)
    for rule, one in after.items():
        assert one.due_on, rule
        # A week on has five working days and no holiday here.
        assert (one.due_on - (old[rule] or CUTOFF)).days in (6, 7, 8), rule
    superseded = [one for one in _steps(database, aiming) if one.state is ObligationState.SUPERSEDED]
    assert {one.rule for one in superseded} == set(STEPS)
    days(database, NOW + DAY, NOW + 2 * DAY)
    assert letters(database) == []


def test_who_was_told_hears_once_of_everything_that_moved(database: Database) -> None:
    """In one letter, with the old day of each; a step of which nobody was told moves in silence."""
    aiming, _, _ = _world(database)
    days(database, NOW, at(2026, 8, 24))
    told = [one for one in _steps(database, aiming) if one.told_at]
    assert {one.rule for one in told} == {"BP-01", "BP-02", "DL-07"}
    before = len(letters(database))
    put_round(database, at(2026, 8, 25, 8), 60, MUCH_LATER)
    days(database, at(2026, 8, 25, 8), at(2026, 8, 25))
    new = letters(database)[before:]
    assert [row.person for row in new] == ["mail:aims@factory.example"]
    said = text_of(new[0])
    assert said.count("から変わりました") == 3
    assert "検証報告書の受け取り" not in said
    assert "認証委員会の回ごとの申請締切" not in said
    days(database, at(2026, 8, 26), at(2026, 8, 28))
    assert len(letters(database)) == before + 2
    # The notices of the new dates follow on their days.
    assert "計測データを締める目安の日です" in text_of(letters(database)[-1])
    assert all(
        one.next_on and one.next_on > date(2026, 8, 28)
        for one in _open(database, aiming).values()
        if one.rule != "BP-01"
    )


def test_what_is_done_stays_done_when_the_cutoff_moves(database: Database) -> None:
    """Whoever closed the data is not asked again, nor told that the day for it moved."""
    aiming, _, _ = _world(database)
    days(database, NOW, at(2026, 7, 10))
    first = _open(database, aiming)["BP-01"]
    assert first.told_at
    now = at(2026, 7, 13, 8)
    do(database, now, lambda opened: answers.done(opened, first.id, "contact:1"))
    before = len(letters(database))
    put_round(database, now, 60, MOVED)
    days(database, now, at(2026, 7, 14))
    assert set(_open(database, aiming)) == set(STEPS) - {"BP-01"}
    assert len(letters(database)) == before
    # Back and forth, it stays so.
    for hour, cutoff in ((14, CUTOFF), (15, MOVED), (16, CUTOFF)):
        put_round(database, at(2026, 7, 14, hour), 60, cutoff)
        tick(database, at(2026, 7, 14, hour))
        assert set(_open(database, aiming)) == set(STEPS) - {"BP-01"}
    found = look(database, now, lambda opened: opened.obligations.of_projects([aiming.id]))
    assert said_done(found, 60) == {"BP-01"}
    assert said_done(found, 61) == frozenset()


def test_what_was_only_passed_over_is_not_told_to_have_moved(database: Database) -> None:
    """Entered late, the first notice of a step was never sent: nobody knew the old day."""
    now = at(2026, 6, 26, 8)
    put_round(database, now, 60, CUTOFF)
    late = enter(database, now, "P-060", second="", target_round=60)
    tick(database, now)
    first = _open(database, late)["BP-01"]
    assert (first.step, first.told_at) == ("before", None)
    put_round(database, now, 60, MOVED)
    days(database, now, now)
    assert letters(database) == []
    assert _open(database, late)["BP-01"].why == ""


@pytest.mark.parametrize("tell", [True, False])
def test_whoever_chooses_another_round_is_not_told_what_they_did(database: Database, tell: bool) -> None:
    """Chosen by staff, the person in charge hears of it in one letter; chosen by themselves, they know."""
    aiming, _, _ = _world(database)
    days(database, NOW, at(2026, 8, 24))
    before, now = len(letters(database)), at(2026, 8, 25, 8)

    def choose(opened: StoredBooks) -> None:
        choose_round(opened, aiming.project_id, 61)
        plan(SETTING, [aiming.id], opened, tell=tell)

    do(database, now, choose)
    days(database, now, at(2026, 8, 26))
    new = letters(database)[before:]
    assert [text_of(row).count("から変わりました") for row in new] == ([3] if tell else [])
    assert {one.key.partition(":")[2] for one in _open(database, aiming).values()} == {"61"}
