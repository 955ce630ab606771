"""Activities of Teams become events; mentions, markup and hostile text stay text, and what lacks something is named."""

from typing import Any

import pytest

from bot.channels.teams.receive import KEY, Malformed, from_activity, person_of, typed
from intents.messages import Called, Incoming, Lane, OnCard, Opened, Pressed, Said, Submitted
from intents.orders.channel import GONE
from knowledge.wording import load_wording
from tests.kit import NOON

BOT, ROOM, THREAD = "28:bot", "19:staff@thread.tacv2", "19:staff@thread.tacv2;messageid=100"
WORDING = load_wording()


def activity(**over: Any) -> dict[str, Any]:
    """A message in a personal chat, as Teams sends it."""
    whole: dict[str, Any] = {
        "type": "message",
        "id": "1700",
        "text": "締切はいつですか",
        "channelId": "msteams",
        "serviceUrl": "https://smba.trafficmanager.net/jp/",
        "timestamp": "2026-11-28T01:02:03.4Z",
        "from": {"id": "29:ann", "name": "Ann", "aadObjectId": "aad-ann"},
        "recipient": {"id": BOT, "name": "窓口"},
        "conversation": {"id": "a:chat", "conversationType": "personal", "tenantId": "t1"},
        "channelData": {"tenant": {"id": "t1"}},
    }
    return whole | over


def channel(**over: Any) -> dict[str, Any]:
    """A message in a thread of a channel that mentions the desk."""
    there = {"id": "19:sales@thread.tacv2;messageid=55", "conversationType": "channel", "tenantId": "t1"}
    mention = {"type": "mention", "mentioned": {"id": BOT, "name": "窓口"}, "text": "<at>窓口</at>"}
    text = "<at>窓口</at> 締切はいつですか&nbsp;\n"
    return activity(**({"conversation": there, "text": text, "entities": [mention]} | over))


def read(given: dict[str, Any], rooms: frozenset[str] = frozenset()) -> Incoming:
    """The event of an activity."""
    found = from_activity(given, NOON, rooms, WORDING)
    assert found
    return found


