"""The register's rules: what is refused and why, what is written and told, once however often it is asked for."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from intents.desk.projects import register
from intents.desk.projects.items import ItemKind, MonitoringItem
from intents.desk.projects.records import (
    Certification,
    Instrument,
    NewProject,
    Period,
    ProjectState,
    Round,
)
from intents.desk.refused import Refused
from storage.audit import AuditLine, lines
from storage.books import StoredBooks, books
from storage.database import Database
from tests.kit import NOON

NEW = NewProject(project_id="P-1", title="ボイラーの更新", organisation="株式会社みどり")


def _told(database: Database) -> list[AuditLine]:
    return list(lines(database, "project:P-1"))


def test_a_new_project_is_told_and_stands_once(database: Database) -> None:
    """The same again is the same; another one of that name is refused."""
    with books(database, NOON, "staff:x") as opened:
        first = register.add(opened, NEW)
        assert register.add(opened, NEW) == first
        with pytest.raises(Refused) as refused:
            register.add(opened, replace(NEW, title="別"))
    assert (refused.value.problem, refused.value.places["field"]) == ("project_exists", "project_id")
    (line,) = _told(database)
    assert (line.action, line.actor) == ("added", "staff:x")
    assert line.after is not None
    assert line.after["title"] == "ボイラーの更新"


def test_a_change_tells_what_was_before(database: Database) -> None:
    """Only what differs, days and decimals as texts; nothing changed leaves no line and no version."""
    with books(database, NOON, "staff:x") as opened:
        register.add(opened, NEW)
        register.change(
            opened, "P-1", expected_t=Decimal("47.50"), cp_start=date(2021, 12, 1), reason="計画書"
        )
        again = register.change(opened, "P-1", expected_t=Decimal("47.5"))
    assert again.version == 2
    line = _told(database)[-1]
    assert (line.before, line.after, line.reason) == (
        {"cp_start": None, "expected_t": None},
        {"cp_start": "2021-12-01", "expected_t": "47.50"},
        "計画書",
    )
    assert len(_told(database)) == 2


def test_who_saw_an_older_version_is_told(database: Database) -> None:
    """Unless what they want stands there already."""
    with books(database, NOON, "staff:x") as opened:
        register.add(opened, NEW)
        register.change(opened, "P-1", title="二")
        with pytest.raises(Refused, match="changed_meanwhile"):
            register.change(opened, "P-1", 1, title="三")
        assert register.change(opened, "P-1", 1, title="二").version == 2
        assert register.change(opened, "P-1", 2, title="三").version == 3


@pytest.mark.parametrize("seen", [1, None])
def test_of_five_who_saw_the_same_version_one_changes_it(database: Database, seen: int | None) -> None:
    """The others are told; without saying what they saw, each writes over the one before."""
    with books(database, NOON, "staff:x") as opened:
        register.add(opened, NEW)

    def change(number: int) -> str:
        try:
            with books(database, NOON, f"staff:{number}") as opened:
                register.change(opened, "P-1", seen, title=f"名前{number}")
        except Refused as refused:
            return refused.problem
        return "done"

    with ThreadPoolExecutor(5) as pool:
        found = sorted(pool.map(change, range(5)))
    assert found == (["changed_meanwhile"] * 4 + ["done"] if seen else ["done"] * 5)
    with books(database, NOON, "staff:x") as opened:
        assert register.find(opened, "P-1").version == (2 if seen else 6)


FAULTS: tuple[tuple[dict[str, object], str, str], ...] = (
    ({"project_id": ""}, "project_id", "id_wrong"),
    ({"project_id": "a/b"}, "project_id", "id_wrong"),
    ({"project_id": "Import"}, "project_id", "id_wrong"),
    ({"project_id": "x" * 41}, "project_id", "id_wrong"),
    ({"title": " "}, "title", "text_missing"),
    ({"title": "-"}, "title", "text_dash"),
    ({"title": "x" * 301}, "title", "text_long"),
    ({"organisation": ""}, "organisation", "text_missing"),
    ({"prefecture": "大阪府"}, "prefecture", "prefecture_wrong"),
    ({"expected_t": Decimal(-1)}, "expected_t", "tonnes_wrong"),
    ({"expected_t": Decimal("NaN")}, "expected_t", "tonnes_wrong"),
    ({"expected_t": Decimal("0.0000001")}, "expected_t", "tonnes_fine"),
    ({"cp_end": date(2201, 1, 1)}, "cp_end", "day_far"),
    ({"target_round": 0}, "target_round", "round_wrong"),
    ({"unverified": frozenset({"colour"})}, "unverified", "unverified_unknown"),
)


@pytest.mark.parametrize(("changes", "field", "problem"), FAULTS)
def test_what_a_project_may_not_be(
    sqlite_database: Database, changes: dict[str, object], field: str, problem: str
) -> None:
    """Named by field, and nothing is written."""
    with books(sqlite_database, NOON, "staff:x") as opened:
        with pytest.raises(Refused) as refused:
            register.add(opened, replace(NEW, **changes))  # type: ignore[arg-type]
        assert opened.projects.page(0, 10) == ()
    assert (refused.value.problem, refused.value.places["field"]) == (problem, field)


def test_dates_that_contradict_each_other_are_marked_until_somebody_confirms_them(database: Database) -> None:
    """By whichever change brings it about; what was confirmed stays so until one of them changes again."""
    wrong = {"registration_application_date", "registration_date"}
    with books(database, NOON, "staff:x") as opened:
        register.add(opened, replace(NEW, registration_date=date(2022, 11, 24)))
        marked = register.change(opened, "P-1", registration_application_date=date(2022, 12, 1))
        assert marked.unverified == wrong
        assert register.change(opened, "P-1", unverified=frozenset()).unverified == frozenset()
        assert register.change(opened, "P-1", title="別").unverified == frozenset()
        assert register.change(opened, "P-1", registration_date=date(2022, 11, 25)).unverified == wrong
        register.change(opened, "P-1", unverified=frozenset(), registration_date=date(2022, 12, 24))
        register.certify(opened, "P-1", Certification(date(2022, 11, 25), 53))
        assert register.find(opened, "P-1").unverified == {"registration_date"}
    assert [line.action for line in _told(database)][-2:] == ["marked", "certified"]


def test_what_belongs_to_a_project_is_entered_once_and_told(database: Database) -> None:
    """The same again leaves no line; another value for the same key is a change with what was before."""
    first, more = Certification(date(2022, 10, 3), 52), Certification(date(2022, 10, 3), 52, Decimal(47))
    with books(database, NOON, "staff:x") as opened:
        register.add(opened, NEW)
        for one in (first, first, more):
            register.certify(opened, "P-1", one)
        register.add_period(opened, "P-1", Period(date(2022, 4, 1), date(2023, 3, 31)))
        register.add_instrument(opened, "P-1", Instrument("電力量計", date(2027, 3, 31)))
        register.add_item(opened, "P-1", MonitoringItem("電力量", ItemKind.FIGURE, "kWh", "2026-04"))
        found = register.find(opened, "P-1")
        assert register.overlapping(found, Period(date(2023, 3, 31), date(2023, 4, 1))) == found.periods[0]
        assert register.overlapping(found, Period(date(2023, 4, 1), date(2023, 4, 1))) is None
    assert (found.certifications, found.version) == ((more,), 6)
    actions = [line.action for line in _told(database)]
    entered = ["certified", "certified", "period_entered", "instrument_entered", "item_entered"]
    assert actions == ["added", *entered]
    change = _told(database)[2]
    assert change.before is not None
    assert change.after is not None
    assert (change.before["tonnes"], change.after["tonnes"]) == (None, "47")


DAY = date(2022, 10, 3)
BELONGINGS: tuple[tuple[Callable[[StoredBooks], object], str, str], ...] = (
    (
        lambda o: register.certify(o, "P-1", Certification(DAY, listed_on=date(2022, 10, 2))),
        "listed_on",
        "order_wrong",
    ),
    (lambda o: register.certify(o, "P-1", Certification(DAY, tonnes=Decimal(-1))), "tonnes", "tonnes_wrong"),
    (lambda o: register.certify(o, "P-1", Certification(date(1922, 10, 3))), "applied_on", "day_far"),
    (lambda o: register.add_period(o, "P-1", Period(DAY, date(2022, 10, 2))), "ends_on", "order_wrong"),
    (lambda o: register.add_instrument(o, "P-1", Instrument("", DAY)), "name", "text_missing"),
    (
        lambda o: register.add_item(o, "P-1", MonitoringItem("電力", ItemKind.FIGURE, "", "2026-13")),
        "since",
        "month_wrong",
    ),
)


@pytest.mark.parametrize(("enter", "field", "problem"), BELONGINGS)
def test_what_does_not_belong_to_a_project(
    sqlite_database: Database, enter: Callable[[StoredBooks], object], field: str, problem: str
) -> None:
    """Named by field; the version stays."""
    with books(sqlite_database, NOON, "staff:x") as opened:
        register.add(opened, NEW)
        with pytest.raises(Refused) as refused:
            enter(opened)
        assert register.find(opened, "P-1").version == 1
    assert (refused.value.problem, refused.value.places["field"]) == (problem, field)


def test_a_round_has_to_be_known_to_be_chosen(sqlite_database: Database) -> None:
    """And can be given up again."""
    with books(sqlite_database, NOON, "staff:x") as opened:
        register.add(opened, NEW)
        with pytest.raises(Refused, match="round_unknown"):
            register.choose_round(opened, "P-1", 60)
        opened.calendars.put_round(Round(60))
        assert register.choose_round(opened, "P-1", 60).target_round == 60
        assert register.choose_round(opened, "P-1", None).target_round is None
        register.set_state(opened, "P-1", ProjectState.WITHDRAWN, "方針転換")
        with pytest.raises(Refused, match="no_such_project"):
            register.find(opened, "p-1")
    line = _told(sqlite_database)[-1]
    assert (line.action, line.after, line.reason) == ("state_set", {"state": "withdrawn"}, "方針転換")
