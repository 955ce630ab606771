"""What the fields of a project may hold; each fault names the field and what was given."""

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from decimal import Decimal

from intents.desk.projects.items import MonitoringItem
from intents.desk.projects.records import Certification, Instrument, NewProject, Period
from intents.desk.refused import Refused
from intents.readers.area import AREA
from intents.readers.register import EARLIEST, LATEST, MOST_ROUNDS

FIELDS = tuple(field.name for field in fields(NewProject))
# The days of a project, in the order of its life.
DAYS = (
    "implementation_date",
    "registration_application_date",
    "registration_date",
    "monitoring_ready_date",
    "cp_start",
    "cp_end",
    "report_received_on",
    "plan_changed_on",
)
MAY_BE_UNVERIFIED = tuple(name for name in FIELDS if name not in ("project_id", "state", "unverified"))
TITLE_LIMIT, ORGANISATION_LIMIT, CODE_LIMIT, NAME_LIMIT, UNIT_LIMIT = 300, 120, 60, 200, 40
MOST_TONNES = Decimal(10) ** 9
MOST_PLACES = 6
ERASE = "-"
# Its address and the record of changes must hold it.
_ID = re.compile(r"\w[\w.()\u30fb:+-]{0,39}")
_MONTH = re.compile(r"[12]\d{3}-(?:0[1-9]|1[0-2])")
# These are addresses already.
_TAKEN = frozenset({"new", "import", "export", "template"})


def check(new: NewProject) -> None:
    """Raises Refused with the first fault of a project."""
    for fault in faults(new):
        raise fault


def faults(new: NewProject) -> Iterator[Refused]:
    """Every fault of a project; each has a place `field`."""
    if not _ID.fullmatch(new.project_id) or new.project_id.casefold() in _TAKEN:
        yield Refused("id_wrong", field="project_id", value=new.project_id)
    yield from _text("title", new.title, TITLE_LIMIT)
    yield from _text("organisation", new.organisation, ORGANISATION_LIMIT)
    yield from _text("methodology", new.methodology, CODE_LIMIT, needed=False)
    if new.prefecture and new.prefecture not in AREA:
        yield Refused("prefecture_wrong", field="prefecture", value=new.prefecture)
    yield from _amount("expected_t", new.expected_t)
    yield from _round("target_round", new.target_round)
    for name in DAYS:
        yield from _day(name, getattr(new, name))
    for name in sorted(new.unverified - set(MAY_BE_UNVERIFIED)):
        yield Refused("unverified_unknown", field="unverified", value=name)


def certification_faults(one: Certification) -> Iterator[Refused]:
    """Every fault of a certification."""
    yield from _day("applied_on", one.applied_on)
    yield from _day("listed_on", one.listed_on)
    yield from _amount("tonnes", one.tonnes)
    yield from _round("round", one.round)
    if one.listed_on and one.listed_on < one.applied_on:
        yield Refused("order_wrong", field="listed_on", other="applied_on")


def period_faults(one: Period) -> Iterator[Refused]:
    """Every fault of a monitoring period."""
    yield from _day("begins_on", one.begins_on)
    yield from _day("ends_on", one.ends_on)
    yield from _day("applied_on", one.applied_on)
    yield from _round("round", one.round)
    if one.ends_on < one.begins_on:
        yield Refused("order_wrong", field="ends_on", other="begins_on")


def instrument_faults(one: Instrument) -> Iterator[Refused]:
    """Every fault of an instrument."""
    yield from _text("name", one.name, NAME_LIMIT)
    yield from _day("valid_until", one.valid_until)


def item_faults(one: MonitoringItem) -> Iterator[Refused]:
    """Every fault of something that is measured every month."""
    yield from _text("name", one.name, NAME_LIMIT)
    yield from _text("unit", one.unit, UNIT_LIMIT, needed=False)
    if not _MONTH.fullmatch(one.since):
        yield Refused("month_wrong", field="since", value=one.since)


def _text(field: str, value: str, limit: int, *, needed: bool = True) -> Iterator[Refused]:
    if needed and not value.strip():
        yield Refused("text_missing", field=field)
    elif value == ERASE:
        # In a table it means that nothing stands there.
        yield Refused("text_dash", field=field)
    elif len(value) > limit:
        yield Refused("text_long", field=field, limit=limit)


def _amount(field: str, value: Decimal | None) -> Iterator[Refused]:
    if value is None:
        return
    if not value.is_finite() or not 0 <= value <= MOST_TONNES:
        yield Refused("tonnes_wrong", field=field, limit=MOST_TONNES)
    elif -int(value.as_tuple().exponent) > MOST_PLACES:
        yield Refused("tonnes_fine", field=field, places=MOST_PLACES)


def _round(field: str, value: int | None) -> Iterator[Refused]:
    if value is not None and not 1 <= value <= MOST_ROUNDS:
        yield Refused("round_wrong", field=field, value=value, limit=MOST_ROUNDS)


def _day(field: str, value: date | None) -> Iterator[Refused]:
    if value and not EARLIEST <= value <= LATEST:
        yield Refused("day_far", field=field, value=value, low=EARLIEST.year, high=LATEST.year)
