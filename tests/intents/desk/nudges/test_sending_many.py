"""Nudges of many people in one transaction: each gets their own, nothing is told twice, nobody waits for anybody."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update

from intents.desk.nudges.due_now import due_now
from intents.desk.nudges.records import Obligation, ObligationState
from intents.desk.projects.records import Role
from storage.books import StoredBooks, books
from storage.database import Database
from storage.tables import contact
from tests.intents.desk.nudges.nudge_world import (
    DAY,
    SETTING,
    at,
    contact_id,
    days,
    do,
    enter,
    letters,
    look,
    nudges,
    put_round,
    text_of,
    tick,
)

NOW = at(2026, 6, 1, 8)
TOLD = at(2026, 7, 2)
COUNT = 13


def _mail(number: int) -> str:
    return f"owner{number}@factory.example"


def _register(database: Database, count: int = COUNT, second: str = "") -> None:
    put_round(database, NOW, 60, date(2026, 9, 30))
    for number in range(count):
        enter(database, NOW, f"P-{number:03}", target_round=60, owner=_mail(number), second=second)


def _project(opened: StoredBooks, number: int) -> int:
    return opened.projects.named([f"P-{number:03}"])[0].id


def _obligations(database: Database) -> Sequence[Obligation]:
    def work(opened: StoredBooks) -> Sequence[Obligation]:
        return opened.obligations.of_projects([one.id for one in opened.projects.page(0, 100)])

    return look(database, NOW, work)


def test_everybody_gets_their_own(database: Database) -> None:
    """More people than one transaction takes: one letter each, about their own project alone."""
    _register(database)
    days(database, NOW, at(2026, 6, 2))
    found = letters(database)
    assert len(found) == COUNT
    for number in range(COUNT):
        key = f"nudge:{contact_id(database, _mail(number))}:"
        (mine,) = [text_of(one) for one in found if one.key.startswith(key)]
        assert [other for other in range(COUNT) if f"P-{other:03}" in mine] == [number]
    told = {one.obligation for one in nudges(database)}
    assert {one.id for one in _obligations(database) if one.told_at} == told


def test_one_who_cannot_be_told_holds_nobody_up(database: Database) -> None:
    """Among them are one who wants none and one whom nothing reaches."""
    _register(database, 4)

    def changed(opened: StoredBooks) -> None:
        silent, lost = (opened.contacts.by_mail(_mail(number)) for number in (0, 1))
        assert silent
        assert lost
        opened.contacts.save(replace(silent, muted=True))
        opened.contacts.save(replace(lost, bounced_at=NOW))

    do(database, NOW, changed)
    days(database, NOW, at(2026, 6, 2))
    told = {one.key.split(":")[1] for one in letters(database)}
    assert told == {str(contact_id(database, _mail(number))) for number in (2, 3)}
    assert look(database, NOW, lambda opened: len(opened.successions.of_project(_project(opened, 1)))) == 1
    assert not [one for one in _obligations(database) if one.next_on and one.next_on <= date(2026, 6, 2)]


def test_two_in_charge_of_one_project_are_told_once(database: Database) -> None:
    """As if each had come in a transaction of their own: the first one gets it."""
    _register(database, 1)

    def joined(opened: StoredBooks) -> None:
        project = opened.projects.named(["P-000"])[0]
        other = opened.contacts.put("別の人", _mail(7), project.organisation)
        opened.contacts.give(project.id, other.id, Role.OWNER)

    do(database, NOW, joined)
    days(database, NOW, at(2026, 6, 2))
    (letter,) = letters(database)
    assert letter.key.startswith(f"nudge:{contact_id(database, _mail(0))}:")


def test_who_may_not_be_told_yet_keeps_nothing_from_the_other_one_in_charge(database: Database) -> None:
    """In Berlin it is night: whoever is in Tokyo gets it in the morning, and not only if the first one does."""
    _register(database, 1)

    def joined(opened: StoredBooks) -> None:
        project, first = opened.projects.named(["P-000"])[0], opened.contacts.by_mail(_mail(0))
        assert first
        opened.contacts.save(replace(first, zone="Europe/Berlin"))
        other = opened.contacts.put("別の人", _mail(7), project.organisation)
        opened.contacts.give(project.id, other.id, Role.OWNER)

    do(database, NOW, joined)
    ids = [contact_id(database, _mail(number)) for number in (0, 7)]
    tick(database, NOW)
    found = look(database, at(2026, 6, 2), lambda opened: due_now(SETTING, ids, opened, second=False))
    assert [(one.contact.id, len(one.items)) for one in found] == [(ids[1], 1)]


def test_a_letter_that_cannot_be_written_keeps_none_from_the_others(database: Database) -> None:
    """What is wrong with one of ten is said, and the other nine have their letters."""
    _register(database, 5)
    with database.begin() as connection:
        odd = contact.c.id == contact_id(database, _mail(2))
        connection.execute(update(contact).where(odd).values(lang="zz"))
    for minute in range(2):
        with pytest.raises(ValueError, match="zz"):
            tick(database, at(2026, 6, 2, 10, minute))
        told = {one.key.split(":")[1] for one in letters(database)}
        assert told == {str(contact_id(database, _mail(number))) for number in (0, 1, 3, 4)}
    assert len(letters(database)) == 4


def test_two_entries_of_one_person_share_the_letters_of_a_week(database: Database) -> None:
    """Slack knows both by one name: what the first is sent in this unit counts for the second."""
    _register(database, 3)

    def same(opened: StoredBooks) -> None:
        for one in (opened.contacts.by_mail(_mail(number)) for number in range(3)):
            assert one
            opened.contacts.save(replace(one, slack="T1:U1"))

    do(database, NOW, same)
    days(database, NOW, at(2026, 6, 3))
    assert len(letters(database)) == SETTING.terms.letters_per_week


def test_who_is_elsewhere_on_the_calendar_waits_for_the_next_look(database: Database) -> None:
    """Somebody's zone was changed between the look and the transaction: what is due is counted by one day."""
    _register(database, 2)
    tick(database, NOW)
    first, other = (contact_id(database, _mail(number)) for number in (0, 1))
    with database.begin() as connection:
        connection.execute(update(contact).where(contact.c.id == other).values(zone="Pacific/Honolulu"))
    now = at(2026, 6, 2)
    found = look(database, now, lambda opened: due_now(SETTING, [first, other], opened, second=False))
    assert [one.contact.id for one in found] == [first]


