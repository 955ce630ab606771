"""Whose queue a case is in, by methodology and topic; and whose prefecture it is."""

from collections.abc import Iterable

from intents.desk.staff_books import Desk, StaffMember

DESKS = tuple(desk.value for desk in Desk)
# The codes of the scheme's forest methodologies begin so (FO-001 to FO-003, see knowledge/methodologies).
FOREST_CODES = "FO-"


def desk_of(methodology: str, topic: str) -> str:
    """The desk that a case belongs to."""
    words = (methodology.upper(), topic.upper())
    forest = any(word.startswith(FOREST_CODES) or word == "FOREST" for word in words)
    return (Desk.FOREST if forest else Desk.GENERAL).value


def suggested(desk: str, prefecture: str, staff: Iterable[StaffMember]) -> tuple[StaffMember, ...]:
    """Who should take a case: those of its desk who look after the prefecture, else those of its desk."""
    here = tuple(one for one in staff if one.active and desk in one.desks)
    return tuple(one for one in here if prefecture and prefecture in one.prefectures) or here
