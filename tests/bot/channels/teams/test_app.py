"""The desk in Teams: asked, filled in, pressed, put in and taken out; and what is not genuine is refused unread."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.wiring import House
from storage.tables import conversation, inbox, outbox
from tests.bot.channels.teams.visitor import Visitor, actions, inputs, words
from tests.teams_connector import TENANT, TeamsConnector

CHANNEL = {"id": "19:sales@thread.tacv2;messageid=55", "conversationType": "channel", "tenantId": TENANT}
CARD, TOAST = "application/vnd.microsoft.card.adaptive", "application/vnd.microsoft.activity.message"


def stored(house: House) -> int:
    """How many events are in the inbox."""
    with house.database.look() as connection:
        return connection.scalar(select(func.count()).select_from(inbox)) or 0


def field_of(card: object, name: str) -> str:
    """The id of an input by the name of its field."""
    return next(str(one["id"]) for one in inputs(card) if one["id"].split(":")[1] == name)


# ---------------------------------------------------- questions


def test_a_question_is_answered_by_a_card_with_its_sources(visitor: Visitor) -> None:
    """And the person sees that an answer is coming."""
    card = visitor.say("モニタリング報告書の期限は？")
    assert "出典" in words(card)
    assert "時点の確認" in words(card)
    assert {"type": "typing"} in [
        {"type": body["type"]} for body in visitor.connector.calls() if body["type"] == "typing"
    ]


def test_a_mention_in_a_channel_is_answered_in_its_thread(visitor: Visitor) -> None:
    """The mention itself is no part of the question."""
    visitor.place = dict(CHANNEL)
    assert "出典" in words(visitor.say("モニタリング報告書の期限は？"))


def test_a_choice_is_acknowledged_and_answered_below(visitor: Visitor) -> None:
    """The card that was pressed stays as it is."""
    card = visitor.say("モニタリング報告書の期限は？")
    before = len(visitor.cards())
    told = visitor.press(card, "認証までの手順を教えてください")
    assert (told["type"], told["value"]) == (TOAST, "受け付けました")
    assert "認証までの手順" in words(visitor.next_card(before))


def test_the_same_activity_twice_is_one_answer(visitor: Visitor) -> None:
    """Teams and proxies send again what they believe lost."""
    message = visitor.message("モニタリング報告書の期限は？")
    assert [visitor.send(message).status_code for _ in range(3)] == [200, 200, 200]
    visitor.next_card(0)
    time.sleep(0.5)
    assert len(visitor.cards()) == 1


# ---------------------------------------------------- forms


def test_a_form_is_filled_in_in_place(visitor: Visitor) -> None:
    """What is wrong is said in the card; the card is changed for other devices, too; nothing typed is lost."""
    card = visitor.say("相談したい")
    filled = {field_of(card, "name"): "鈴木花子", field_of(card, "mail"): "not-an-address"}
    told = visitor.press(card, "確認へ進む", filled)
    assert told["type"] == CARD
    again = told["value"]
    assert "⚠" in words(again)
    # What was right stands as text, what was wrong is proposed again.
    assert "鈴木花子" in words(again)
    assert "not-an-address" in [one.get("value") for one in inputs(again)]
    assert visitor.next_card(0, "PUT") == again


def test_a_dialog_can_be_left_in_its_card(visitor: Visitor) -> None:
    """The answer takes the place of the form."""
    card = visitor.say("相談したい")
    told = visitor.press(card, "やめる")
    assert told["type"] == CARD
    assert not list(inputs(told["value"]))


def test_in_a_channel_a_form_is_shown_to_whoever_pressed_alone(visitor: Visitor) -> None:
    """All others see the question in hand; what is filled in reaches nobody else."""
    visitor.place = dict(CHANNEL)
    card = visitor.say("相談したい")
    assert not list(inputs(card))
    before = len(visitor.connector.sent)
    opens = next(one["title"] for one in actions(card) if one["verb"] == "form")
    told = visitor.press(card, opens)
    assert told["type"] == CARD
    assert list(inputs(told["value"]))
    time.sleep(0.5)
    assert not [one for one in visitor.connector.sent[before:] if one.body.get("attachments")]


# ---------------------------------------------------- buttons that are not one's own


def test_somebody_elses_button_does_nothing(visitor: Visitor) -> None:
    """The token of another chat is no token here."""
    card = visitor.say("相談したい")
    other = Visitor(visitor.client, visitor.house, visitor.connector, name="u2")
    told = other.press(card, "確認へ進む", {field_of(card, "name"): "鈴木花子"})
    assert told["type"] == CARD
    assert not list(inputs(told["value"]))
    assert "鈴木花子" not in words(told["value"])


@pytest.mark.parametrize("token", ["", "nobody-issued-this", "<script>", None, 7])
def test_a_made_up_button_is_answered_and_nothing_is_done(visitor: Visitor, token: object) -> None:
    """What is no text is refused, what is unknown is told to be so."""
    card = visitor.say("相談したい")
    activity = visitor.pressing(card, "やめる")
    activity["value"]["action"]["data"]["token"] = token
    answer = visitor.send(activity)
    assert answer.status_code in (200, 400)
    assert answer.status_code == 200 or "token" in answer.json()["error"]


# ---------------------------------------------------- who came and went


def test_whoever_puts_the_desk_in_is_welcomed_once(visitor: Visitor) -> None:
    """Teams tells it twice."""
    bot = visitor.message("")["recipient"]
    assert visitor.send(visitor.message("", type="installationUpdate", action="add")).status_code == 200
    visitor.send(visitor.message("", type="conversationUpdate", membersAdded=[bot]))
    visitor.next_card(0)
    time.sleep(0.5)
    assert len(visitor.cards()) == 1


def test_whoever_takes_the_desk_out_is_written_to_no_more_until_they_write(visitor: Visitor) -> None:
    """The address is forgotten, and comes back with the next message."""

    def address() -> object:
        with visitor.house.database.look() as connection:
            return connection.scalar(select(conversation.c.address))

    visitor.say("モニタリング報告書の期限は？")
    assert address()
    assert visitor.send(visitor.message("", type="installationUpdate", action="remove")).status_code == 200
    _until(lambda: not address())
    visitor.say("認証までの手順は？")
    assert address()


def _until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)


# ---------------------------------------------------- when Teams is in trouble


@pytest.mark.parametrize("faults", [[429], [503, 500], [412]])
def test_an_answer_waits_while_teams_is_in_trouble_and_comes_once(
    visitor: Visitor, faults: list[int]
) -> None:
    """A limit is waited for as long as Teams says; a fault of its own is no fault of the letter."""
    visitor.connector.retry_after = "1"
    # The first call is the sign that an answer is coming; nobody misses it.
    visitor.connector.faults = [500, *faults]
    visitor.send(visitor.message("モニタリング報告書の期限は？"))
    _until(lambda: states(visitor) == ["sent"])
    assert len(visitor.cards()) == len(faults) + 1


def test_other_channels_answer_while_teams_is_away(visitor: Visitor) -> None:
    """What waits for Teams holds nobody else up."""
    visitor.connector.faults = [503] * 50
    visitor.send(visitor.message("モニタリング報告書の期限は？"))
    answer = visitor.client.post("/api/chat", json={"text": "モニタリング報告書の期限は？"})
    assert answer.status_code == 200
    assert "出典" in answer.text
    _until(lambda: states(visitor) == ["due"])


def states(visitor: Visitor) -> list[str]:
    """How the letters to Teams stand."""
    with visitor.house.database.look() as connection:
        return list(connection.scalars(select(outbox.c.state).where(outbox.c.channel == "teams")))


# ---------------------------------------------------- what is refused


def test_a_bad_token_stores_nothing(visitor: Visitor, connector: TeamsConnector) -> None:
    """Each is refused in the same words, whatever is wrong with it; the table of them is in `test_gate`."""
    bad = (
        connector.token(aud="other"),
        connector.token(iss="https://evil.example"),
        connector.token(exp=int(time.time()) - 600),
        connector.token("evil"),
        connector.token(serviceurl="https://evil.example"),
        connector.unsigned(),
        "x.y.z",
    )
    for token in bad:
        refused = visitor.send(visitor.message("期限は？"), token)
        assert (refused.status_code, refused.json()) == (401, {"error": "unauthorized"})
    bare = visitor.client.post("/api/messages", json=visitor.message("期限は？"))
    assert bare.status_code == 401
    assert stored(visitor.house) == 0


def test_another_service_address_is_refused(visitor: Visitor) -> None:
    """Our token would go there."""
    message = visitor.message("期限は？", serviceUrl="https://evil.example/")
    assert visitor.send(message).status_code == 401
    assert stored(visitor.house) == 0


def test_another_organisation_is_refused(visitor: Visitor) -> None:
    """A bot of one tenant serves that tenant."""
    place = {"id": "a:u1", "conversationType": "personal", "tenantId": "elsewhere"}
    refused = visitor.send(visitor.message("期限は？", conversation=place))
    assert refused.status_code == 403
    assert "tenant" in refused.json()["error"]
    assert stored(visitor.house) == 0


@pytest.mark.parametrize(
    ("over", "named"),
    [
        ({"id": None}, "id"),
        ({"conversation": {"tenantId": TENANT}}, "conversation.id"),
        ({"type": "invoke", "name": "task/fetch"}, "name"),
        ({"type": "invoke", "name": "adaptiveCard/action", "value": {}}, "token"),
    ],
)
def test_what_lacks_something_is_refused_by_its_name(
    visitor: Visitor, over: dict[str, Any], named: str
) -> None:
    """Nothing is stored and nothing breaks."""
    refused = visitor.send(visitor.message("期限は？", **over))
    assert refused.status_code == 400
    assert refused.json()["error"].startswith(named)
    assert stored(visitor.house) == 0


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"[" * 100_000, b"\xff\xfe"])
def test_what_is_no_activity_is_refused(visitor: Visitor, body: bytes) -> None:
    """Before anything looks into it."""
    assert visitor.client.post("/api/messages", content=body).status_code == 400


def test_what_is_too_large_is_refused(visitor: Visitor) -> None:
    """Strangers can send anything."""
    whole = json.dumps({"text": "x" * 2_000_000})
    assert visitor.client.post("/api/messages", content=whole).status_code == 413


def test_while_no_keys_can_be_had_teams_shall_send_again(
    connector: TeamsConnector, request: pytest.FixtureRequest
) -> None:
    """Neither yes nor no can be said; once there are keys, the same request is taken."""
    connector.keys_down = True
    visitor: Visitor = request.getfixturevalue("visitor")
    message = visitor.message("モニタリング報告書の期限は？")
    assert visitor.send(message).status_code == 503
    assert stored(visitor.house) == 0
    connector.keys_down = False
    _until(lambda: visitor.send(message).status_code == 200)
    assert "出典" in words(visitor.next_card(0))
