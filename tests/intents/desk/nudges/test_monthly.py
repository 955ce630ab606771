"""One figure or paper a month: asked for once it is over, ended when it came in, and heard in a bare number."""

from datetime import date, timedelta

import pytest

from intents.desk.nudges.monthly import ENTER, figure_in_reply, is_monthly, missing_in, take
from intents.desk.nudges.planning import plan
from intents.desk.nudges.records import Obligation, ObligationState
from intents.desk.projects import readings
from intents.desk.projects.items import ItemKind, MonitoringItem, Reading
from intents.desk.projects.records import Project
from intents.desk.refused import Refused
from intents.messages import RunCommand
from storage.books import StoredBooks
from storage.database import Database
from tests.intents.desk.nudges.nudge_world import (
    OWNER,
    SETTING,
    at,
    buttons,
    command,
    days,
    do,
    enter,
    letters,
    look,
    text_of,
    tick,
)

NOW = at(2026, 11, 24, 8)
ASKED = at(2026, 12, 4)
GAS = MonitoringItem("ガス使用量", ItemKind.FIGURE, "m3", "2026-10")
SLIPS = MonitoringItem("検針票", ItemKind.DOCUMENT, "", "2026-10")


def _measuring(
    database: Database, project_id: str = "P-001", items: tuple[MonitoringItem, ...] = (GAS, SLIPS)
) -> Project:
    project = enter(database, NOW, project_id, second="")
    do(database, NOW, lambda opened: opened.projects.put_items(project.id, items))
    return project


def _months(database: Database, project: Project) -> dict[str, Obligation]:
    found = look(database, NOW, lambda opened: opened.obligations.of_projects([project.id]))
    return {one.key.partition(":")[2]: one for one in found if is_monthly(one.rule)}


def _take(database: Database, project: Project, item: str, value: str, month: str = "2026-11") -> None:
    def work(opened: StoredBooks) -> None:
        wanted = Reading(item=item, month=month, value=value, by="contact:1")
        take(opened, project, wanted, ASKED.date())

    do(database, ASKED, work)


def _reply(database: Database, text: str, mail: str = OWNER) -> RunCommand | None:
    def work(opened: StoredBooks) -> RunCommand | None:
        contact = opened.contacts.by_mail(mail)
        assert contact
        opened.contacts.save(type(contact)(id=contact.id, name=contact.name, mail=mail, person="web:p1"))
        return figure_in_reply(opened, "web:p1", text)

    return do(database, ASKED, work)


# ------------------------------------------------ the letter


def test_a_month_is_asked_for_once_it_is_over(database: Database) -> None:
    """Planned while it runs, told on the working day before the fifth, for one item, with the missing months."""
    project = _measuring(database)
    tick(database, NOW)
    assert _months(database, project)["2026-11"].next_on == date(2026, 12, 4)
    # Of a month that was over before anybody planned it there is no notice; its gap is named all the same.
    assert "2026-10" not in _months(database, project)
    days(database, NOW, at(2026, 12, 31))
    (row,) = letters(database)
    assert row.put_at.date() == ASKED.date()
    said = text_of(row)
    assert "2026年11月の「ガス使用量」（m3）をお知らせください" in said
    assert "記録のない月: 2026-10 \u2013 2026-11" in said
    assert "検針票" not in said
    assert list(buttons(row))[:2] == ["数値を入力する", "延期"]
    assert "完了" not in buttons(row)
    given = command(database, buttons(row)["数値を入力する"])
    assert (given.command, given.given["month"], given.given["item"]) == (ENTER, "2026-11", "ガス使用量")
    assert given.given["place"] == str(project.id)


def test_the_next_month_is_asked_for_a_month_later(database: Database) -> None:
    """Planned once a month, whatever the project's own day for that is; what is old is not asked again."""
    projects = [_measuring(database, f"P-{number:03}") for number in range(1, 6)]
    days(database, NOW, at(2027, 3, 5))
    for project in projects:
        told = {month for month, one in _months(database, project).items() if one.told_at}
        assert told >= {"2026-12", "2027-01", "2027-02"}
    assert [row.put_at.date() for row in letters(database)] == [
        date(2026, 12, 4),
        date(2027, 1, 5),
        date(2027, 2, 5),
        date(2027, 3, 5),
    ]


