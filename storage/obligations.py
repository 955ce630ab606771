"""What has to be done by when, within one transaction; fulfils `intents.desk.nudges.books.Obligations`."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, or_, select, update

from intents.desk.nudges.records import Glimpse, Hearer, Obligation, ObligationState
from knowledge.reminder_model import RuleKind
from storage import obligation_queries as queries
from storage.database import Database
from storage.neighbours import are_neighbours, batches, named
from storage.tables import obligation, project

_PLANNED = update(project).where(project.c.id == bindparam("row"))
_SAVE = update(obligation).where(obligation.c.id == bindparam("row"))


class StoredObligations:
    """The obligations."""

    def __init__(self, connection: Connection, database: Database, now: datetime) -> None:
        self._connection, self._database, self._now = connection, database, now

    # ------------------------------------------------ planning

    def unplanned(self, planned_by: str, day: date, limit: int) -> tuple[int, ...]:
        """Projects whose obligations are not those of their data, of this almanac, or of this day."""
        given = {"by": planned_by, "day": day, "most": limit}
        return tuple(self._connection.scalars(queries.UNPLANNED, given))

    def planned(self, projects: Collection[tuple[int, int, date]], planned_by: str) -> None:
        """Keeps that these projects (row and version) were planned by this almanac, and until when that will do."""
        rows = [
            {"row": id_, "planned_version": version, "planned_by": planned_by, "replan_on": again_on}
            for id_, version, again_on in projects
        ]
        if rows:
            self._connection.execute(_PLANNED, rows)

    def of_projects(self, projects: Collection[int], *, hold: bool = False) -> tuple[Obligation, ...]:
        """All obligations of these projects, in the order in which they were planned; held where that is asked for."""
        return tuple(
            one
            for some in batches(sorted(set(projects)))
            for one in self._found(
                queries.of_projects(neighbours=are_neighbours(some)), hold=hold, **named(some)
            )
        )

    def open_of(self, project: int, *, hold: bool = False) -> tuple[Obligation, ...]:
        """Those of a project that are open, in the same order; held where that is asked for."""
        return self._found(queries.OPEN_OF, hold=hold, project=project)

    def take(self, ids: Collection[int]) -> frozenset[int]:
        """Those of these that nobody else holds; held until the transaction ends."""
        if not ids:
            return frozenset()
        free = self._database.for_update(queries.TAKEN, skip_locked=True)
        return frozenset(self._connection.scalars(free, {"rows": sorted(ids)}))

    def add(self, new: Sequence[Obligation]) -> None:
        """Writes new ones down; one that is there already stays as it is."""
        rows = [{**_values(one), "created_at": self._now} for one in new]
        self._database.add_new(self._connection, obligation, rows)

    def save(self, changed: Sequence[Obligation]) -> None:
        """Writes obligations down as they are now."""
        if changed:
            self._connection.execute(_SAVE, [{"row": one.id} | _said(one) for one in changed])

    def tell(self, told: Sequence[Obligation]) -> None:
        """Writes down what telling changes of them: what was said when and to whom, and when there is more to say."""
        if told:
            self._connection.execute(_SAVE, [{"row": one.id} | _heard(one) for one in told])

    # ------------------------------------------------ looking

    def find(self, id_: int) -> Obligation | None:
        """One obligation."""
        return next(iter(self._found(queries.ONE, row=id_)), None)

    def told_by(self, letter: str) -> tuple[Obligation, ...]:
        """What a letter spoke of."""
        return self._found(queries.TOLD_BY, letter=letter)

    def lock(self, ids: Collection[int]) -> tuple[Obligation, ...]:
        """These obligations, held until the transaction ends; always taken in the same order."""
        if len(ids) == 1:
            # A list is filled into its statement each time.
            return self._found(queries.ONE, hold=True, row=next(iter(ids)))
        return self._found(queries.THESE, hold=True, rows=list(ids)) if ids else ()

    def to_tell(self, day: date, due_by: date, told_before: datetime, limit: int) -> tuple[Hearer, ...]:
        """Who looks after a project with an open obligation to look at on that day or before, and second contacts.

        Those are of projects whose owners were told before that moment of what is due, and say nothing. It presses
        where a date of the scheme is due by another day.
        """
        given = {"day": day, "due_by": due_by, "told": told_before, "most": limit}
        rows = sorted(self._connection.execute(queries.TO_TELL, given))
        return tuple(Hearer(id_, zone, bool(presses), bool(second)) for id_, zone, presses, second in rows)

    def inherited(self, limit: int) -> tuple[int, ...]:
        """Projects with open ones that were told to, or answered by, somebody else than who looks after them now."""
        return tuple(self._connection.scalars(queries.INHERITED, {"most": limit}))

    def caught_up(self, begun_before: datetime, limit: int) -> tuple[int, ...]:
        """Duties that began before that moment, of which nothing of before is left, and that are not known as such."""
        given = {"begun": begun_before, "most": limit}
        return tuple(self._connection.scalars(queries.CAUGHT_UP, given))

    def keep_caught_up(self, duties: Collection[int]) -> None:
        """Keeps that nobody needs to look any more for what these people were not told."""
        for some in batches(list(duties)):
            self._connection.execute(queries.KEEP_CAUGHT_UP, {"rows": list(some), "caught_up_at": self._now})

    def bring_up(self, rules: Collection[str], key_ends: str, why: str, day: date) -> int:
        """Wakes the open ones of projects with a draft (not registered, or on the way to a round); gives their number."""
        draft = or_(project.c.registration_date.is_(None), project.c.target_round.is_not(None))
        whose = obligation.c.project_id.in_(select(project.c.id).where(draft))
        about = obligation.c.key.endswith(key_ends, autoescape=True)
        mine = and_(queries.OPEN, obligation.c.rule.in_(list(rules)), about, whose)
        return self._connection.execute(update(obligation).where(mine).values(why=why, next_on=day)).rowcount

    def awake(self, contacts: Collection[int], day: date) -> Mapping[int, Sequence[Obligation]]:
        """The open ones to look at by then of what these people look after, by contact."""
        return self._by_contact(queries.AWAKE, contacts=list(contacts), day=day)

    def stirring(self, contacts: Collection[int], day: date) -> Mapping[int, Sequence[Glimpse]]:
        """What a look shows of those, by contact."""
        found: dict[int, list[Glimpse]] = defaultdict(list)
        given = {"contacts": list(contacts), "day": day}
        for whose, id_, kind, due_on in self._connection.execute(queries.STIRRING, given):
            found[whose].append(Glimpse(id_, _KINDS[kind], due_on))
        return found

    def orphaned(self, day: date, limit: int) -> tuple[int, ...]:
        """Projects with an obligation to look at by then whom nobody looks after."""
        return tuple(self._connection.scalars(queries.ORPHANED, {"day": day, "most": limit}))

    # ------------------------------------------------ going up

    def unheard_of(
        self, contacts: Collection[int], told_before: datetime
    ) -> Mapping[int, Sequence[Obligation]]:
        """Those for which these people are second contacts, by contact."""
        return self._by_contact(queries.UNHEARD_OF, contacts=list(contacts), told=told_before)

    def to_pass_on(self, told_before: datetime, asked_before: datetime, limit: int) -> tuple[int, ...]:
        """Projects with obligations to pass to staff: a second contact was asked before, or there is none to ask."""
        given = {"told": told_before, "asked": asked_before, "most": limit}
        return tuple(self._connection.scalars(queries.TO_PASS_ON, given))

    def passing_on(self, id_: int, told_before: datetime, asked_before: datetime) -> tuple[Obligation, ...]:
        """Those obligations of one project, held until the transaction ends."""
        return self._found(queries.PASSING_ON, hold=True, project=id_, told=told_before, asked=asked_before)

    def _by_contact(self, query: Select[Any], **given: object) -> Mapping[int, Sequence[Obligation]]:
        found: dict[int, list[Obligation]] = defaultdict(list)
        for whose, *row in self._connection.execute(query, given):
            found[whose].append(_obligation(row))
        return found

    def _found(self, query: Select[Any], *, hold: bool = False, **given: object) -> tuple[Obligation, ...]:
        asked = self._database.for_update(query) if hold else query
        return tuple(map(_obligation, self._connection.execute(asked, given).all()))


# The columns stand in the order of the fields.
_NAME, _CHANGING = obligation.columns.keys()[1:5], obligation.columns.keys()[5:-1]


def _said(one: Obligation) -> dict[str, Any]:
    """What may change about one; not its name, so that no index of names is written again."""
    return dict(zip(_CHANGING, one[5:-1], strict=True))


# Most of what is written of obligations is that they were told; what they are, and what was answered, stays.
_TELLING = ("next_on", "step", "snoozed_to", "told_at", "asked_second_at", "asked_staff_at", "why")
_TOLD = attrgetter(*_TELLING)


def _heard(one: Obligation) -> dict[str, Any]:
    return dict(zip(_TELLING, _TOLD(one), strict=True))


def _values(one: Obligation) -> dict[str, Any]:
    named = zip(_NAME, (one.project or None, *one[2:5]), strict=True)
    return dict(named, **_said(one))


_KINDS, _STATES = {kind.value: kind for kind in RuleKind}, {state.value: state for state in ObligationState}


def _obligation(row: Sequence[Any]) -> Obligation:
    id_, project, subject, rule, key, kind, due_on, estimated, state, *rest = row
    kept = (id_, project or 0, subject, rule, key, _KINDS[kind], due_on, estimated, _STATES[state])
    return Obligation._make((*kept, *rest))
