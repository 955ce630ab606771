"""Nobody answers: the second contact, then staff, each once; an answer ends it; who is gone is asked for."""

from datetime import date, datetime
from functools import partial

from sqlalchemy import select

from intents.desk.nudges import answers
from intents.desk.nudges.dates import dates_of
from intents.desk.nudges.records import Obligation, SuccessionState, SuccessionWhy
from intents.desk.nudges.succession import stays
from intents.desk.projects.records import Project, Role
from storage import outbox
from storage.books import StoredBooks
from storage.database import Database
from storage.migrate import migrate, retreat
from storage.tables import nudge
from tests.intents.desk.nudges.nudge_world import (
    NEXT,
    OWNER,
    SECOND,
    SETTING,
    TOKYO,
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


def _told(database: Database, second: str = SECOND, **fields: object) -> Project:
    put_round(database, NOW, 60, date(2026, 9, 7))
    project = enter(database, NOW, target_round=60, second=second, **fields)  # type: ignore[arg-type]
    days(database, NOW, at(2026, 6, 9))
    return project


def _cutoff(database: Database, project: Project) -> Obligation:
    return obligations(database, project)["DL-08"]


def _case(database: Database, project: Project):  # type: ignore[no-untyped-def]
    return look(database, NOW, lambda opened: opened.cases.about(project.subject))


def _to(database: Database, mail: str) -> list[str]:
    return [text_of(row) for row in letters(database) if row.address.get("mail") == mail]


def test_the_way_up(database: Database) -> None:
    """Five working days: the second contact; five more: one case for staff; nothing twice."""
    project = _told(database)
    days(database, at(2026, 6, 10), at(2026, 6, 15))
    assert not _to(database, SECOND)
    days(database, at(2026, 6, 16), at(2026, 6, 17))
    (asked,) = _to(database, SECOND)
    assert "第二連絡先のあなた" in asked
    assert _case(database, project) is None
    days(database, at(2026, 6, 18), at(2026, 6, 26), hours=(10, 11))
    found = _case(database, project)
    assert found is not None
    assert "返事がありません" in found.summary
    assert (found.methodology, found.organisation) == ("EN-S-001", "株式会社試験工業")
    assert len(_to(database, SECOND)) == 1
    days(database, at(2026, 6, 29), at(2026, 7, 20), hours=(10,))
    noted = look(database, NOW, lambda opened: opened.cases.notes(found))
    assert not [one for one in noted if "返事がありません" in one.text]


def test_an_answer_ends_the_way_up(database: Database) -> None:
    """Neither the second contact nor staff hear of it."""
    project = _told(database)
    one = _cutoff(database, project)
    do(database, at(2026, 6, 10), lambda opened: answers.working(opened, one.id, "contact:1"))
    days(database, at(2026, 6, 10), at(2026, 7, 1))
    assert not _to(database, SECOND)
    assert _case(database, project) is None


def test_without_a_second_contact_staff_are_asked(database: Database) -> None:
    """After the time in which the second contact would have been."""
    project = _told(database, second="")
    days(database, at(2026, 6, 10), at(2026, 6, 17))
    assert _case(database, project) is not None


def test_a_project_that_nobody_looks_after_goes_to_staff(database: Database) -> None:
    """No date passes unseen because nobody is registered."""
    project = _told(database, second="", owner="")
    found = _case(database, project)
    assert found is not None
    assert "知らせる相手が登録されていません" in found.summary
    assert found.next_at is not None


def test_each_notice_of_a_project_that_nobody_looks_after_goes_to_staff(database: Database) -> None:
    """The first one does not stand for those that come later."""
    project = _told(database, second="", owner="")
    found = _case(database, project)
    before = len(look(database, NOW, lambda opened: opened.cases.notes(found)))
    days(database, at(2026, 8, 5), at(2026, 9, 4))
    later = look(database, NOW, lambda opened: opened.cases.notes(found))[before:]
    assert [one for one in later if "2026-09-07" in one.text]


def test_staff_hear_of_each_of_them_on_its_own_day(database: Database) -> None:
    """And not when the project happens to be planned again; `on` is Tokyo's."""
    project = _told(database, second="", owner="")
    days(database, at(2026, 6, 10), at(2026, 9, 4))
    notices = _notices(database, project)
    found = _case(database, project)
    noted = look(database, NOW, lambda opened: opened.cases.notes(found))
    told = {one.at.astimezone(TOKYO).date() for one in noted if "2026-09-07" in one.text}
    assert len(notices) > 2
    assert set(notices[1:]) <= told
    days(database, at(2026, 9, 5), at(2026, 9, 7))
    assert _cutoff(database, project).next_on is None


def _notices(database: Database, project: Project) -> list[date]:
    """The days on which the cut-off is told of, as the engine has them."""
    dates = look(database, NOW, lambda opened: dates_of(project, SETTING.almanac(opened), NOW.date()))
    (cutoff,) = [one for one in dates if one.rule.id == "DL-08"]
    return [step.on for step in cutoff.steps]


def test_an_answer_in_the_moment_of_the_take_over_loses_no_later_notice(database: Database) -> None:
    """Staff put somebody in charge and note on the telephone that it is being worked on, in one go."""
    project = _told(database, second="", owner="")
    now = at(2026, 6, 10, 11)

    def telephones(opened: StoredBooks) -> None:
        _put_in_charge(project, opened)
        answers.working(opened, _cutoff(database, project).id, opened.actor)

    do(database, now, telephones)
    days(database, now, at(2026, 9, 4, 12))
    sent = {row.put_at.astimezone(TOKYO).date() for row in letters(database) if row.address["mail"] == NEXT}
    assert set(_notices(database, project)[1:]) <= sent


def _put_in_charge(project: Project, opened: StoredBooks) -> None:
    one = opened.contacts.put("佐藤", NEXT, project.organisation)
    opened.contacts.give(project.id, one.id, Role.OWNER)


def _deliver(database: Database, now: datetime) -> None:
    """Everything that waits leaves by mail."""
    while found := outbox.claim(database, "mail", "w", now, 100):
        for one in found:
            outbox.sent(database, one.id, "w", now, "ref")


def test_whoever_is_put_in_charge_hears_of_what_lay_with_staff(database: Database) -> None:
    """At once, and not only when the next notice comes."""
    project = _told(database, second="", owner="")
    now = at(2026, 6, 10, 11)

    do(database, now, partial(_put_in_charge, project))
    assert not _to(database, NEXT)
    tick(database, now)
    (told,) = _to(database, NEXT)
    assert "P-001" in told
    tick(database, at(2026, 6, 11))
    assert len(_to(database, NEXT)) == 1


def test_a_second_contact_who_is_asked_again_is_kept_as_told_again(database: Database) -> None:
    """The owner is told anew after a rest and is silent again: a letter of its own, and a notice of its own."""
    project = _told(database)
    days(database, at(2026, 6, 10), at(2026, 6, 17))
    _deliver(database, at(2026, 6, 17, 12))
    one, second = _cutoff(database, project), contact_id(database, SECOND)
    rest = date(2026, 6, 22)
    do(database, at(2026, 6, 18), lambda opened: answers.snooze(SETTING, opened, one.id, rest, "contact:2"))
    days(database, at(2026, 6, 19), at(2026, 7, 3))
    heard = [row for row in nudges(database) if row.contact == second and row.obligation == one.id]
    assert len(_to(database, SECOND)) == len({row.letter for row in heard}) == len(heard) == 2


def test_two_letters_unseen_ask_who_has_taken_over(database: Database) -> None:
    """The second contact first; without an answer staff, with one case."""
    project = _told(database)
    days(database, at(2026, 6, 10), at(2026, 8, 20))
    (asked,) = letters(database, "succession:")[:1]
    assert asked.address["mail"] == SECOND
    assert "お知らせを続けて見ていただけていません" in text_of(asked)
    first = look(database, NOW, lambda opened: opened.successions.of_project(project.id))[0]
    assert (first.why, first.state) == (SuccessionWhy.UNSEEN, SuccessionState.OPEN)
    assert first.case
    assert len(letters(database, "succession:")) == 1


def test_what_was_asked_about_is_not_asked_about_again(database: Database) -> None:
    """Whoever stays is not in doubt for the same letters any more; that is known after a migration, too."""
    project = _told(database)
    days(database, at(2026, 6, 10), at(2026, 8, 7))
    do(database, at(2026, 8, 7, 15), lambda opened: stays(opened, project, "staff:sato"))
    marked = _marked(database)
    assert marked
    retreat(database, "0014")
    migrate(database)
    assert _marked(database) == marked
    tick(database, at(2026, 8, 7, 16))
    found = look(database, NOW, lambda opened: opened.successions.of_project(project.id))
    assert [one.why for one in found] == [SuccessionWhy.UNSEEN]


def _marked(database: Database) -> dict[int, datetime]:
    """Which nudges count as silences no more, and since when."""
    with database.look() as connection:
        rows = connection.execute(select(nudge.c.id, nudge.c.asked_at).where(nudge.c.asked_at.is_not(None)))
        return {row.id: row.asked_at for row in rows}


def test_staff_are_not_asked_about_what_is_settled(database: Database) -> None:
    """Somebody else is in charge by now: the question is closed, however long it was open."""
    project = _told(database)
    days(database, at(2026, 6, 10), at(2026, 8, 7))
    whose, second = contact_id(database, OWNER), contact_id(database, SECOND)
    (one,) = look(database, NOW, lambda opened: opened.successions.of_project(project.id))
    assert one.state is SuccessionState.OPEN
    late = at(2026, 12, 1)
    asked = look(database, NOW, lambda opened: opened.successions.stuck(late))
    assert asked == (() if one.asked_staff_at else (one.id,))

    def replace_owner(opened: StoredBooks) -> None:
        opened.contacts.end(project.id, whose, Role.OWNER, "staff:sato")
        opened.contacts.give(project.id, second, Role.OWNER, "staff:sato")

    do(database, at(2026, 8, 7, 15), replace_owner)
    assert look(database, NOW, lambda opened: opened.successions.settled()) == (one.id,)
    assert look(database, NOW, lambda opened: opened.successions.stuck(late)) == ()


def test_a_sign_of_life_is_seen(database: Database) -> None:
    """Whoever does anything at the desk has seen what was sent before."""
    project = _told(database, second="")
    whose = contact_id(database, OWNER)
    days(database, at(2026, 6, 10), at(2026, 8, 7))
    do(database, at(2026, 8, 7, 11), lambda opened: opened.nudges.seen(whose))
    days(database, at(2026, 8, 8), at(2026, 8, 14))
    found = look(database, NOW, lambda opened: opened.successions.of_project(project.id))
    assert not [one for one in found if one.opened_at > at(2026, 8, 7, 11)]


def test_mail_that_comes_back_opens_the_question_at_once(database: Database) -> None:
    """The address is not used again, and the second contact is asked."""
    project = _told(database)
    (letter, *_) = letters(database)
    with database.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE outbox SET state = 'sending', lease_owner = 'w' WHERE id = {letter.id}"
        )
    outbox.park(database, letter.id, "w", "bounced: 550 no such user", at(2026, 6, 9, 11))
    tick(database, at(2026, 6, 9, 12))
    tick(database, at(2026, 6, 9, 13))
    whose = look(database, NOW, lambda opened: opened.contacts.by_mail(OWNER))
    assert whose is not None
    assert whose.bounced_at is not None
    (asked,) = letters(database, "succession:")
    assert "メールが届かず戻ってきました" in text_of(asked)
    found = look(database, NOW, lambda opened: opened.successions.of_project(project.id))
    assert [one.why for one in found] == [SuccessionWhy.BOUNCED]