def test_a_document_has_a_button_of_its_own(database: Database) -> None:
    """And other words."""
    _measuring(database, items=(SLIPS,))
    days(database, NOW, ASKED)
    (row,) = letters(database)
    assert "2026年11月の「検針票」がどの資料かをお知らせください" in text_of(row)
    assert next(iter(buttons(row))) == "資料を記録する"


# ------------------------------------------------ what comes in


def test_a_month_is_done_when_nothing_of_it_is_missing(database: Database) -> None:
    """Not before; planning again leaves it so, and no letter follows."""
    project = _measuring(database)
    days(database, NOW, ASKED)
    _take(database, project, "ガス使用量", "1200")
    assert _months(database, project)["2026-11"].state is ObligationState.OPEN
    _take(database, project, "検針票", "11月.pdf")
    done = _months(database, project)["2026-11"]
    assert (done.state, done.answered_by) == (ObligationState.DONE, "contact:1")
    do(database, ASKED, lambda opened: plan(SETTING, [project.id], opened))
    assert _months(database, project)["2026-11"] == done
    days(database, ASKED, at(2026, 12, 31))
    assert len(letters(database)) == 1


def test_what_staff_enter_before_it_is_asked_for_asks_nobody(database: Database) -> None:
    """By data alone: the planning finds that nothing is missing."""
    project = _measuring(database, items=(GAS,))
    tick(database, NOW)
    first = at(2026, 12, 1)

    def work(opened: StoredBooks) -> None:
        wanted = Reading(item="ガス使用量", month="2026-11", value="1200", by="staff:sato")
        readings.record(opened, project.project_id, wanted, first.date())

    do(database, first, work)
    days(database, first, at(2026, 12, 31))
    assert letters(database) == []
    closed = _months(database, project)["2026-11"]
    assert (closed.state, closed.why) == (ObligationState.DONE, "data:recorded")


def test_what_is_refused_ends_nothing(database: Database) -> None:
    """An odd value that nobody stands by, or another one than stands there."""
    project = _measuring(database, items=(GAS,))
    days(database, NOW, ASKED)
    _take(database, project, "ガス使用量", "1200", "2026-10")
    for value in ("12000", "-1"):
        with pytest.raises(Refused):
            _take(database, project, "ガス使用量", value)
    assert _months(database, project)["2026-11"].state is ObligationState.OPEN
    now = look(database, ASKED, lambda opened: opened.projects.find("P-001"))
    assert now
    assert [one.name for one in missing_in(now, "2026-11")] == ["ガス使用量"]
    assert missing_in(now, "2026-09") == ()


# ------------------------------------------------ in words


def test_a_bare_number_is_what_the_newest_letter_asked_for(database: Database) -> None:
    """With its unit or without; what is none, or of another unit, is something else."""
    project = _measuring(database)
    days(database, NOW, ASKED)
    found = _reply(database, "1,210 m3")
    assert found
    assert found.command == ENTER
    assert {name: found.given[name] for name in ("place", "month", "item", "value")} == {
        "place": str(project.id),
        "month": "2026-11",
        "item": "ガス使用量",
        "value": "1,210 m3",
    }
    assert _reply(database, "45") is not None
    assert [_reply(database, text) for text in ("1,210 kWh", "12月10日", "3日後", "1210円です", "")] == [
        None
    ] * 5


def test_a_number_is_nothing_where_no_figure_was_asked_for(database: Database) -> None:
    """Before the letter, for a paper, when it is done, and when two projects asked for one."""
    project = _measuring(database)
    tick(database, NOW)
    assert _reply(database, "1210") is None
    days(database, NOW + timedelta(hours=2), ASKED)
    assert _reply(database, "1210") is not None
    _take(database, project, "ガス使用量", "1200")
    assert _reply(database, "1210") is None
    _take(database, project, "検針票", "11月.pdf")
    assert _reply(database, "1210") is None


def test_a_number_for_one_of_two_projects_is_asked_back_elsewhere(database: Database) -> None:
    """Nobody knows which of them it is of: it is not guessed."""
    _measuring(database, "P-001")
    _measuring(database, "P-002")
    days(database, NOW, ASKED)
    assert len(letters(database)) == 1
    assert _reply(database, "1210") is None
