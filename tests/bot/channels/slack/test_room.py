"""A room of staff through the whole app: cards are pressed, filled in, written below; who may not is told so alone."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from intents.desk import staff as rules
from intents.desk.case_records import Case
from storage.audit import lines
from storage.books import StoredBooks, books
from storage.tables import inbox
from tests.bot.channels.slack.visitor import View, Visitor, echoed
from tests.intents.desk.case_world import MORI, SATO, ask, chat
from tests.kit import NOON

ROOM = "C0ROOM"
QUESTION = "火星の石でクレジットを作ったら宇宙税はいくらですか"


@pytest.fixture
def room() -> str:
    """The channel of staff."""
    return ROOM


class Desk:
    """Sato and Mori are staff, Uno is not; all look at the same card."""

    def __init__(self, visitor: Visitor) -> None:
        self.slack, self.house = visitor.slack, visitor.house
        with books(self.house.database, self.house.clock(), "staff:terminal") as opened:
            for member in (SATO, MORI):
                rules.add(opened, member)
        self.sato = replace(visitor, channel=ROOM, user="U1")
        self.mori, self.uno = replace(self.sato, user="U2"), replace(self.sato, user="U9")
        ask(self.house.database, to=chat(self.house.database), now=self.house.clock(), summary=QUESTION)
        until(lambda: self.slack.posted)
        self.ts = str(self.slack.posted[0]["ts"])

    @property
    def case(self) -> Case:
        """The case as it stands."""
        with self.house.database.look() as connection:
            found = StoredBooks(connection, self.house.database, NOON, "x").cases.find("K-00001")
        assert found
        return found

    @property
    def notes(self) -> list[tuple[str, str]]:
        """What is written on it: its kind and its text."""
        with self.house.database.look() as connection:
            opened = StoredBooks(connection, self.house.database, NOON, "x")
            return [(note.kind.value, note.text) for note in opened.cases.notes(self.case)]

    def button(self, label: str) -> View:
        """A button of the card as Slack shows it."""

        blocks = self.slack.posted[0]["blocks"]
        elements = [one for block in blocks if block["type"] == "actions" for one in block["elements"]]
        found: View = next(one for one in elements if one["text"]["text"] == label)
        return found

    def press(self, who: Visitor, label: str) -> None:
        """Somebody presses the card."""
        who.press(self.button(label), message={"ts": self.ts})

    def form(self, who: Visitor, label: str) -> View:
        """Somebody presses what brings a form, and gets it."""
        before = len(self.slack.called("views.open"))
        self.press(who, label)
        opened = self.slack.called("views.open")
        assert len(opened) == before + 1
        return echoed(opened[-1]["view"])

    def write(self, who: Visitor, text: str, ts: str, **more: Any) -> None:
        """Somebody writes below the card."""
        place = {"channel": ROOM, "channel_type": "channel", "thread_ts": self.ts, "ts": ts}
        who.event(**({"type": "message", "user": who.user, "text": text} | place | more))

    def told(self, words: str) -> list[dict[str, Any]]:
        """What somebody alone was told with these words in it."""
        alone = [*self.slack.called("respond"), *self.slack.called("chat.postEphemeral")]
        return [one for one in alone if words in one["text"]]


def until(found: Callable[[], Any]) -> Any:
    """What is found within five seconds."""
    for _ in range(250):
        if result := found():
            return result
        time.sleep(0.02)
    raise AssertionError("it did not happen")


@pytest.fixture
def desk(visitor: Visitor) -> Desk:
    """The room with a card in it."""
    return Desk(visitor)


def test_a_card_is_taken_once(desk: Desk) -> None:
    """The first one owns it; the other reads who does, alone, and nothing is said to the room."""
    first = desk.button("引き受ける")
    desk.press(desk.sato, "引き受ける")
    until(lambda: desk.case.owner == "sato")
    desk.mori.press(first, message={"ts": desk.ts})
    until(lambda: desk.told("佐藤"))
    assert desk.case.owner == "sato"
    assert {one["response_type"] for one in desk.slack.called("respond")} == {"ephemeral"}
    assert len(desk.slack.called("chat.postMessage")) == 1


def test_who_is_not_staff_is_refused(desk: Desk) -> None:
    """Nothing changes, they alone are told, and the audit keeps it."""
    desk.press(desk.uno, "引き受ける")
    until(lambda: desk.told("職員だけ"))
    assert desk.case.owner == ""
    refused = lines(desk.house.database, "case:K-00001")[-1]
    assert (refused.actor, refused.action, refused.reason) == ("person:slack:T1:U9", "refused", "not staff")


def test_each_of_staff_has_an_order_of_their_own(desk: Desk) -> None:
    """What two people do by the same card does not wait for each other."""
    desk.press(desk.sato, "引き受ける")
    desk.press(desk.mori, "引き受ける")
    with desk.house.database.look() as connection:
        found = connection.scalars(select(inbox.c.conversation).where(inbox.c.channel == "slack")).all()
    assert sorted(found) == ["T1:desk:U1", "T1:desk:U2"]


def test_a_form_tells_what_is_wrong_where_it_is(desk: Desk) -> None:
    """Errors stand at their fields, what else was typed stays, and success closes the form."""
    view = desk.form(desk.sato, "面談を決める")
    unclear = desk.sato.submit(view, {"day": "いつか", "time": "14:00", "text": "では"})
    assert list(unclear["errors"]) == ["field:day"]
    past = desk.sato.submit(view, {"day": "きょう", "time": "0:00", "text": "では"})
    assert (list(past["errors"]), desk.case.owner) == (["field:day"], "")
    done = desk.sato.submit(view, {"day": "あした", "time": "14:00", "text": "では"})
    assert done == {"response_action": "clear"}
    until(lambda: desk.told("面談を決め"))
    assert (desk.case.state.value, desk.case.owner) == ("appointment", "sato")


def test_who_may_not_gets_no_form(desk: Desk) -> None:
    """Nobody fills in a form in vain."""
    desk.press(desk.sato, "引き受ける")
    until(lambda: desk.case.owner == "sato")
    desk.press(desk.mori, "完了にする")
    until(lambda: desk.told("佐藤"))
    assert desk.slack.called("views.open") == []


def test_a_thread_is_notes_unless_it_says_reply(desk: Desk) -> None:
    """In any width and case of the mark; what is not marked stays inside; each message is one note."""
    for number, text in enumerate(
        ("確認中です", "返信：こうです", "ＲＥＰＬＹ: more", "返事 : もう一つ", "返信の件は明日")
    ):
        for _ in range(2):
            desk.write(desk.sato, text, f"5{number}.0")
        until(lambda count=number: len(desk.notes) == count + 1)  # type: ignore[misc]
    assert desk.notes == [
        ("note", "確認中です"),
        ("reply", "こうです"),
        ("reply", "more"),
        ("reply", "もう一つ"),
        ("note", "返信の件は明日"),
    ]


def test_an_envelope_sends_a_note(desk: Desk) -> None:
    """Twice is once; on what is no note, they are told."""
    mark: dict[str, Any] = {"type": "reaction_added", "user": "U1", "reaction": "envelope"}
    desk.write(desk.sato, "方法論があります", "60.0")
    until(lambda: desk.notes)
    for moment in ("61.0", "62.0"):
        desk.sato.event(**mark, item={"type": "message", "channel": ROOM, "ts": "60.0"}, event_ts=moment)
    until(lambda: desk.notes == [("reply", "方法論があります")])
    desk.sato.event(**mark, item={"type": "message", "channel": ROOM, "ts": "1.5"}, event_ts="63.0")
    desk.sato.event(**mark | {"reaction": "tada"}, item={"type": "message", "channel": ROOM, "ts": "60.0"})
    until(lambda: desk.told("残っていません"))
    assert len(desk.told("残っていません")) == 1


@pytest.mark.parametrize(
    "more",
    [{"bot_id": "B1"}, {"subtype": "message_changed"}, {"subtype": "message_deleted"}, {"thread_ts": ""}],
)
def test_what_is_no_message_below_a_card(desk: Desk, more: dict[str, str]) -> None:
    """Bots, what was edited or deleted later, and the room's own talk are none of our business."""
    before = desk.sato.events
    desk.write(desk.sato, "ひとりごと", "70.0", **more)
    assert desk.sato.events == before


