"""What an answer does: it stops what it should at once, puts off no further than it may, and can be taken back."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, update

from intents.desk.nudges import answers
from intents.desk.nudges.planning import plan
from intents.desk.nudges.records import NudgeState, Obligation, ObligationState
from intents.desk.projects.records import Project
from intents.desk.refused import Refused
from storage.audit import lines
from storage.database import Database
from storage.tables import outbox
from tests.intents.desk.nudges.nudge_world import (
    SETTING,
    at,
    days,
    do,
    enter,
    letters,
    look,
    nudges,
    obligations,
    put_round,
    text_of,
    tick,
)

NOW = at(2026, 6, 1, 8)
CUTOFF = date(2026, 9, 30)
BY = "contact:1"


def _project(database: Database) -> Project:
    put_round(database, NOW, 60, CUTOFF)
    project = enter(database, NOW, target_round=60, second="")
    tick(database, NOW)
    return project


def _cutoff(database: Database, project: Project) -> Obligation:
    return obligations(database, project)["DL-08"]


def _told_of(database: Database, one: Obligation) -> list[str]:
    return [
        each.step for each in nudges(database) if each.obligation == one.id and each.state is NudgeState.SENT
    ]


def test_done_a_second_before_it_is_due_means_no_notice(database: Database) -> None:
    """The clock decides when the notice is due, so there is nothing to call back."""
    project = _project(database)
    one = _cutoff(database, project)
    due = at(2026, 7, 2, 10)
    do(database, due - timedelta(seconds=1), lambda opened: answers.done(opened, one.id, BY))
    days(database, due, at(2026, 10, 1))
    assert not _told_of(database, one)
    assert _cutoff(database, project).state is ObligationState.DONE
    assert "nudge_done" in [each.action for each in lines(database, "project:P-001")]


def test_a_letter_that_waits_to_leave_is_taken_back(database: Database) -> None:
    """What else it told comes in another letter; the one about what is done does not."""
    project = _project(database)
    tick(database, at(2026, 7, 2))
    (first,) = letters(database)[-1:]
    assert first.state == "due"
    one = _cutoff(database, project)
    assert "申請締切まで90日" in text_of(first)
    do(database, at(2026, 7, 2, 11), lambda opened: answers.done(opened, one.id, BY))
    tick(database, at(2026, 7, 2, 12))
    before, after = letters(database)[-2:]
    assert before.state == "dropped"
    assert "申請締切まで90日です。報告書" not in text_of(after)
    assert "検証の依頼" in text_of(after) or "審査機関" in text_of(after)


@pytest.mark.parametrize(("first", "waits"), [("parked", True), ("sent", False), ("sending", False)])
def test_a_letter_waits_as_long_as_it_has_left_on_no_way(database: Database, first: str, waits: bool) -> None:
    """Taken aside on one way and waiting on the next it can be taken back; left on any it cannot."""
    project = _project(database)
    tick(database, at(2026, 7, 2))
    one, key = _cutoff(database, project), letters(database)[-1].key
    letter = key.removesuffix(":mail")
    with database.begin() as connection:
        row = connection.execute(select(outbox).where(outbox.c.key == key)).one()._asdict()
        connection.execute(update(outbox).where(outbox.c.key == key).values(state=first))
        del row["id"]
        connection.execute(insert(outbox).values(row | {"key": f"{letter}:web", "channel": "web"}))
    found = look(database, NOW, lambda opened: opened.nudges.waiting([one.id]))
    assert found == ((letter,) if waits else ())


def test_planning_does_not_bring_back_what_is_done(database: Database) -> None:
    """Done by a person stays done, whatever changes about the project."""
    project = _project(database)
    one = _cutoff(database, project)
    do(database, NOW, lambda opened: answers.done(opened, one.id, BY))
    do(database, NOW, lambda opened: plan(SETTING, [project.id], opened))
    assert _cutoff(database, project).state is ObligationState.DONE


def test_done_can_be_taken_back(database: Database) -> None:
    """The notices that are still to come, come."""
    project = _project(database)
    one = _cutoff(database, project)
    do(database, NOW, lambda opened: answers.done(opened, one.id, BY))
    again = do(database, NOW, lambda opened: answers.reopen(SETTING, opened, one.id, BY))
    assert (again.state, again.next_on) == (ObligationState.OPEN, date(2026, 7, 2))
    tick(database, at(2026, 7, 2))
    assert _told_of(database, one) == ["d90"]


def test_one_call_answered_ends_the_series(database: Database) -> None:
    """Whoever applied is not called again six months later."""
    project = enter(database, NOW, registration_date=date(2025, 12, 1), second="")
    tick(database, NOW)
    calls = [
        one
        for one in look(database, NOW, lambda opened: opened.obligations.of_projects([project.id]))
        if one.rule == "DL-11"
    ]
    closed = do(database, NOW, lambda opened: answers.done(opened, calls[0].id, BY))
    assert {one.id for one in closed} == {one.id for one in calls}


@pytest.mark.parametrize(
    ("told", "wanted", "day", "why"),
    [
        (date(2026, 7, 2), date(2026, 7, 15), date(2026, 7, 15), ""),
        (date(2026, 7, 2), date(2026, 7, 18), date(2026, 7, 21), "working_day"),  # Saturday, then a holiday
        (date(2026, 7, 2), date(2026, 12, 1), date(2026, 9, 25), "last"),  # three days before, on a Friday
        (date(2026, 9, 25), date(2026, 9, 29), date(2026, 9, 29), ""),
        (date(2026, 9, 25), date(2026, 10, 5), date(2026, 9, 30), "deadline"),
    ],
)
def test_a_snooze_never_passes_the_deadline(
    database: Database, told: date, wanted: date, day: date, why: str
) -> None:
    """And the last notice before it comes whatever is asked."""
    project = _project(database)
    one = _cutoff(database, project)
    now = at(told.year, told.month, told.day)
    tick(database, now)
    rested, to = do(database, now, lambda opened: answers.snooze(SETTING, opened, one.id, wanted, BY))
    assert (to.day, to.why) == (day, why)
    assert rested.next_on == day
    before = _told_of(database, one)
    days(database, now + timedelta(days=1), at(2026, 10, 2))
    after = _told_of(database, _cutoff(database, project))[len(before) :]
    assert after, "something is told on the day to which it was put off"
    if told < date(2026, 9, 25):
        assert "d3" in after


def test_a_snooze_into_the_past_or_past_the_end_is_refused(database: Database) -> None:
    """With the day that is meant."""
    project = _project(database)
    one = _cutoff(database, project)
    with pytest.raises(Refused) as refused:
        do(database, NOW, lambda opened: answers.snooze(SETTING, opened, one.id, NOW.date(), BY))
    assert refused.value.problem == "snooze_past"
    late = at(2026, 9, 30)
    tick(database, late)
    with pytest.raises(Refused) as refused:
        do(database, late, lambda opened: answers.snooze(SETTING, opened, one.id, date(2026, 10, 9), BY))
    assert refused.value.problem == "snooze_too_late"


def test_stopping_a_project_stops_what_stands(database: Database) -> None:
    """And nothing else: another project of the same person goes on."""
    project = _project(database)
    other = enter(database, NOW, "P-002", target_round=60, second="")
    tick(database, NOW)
    do(database, NOW, lambda opened: answers.stop_project(opened, project.id, BY))
    days(database, NOW, at(2026, 7, 3))
    assert not _told_of(database, _cutoff(database, project))
    assert _told_of(database, _cutoff(database, other)) == ["d90"]
