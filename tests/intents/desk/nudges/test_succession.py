"""A hand-over to its end: the duty, what has to be done, the consent and the letters go to the new person."""

from dataclasses import replace
from datetime import date

import pytest

from intents.desk.nudges import muting, succession
from intents.desk.nudges.records import ObligationState, SuccessionState, SuccessionWhy
from intents.desk.projects import duties
from intents.desk.projects.records import Role
from intents.desk.refused import Refused
from storage import consents
from storage.audit import lines
from storage.books import StoredBooks
from storage.database import Database
from tests.intents.desk.nudges.nudge_world import (
    NEXT,
    OWNER,
    PEN,
    SECOND,
    SETTING,
    at,
    contact_id,
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


def _ready(database: Database, **fields: object):  # type: ignore[no-untyped-def]
    put_round(database, NOW, 60, date(2026, 9, 7))
    project = enter(database, NOW, target_round=60, **fields)  # type: ignore[arg-type]
    tick(database, NOW)
    return project


def _hand_over(database: Database, project_id: str = "P-001", mail: str = NEXT) -> None:
    def work(opened: StoredBooks) -> None:
        project = opened.projects.find(project_id)
        leaving = opened.contacts.by_mail(OWNER)
        assert project
        assert leaving
        successor = opened.contacts.put("後任", mail, project.organisation)
        succession.hand_over(SETTING, opened, PEN, project, leaving, successor, leaving.subject)

    do(database, at(2026, 6, 3), work)


def test_everything_goes_along(database: Database) -> None:
    """The obligations stay with the project, so the next notice goes to the new person; the old one gets none."""
    project = _ready(database)
    before = obligations(database, project)["DL-08"].id
    _hand_over(database)
    days(database, at(2026, 6, 4), at(2026, 6, 10))
    told = [row for row in letters(database) if row.address["mail"] == NEXT]
    assert told
    assert not [
        row for row in letters(database) if row.address["mail"] == OWNER and row.put_at > at(2026, 6, 3)
    ]
    one = obligations(database, project)["DL-08"]
    assert (one.id, one.state) == (before, ObligationState.OPEN)
    history = look(database, NOW, lambda opened: opened.contacts.history(project.id))
    roles = [
        (duty.role, duty.until is None) for duty in history if duty.contact == contact_id(database, OWNER)
    ]
    assert sorted(roles) == [(Role.FORMER, True), (Role.OWNER, False)]
    assert "handed_over" in [line.action for line in lines(database, "project:P-001")]


def test_both_are_told(database: Database) -> None:
    """The new one what comes next and how to say no; the old one that it is recorded."""
    _ready(database)
    _hand_over(database)
    (welcome,) = letters(database, "taken-over:")
    assert "山田様から、次の案件の担当を引き継がれた" in text_of(welcome)
    assert "次の日付" in text_of(welcome)
    (farewell,) = letters(database, "handed-over:")
    assert farewell.address["mail"] == OWNER


def test_a_consent_moves_along_but_for_whom_withdrew_it(database: Database) -> None:
    """What was agreed to for the project holds for the new person; who once said no is not asked over their head."""
    _ready(database)
    enter(database, NOW, "P-002")
    with database.begin() as connection:
        consents.record(connection, None, consents.by_mail(OWNER), "project", "2026-11", NOW)
        consents.withdraw(connection, consents.by_mail("no@x.example"), "project", NOW)
    _hand_over(database)
    _hand_over(database, "P-002", mail="no@x.example")
    with database.look() as connection:
        assert consents.agreed(connection, consents.by_mail(NEXT), "project") == "2026-11"
        assert consents.has_withdrawn(connection, consents.by_mail("no@x.example"), "project")
        assert not consents.has_withdrawn(connection, consents.by_mail(OWNER), "project")
    assert "moved" in [line.action for line in lines(database, "consent:project")]
    assert [row.state for row in letters(database, "handed-over:")] == ["due", "due"]


def test_whoever_resumes_gets_letters_again(database: Database) -> None:
    """Also after the consent was withdrawn by a letter's link."""
    _ready(database)

    def work(opened: StoredBooks) -> None:
        owner = opened.contacts.by_mail(OWNER)
        assert owner
        muting.withdrawn(opened, "", OWNER)
        owner = opened.contacts.by_mail(OWNER)
        assert owner
        assert owner.muted
        muting.resume(opened, owner, owner.subject, "2026-11")

    with database.begin() as connection:
        consents.withdraw(connection, consents.by_mail(OWNER), "project", NOW)
    do(database, NOW, work)
    days(database, NOW, at(2026, 6, 10))
    assert [row for row in letters(database) if row.address["mail"] == OWNER]


def test_the_new_person_hears_what_was_told_before(database: Database) -> None:
    """And their silence is theirs: nobody says that they do not answer a letter that they never had."""
    project = _ready(database)
    days(database, NOW, at(2026, 6, 9))
    before = obligations(database, project)["DL-08"]
    assert before.step == "d90"
    do(database, at(2026, 6, 15), lambda opened: duties.assign(opened, "P-001", Role.OWNER, "後任", NEXT))
    days(database, at(2026, 6, 15, 11), at(2026, 6, 18), hours=(11,))
    told = [text_of(row) for row in letters(database) if row.address["mail"] == NEXT]
    assert any("申請締切まで90日" in one for one in told)
    assert not [row for row in letters(database) if row.address["mail"] == SECOND]


def test_nobody_takes_over_from_themselves(database: Database) -> None:
    """Not even with the address written another way; nothing is changed then."""
    project = _ready(database)
    with pytest.raises(Refused) as refused:
        _hand_over(database, mail=OWNER.upper())
    assert refused.value.problem == "same_person"
    found = look(database, NOW, lambda opened: opened.contacts.duties([project.id]))
    assert found[0].contact == contact_id(database, OWNER)


def test_a_hand_over_ends_the_question(database: Database) -> None:
    """Also when the second contact takes over, who then is second contact no more."""
    project = _ready(database)

    def ask(opened: StoredBooks) -> None:
        leaving = opened.contacts.by_mail(OWNER)
        assert leaving
        assert succession.begin(SETTING, opened, PEN, project, leaving, SuccessionWhy.SAID)
        assert succession.begin(SETTING, opened, PEN, project, leaving, SuccessionWhy.SAID) is None

    do(database, at(2026, 6, 2), ask)
    _hand_over(database, mail=SECOND)
    (one,) = look(database, NOW, lambda opened: opened.successions.of_project(project.id))
    assert (one.state, one.successor) == (SuccessionState.DONE, contact_id(database, SECOND))
    found = look(database, NOW, lambda opened: opened.contacts.duties([project.id]))
    assert [(duty.contact, duty.role) for duty in found if duty.role is not Role.FORMER] == [
        (contact_id(database, SECOND), Role.OWNER)
    ]
    assert letters(database, "succession:")[0].state == "dropped"


def test_a_muted_second_contact_is_not_asked(database: Database) -> None:
    """Staff are, at once."""
    project = _ready(database)

    def ask(opened: StoredBooks) -> None:
        second = opened.contacts.by_mail(SECOND)
        leaving = opened.contacts.by_mail(OWNER)
        assert second
        assert leaving
        opened.contacts.save(replace(second, muted=True))
        succession.begin(SETTING, opened, PEN, project, leaving, SuccessionWhy.SAID)

    do(database, at(2026, 6, 2), ask)
    assert not letters(database, "succession:")
    (one,) = look(database, NOW, lambda opened: opened.successions.of_project(project.id))
    assert one.case


def test_staff_who_put_somebody_in_charge_end_the_question(database: Database) -> None:
    """Nobody is asked any more, and no case is opened for it."""
    project = _ready(database)

    def change(opened: StoredBooks) -> None:
        leaving = opened.contacts.by_mail(OWNER)
        assert leaving
        succession.begin(SETTING, opened, PEN, project, leaving, SuccessionWhy.SAID)
        duties.assign(opened, "P-001", Role.OWNER, "後任", NEXT)

    do(database, at(2026, 6, 2), change)
    tick(database, at(2026, 6, 2, 11))
    (one,) = look(database, NOW, lambda opened: opened.successions.of_project(project.id))
    assert (one.state, one.successor, one.case) == (SuccessionState.DONE, contact_id(database, NEXT), "")
