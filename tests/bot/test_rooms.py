"""The rooms as a picture of the cases: each change shown once, by whichever process, to the rooms that it concerns."""

import threading
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.bell import Bell
from bot.live import LiveEdition
from bot.plain_text import plain_text
from bot.rooms import FEW, RoomKeeper, Rooms, rooms_of
from bot.settings import Settings
from intents.desk import case_endings, case_merge, cases
from intents.desk.case_records import CaseOutcome
from intents.desk.case_talk import heard
from storage import knowledge_files
from storage import outbox as letters
from storage.books import StoredBooks
from storage.codec import unpack_reply
from storage.database import Database
from storage.rooms import unshown
from storage.tables import case as case_table
from storage.tables import outbox
from tests.intents.desk.case_world import LETTERS, PRACTICE, SATO, WORDING, act, ask, case, chat, staffed
from tests.kit import CACHE, NOON, clock, small_edition

GENERAL, FOREST = {"channel": "C1"}, {"channel": "C2"}
ONE, TWO = (
    Rooms({"slack": {"general": GENERAL, "forest": GENERAL}}),
    Rooms({"slack": {"general": GENERAL, "forest": FOREST}}),
)


def keeper(database: Database, rooms: Rooms = ONE) -> RoomKeeper:
    """What keeps the rooms, over a database with the small edition and the office's people."""
    if not knowledge_files.live_name(database):
        knowledge_files.replace(database, small_edition(), NOON)
        staffed(database)
    mind = LiveEdition(database, CACHE)
    return RoomKeeper(database, rooms, mind, WORDING, clock, Bell(database), "https://desk.example")


def _sent(database: Database) -> list[dict[str, Any]]:
    """What is on its way to the rooms, in order."""
    with database.look() as connection:
        rows = connection.execute(select(outbox).where(outbox.c.channel == "slack").order_by(outbox.c.id))
        return [
            row._asdict() for row in rows if row.state != "dropped" and row.address["channel"] in ("C1", "C2")
        ]


def _texts(database: Database, channel: str = "C1") -> list[str]:
    mine = [row for row in _sent(database) if row["address"]["channel"] == channel]
    return [plain_text(unpack_reply(row["body"]), WORDING) for row in mine]


def _arrive(database: Database, reference: str = "slack:C1:1.0") -> None:
    """Slack takes everything."""
    with database.begin() as connection:
        connection.execute(
            update(outbox).where(outbox.c.state == "due").values(state="sent", reference=reference)
        )


def test_a_new_case_is_a_card(database: Database) -> None:
    """With what is asked, who should take it, until when, the way to its page, and what can be done."""
    room = keeper(database)
    number = ask(database)
    assert (room.once(), room.once()) == (1, 0)
    (row,) = _sent(database)
    assert (row["subject"], row["address"]) == (f"case:{number}", {"channel": "C1", "card": f"case:{number}"})
    assert row["key"] == f"case:{number}:card:1:C1"
    (text,) = _texts(database)
    for shown in (
        "費用を知りたい",
        "試験工業",
        "未定（候補: 遠藤",
        f"https://desk.example/console/cases/{number}",
        "引き受ける",
    ):
        assert shown in text


def test_a_change_is_shown_once_and_in_place(database: Database) -> None:
    """The version grows; the card that has not left shows the newest state."""
    room = keeper(database)
    number = ask(database)
    room.once()
    act(database, lambda opened: cases.take(opened, SATO, number))
    assert (room.once(), room.once()) == (1, 0)
    (row,) = _sent(database)
    assert row["key"].endswith(":card:2:C1")
    assert "佐藤" in _texts(database)[0]


def test_each_note_says_who_may_read_it(database: Database) -> None:
    """The requester's words, what went to them, and what stays inside."""
    room = keeper(database)
    number = ask(database, to=chat(database))
    act(database, lambda opened: cases.note(opened, SATO, number, "先に確認します"))
    act(database, lambda opened: cases.reply(opened, LETTERS, SATO, number, "こう進めます\n\n来週です"))
    act(database, lambda opened: heard(opened, PRACTICE, case(database, number), "急ぎです"), "person:web:p1")
    room.once()
    _, note, reply, said = _texts(database)
    assert (note.split("\n")[0], note.split("\n")[-1]) == (
        f"{number} 内部メモ（佐藤）。依頼者には見えません。",
        "先に確認します",
    )
    assert (reply.split("\n")[0], reply.split("\n")[-1]) == (f"{number} 依頼者に送った文（佐藤）", "来週です")
    assert said.split("\n") == [f"{number} 依頼者より", "", "急ぎです"]
    act(database, lambda opened: cases.note(opened, SATO, number, "二つ目"))
    room.once()
    assert [text.split("\n")[-1] for text in _texts(database)[4:]] == ["二つ目"]


