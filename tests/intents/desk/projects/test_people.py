"""Who looks after projects: one owner and one second contact, successors, addresses, and what the record learns of it."""

from typing import Any

import pytest

from intents.desk.projects import duties, people, register
from intents.desk.projects.marks import mark
from intents.desk.projects.records import Contact, NewProject, Role
from intents.desk.refused import Refused
from storage.audit import lines
from storage.books import StoredBooks, books
from storage.database import Database
from tests.kit import NOON


def _project(opened: StoredBooks, id_: str = "P-1") -> None:
    register.add(opened, NewProject(project_id=id_, title="t", organisation="株式会社みどり"))


def _staff(opened: StoredBooks, id_: str = "P-1") -> dict[Role, str]:
    project = register.find(opened, id_)
    known = {one.id: one.name for one in opened.contacts.of(range(1, 50))}
    return {one.role: known[one.contact] for one in opened.contacts.duties([project.id])}


def test_who_follows_and_who_was_before(database: Database) -> None:
    """One owner at a time; the one before stays a former one and comes back; a second contact who takes over is none."""
    with books(database, NOON, "staff:x") as opened:
        _project(opened)
        first = duties.assign(opened, "P-1", Role.OWNER, "青井", "aoi@example.jp")
        assert duties.assign(opened, "P-1", Role.OWNER, "青井", "AOI@example.jp") == first
        duties.assign(opened, "P-1", Role.SECOND, "赤井", "aka@example.jp")
        duties.assign(opened, "P-1", Role.OWNER, "赤井", "aka@example.jp", why="異動")
        assert _staff(opened) == {Role.OWNER: "赤井", Role.FORMER: "青井"}
        duties.assign(opened, "P-1", Role.OWNER, "青井", "aoi@example.jp")
        assert _staff(opened) == {Role.OWNER: "青井", Role.FORMER: "赤井"}
        duties.unassign(opened, "P-1", Role.OWNER)
        assert Role.OWNER not in _staff(opened)
        assert register.find(opened, "P-1").version == 6
        assert len(opened.contacts.history(register.find(opened, "P-1").id)) == 7
    told = [line for line in lines(database, "project:P-1") if line.action == "duty_changed"]
    assert (told[2].before, told[2].after, told[2].reason) == (
        {"owner": ["contact:1"]},
        {"owner": ["contact:2"]},
        "異動",
    )


def test_the_second_contact_is_somebody_else(database: Database) -> None:
    """Else nobody would be left to ask."""
    with books(database, NOON, "staff:x") as opened:
        _project(opened)
        duties.assign(opened, "P-1", Role.OWNER, "青井", "aoi@example.jp")
        with pytest.raises(Refused, match="second_is_owner"):
            duties.assign(opened, "P-1", Role.SECOND, "青井", "aoi+2@example.jp")


def test_an_older_page_does_not_put_anybody_in_charge(database: Database) -> None:
    """The version says that somebody else was quicker; the same wish is no conflict."""
    with books(database, NOON, "staff:x") as opened:
        _project(opened)
        duties.assign(opened, "P-1", Role.OWNER, "青井", "aoi@example.jp", seen=1)
        with pytest.raises(Refused, match="changed_meanwhile"):
            duties.assign(opened, "P-1", Role.OWNER, "赤井", "aka@example.jp", seen=1)
        duties.assign(opened, "P-1", Role.OWNER, "青井", "aoi@example.jp", seen=1)


def test_somebody_without_an_address_gets_one(database: Database) -> None:
    """They stay the same person; without a name the address stands for it, and a known name is not lost."""
    with books(database, NOON, "staff:x") as opened:
        _project(opened)
        first = duties.assign(opened, "P-1", Role.OWNER, "青井 太郎", "")
        again = duties.assign(opened, "P-1", Role.OWNER, "青井太郎", "aoi@example.jp")
        assert (again.id, again.mail) == (first.id, "aoi@example.jp")
        assert duties.assign(opened, "P-1", Role.OWNER, "", "aoi@example.jp").name == "青井太郎"
        assert duties.assign(opened, "P-1", Role.SECOND, "", "info@example.jp").name == "info@example.jp"
        with pytest.raises(Refused, match="name_missing"):
            duties.assign(opened, "P-1", Role.SECOND, " ", "")
        with pytest.raises(Refused, match="mail_wrong"):
            duties.assign(opened, "P-1", Role.SECOND, "x", "nowhere")


def test_an_address_with_another_name_is_the_same_person(database: Database) -> None:
    """Who is called so from now on, in every project; the record keeps neither name nor address."""
    with books(database, NOON, "staff:x") as opened:
        _project(opened)
        _project(opened, "P-2")
        duties.assign(opened, "P-1", Role.OWNER, "青井", "aoi@example.jp")
        duties.assign(opened, "P-2", Role.OWNER, "青井 花", "aoi@example.jp")
        assert _staff(opened) == _staff(opened, "P-2") == {Role.OWNER: "青井 花"}
    (line,) = lines(database, "contact:1")
    assert (line.action, line.before, line.after) == ("changed", {}, {"fields": ["name"]})


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"mail": "x"}, "mail_wrong"),
    ({"mail": "aka@example.jp"}, "mail_taken"),
    ({"name": "", "mail": ""}, "name_missing"),
    ({"name": "x" * 61}, "name_long"),
    ({"lang": "fr"}, "lang_wrong"),
    ({"zone": "Mars/Base"}, "zone_wrong"),
    ({"zone": "../etc/passwd"}, "zone_wrong"),
    ({"ways": ("mail", "mail")}, "ways_wrong"),
    ({"ways": ("fax",)}, "ways_wrong"),
    ({"slack": "U1"}, "slack_wrong"),
    ({"slack": "T1:U2"}, "slack_taken"),
)


@pytest.mark.parametrize(("changes", "problem"), WRONG)
def test_what_a_person_may_not_be(sqlite_database: Database, changes: dict[str, Any], problem: str) -> None:
    """Named, and they stay as they were."""
    with books(sqlite_database, NOON, "staff:x") as opened:
        one = opened.contacts.put("青井", "aoi@example.jp", "x")
        other = opened.contacts.put("赤井", "aka@example.jp", "x")
        people.change(opened, other.id, slack="T1:U2")
        with pytest.raises(Refused, match=problem):
            people.change(opened, one.id, **changes)
        assert opened.contacts.by_id(one.id) == one


def test_mail_comes_back_and_people_leave(database: Database) -> None:
    """Each is kept once; another address works again; a page of before is told."""
    with books(database, NOON, "staff:x") as opened:
        one = opened.contacts.put("青井", "aoi@example.jp", "x")
        seen = mark(people.shown(one))
        assert people.mail_came_back(opened, one.id, "550").bounced_at == NOON
        assert people.mail_came_back(opened, one.id).bounced_at == NOON
        assert people.left(opened, one.id).gone_at == NOON
        assert people.change(opened, one.id, seen, mail="neu@example.jp").bounced_at is None
        with pytest.raises(Refused, match="changed_meanwhile"):
            people.change(opened, one.id, seen, zone="Europe/Berlin")
        back = people.reachable(opened, one.id)
        assert (back.gone_at, people.reachable(opened, one.id)) == (None, back)
        with pytest.raises(Refused, match="no_such_contact"):
            people.left(opened, 99)
        assert isinstance(back, Contact)
    told = [line.action for line in lines(database, "contact:1")]
    assert told == ["bounced", "gone", "changed", "reachable"]
