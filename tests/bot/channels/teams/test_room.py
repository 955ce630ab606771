"""A room of staff in Teams: cards are pressed, filled in in one's own chat, written below; who may not is told so alone."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from intents.desk import staff as rules
from intents.desk.case_records import Case
from storage.books import StoredBooks, books
from tests.bot.channels.teams.visitor import Visitor, actions, inputs, words
from tests.intents.desk.case_world import MORI, SATO, ask, chat
from tests.kit import NOON
from tests.teams_connector import TENANT, Body

ROOM = "19:staff@thread.tacv2"
QUESTION = "火星の石でクレジットを作ったら宇宙税はいくらですか"


@pytest.fixture
def room() -> str:
    """The channel of staff."""
    return ROOM


class Desk:
    """Sato and Mori are staff, Uno is not; all look at the same card."""

    def __init__(self, visitor: Visitor) -> None:
        self.house, self.connector = visitor.house, visitor.connector
        with books(self.house.database, self.house.clock(), "staff:terminal") as opened:
            for member in (SATO, MORI):
                rules.add(opened, replace(member, slack="", teams=f"{TENANT}:aad-{member.name}"))
        there = {"id": f"{ROOM};messageid=m1", "conversationType": "channel", "tenantId": TENANT}
        self.sato, self.mori, self.uno = (
            replace(visitor, name=name, place=dict(there)) for name in ("sato", "mori", "uno")
        )
        ask(self.house.database, to=chat(self.house.database), now=self.house.clock(), summary=QUESTION)
        until(lambda: self.shown("POST"))

    def shown(self, method: str, place: str = ROOM) -> list[Body]:
        """The cards that a place was sent, or that were changed in it."""
        sent = tuple(self.connector.sent)
        mine = [one.body for one in sent if (one.method, one.conversation) == (method, place)]
        return [body["attachments"][0]["content"] for body in mine if body.get("attachments")]

    @property
    def card(self) -> Body:
        """The card as it was posted."""
        return self.shown("POST")[0]

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


def until(found: Callable[[], Any]) -> Any:
    """What is found within ten seconds."""
    for _ in range(500):
        if result := found():
            return result
        time.sleep(0.02)
    raise AssertionError("it did not happen")


@pytest.fixture
def desk(visitor: Visitor) -> Desk:
    """The room with a card in it."""
    return Desk(visitor)


def test_a_card_is_taken_and_changed_in_its_place(desk: Desk) -> None:
    """Everybody in the room sees who owns it now; nothing more is said to the room."""
    assert QUESTION in words(desk.card)
    desk.sato.press(desk.card, "引き受ける")
    until(lambda: desk.case.owner == "sato")
    until(lambda: any("佐藤" in words(card) for card in desk.shown("PUT")))
    assert len(desk.shown("POST")) == 1


def test_a_card_is_taken_once(desk: Desk) -> None:
    """The other one reads who has it, in their own chat."""
    first = desk.card
    desk.sato.press(first, "引き受ける")
    until(lambda: desk.case.owner == "sato")
    desk.mori.press(first, "引き受ける")
    until(lambda: any("佐藤" in words(card) for card in desk.shown("POST", "a:mori")))
    assert desk.case.owner == "sato"


def test_who_is_not_staff_is_refused_alone(desk: Desk) -> None:
    """Nothing changes, and the room does not read it."""
    desk.uno.press(desk.card, "引き受ける")
    until(lambda: any("職員だけ" in words(card) for card in desk.shown("POST", "a:uno")))
    assert desk.case.owner == ""
    assert len(desk.shown("POST")) == 1


def test_a_form_of_staff_is_filled_in_in_their_own_chat(desk: Desk) -> None:
    """What is wrong is said in place; what is right is done, and the card in the room shows it."""
    desk.sato.press(desk.card, "面談を決める")
    form = until(lambda: [card for card in desk.shown("POST", "a:sato") if list(inputs(card))])[0]
    fields = {one["id"].split(":")[1]: one["id"] for one in inputs(form)}
    alone = replace(desk.sato, place={})
    submit = next(one["title"] for one in actions(form) if one["verb"] == "submit")
    told = alone.press(
        form, submit, {fields["day"]: "いつか", fields["time"]: "14:00", fields["text"]: "では"}
    )
    assert "⚠" in words(told["value"])
    again = {one["id"].split(":")[1]: one["id"] for one in inputs(told["value"])}
    day = {again["day"]: (desk.house.clock() + timedelta(days=14)).date().isoformat()}
    assert "⚠" not in words(alone.press(told["value"], submit, day)["value"])
    until(lambda: desk.case.next_at is not None)


def test_what_is_written_below_a_card_is_a_note_or_goes_to_the_requester(desk: Desk) -> None:
    """By the same mark as everywhere."""
    desk.sato.send(desk.sato.message("電話がありました"))
    until(lambda: ("note", "電話がありました") in desk.notes)
    desk.sato.send(desk.sato.message("返信：お調べします"))
    until(lambda: ("reply", "お調べします") in desk.notes)


def test_the_queue_is_for_staff_and_for_ones_own_chat(desk: Desk) -> None:
    """The menu's word brings it."""
    alone = replace(desk.sato, place={})
    assert "K-00001" in words(alone.say("待ち行列"))
    assert "K-00001" not in words(replace(desk.uno, place={}).say("待ち行列"))
