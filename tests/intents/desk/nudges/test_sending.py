"""Nudges leave: once, in people's hours, one letter a day, within the budget, by one way after the other."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from intents.desk.nudges.records import NudgeState
from intents.desk.nudges.timing import may_write
from intents.desk.projects.records import Contact
from storage import outbox
from storage.database import Database
from tests.intents.desk.nudges.nudge_world import (
    DAY,
    OWNER,
    SETTING,
    at,
    contact_id,
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


def _round(database: Database, **fields: object) -> None:
    put_round(database, NOW, 60, CUTOFF)
    enter(database, NOW, target_round=60, second="", **fields)  # type: ignore[arg-type]


def test_each_notice_leaves_once(database: Database) -> None:
    """However often the clock ticks on its day, and whoever ticks."""
    _round(database)
    days(database, NOW, at(2026, 7, 3), hours=(10, 11, 12))
    sent = [(one.obligation, one.step) for one in nudges(database) if one.state is NudgeState.SENT]
    assert len(sent) == len(set(sent)) > 2
    days_told = [one.put_at.date() for one in letters(database)]
    assert len(days_told) == len(set(days_told))


def test_one_letter_a_day_tells_everything(database: Database) -> None:
    """Three projects, one person, one letter; a second one on the same day waits until the next."""
    put_round(database, NOW, 60, CUTOFF)
    for number in range(3):
        enter(database, NOW, f"P-00{number}", target_round=60, second="")
    days(database, NOW, at(2026, 6, 2))
    (letter,) = letters(database)
    assert all(f"P-00{number}" in text_of(letter) for number in range(3))
    enter(database, at(2026, 6, 2, 11), "P-009", target_round=60, second="")
    tick(database, at(2026, 6, 2, 12))
    assert len(letters(database)) == 1


def test_nothing_leaves_outside_the_hours(database: Database) -> None:
    """Not before ten, not after closing, not on Saturday, Sunday, holidays and closing days."""
    _round(database)
    for quiet in (at(2026, 6, 2, 9, 59), at(2026, 6, 2, 17), at(2026, 6, 6, 12), at(2026, 7, 20, 12)):
        tick(database, quiet)
        assert not letters(database)
    tick(database, at(2026, 7, 21))
    assert len(letters(database)) == 1


def test_a_nudge_that_was_held_up_does_not_come_at_night(database: Database) -> None:
    """A channel that comes back after closing carries it on the next working day, from the stated hour on."""
    _round(database)
    tick(database, at(2026, 7, 31, 16, 59))
    assert len(letters(database)) == 1
    for quiet in (at(2026, 7, 31, 17, 30), at(2026, 8, 1, 12), at(2026, 8, 3, 9, 59)):
        assert outbox.claim(database, "mail", "w", quiet, 10) == []
    assert len(outbox.claim(database, "mail", "w", at(2026, 8, 3), 10)) == 1


def test_a_date_of_the_scheme_leaves_even_on_a_closing_day(database: Database) -> None:
    """When it would be over before the office opens again."""
    enter(database, at(2026, 7, 17, 18), implementation_date=date(2024, 7, 20), second="")
    tick(database, at(2026, 7, 18, 12))
    (letter,) = letters(database)
    assert letter.key.startswith("nudge-hard:")
    assert "【制度の期限】" in text_of(letter)
    assert "回数の上限に数えていません" in text_of(letter)


@pytest.mark.parametrize(
    ("zone", "day", "utc_hours"),
    [
        ("America/New_York", date(2026, 10, 30), 14),  # summer time
        ("America/New_York", date(2026, 11, 2), 15),  # the day after it ended
        ("Europe/London", date(2026, 3, 30), 9),  # the day after it began
        ("Asia/Tokyo", date(2026, 11, 2), 1),
    ],
)
def test_the_stated_hour_is_the_recipients(zone: str, day: date, utc_hours: int) -> None:
    """Ten o'clock by their own clock, whatever daylight saving does to it."""
    contact = Contact(id=1, name="x", zone=zone)
    ten = datetime(day.year, day.month, day.day, utc_hours, tzinfo=ZoneInfo("UTC"))
    assert may_write(contact, SETTING.terms, SETTING.hours, ten)
    assert not may_write(contact, SETTING.terms, SETTING.hours, ten - timedelta(minutes=1))


