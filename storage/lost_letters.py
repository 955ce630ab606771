"""Letters that reach nobody: every way of theirs is parked or was taken back; and how letters stand over their ways."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from storage.further_ways import base_of
from storage.tables import outbox
from storage.written import word

# Why a way will never do again: the mail server does not know the address, the account is switched off.
BOUNCED, GONE = "bounced", "gone"
WAYS = ("web", "slack", "teams", "mail")
WAITING = "due"
# From the one that counts most.
STATES = ("sent", "sending", "due", "parked", "dropped")
ALIVE = frozenset({"sent", "sending", "due"})
# Databases take a limited number of values in one question.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class LostWay:
    """A way on which a letter was parked, and what was wrong."""

    key: str
    channel: str
    last_error: str

    @property
    def lost(self) -> str:
        """Whether the recipient is not there any more: `bounced`, `gone`, or nothing that is known."""
        word = self.last_error.partition(": ")[0]
        return word if word in (BOUNCED, GONE) else ""


@dataclass(frozen=True, slots=True)
class Lost:
    """A letter that reached its recipient on no way: the key that its ways share, and its parked ways, oldest first.

    `id` is that of the newest one, to go on from.
    """

    id: int
    letter: str
    ways: tuple[LostWay, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """How a way of a letter stands."""

    id: int
    key: str
    channel: str
    state: str
    last_error: str | None

    @property
    def letter(self) -> str:
        return base_of(self.key, self.channel)


_STANDING = select(outbox.c.id, outbox.c.key, outbox.c.channel, outbox.c.state, outbox.c.last_error)
_THESE = _STANDING.where(outbox.c.key.in_(bindparam("keys", expanding=True)))


def lost_letters(connection: Connection, keys_begin: str, limit: int, after: int = 0) -> tuple[Lost, ...]:
    """So many letters whose keys begin so and that reach nobody, those with an id after that one, oldest first."""
    # There are few parked rows and they have an index; a range of keys would depend on the database's collation.
    mine = outbox.c.state == word("parked"), outbox.c.key.startswith(keys_begin, autoescape=True)
    parked = _STANDING.where(*mine).order_by(outbox.c.id).limit(AT_ONCE)
    found: list[Lost] = []
    while len(found) < limit:
        page = [_Way(*row) for row in connection.execute(parked.where(outbox.c.id > after))]
        if not page:
            break
        found += _lost(page, _ways(connection, {way.letter for way in page}))
        after = page[-1].id
    return tuple(found[:limit])


def _lost(page: Iterable[_Way], ways: Mapping[str, Sequence[_Way]]) -> Iterator[Lost]:
    """Those letters of which the newest parked way is on this page and no way is alive."""
    for one in page:
        parked = [way for way in ways[one.letter] if way.state == "parked"]
        if parked[-1] == one and not any(way.state in ALIVE for way in ways[one.letter]):
            told = tuple(LostWay(way.key, way.channel, way.last_error or "") for way in parked)
            yield Lost(one.id, one.letter, told)


def state_of(connection: Connection, letters: Collection[str]) -> Mapping[str, str]:
    """How letters stand, by the key that their ways share: as the way that came furthest; not those never put."""
    return {
        letter: furthest(way.state for way in ways) for letter, ways in _ways(connection, letters).items()
    }


def furthest(states: Iterable[str]) -> str:
    """How a letter stands whose ways stand so."""
    return min(states, key=STATES.index)


def _ways(connection: Connection, letters: Collection[str]) -> Mapping[str, Sequence[_Way]]:
    """All ways of the letters, by the key that they share, oldest first."""
    keys = [f"{letter}{way}" for letter in letters for way in ("", *(f":{way}" for way in WAYS))]
    parts = (keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE))
    asked = (connection.execute(_THESE, {"keys": part}) for part in parts)
    ways: dict[str, list[_Way]] = {}
    for way in sorted((_Way(*row) for rows in asked for row in rows), key=lambda one: one.id):
        ways.setdefault(way.letter, []).append(way)
    return ways