def test_an_answer_below_another_thread_is_not_lost_unseen(desk: Desk) -> None:
    """Whoever thinks that it was sent is told that it was not."""
    desk.write(desk.sato, "返信：こうです", "80.0", thread_ts="79.0")
    until(lambda: desk.told("送っていません"))
    assert desk.notes == []


def test_the_desk_is_asked_in_the_room_like_anywhere(desk: Desk) -> None:
    """A mention at the top is a question, answered in its thread; what follows there is talk with the desk."""
    place = {"channel": ROOM, "channel_type": "channel", "user": "U1"}
    desk.sato.event(type="app_mention", text="<@U0> 認証までの手順は", ts="90.0", **place)
    until(lambda: [one for one in desk.slack.posted if one.get("thread_ts") == "90.0"])
    desk.sato.event(type="message", text="費用は", ts="91.0", thread_ts="90.0", **place)
    until(lambda: len([one for one in desk.slack.posted if one.get("thread_ts") == "90.0"]) == 2)
    assert desk.notes == []


@pytest.mark.parametrize(
    ("word", "shown"), [("待ち行列", "試験工業"), ("ＱＵＥＵＥ", "試験工業"), ("help", "/jdesk")]
)
def test_words_of_the_slash_command(desk: Desk, word: str, shown: str) -> None:
    """Orders by their words, in the room as elsewhere."""
    assert shown in str(desk.sato.command(word))


def test_a_login_is_for_staff(desk: Desk) -> None:
    """One link each, which nobody else gets; the audit keeps it."""
    assert "https://desk.example/console/login/" in str(desk.sato.command("ログイン"))
    assert "console/login" not in str(desk.uno.command("login"))
    assert lines(desk.house.database, SATO.actor)[-1].action == "login_issued"
    assert lines(desk.house.database, "login")[-1].reason == "not staff"


def test_home_shows_the_cases_and_takes_them(desk: Desk) -> None:
    """Opened: mine, nobody's, late; a press takes and shows the lists anew. Others see what they always saw."""

    def shown(user: str) -> list[str]:
        return [str(one["view"]) for one in desk.slack.called("views.publish") if one["user_id"] == user]

    desk.sato.event(type="app_home_opened", user="U1", tab="home", channel="D1")
    (home,) = until(lambda: shown("U1"))
    assert "担当のいない件" in home
    assert "console/cases/K-00001" in home
    view: Any = desk.slack.called("views.publish")[0]["view"]
    blocks = (json.loads(view) if isinstance(view, str) else view)["blocks"]
    take = next(one for block in blocks if block["type"] == "actions" for one in block["elements"])
    desk.sato.press(take, view={"type": "home"})
    until(lambda: len(shown("U1")) == 2)
    assert desk.case.owner == "sato"
    assert "返事する" in shown("U1")[1]
    desk.uno.event(type="app_home_opened", user="U9", tab="home", channel="D9")
    (other,) = until(lambda: shown("U9"))
    assert "担当のいない件" not in other