def test_what_was_written_in_the_room_is_not_repeated(database: Database) -> None:
    """A note stays as it was typed; of an answer the room is told in short that it was sent."""
    room = keeper(database)
    number = ask(database, to=chat(database))
    act(database, lambda opened: cases.note(opened, SATO, number, "メモ", "slack:C1:2.0"))
    act(database, lambda opened: cases.reply(opened, LETTERS, SATO, number, "答え", "slack:C1:3.0"))
    room.once()
    assert _texts(database)[1:] == [f"→ {number} の依頼者に送りました（佐藤）"]
    act(database, lambda opened: cases.pass_on(opened, LETTERS, SATO, number, "slack:C1:2.0"))
    room.once()
    assert len(_texts(database)) == 3
    act(database, lambda opened: cases.pass_on(opened, LETTERS, SATO, number, "slack:C1:2.0"))
    room.once()
    assert len(_texts(database)) == 3


def _said(text: str) -> str:
    return text.split("\n")[-1]


def _arrived(database: Database, having: str) -> str:
    """What Slack calls the message with that in its key."""
    reference = f"slack:C1:{having}"
    with database.begin() as connection:
        mine = outbox.c.key.contains(having)
        connection.execute(update(outbox).where(mine).values(state="sent", reference=reference))
    return reference


def _merged(database: Database, room: RoomKeeper) -> tuple[str, str]:
    """Two cases of a room with what was written below each; the first goes on in the second."""
    gone, stays = ask(database, to=chat(database)), ask(database, to=chat(database, "c2", "web:p2"))
    act(database, lambda opened: cases.reply(opened, LETTERS, SATO, gone, "答え", "slack:C1:3.0"))
    act(database, lambda opened: cases.note(opened, SATO, gone, "ウェブで書いた"))
    room.once()
    act(database, lambda opened: cases.note(opened, SATO, stays, "こちらのメモ"))
    room.once()
    act(database, lambda opened: case_merge.merge(opened, SATO, gone, stays))
    return gone, stays


@pytest.mark.parametrize("rooms", [ONE, TWO])
def test_a_merged_case_is_one_line(database: Database, rooms: Rooms) -> None:
    """What stands below its own card is not said again; one line says where it went, once."""
    room = keeper(database, rooms)
    gone, stays = _merged(database, room)
    before = len(_texts(database))
    for _ in range(2):
        room.once()
        act(database, lambda opened: cases.note(opened, SATO, stays, "続き"))
    room.once()
    below = [row["key"] for row in _sent(database)[before:] if "under" in row["address"]]
    assert below[0] == f"case:{stays}:merged:{gone}:C1"
    assert [key.split(":")[2] for key in below[1:]] == ["note", "note"]
    (line,) = [text for text in _texts(database)[before:] if "まとめました" in text]
    assert gone in line
    assert f"https://desk.example/console/cases/{stays}" in line


def test_what_was_not_shown_yet_moves_along(sqlite_database: Database) -> None:
    """A note that no room has got is told below the card of the case that goes on."""
    room = keeper(sqlite_database)
    gone, stays = ask(sqlite_database), ask(sqlite_database)
    room.once()
    act(sqlite_database, lambda opened: cases.note(opened, SATO, gone, "まだ"))
    act(sqlite_database, lambda opened: case_merge.merge(opened, SATO, gone, stays))
    room.once()
    assert [_said(text) for text in _texts(sqlite_database)].count("まだ") == 1


def test_a_note_that_the_desk_showed_can_be_passed_on(database: Database) -> None:
    """Written on the page, shown below the card: the letter below the card is as good as the note; said once."""
    room = keeper(database)
    number = ask(database, to=chat(database))
    act(database, lambda opened: cases.note(opened, SATO, number, "ウェブで書いた"))
    room.once()
    reference = _arrived(database, ":note:1:C1")
    with database.look() as connection:
        found = StoredBooks(connection, database, NOON, "x").cases.note_at(reference)
    assert found
    assert found.text == "ウェブで書いた"
    for _ in range(2):
        act(database, lambda opened: cases.pass_on(opened, LETTERS, SATO, number, reference))
        room.once()
    below = [row["key"].split(":")[2] for row in _sent(database) if "under" in row["address"]]
    assert below == ["note", "sent"]
    cards = _arrived(database, ":card:")
    assert act(database, lambda opened: opened.cases.note_at(cards)) is None


def test_passed_on_after_the_merge(sqlite_database: Database) -> None:
    """A note from the other case that goes to the requester now is said below the card of this one."""
    room = keeper(sqlite_database)
    gone, stays = _merged(sqlite_database, room)
    reference = _arrived(sqlite_database, f":{gone}:note:2:C1")
    room.once()
    act(sqlite_database, lambda opened: cases.pass_on(opened, LETTERS, SATO, stays, reference))
    room.once()
    assert [row["key"] for row in _sent(sqlite_database) if ":sent:" in row["key"]] == [
        f"case:{gone}:sent:1:C1",
        f"case:{stays}:sent:2:C1",
    ]


