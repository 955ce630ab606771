"""The radar: who may die quietly, with reasons and numbers, listed once a week and kept."""

from datetime import UTC, date, datetime

from intents.desk.nudges.radar import ranked, weigh
from intents.desk.nudges.radar_records import Standing
from intents.desk.projects.records import Certification
from storage.database import Database
from tests.intents.desk.nudges.nudge_world import at, days, do, enter, look, tick

MONDAY = date(2026, 6, 1)
OLD = Standing(1, date(2023, 6, 1), datetime(2024, 6, 1, tzinfo=UTC), unanswered=3)


def test_reasons_have_numbers() -> None:
    """Three years old, two years silent, three letters unanswered."""
    score, reasons = weigh(OLD, MONDAY)
    assert reasons == (("silent", 24), ("age", 36), ("unanswered", 3))
    assert score == 24 * 2 + 36 + 3 * 6


def test_whoever_comes_and_asks_is_less_at_risk() -> None:
    """And whoever nobody looks after is more."""
    assert weigh(OLD._replace(attended=1, asked=2), MONDAY)[0] < weigh(OLD, MONDAY)[0]
    assert weigh(OLD._replace(looked_after=False), MONDAY)[0] > weigh(OLD, MONDAY)[0]
    assert ("never_in_touch", 36) in weigh(OLD._replace(last_contact=None), MONDAY)[1]
    assert ("ending", 6) in weigh(OLD._replace(ends_on=date(2026, 12, 1)), MONDAY)[1]


def test_the_most_urgent_comes_first() -> None:
    """Of equals the one that was registered first."""
    young = Standing(2, date(2025, 6, 1))
    twin = OLD._replace(project=3, registered_on=date(2023, 6, 1))
    assert [one.project for one in ranked([young, twin, OLD], MONDAY)] == [1, 3, 2]


def test_a_week_has_one_list(database: Database) -> None:
    """From the first open hour on; who applied is not on it, and it stays as it was."""
    now = at(2026, 5, 29, 8)
    old = enter(database, now, "P-001", registration_date=date(2023, 4, 1))
    young = enter(database, now, "P-002", registration_date=date(2025, 12, 1))
    applied = enter(database, now, "P-003", registration_date=date(2023, 4, 1))
    do(
        database,
        now,
        lambda opened: opened.projects.put_certifications(applied.id, [Certification(date(2024, 5, 1), 58)]),
    )
    enter(database, now, "P-004")
    tick(database, at(2026, 6, 1, 8))
    assert look(database, now, lambda opened: opened.radar.of_week(MONDAY)) == ()
    days(database, at(2026, 6, 1, 9), at(2026, 6, 5), hours=(9, 16))
    listed = look(database, now, lambda opened: opened.radar.of_week(MONDAY))
    assert [(one.project, one.rank) for one in listed] == [(old.id, 1), (young.id, 2)]
    assert do(
        database, at(2026, 6, 3), lambda opened: opened.radar.called(MONDAY, old.id, "staff:sato", "留守")
    )
    tick(database, at(2026, 6, 8))
    assert look(database, now, lambda opened: opened.radar.of_week(MONDAY))[0].outcome == "留守"
    assert len(look(database, now, lambda opened: opened.radar.of_week(date(2026, 6, 8)))) == 2
