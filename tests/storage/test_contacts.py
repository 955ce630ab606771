"""Contacts and duties on both engines: one person once, however their address is written; duties begin and end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from intents.desk.projects.records import Contact, NewProject, Role
from knowledge.model import Lang
from storage import conversations
from storage.books import books
from storage.database import Database
from tests.kit import NOON, said

LATER = NOON + timedelta(hours=1)


def _project(database: Database, id_: str = "P1") -> int:
    with books(database, NOON, "staff:x") as opened:
        return opened.projects.add(NewProject(project_id=id_, title="t", organisation="株式会社みどり")).id


@pytest.mark.parametrize(
    "mail", ["Aoi@Example.jp", "ａｏｉ@example.jp", "aoi+j@example.jp", " aoi@example.jp "]
)
def test_an_address_is_one_person(database: Database, mail: str) -> None:
    """Width, case, space and plus tag do not make another one; who is known stays as they are."""
    with books(database, NOON, "staff:x") as opened:
        first = opened.contacts.put("青井", "aoi@example.jp", "株式会社みどり")
        again = opened.contacts.put("青井 太郎", mail, "別の会社")
        assert (again, opened.contacts.by_mail(mail)) == (first, first)
        assert opened.contacts.by_mail("other@example.jp") is None
        assert opened.contacts.by_mail("") is None


def test_without_an_address_the_name_within_the_organisation_counts(database: Database) -> None:
    """The same name elsewhere is somebody else."""
    with books(database, NOON, "staff:x") as opened:
        one = opened.contacts.put("青井 太郎", "", "株式会社みどり")
        same = opened.contacts.put("青井太郎", "", "みどり（株）")
        other = opened.contacts.put("青井太郎", "", "やまと林業")
    assert one.id == same.id != other.id


def test_every_field_of_a_person_comes_back(database: Database) -> None:
    """Ways in their order, moments, the conversation; found by who they are to a channel and by Slack's name."""
    with database.begin() as connection:
        chat = conversations.recall(connection, database, said("x"), Lang.JA).id
    with books(database, NOON, "staff:x") as opened:
        known = opened.contacts.put("青井", "aoi@example.jp", "みどり")
        whole = replace(
            known,
            name="青井 花",
            mail="hana@example.jp",
            lang="en",
            zone="Europe/Berlin",
            ways=("slack", "mail"),
            person="web:p1",
            conversation=chat,
            slack="T1:U1",
            muted=True,
            bounced_at=NOON,
            gone_at=LATER,
            seen_at=NOON,
        )
        opened.contacts.save(whole)
        store = opened.contacts
        assert {store.by_id(known.id), store.lock(known.id), *store.of([known.id, 99])} == {whole}
        found = (store.by_person("web:p1"), store.by_person("slack:T1:U1"), store.by_mail("hana@example.jp"))
        assert found == (whole,) * 3
        assert (store.by_mail("aoi@example.jp"), store.by_person("web:p2"), store.by_person("")) == (
            None,
        ) * 3


def test_an_address_that_was_given_up_is_free(database: Database) -> None:
    """Whoever has it next is somebody else, and the person without it goes on being found by row."""
    with books(database, NOON, "staff:x") as opened:
        first = opened.contacts.put("青井", "info@example.jp", "みどり")
        opened.contacts.save(replace(first, mail=""))
        second = opened.contacts.put("赤井", "info@example.jp", "みどり")
        assert first.id != second.id
        assert opened.contacts.by_id(first.id) == replace(first, mail="")


def test_duties_begin_end_and_are_remembered(database: Database) -> None:
    """Owners first, the oldest first; twice is once; what ended stays in the history with its reason."""
    project, other = _project(database), _project(database, "P2")
    with books(database, NOON, "staff:x") as opened:
        a, b, c = (opened.contacts.put(name, f"{name}@example.jp", "x").id for name in "abc")
        opened.contacts.give(project, c, Role.FORMER)
        opened.contacts.give(project, b, Role.SECOND)
        opened.contacts.give(project, a, Role.OWNER)
        opened.contacts.give(other, a, Role.SECOND)
    with books(database, LATER, "staff:x") as opened:
        opened.contacts.give(project, a, Role.OWNER, "again")
        now = opened.contacts.duties([project])
        assert [(one.contact, one.role, one.since, one.why) for one in now] == [
            (a, Role.OWNER, NOON, ""),
            (b, Role.SECOND, NOON, ""),
            (c, Role.FORMER, NOON, ""),
        ]
        assert {one.project for one in opened.contacts.duties_of(a)} == {project, other}
        assert opened.contacts.duties_of(c) == ()
        opened.contacts.end(project, a, Role.OWNER, "異動")
        opened.contacts.end(project, a, Role.OWNER, "twice")
        opened.contacts.give(project, b, Role.OWNER)
    with books(database, LATER, "staff:x") as opened:
        assert [one.contact for one in opened.contacts.duties([project, other])][:2] in ([b, a], [b, b])
        past = opened.contacts.history(project)
        ended = [one for one in past if one.until]
    assert [(one.contact, one.role, one.until, one.why) for one in ended] == [(a, Role.OWNER, LATER, "異動")]
    assert len(past) == 4


def test_hundreds_of_people_are_read_together(database: Database) -> None:
    """More than fit into one statement."""
    with books(database, NOON, "staff:x") as opened:
        people = [opened.contacts.put(f"n{n}", f"n{n}@example.jp", "x") for n in range(620)]
        assert opened.contacts.of([one.id for one in people]) == tuple(people)
        assert len(opened.contacts.by_mails([one.mail.upper() for one in people])) == len(people)
        assert isinstance(people[0], Contact)