def test_a_case_that_changes_its_desk(database: Database) -> None:
    """The other room gets a card of its own; the old one is told as well, and no longer what is written."""
    room = keeper(database, TWO)
    number = ask(database, to=chat(database))
    room.once()
    _arrive(database)
    act(database, lambda opened: cases.reroute(opened, SATO, number, "forest"))
    act(database, lambda opened: cases.note(opened, SATO, number, "山の件"))
    room.once()
    assert [row["address"] for row in _sent(database)[1:]] == [
        {"channel": "C1", "card": f"case:{number}"},
        {"channel": "C2", "card": f"case:{number}"},
        {"channel": "C2", "under": f"case:{number}"},
    ]


def test_closed_before_there_was_a_room(database: Database) -> None:
    """Nobody wants yesterday's cases in a new room; one with a card is shown to the end."""
    old, young = ask(database), ""
    with_room = keeper(database)
    act(database, lambda opened: case_endings.finish(opened, LETTERS, SATO, old, CaseOutcome.ANSWERED))
    young = ask(database)
    assert with_room.once() == 2
    act(database, lambda opened: case_endings.finish(opened, LETTERS, SATO, young, CaseOutcome.ANSWERED))
    assert with_room.once() == 1
    assert [row["subject"] for row in _sent(database)] == [f"case:{young}"]
    assert "再開する" in _texts(database)[0]


@pytest.mark.parametrize("processes", [1, 4])
def test_many_processes_show_each_case_once(database: Database, processes: int) -> None:
    """Whoever is quicker; the others pass by."""
    room = keeper(database)
    for _ in range(6):
        ask(database)
    start = threading.Barrier(processes)

    def run() -> None:
        start.wait()
        while unshown(database, 1):
            room.once()

    threads = [threading.Thread(target=run) for _ in range(processes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(row["key"] for row in _sent(database)) == [f"case:K-{n:05d}:card:1:C1" for n in range(1, 7)]


def test_what_is_broken_stops_no_other(sqlite_database: Database) -> None:
    """A case that cannot be read is a fault to mend; all others are shown meanwhile."""
    room = keeper(sqlite_database)
    first, second = ask(sqlite_database), ask(sqlite_database)
    with sqlite_database.begin() as connection:
        connection.execute(update(case_table).where(case_table.c.id == 1).values(kind="hologram"))
    with pytest.raises(ValueError, match="hologram"):
        room.once()
    assert [row["subject"] for row in _sent(sqlite_database)] == [f"case:{second}"] != [f"case:{first}"]


def test_many_broken_ones_hold_nobody_up(sqlite_database: Database) -> None:
    """As many as are looked at together: the one behind them gets its card at the next look."""
    room = keeper(sqlite_database)
    numbers = [ask(sqlite_database) for _ in range(FEW + 1)]
    with sqlite_database.begin() as connection:
        connection.execute(update(case_table).where(case_table.c.id <= FEW).values(kind="hologram"))
    with pytest.raises(ValueError, match="hologram"):
        room.once()
    assert room.once() == 1
    assert [row["subject"] for row in _sent(sqlite_database)] == [f"case:{numbers[-1]}"]


def test_the_ring_wakes_the_room(sqlite_database: Database) -> None:
    """A case that is opened rings, so that nobody waits for the poll."""
    heard_: list[str] = []
    keeper(sqlite_database)
    sqlite_database.hear(heard_.append)
    ask(sqlite_database)
    assert "cases" in heard_


def test_rooms_come_from_the_settings() -> None:
    """None without Slack; one for both desks; two."""
    token: Any = {"slack_bot_token": "xoxb-1"}
    assert list(rooms_of(Settings(slack_triage_channel="C1")).each()) == []
    one = rooms_of(Settings(slack_triage_channel="C1", **token))
    assert list(one.each()) == [("slack", {"channel": "C1"}, ("general", "forest"))]
    two = rooms_of(Settings(slack_triage_channel="C1", slack_forest_channel="C2", **token))
    assert two.ids("slack") == {"C1", "C2"}
    alone = rooms_of(Settings(slack_forest_channel="C2", **token))
    assert list(alone.each()) == [("slack", {"channel": "C2"}, ("forest",))]


def test_the_place_of_a_room() -> None:
    """What stands in a room shares its pace; what one person alone sees does not."""
    assert letters.place_of({"channel": "C1", "card": "case:K-00001"}) == "channel:C1"
    assert letters.place_of({"channel": "C1", "user": "U1", "only": "user"}) == "alone:C1:U1"
