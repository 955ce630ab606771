"""Dates that once slipped through: muted people, unreachable ones, dates that move back, dates that are entered late."""

from dataclasses import replace
from datetime import date

from intents.desk.nudges import answers
from intents.desk.nudges.records import ObligationState
from intents.desk.projects import duties
from intents.desk.projects.records import Project, Role
from storage.books import StoredBooks
from storage.database import Database
from tests.intents.desk.nudges.nudge_world import (
    NEXT,
    OWNER,
    SECOND,
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


def _change_contact(database: Database, mail: str, **fields: object) -> None:
    def work(opened: StoredBooks) -> None:
        found = opened.contacts.by_mail(mail)
        assert found
        opened.contacts.save(replace(found, **fields))  # type: ignore[arg-type]

    do(database, NOW, work)


def _case(database: Database, project: Project) -> str:
    found = look(database, NOW, lambda opened: opened.cases.about(project.subject))
    return found.summary if found else ""


def _to(database: Database, mail: str) -> list[str]:
    return [text_of(row) for row in letters(database) if row.address.get("mail") == mail]


def test_a_muted_second_contact_does_not_stop_the_way_up(database: Database) -> None:
    """Staff are next, as if that contact had been asked."""
    put_round(database, NOW, 60, date(2026, 9, 7))
    project = enter(database, NOW, target_round=60)
    _change_contact(database, SECOND, muted=True)
    days(database, NOW, at(2026, 6, 30))
    assert not _to(database, SECOND)
    assert "返事がありません" in _case(database, project)


def test_what_is_firm_goes_past_a_muted_owner(database: Database) -> None:
    """They hear nothing, as they wished; the second contact hears of the cut-off."""
    put_round(database, NOW, 60, date(2026, 9, 7))
    enter(database, NOW, target_round=60)
    _change_contact(database, OWNER, muted=True)
    days(database, NOW, at(2026, 6, 20))
    assert not _to(database, OWNER)
    assert any("申請締切" in one for one in _to(database, SECOND))


def test_a_date_that_moves_back_is_told_again(database: Database) -> None:
    """From A to B and back to A: the last thing that people hear is A."""
    put_round(database, NOW, 60, date(2026, 9, 7))
    project = enter(database, NOW, target_round=60, second="")
    days(database, NOW, at(2026, 6, 9))
    put_round(database, at(2026, 6, 10, 8), 60, date(2026, 12, 21))
    days(database, at(2026, 6, 10), at(2026, 6, 19))
    put_round(database, at(2026, 6, 22, 8), 60, date(2026, 9, 7))
    days(database, at(2026, 6, 22), at(2026, 6, 30))
    assert "2026年9月7日" in _to(database, OWNER)[-1]
    assert "2026年12月21日 から変わりました" in _to(database, OWNER)[-1]
    one = obligations(database, project)["DL-08"]
    assert (one.due_on, one.state, one.next_on) == (
        date(2026, 9, 7),
        ObligationState.OPEN,
        date(2026, 8, 7),
    )


def test_a_cut_off_that_is_entered_late_is_told_at_once(database: Database) -> None:
    """Two days ahead no planned notice is left, and it is told all the same."""
    enter(database, NOW, target_round=60, second="")
    put_round(database, at(2026, 6, 9, 8), 60, date(2026, 6, 11))
    days(database, at(2026, 6, 9), at(2026, 6, 9))
    assert any("2026年6月11日" in one for one in _to(database, OWNER))


def test_a_mistaken_done_after_the_last_notice_can_be_taken_back(database: Database) -> None:
    """The date is told once more, and answered or passed on like any other."""
    put_round(database, NOW, 60, date(2026, 9, 7))
    project = enter(database, NOW, target_round=60, second="")
    days(database, at(2026, 9, 4), at(2026, 9, 4))
    one = obligations(database, project)["DL-08"]
    assert one.next_on is None
    do(database, at(2026, 9, 4, 11), lambda opened: answers.done(opened, one.id, "contact:1"))
    do(database, at(2026, 9, 4, 12), lambda opened: answers.reopen(SETTING, opened, one.id, "contact:1"))
    before = len(_to(database, OWNER))
    days(database, at(2026, 9, 7), at(2026, 9, 7))
    assert len(_to(database, OWNER)) == before + 1
    assert obligations(database, project)["DL-08"].told_at is not None


def test_what_never_left_does_not_count_as_told(database: Database) -> None:
    """Whoever takes over from somebody who could not be reached hears it."""
    put_round(database, NOW, 60, date(2026, 9, 7))
    project = enter(database, NOW, target_round=60, second="")
    _change_contact(database, OWNER, bounced_at=NOW)
    days(database, NOW, at(2026, 6, 12))
    assert not letters(database)
    assert obligations(database, project)["DL-08"].step == ""
    assert "担当者の確認が必要です" in _case(database, project)
    do(database, at(2026, 6, 15, 8), lambda opened: duties.assign(opened, "P-001", Role.OWNER, "後任", NEXT))
    tick(database, at(2026, 6, 15))
    assert any("申請締切まで90日" in one for one in _to(database, NEXT))
