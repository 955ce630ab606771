"""What the clock asks before it looks closer, three rows of yes and no; fulfils `intents.desk.looks.Looks`."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Exists, Select, or_, select

from intents.desk.looks import OfCases, OfDesk, OfProjects, Silence
from storage import (
    case_due,
    consultations,
    nudges,
    obligation_queries,
    radar,
    seminar_queries,
    successions,
    surveys,
)


def _any(found: Select[Any]) -> Exists:
    """Whether there is anything that would be found."""
    return found.order_by(None).limit(None).exists()


_DESK = select(
    _any(seminar_queries.WATCHED),
    _any(surveys.RUNNING),
    seminar_queries.ANYBODY_WAITS,
    _any(consultations.OF_CLOSED_CASES),
    _any(obligation_queries.INHERITED),
    _any(obligation_queries.CAUGHT_UP),
)
_CASES = select(_any(case_due.PARKED), _any(case_due.SILENT), _any(case_due.WAITING), _any(case_due.QUIET))
_PROJECTS = select(
    _any(obligation_queries.TO_PASS_ON),
    or_(_any(successions.SETTLED), _any(successions.STUCK)),
    or_(_any(nudges.LOST_WAYS), _any(nudges.SILENT)),
    _any(obligation_queries.ORPHANED),
    _any(radar.FIRST),
)


class StoredLooks:
    """The first questions."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection, self._now = connection, now

    def desk(self, since: datetime, begun_before: datetime) -> OfDesk:
        """What there is whenever it is; `since` is as in `StoredSeminars.watched`, caught up is who began before then."""
        given = {"now": self._now, "since": since, "begun": begun_before}
        return OfDesk(*self._connection.execute(_DESK, given).one())

    def cases(self, talked: datetime, asked: datetime, moved: datetime) -> OfCases:
        """What there is of cases: nothing said since `talked`, no answer since `asked`, nothing done since `moved`."""
        given = {"talked": talked, "asked": asked, "moved": moved}
        return OfCases(*self._connection.execute(_CASES, given).one())

    def projects(self, silence: Silence) -> OfProjects:
        """What there is of projects about which somebody is silent, and whether they are listed."""
        return OfProjects(*self._connection.execute(_PROJECTS, silence._asdict()).one())
