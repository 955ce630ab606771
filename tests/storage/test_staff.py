"""Staff on both engines: who they are, links that work once, sessions that end."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Select, func, select

from intents.desk import staff as rules
from intents.desk.refused import Refused
from intents.desk.staff_books import Role, StaffMember
from storage.audit import lines, verify
from storage.books import books
from storage.database import Database
from storage.staff import (
    close_session,
    close_sessions_of,
    csrf_of,
    forget_expired,
    open_session,
    session,
    use_login,
)
from storage.tables import staff_login, staff_session
from tests.kit import NOON

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SATO = StaffMember("sato", "佐藤", Role.DESK, "T1:U1", desks=("general",), prefectures=("茨城県",))
RACERS = 5


def _added(database: Database, member: StaffMember = SATO) -> StaffMember:
    with books(database, NOON, "staff:terminal") as opened:
        return rules.add(opened, member)


def _link(database: Database, member: StaffMember, now: datetime = NOON) -> str:
    with books(database, now, "staff:terminal") as opened:
        return rules.login(opened, member.name)


def _change(database: Database, **changes: Any) -> None:
    with books(database, NOON, "staff:terminal") as opened:
        rules.change(opened, "sato", **changes)


def _signed_in(database: Database, now: datetime = NOON) -> str:
    """The token of a session of the only member."""
    with books(database, now, "clock") as opened:
        member = opened.staff.all()[0]
        token = opened.staff.issue_login(member)
    found = use_login(database, token, now)
    assert found
    return found[1]


# ------------------------------------------------ who they are


@pytest.mark.parametrize("has", Role)
@pytest.mark.parametrize("needed", Role)
def test_roles_have_an_order(has: Role, needed: Role) -> None:
    """Each may do what those before it may."""
    order = ["reader", "desk", "editor", "admin"]
    assert has.may(needed) is (order.index(has) >= order.index(needed))


def test_a_member_is_found(database: Database) -> None:
    """By handle, and while active by what a channel calls them; who has no account is not everybody."""
    member = _added(database)
    _added(database, StaffMember("ito", "伊藤", Role.ADMIN))
    with books(database, NOON, "clock") as opened:
        assert opened.staff.by_person("slack:T1:U1") == member == opened.staff.by_name("sato")
        assert opened.staff.by_person("slack:") is None
        assert opened.staff.by_person("web:T1:U1") is None
        assert opened.staff.by_person("teams:T1:U1") is None
        assert [one.name for one in opened.staff.all()] == ["ito", "sato"]
    _change(database, active=False)
    with books(database, NOON, "clock") as opened:
        assert opened.staff.by_person("slack:T1:U1") is None
        assert opened.staff.by_name("sato") == replace(member, active=False)
    assert member.actor == "staff:sato"


@pytest.mark.parametrize(
    ("member", "problem"),
    [
        (SATO, "name_taken"),
        (replace(SATO, name="other"), "slack_taken"),
        (replace(SATO, name="佐藤"), "name_wrong"),
        (replace(SATO, name="terminal", slack=""), "name_reserved"),
        (replace(SATO, name="a", display=" "), "display_wrong"),
        (replace(SATO, name="a", slack="U1"), "slack_wrong"),
        (replace(SATO, name="a", slack="", mail="sato"), "mail_wrong"),
    ],
)
def test_what_cannot_be_a_member_is_refused(
    sqlite_database: Database, member: StaffMember, problem: str
) -> None:
    """Before anything is written."""
    _added(sqlite_database)
    with pytest.raises(Refused) as refused:
        _added(sqlite_database, member)
    assert refused.value.problem == problem
    assert len(lines(sqlite_database)) == 1


def test_each_change_leaves_a_line(database: Database) -> None:
    """With what differs; where nothing does, with none."""
    _added(database)
    _change(database, role=Role.ADMIN, display="佐藤")
    _change(database, role=Role.ADMIN)
    _change(database, active=False)
    found = lines(database, "staff:sato")
    assert [(line.action, line.before) for line in found[1:]] == [
        ("changed", {"role": "desk"}),
        ("removed", {"active": True}),
    ]
    assert verify(database).ok


# ------------------------------------------------ links


def test_a_link_signs_in_once(database: Database) -> None:
    """It opens a session; the audit keeps the sign-in, and each refusal with its reason."""
    member = _added(database)
    token = _link(database, member)
    found = use_login(database, token, NOON + MINUTE)
    assert found
    assert found[0] == member
    assert session(database, found[1], NOON + MINUTE) == (member, csrf_of(found[1]))
    assert use_login(database, token, NOON + MINUTE) is None
    # Of a link that there never was the record has no line.
    assert use_login(database, "guessed", NOON) is None
    kept = [(line.actor, line.subject, line.action, line.reason) for line in lines(database)]
    assert kept[2:] == [
        ("staff:sato", "staff:sato", "signed_in", ""),
        ("visitor", "staff:sato", "login_refused", "used"),
    ]


def test_a_link_ends_after_fifteen_minutes(database: Database) -> None:
    """At that moment, not before."""
    member = _added(database)
    late, early = _link(database, member), _link(database, member)
    assert use_login(database, late, NOON + 15 * MINUTE) is None
    assert use_login(database, early, NOON + 14 * MINUTE)


def test_who_has_left_gets_in_nowhere(database: Database) -> None:
    """Neither by a link that they have nor by a session that is open; nobody gives them a new link."""
    member = _added(database)
    link, opened = _link(database, member), _signed_in(database)
    _change(database, active=False)
    assert use_login(database, link, NOON) is None
    assert session(database, opened, NOON) is None
    with pytest.raises(Refused):
        _link(database, member)
    _change(database, active=True)
    assert use_login(database, link, NOON) is None
    assert session(database, opened, NOON) is None


def test_no_token_is_stored(database: Database) -> None:
    """Only digests: who reads the tables cannot sign in."""
    member = _added(database)
    tokens = {_link(database, member), _signed_in(database)}
    assert all(len(token) >= 43 for token in tokens)
    with database.look() as connection:
        kept = [*connection.scalars(select(staff_login.c.digest))]
        kept += connection.scalars(select(staff_session.c.digest))
    assert not tokens & set(kept)
    assert {len(digest) for digest in kept} == {64}


class Unlocked(Database):
    """The lock on the link left out, and everybody reads it before anybody has used it."""

    gate = Barrier(RACERS)

    def for_update(self, select: Select[Any], *, skip_locked: bool = False) -> Select[Any]:
        """Reads without a lock, together."""
        if staff_login not in select.get_final_froms():
            return super().for_update(select, skip_locked=skip_locked)
        self.gate.wait()
        return select


def _winners(database: Database) -> int:
    """How many of those who use a link at once are signed in."""
    token = _link(database, _added(database))
    gate = Barrier(RACERS)

    def use(_: int) -> bool:
        gate.wait()
        return use_login(database, token, NOON) is not None

    with ThreadPoolExecutor(RACERS) as pool:
        return sum(pool.map(use, range(RACERS)))


def test_a_link_used_at_once_signs_in_once(database: Database) -> None:
    """One of them wins; each of the others is a refusal in the audit."""
    assert _winners(database) == 1
    actions = [line.action for line in lines(database)]
    assert actions.count("login_refused") == RACERS - 1
    assert verify(database).ok


def test_a_link_used_at_once_without_the_lock(postgres_database: Database) -> None:
    """The twin: who reads it unused gets in, and that may be several."""
    bare = Unlocked(postgres_database.engine.url.render_as_string(hide_password=False))
    assert _winners(bare) > 1
    bare.close()


# ------------------------------------------------ sessions


def test_a_session_ends_when_nobody_comes(database: Database) -> None:
    """After eight hours without being seen, however often it was seen before; after 24 in any case."""
    _added(database)
    idle, busy = _signed_in(database), _signed_in(database)
    assert session(database, busy, NOON + 7 * HOUR)
    assert session(database, idle, NOON + 8 * HOUR) is None
    assert session(database, busy, NOON + 14 * HOUR)
    assert session(database, busy, NOON + 21 * HOUR)
    assert session(database, busy, NOON + 24 * HOUR) is None


def test_signing_out(database: Database) -> None:
    """Ends that session only, with one line; signing out twice is once."""
    _added(database)
    mine, other = _signed_in(database), _signed_in(database)
    close_session(database, mine, NOON)
    close_session(database, mine, NOON)
    assert session(database, mine, NOON) is None
    assert session(database, other, NOON)
    assert [line.action for line in lines(database)].count("signed_out") == 1


@pytest.mark.parametrize(("changes", "open_"), [({"role": Role.READER}, False), ({"display": "佐"}, True)])
def test_another_role_ends_sessions(database: Database, changes: dict[str, Any], open_: bool) -> None:
    """What somebody may do is looked up anew; another display name changes nothing."""
    _added(database)
    token = _signed_in(database)
    _change(database, **changes)
    assert bool(session(database, token, NOON)) is open_


def test_the_word_of_the_forms_is_the_sessions_own() -> None:
    """The same each time, another one for each session, and not the token."""
    assert csrf_of("a") == csrf_of("a") != csrf_of("b")
    assert "a-long-token" not in csrf_of("a-long-token")


def test_what_is_over_is_forgotten(database: Database) -> None:
    """Links and sessions that open nothing; what is open stays."""
    member = _added(database)
    _link(database, member)
    _signed_in(database)
    with database.begin() as connection:
        fresh = open_session(connection, member.id, NOON + 9 * HOUR)
        assert forget_expired(connection, NOON + 9 * HOUR) == 3
        assert connection.scalar(select(func.count()).select_from(staff_login)) == 0
        assert close_sessions_of(connection, member.id) == 1
    assert session(database, fresh, NOON + 9 * HOUR) is None
