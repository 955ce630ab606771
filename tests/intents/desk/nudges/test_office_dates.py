"""Dates that concern everybody: staff read them on the morning of the notice, once, and on no other."""

from intents.desk import staff
from storage.database import Database
from tests.intents.desk.case_world import OTA, SATO
from tests.intents.desk.nudges.nudge_world import at, days, do, letters, text_of

NOW = at(2027, 2, 26, 8)


def test_staff_read_the_office_s_dates(database: Database) -> None:
    """The first of March is a notice of the retirement for the Act; readers and other days have none."""
    for one in (SATO, OTA):
        do(database, NOW, lambda opened, one=one: staff.add(opened, one))  # type: ignore[misc]
    days(database, NOW, at(2027, 3, 3), hours=(8, 9, 10))
    told = letters(database, "dates:")
    assert [row.key for row in told] == ["dates:2027-03-01:sato:slack"]
    words = text_of(told[0])
    assert "温対法" in words
    assert "規則" in words