@pytest.mark.parametrize("by", ["contact", "obligation"])
def test_with_whom_somebody_is_dealing_just_now_waits(postgres_database: Database, by: str) -> None:
    """A turn holds one of them, or answers what one was told: the others are told at once, that one at the next look."""
    _register(postgres_database, 3)
    tick(postgres_database, NOW)
    held = contact_id(postgres_database, _mail(1))
    mine = next(one.id for one in _obligations(postgres_database) if one.project == 2)
    with books(postgres_database, NOW, "person:x") as opened:
        assert opened.contacts.lock(held) if by == "contact" else opened.obligations.lock([mine])
        tick(postgres_database, at(2026, 6, 2))
        told = {one.key.split(":")[1] for one in letters(postgres_database)}
        assert told == {str(contact_id(postgres_database, _mail(number))) for number in (0, 2)}
    tick(postgres_database, at(2026, 6, 2, 10, 1))
    assert len(letters(postgres_database)) == len({one.key for one in letters(postgres_database)}) == 3


def test_a_second_contact_is_not_asked_about_what_the_owner_is_just_told(database: Database) -> None:
    """The silence and the owner's next notice fall into one look: the new notice asks anew."""
    second = "second@factory.example"
    # They come first in the register of people.
    do(database, NOW, lambda opened: opened.contacts.put("鈴木", second, "株式会社試験工業"))
    _register(database, 1, second)
    assert contact_id(database, second) < contact_id(database, _mail(0))
    days(database, NOW, at(2026, 6, 2))
    (before,) = [one for one in _obligations(database) if one.told_at]

    def due_again(opened: StoredBooks) -> None:
        opened.obligations.save([before._replace(next_on=date(2026, 6, 1), why="moved:2026-09-29")])

    later = at(2026, 6, 30)
    do(database, later - DAY, due_again)
    tick(database, later)
    asked = f"nudge:{contact_id(database, second)}:"
    assert not [one for one in letters(database) if one.key.startswith(asked)]
    (after,) = [one for one in _obligations(database) if one.id == before.id]
    assert after.told_at == later
    assert after.asked_second_at is None


def test_telling_leaves_alone_what_was_answered(database: Database) -> None:
    """Everything that telling is about is written, and nothing else of an obligation."""
    _register(database, 1)
    days(database, NOW, at(2026, 6, 2))
    (before,) = [one for one in _obligations(database) if one.told_at]
    day, moment = date(2026, 8, 3), at(2026, 7, 1)
    heard = before._replace(told_at=moment, asked_second_at=moment, asked_staff_at=moment)
    told = heard._replace(next_on=day, step="again", snoozed_to=day, why="used:80")
    answered = told._replace(state=ObligationState.STOPPED, answer="stop", answered_by="person:x")
    do(database, moment, lambda opened: opened.obligations.tell([answered]))
    assert [one for one in _obligations(database) if one.id == before.id] == [told]