def pressed(data: dict[str, Any], **over: Any) -> dict[str, Any]:
    """A button of a card."""
    action = {"type": "Action.Execute", "verb": data.get("action", ""), "data": data}
    invoke = {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": action}}
    return activity(**(invoke | {"replyToId": "m9", "id": "f:1"} | over))


# ---------------------------------------------------- what was said


def test_a_message_in_a_personal_chat() -> None:
    """Person and order are told apart by organisation; the answer goes where it came from."""
    found = read(activity())
    assert found.content == Said("締切はいつですか")
    assert (found.conversation, found.person) == ("t1:a:chat", "t1:aad-ann")
    assert found.event_key == "message:a:chat:1700"
    service = "https://smba.trafficmanager.net/jp"
    assert found.address == {"conversation": "a:chat", "service": service, "tenant": "t1"}


def test_in_a_channel_the_mention_of_the_desk_is_no_text_and_others_look_on() -> None:
    """What is said unasked goes to the person."""
    found = read(channel())
    assert found.content == Said("締切はいつですか")
    assert found.address["user"] == "29:ann"
    assert found.address["conversation"].endswith(";messageid=55")


def test_mentions_of_others_stay_as_names_and_markup_stays_text() -> None:
    """Nothing that is typed becomes a command, a mention or a link."""
    hostile = (
        "<at>窓口</at> <at>田中</at>さん &lt;script&gt;alert(1)&lt;/script&gt; **太字** [x](javascript:1)"
    )
    assert typed(channel(text=hostile)) == "田中さん <script>alert(1)</script> **太字** [x](javascript:1)"


def test_the_text_that_comes_along_formatted_is_no_file() -> None:
    """A picture is one."""
    along = [{"contentType": "text/html", "content": "<p>x</p>"}, {"contentType": "image/*"}]
    assert read(activity(attachments=along)).content == Said("締切はいつですか", 1)


def test_guests_without_a_directory_entry_are_told_apart() -> None:
    """By the name that Teams gives them."""
    assert person_of(activity(**{"from": {"id": "29:guest"}})) == "t1:29:guest"


def test_the_words_of_the_menu_are_orders() -> None:
    """Alone, in both languages; within a sentence they are words."""
    assert read(activity(text="案件一覧")).content == Called("my.projects", typed="案件一覧")
    assert read(channel(text="<at>窓口</at> queue")).content == Called("desk.queue", typed="queue")
    for words in ("案件の登録とは", "期限", "案件"):
        assert read(activity(text=words)).content == Said(words)


def test_long_names_are_shortened_and_stay_unique() -> None:
    """PostgreSQL keeps two hundred characters of a key."""
    one = read(activity(conversation={"id": "a:" + "x" * 300, "tenantId": "t1"}))
    other = read(activity(conversation={"id": "a:" + "x" * 299 + "y", "tenantId": "t1"}))
    for name in ("event_key", "conversation"):
        assert len(getattr(one, name)) <= KEY
        assert getattr(one, name) != getattr(other, name)


# ---------------------------------------------------- what was pressed


def test_a_press_and_a_form() -> None:
    """A form takes the place of its card; a press is answered below."""
    press = read(pressed({"action": "press", "token": "tok"}))
    assert (press.content, press.lane) == (Pressed("tok"), Lane.SLOW)
    assert "edit" not in press.address
    form = read(pressed({"action": "submit", "token": "tok", "field:name": "鈴木"}))
    assert form.content == Submitted("tok", {"name": "鈴木"})
    assert (form.lane, form.address["edit"]) == (Lane.FAST, "m9")


@pytest.mark.parametrize(
    "data", [{"action": "form", "token": "t"}, {"action": "press", "token": "t", "here": True}]
)
def test_what_belongs_to_a_form_is_answered_in_its_place(data: dict[str, Any]) -> None:
    """Its own buttons, and the one that brings it."""
    assert read(pressed(data)).address["edit"] == "m9"


def test_the_same_press_is_one_event_and_other_answers_are_another() -> None:
    """Invokes are sent again."""
    one = pressed({"action": "submit", "token": "t", "field:name": "鈴木"})
    assert read(one).event_key == read(one).event_key
    other = pressed({"action": "submit", "token": "t", "field:name": "佐藤"})
    assert read(one).event_key != read(other).event_key


def test_a_client_without_execute_submits_the_same_as_a_message() -> None:
    """Action.Submit arrives with a value and without a text."""
    found = read(activity(text=None, value={"action": "press", "token": "tok"}, replyToId="m9"))
    assert found.content == Pressed("tok")


# ---------------------------------------------------- rooms of staff


def test_what_is_written_below_a_card_is_a_note_and_its_answer_is_private() -> None:
    """The reference names the card by its channel and message."""
    there = {"id": THREAD, "conversationType": "channel", "tenantId": "t1"}
    found = read(channel(conversation=there, text="<at>窓口</at> 電話しました"), frozenset({ROOM}))
    card, note = f"teams:{ROOM}:100", f"teams:{ROOM}:1700"
    assert found.content == OnCard(card, note, "電話しました", passed=False)
    assert found.conversation == "t1:desk:aad-ann"
    assert found.address["person"] == "29:ann"
    assert "conversation" not in found.address


def test_forms_of_staff_keep_their_order_and_only_their_own() -> None:
    """A card says to which order its buttons belong; for anybody else that is nothing."""
    mine = read(pressed({"action": "submit", "token": "t", "talk": "t1:desk:aad-ann"}))
    assert mine.conversation == "t1:desk:aad-ann"
    others = read(pressed({"action": "submit", "token": "t", "talk": "t1:desk:aad-bob"}))
    assert others.conversation == "t1:a:chat"


# ---------------------------------------------------- who came and went


def test_an_installation_is_one_welcome_though_told_twice() -> None:
    """That the bot became a member says nothing more; a room of staff is greeted by its cards."""
    put = activity(type="installationUpdate", action="add", id="i1")
    assert read(put).content == Opened()
    added = activity(type="conversationUpdate", membersAdded=[{"id": BOT}], id="i2")
    assert from_activity(added, NOON, frozenset(), WORDING) is None
    room = put | {"conversation": {"id": ROOM, "conversationType": "channel", "tenantId": "t1"}}
    assert from_activity(room, NOON, frozenset({ROOM}), WORDING) is None


def test_an_uninstall_is_told_and_other_members_are_not() -> None:
    """A colleague who joins is no event of ours, nor that a team did without us, nor an upgrade of the app."""
    team = {"id": "19:sales@thread.tacv2", "conversationType": "channel", "tenantId": "t1"}
    for nobodys in (
        activity(type="installationUpdate", action="remove", conversation=team),
        activity(type="installationUpdate", action="remove-upgrade"),
        activity(type="installationUpdate", action="add-upgrade"),
    ):
        assert from_activity(nobodys, NOON, frozenset(), WORDING) is None
    assert read(activity(type="installationUpdate", action="remove")).content == Called(GONE)
    joined = activity(type="conversationUpdate", membersAdded=[{"id": "29:bob"}])
    assert from_activity(joined, NOON, frozenset(), WORDING) is None


@pytest.mark.parametrize("kind", ["typing", "messageReaction", "messageUpdate", "messageDelete", "event", ""])
def test_what_is_none_of_our_business_is_nothing(kind: str) -> None:
    """Also what a later Teams may send."""
    assert from_activity(activity(type=kind), NOON, frozenset(), WORDING) is None


@pytest.mark.parametrize(
    ("over", "named"),
    [
        ({"id": None}, "id"),
        ({"id": 5}, "id"),
        ({"conversation": None}, "conversation.id"),
        ({"conversation": {"id": ""}}, "conversation.id"),
        ({"from": {}}, "from.id"),
        ({"serviceUrl": None}, "serviceUrl"),
        ({"value": {"action": "press"}}, "token"),
    ],
)
def test_what_lacks_something_is_named(over: dict[str, Any], named: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(Malformed, match=named):
        read(activity(**over))