def test_a_recipient_abroad_gets_one_nudge_on_the_day_the_clock_changes(database: Database) -> None:
    """At ten of their clock, on the days before and after the change alike, and never twice."""
    put_round(database, NOW, 60, date(2027, 1, 31))  # ninety days before is Monday the second of November
    enter(database, NOW, target_round=60, second="", zone="America/New_York")
    moment = at(2026, 10, 30, 0)
    while moment < at(2026, 11, 5, 0):
        tick(database, moment)
        moment += timedelta(minutes=30)
    (letter,) = [one for one in letters(database) if "申請締切まで90日" in text_of(one)]
    here = letter.put_at.astimezone(ZoneInfo("America/New_York"))
    assert (here.date(), here.hour) in {(date(2026, 11, 2), 10), (date(2026, 10, 30), 10)}


def test_three_letters_a_week_are_too_many(database: Database) -> None:
    """What is no date of the scheme waits until there is room; nothing is lost."""
    for number, cutoff in enumerate((date(2026, 9, 7), date(2026, 9, 8), date(2026, 9, 9)), 60):
        put_round(database, NOW, number, cutoff)
        enter(database, NOW, f"P-{number}", target_round=number, second="")
    days(database, at(2026, 6, 8), at(2026, 6, 30))
    told = [one.put_at.astimezone(ZoneInfo("Asia/Tokyo")).date() for one in letters(database)]
    for first in told:
        assert sum(first <= day < first + 7 * DAY for day in told) <= SETTING.terms.letters_per_week
    steps = {(one.obligation, one.step) for one in nudges(database) if one.step == "d90"}
    assert len(steps) == 6  # of each round's cut-off, and of the booking of its verification


def test_a_budget_never_swallows_a_date(database: Database) -> None:
    """What would be over before there is room leaves all the same."""
    for number, cutoff in enumerate((date(2026, 6, 11), date(2026, 6, 12), date(2026, 6, 15)), 60):
        put_round(database, NOW, number, cutoff)
        enter(database, NOW, f"P-{number}", target_round=number, second="")
    days(database, NOW, at(2026, 6, 16))
    last = {one.obligation for one in nudges(database) if one.step == "d3" and one.state is NudgeState.SENT}
    assert len(last) == 3


def test_after_a_standstill_only_the_newest_notice_leaves(database: Database) -> None:
    """Those before it are kept as passed over, in their order."""
    put_round(database, NOW, 60, CUTOFF)
    project = enter(database, NOW, target_round=60, second="")
    tick(database, NOW)
    tick(database, at(2026, 9, 17))
    found = [one for one in nudges(database) if one.obligation == obligations(database, project)["DL-08"].id]
    assert [(one.step, one.state) for one in found] == [
        ("d90", NudgeState.SUPERSEDED),
        ("d30", NudgeState.SUPERSEDED),
        ("d14", NudgeState.SENT),
    ]


def test_whoever_wants_none_gets_none(database: Database) -> None:
    """The dates go on being counted."""
    _round(database)
    whose = contact_id(database, OWNER)

    def mute(opened):  # type: ignore[no-untyped-def]
        found = opened.contacts.by_id(whose)
        values = {name: getattr(found, name) for name in found.__dataclass_fields__}
        opened.contacts.save(Contact(**(values | {"muted": True})))

    do(database, NOW, mute)
    days(database, NOW, at(2026, 7, 10))
    assert not letters(database)
    assert look(database, NOW, lambda opened: opened.contacts.by_id(whose)).muted  # type: ignore[union-attr]
