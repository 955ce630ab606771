"""The register on both engines: what is written comes back, children belong, versions grow, pages are quick to read."""

import dataclasses
from datetime import date, timedelta
from decimal import Decimal

import pytest

from intents.desk.projects.items import ItemKind, MonitoringItem
from intents.desk.projects.records import (
    Certification,
    Instrument,
    NewProject,
    Period,
    Project,
    ProjectState,
    Scheme,
)
from storage.books import books
from storage.database import Database
from tests.kit import NOON

NEW = NewProject(
    project_id="EN-S-039",
    title="省エネルギー住宅の新築",
    organisation="株式会社みどり",
    prefecture="茨城県",
    methodology="EN-S-039",
    scheme=Scheme.PROGRAMME,
    is_forest=True,
    implementation_date=date(2020, 5, 10),
    registration_application_date=date(2021, 9, 30),
    registration_date=date(2021, 12, 1),
    monitoring_ready_date=date(2021, 11, 15),
    cp_start=date(2021, 11, 15),
    cp_end=date(2029, 11, 14),
    expected_t=Decimal("0.1"),
    state=ProjectState.PAUSED,
    target_round=53,
    report_received_on=date(2022, 9, 1),
    plan_changed_on=date(2022, 8, 1),
    unverified=frozenset({"cp_end", "registration_date"}),
)
LATER = NOON + timedelta(hours=1)


def _own(project: NewProject) -> NewProject:
    return NewProject(
        **{field.name: getattr(project, field.name) for field in dataclasses.fields(NewProject)}
    )


def _add(database: Database, *ids: str) -> tuple[Project, ...]:
    with books(database, NOON, "staff:x") as opened:
        return tuple(opened.projects.add(dataclasses.replace(NEW, project_id=id_)) for id_ in ids)


def test_every_field_comes_back(database: Database) -> None:
    """Decimals exactly, days, sets and enumerations; found by its name, its row, and on a page."""
    (added,) = _add(database, "EN-S-039")
    assert (_own(added), added.version, added.created_at) == (NEW, 1, NOON)
    with books(database, NOON, "staff:x") as opened:
        found = (
            opened.projects.find("EN-S-039"),
            opened.projects.lock(added.id),
            *opened.projects.of([added.id]),
            *opened.projects.named(["EN-S-039"], hold=True),
            *opened.projects.page(0, 10),
        )
        assert found == (added,) * 5
        assert opened.projects.find("en-s-039") is None


def test_an_id_is_given_once(database: Database) -> None:
    """The second one is refused, and the transaction goes on."""
    with books(database, NOON, "staff:x") as opened:
        opened.projects.add(NEW)
        with pytest.raises(ValueError, match="EN-S-039"):
            opened.projects.add(NEW)
        opened.projects.add(dataclasses.replace(NEW, project_id="other"))
    with books(database, NOON, "staff:x") as opened:
        assert [one.project_id for one in opened.projects.page(0, 10)] == ["EN-S-039", "other"]


def test_saving_grows_the_version_and_keeps_the_rest(database: Database) -> None:
    """Own fields are written; what belongs to the project stays."""
    (added,) = _add(database, "P1")
    with books(database, LATER, "staff:x") as opened:
        opened.projects.put_instruments(added.id, [Instrument("電力量計", date(2027, 3, 31))])
        wanted = dataclasses.replace(added, title="別の名前", cp_end=None, unverified=frozenset())
        assert opened.projects.save(wanted).version == 3
        found = opened.projects.find("P1")
    assert found is not None
    assert (found.title, found.cp_end, found.unverified, found.version) == ("別の名前", None, frozenset(), 3)
    assert found.instruments == (Instrument("電力量計", date(2027, 3, 31)),)


def test_children_are_added_changed_and_ordered(database: Database) -> None:
    """By their keys: the same day or name is the same thing; each change is one version."""
    one, two = _add(database, "P1", "P2")
    with books(database, NOON, "staff:x") as opened:
        store = opened.projects
        store.put_certifications(
            one.id, [Certification(date(2024, 1, 1)), Certification(date(2022, 10, 3), 52)]
        )
        store.put_certifications(
            one.id, [Certification(date(2022, 10, 3), 52, Decimal("47.25"), date(2023, 1, 1))]
        )
        store.put_periods(two.id, [Period(date(2022, 4, 1), date(2023, 3, 31))])
        store.put_periods(two.id, [])
        store.put_items(two.id, [MonitoringItem("電力量", ItemKind.FIGURE, "kWh", "2022-04")])
        store.put_items(two.id, [MonitoringItem("電力量", ItemKind.FIGURE, "MWh", "2022-04")])
        first, second = store.of([two.id, one.id])
        assert store.items([one.id, two.id]) == {
            two.id: (MonitoringItem("電力量", ItemKind.FIGURE, "MWh", "2022-04"),)
        }
    assert first.certifications == (
        Certification(date(2022, 10, 3), 52, Decimal("47.25"), date(2023, 1, 1)),
        Certification(date(2024, 1, 1)),
    )
    assert (first.version, second.version) == (3, 4)
    assert second.periods == (Period(date(2022, 4, 1), date(2023, 3, 31)),)
    assert (first.certified, second.certified, first.periods) == (True, False, ())


def test_being_in_touch_is_no_change(database: Database) -> None:
    """The moment is kept, and nothing is planned anew because of it."""
    (added,) = _add(database, "P1")
    with books(database, LATER, "staff:x") as opened:
        opened.projects.in_touch(added.id)
        found = opened.projects.find("P1")
    assert found is not None
    assert (found.last_contact_at, found.version) == (LATER, 1)


def test_pages_go_through_everything_once(database: Database) -> None:
    """By row, in pages of any size, also where rows lie apart; nothing behind the last."""
    added = _add(database, *(f"P{number}" for number in range(7)))
    with books(database, NOON, "staff:x") as opened:
        opened.projects.put_periods(added[5].id, [Period(date(2022, 4, 1), date(2023, 3, 31))])
        seen: list[Project] = []
        while page := opened.projects.page(seen[-1].id if seen else 0, 3):
            seen += page
        some = opened.projects.of([added[0].id, added[5].id, added[6].id])
    assert [one.project_id for one in seen] == [one.project_id for one in added]
    assert [len(one.periods) for one in some] == [0, 1, 0]
