"""The loop that keeps the staff rooms a picture of the cases: a card for each, and what was written below it."""

import asyncio
import contextlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.bell import Bell, within
from bot.clock import Clock
from bot.pipeline import Mind
from bot.settings import Settings
from intents.desk.case_cards import CardPen, card
from intents.desk.case_records import CaseNote, NoteKind
from intents.desk.practice import Practice, practice_of
from intents.desk.room_notes import merged_below, note_below
from intents.desk.staff_books import Desk
from knowledge.wording import Wording
from storage.cases import RING
from storage.database import Database, DatabaseDown
from storage.rooms import NOTE, REPLY, SENT, Showing, Told, showing, unshown

FEW, AGAIN = 10, timedelta(minutes=5)
# Rings wake at once; the poll finds what was skipped because somebody was changing it.
POLL = 1.0
Room = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rooms:
    """Where the cases of each desk are shown: by channel, by desk, the address of a room."""

    by_channel: Mapping[str, Mapping[str, Room]]

    def each(self) -> Iterator[tuple[str, Room, tuple[str, ...]]]:
        """Every room once: its channel, its address, and the desks whose cases it shows."""
        for channel, by_desk in self.by_channel.items():
            for room in {tuple(sorted(one.items())): one for one in by_desk.values()}.values():
                yield channel, room, tuple(desk for desk, at in by_desk.items() if at == room)

    def ids(self, channel: str) -> frozenset[str]:
        """What a channel calls its rooms."""
        return frozenset(room["channel"] for of, room, _ in self.each() if of == channel)


def rooms_of(settings: Settings) -> Rooms:
    """The rooms that are set up; none is no fault."""
    found = {
        "slack": _by_desk(settings.slack_triage_channel, settings.slack_forest_channel, used=settings.slack),
        "teams": _by_desk(settings.teams_triage_channel, settings.teams_forest_channel, used=settings.teams),
    }
    return Rooms({channel: by_desk for channel, by_desk in found.items() if by_desk})


def _by_desk(general: str, forest: str, *, used: bool) -> dict[str, Room]:
    wanted = {Desk.GENERAL.value: general, Desk.FOREST.value: forest or general}
    return {desk: {"channel": name} for desk, name in wanted.items() if name and used}


@dataclass(frozen=True, slots=True)
class RoomKeeper:
    """Shows what changed; `page` is where the console is, empty: nowhere."""

    database: Database
    rooms: Rooms
    mind: Mind
    wording: Wording
    clock: Clock
    bell: Bell
    page: str = ""
    # What could not be shown, and when it was tried: the others must not wait behind it.
    failed: dict[int, datetime] = field(default_factory=dict)

    async def keep(self) -> None:
        """Shows each change soon after it was made, until cancelled."""
        while True:
            changed, shown = self.bell.next(RING), 0
            with contextlib.suppress(DatabaseDown):
                shown = await asyncio.to_thread(self.once)
            if not shown:
                await within(changed, POLL)

    def once(self) -> int:
        """Shows a few cases, each in a transaction of its own, and says how many; what is broken raises at the end."""
        for id_, at in tuple(self.failed.items()):
            if self.clock() - at > AGAIN:
                self.failed.pop(id_, None)
        found = unshown(self.database, FEW, tuple(self.failed))
        practice = practice_of(self.mind.current().edition) if found else None
        shown: list[int] = []
        with ExitStack() as stack:
            # A stack unwinds from its end, and goes on when one of them raises.
            for id_ in reversed(found):
                assert practice is not None
                stack.callback(self._show, id_, practice, shown)
        return len(shown)

    def _show(self, id_: int, practice: Practice, shown: list[int]) -> None:
        self.failed[id_] = self.clock()
        try:
            self._put(id_, practice, shown)
        except DatabaseDown:
            # The database, not the case, is at fault: it is the next one's turn as it was.
            self.failed.pop(id_, None)
            raise

    def _put(self, id_: int, practice: Practice, shown: list[int]) -> None:
        with showing(self.database, id_, self.clock()) as held:
            if held is None:
                self.failed.pop(id_, None)
                return
            pen = CardPen(self.wording, practice, held.staff, self.clock(), self.page)
            rooms = tuple(self.rooms.each())
            told = held.told([room for _, room, _ in rooms])
            for channel, room, desks in rooms:
                _tell(held, told, channel, room, pen, here=held.case.desk in desks)
            held.done()
        self.failed.pop(id_, None)
        shown.append(id_)


def _tell(held: Showing, told: Told, channel: str, room: Room, pen: CardPen, *, here: bool) -> None:
    """A room of the case's desk gets everything; one that it left has its card changed; who never had it, nothing."""
    known = held.has_card(channel, room)
    if not known and not (here and held.case.is_open):
        return
    held.put_card(channel, room, card(held.case, pen, held.links))
    for gone in held.merged if here else ():
        if gone.merged_into == held.case.id:
            held.put_below(channel, room, f"merged:{gone.number}", merged_below(held.case, gone, pen))
    for note in held.notes:
        written_here = note.reference.startswith(f"{channel}:{room['channel']}:")
        stands_here = written_here or told.here(room, NOTE, note)
        if stands_here and note.kind is NoteKind.REPLY:
            # Passed on, perhaps long after it was written: said once, also when its case was merged into this one.
            if not told.here(room, SENT, note):
                held.put_below(
                    channel, room, f"{SENT}:{note.id}", note_below(held.case, note, pen, in_short=True)
                )
        elif here and not stands_here and _is_new(held, told, note):
            what = REPLY if note.kind is NoteKind.REPLY else NOTE
            held.put_below(channel, room, f"{what}:{note.id}", note_below(held.case, note, pen))


def _is_new(held: Showing, told: Told, note: CaseNote) -> bool:
    """Whether no room has it; what stands below the card of a merged case is one line here, and the page has it."""
    return note.id > held.shown_note and note.id not in told.elsewhere
