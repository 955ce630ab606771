"""Who may do what to a case: every act, state, owner and role against a table that people read, `case_rules.csv`."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from intents.desk.books import Recipient
from intents.desk.case_records import CLOSED, OPEN, Case, CaseKind, CaseState
from intents.desk.case_rules import RULES, CaseAct, allowed, check
from intents.desk.refused import Refused
from intents.desk.staff_books import Role, StaffMember
from knowledge.model import Lang
from tests.kit import NOON

TABLE = Path(__file__).with_name("case_rules.csv")
OWNERS = {"nobody": "", "me": "me", "other": "other"}
YES = "yes"
CASE = Case(
    kind=CaseKind.HANDOVER,
    summary="",
    to=Recipient(0, "", "", Lang.JA),
    id=1,
    state=CaseState.NEW,
    desk="general",
    opened_at=NOON,
    changed_at=NOON,
)


def _verdict(act: CaseAct, case: Case, who: StaffMember) -> str:
    try:
        check(act, case, who)
    except Refused as refused:
        return refused.problem
    return YES


def _rows() -> Iterator[dict[str, str]]:
    for act, state, owner in product(CaseAct, CaseState, OWNERS):
        case = replace(CASE, state=state, owner=OWNERS[owner], talking="me")
        found = {role.value: _verdict(act, case, StaffMember("me", "私", role)) for role in Role}
        yield {"act": act.value, "state": state.value, "owner": owner} | found


def _table() -> list[dict[str, str]]:
    with TABLE.open() as file:
        return list(csv.DictReader(file))


def test_the_table() -> None:
    """Each line says for each role whether it may, or why not."""
    assert list(_rows()) == _table()


@pytest.mark.parametrize("role", Role)
def test_allowed_is_what_check_lets_through(role: Role) -> None:
    """In the order of the rules."""
    order, yes = [rule.act.value for rule in RULES], {YES}
    for state, owner in product(CaseState, OWNERS):
        mine = [row for row in _table() if (row["state"], row["owner"]) == (state.value, owner)]
        may = [row["act"] for row in mine if row[role.value] in yes]
        case = replace(CASE, state=state, owner=OWNERS[owner], talking="me")
        found = [act.value for act in allowed(case, StaffMember("me", "私", role))]
        assert found == sorted(may, key=order.index)


def test_who_left_may_nothing() -> None:
    """Whatever they were."""
    gone = StaffMember("me", "私", Role.ADMIN, active=False)
    assert allowed(CASE, gone) == ()
    assert _verdict(CaseAct.NOTE, CASE, gone) == "no_right"


def test_the_rules_are_whole() -> None:
    """One line for each act; where an open one leads, and back, there is a way."""
    assert [rule.act for rule in RULES] == list(CaseAct)
    assert {rule.to for rule in RULES if rule.of <= OPEN} >= CLOSED | (OPEN - {CaseState.NEW})
    assert next(rule for rule in RULES if rule.act is CaseAct.REOPEN).of == CLOSED
