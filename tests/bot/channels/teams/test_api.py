"""The Bot Connector takes what we send, gets our token only where it may, and its refusals are read aright."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest

from bot.channels.teams.api import TYPING, AppToken, TeamsApi
from bot.channels.teams.judge import LONGEST_AWAY, UNTOLD_WAIT, Vanished, away, judged, personal
from bot.delivery import Hopeless, Later
from tests.teams_connector import APP_ID, HOSTS, TENANT, TeamsConnector, teams_connector

Use = Callable[[TeamsApi], Awaitable[Any]]
MINE, CHANNEL = "a:u1", "19:abc@thread.tacv2;messageid=1700000000000"
CARD = {
    "type": "AdaptiveCard",
    "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
    "version": "1.5",
    "msteams": {"width": "Full"},
    "body": [{"type": "Input.Text", "id": "name", "isRequired": True, "errorMessage": "?"}],
    "actions": [{"type": "Action.Execute", "verb": "press", "data": {"token": "t", "action": "press"}}],
}
MESSAGE = {
    "type": "message",
    "text": "text",
    "textFormat": "markdown",
    "summary": "summary",
    "entities": [{"type": "mention", "text": "<at>A</at>", "mentioned": {"id": "29:u1", "name": "A"}}],
    "channelData": {"notification": {"alert": True}, "jdesk": {"key": "k", "none": None}},
    "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD}],
}


def _signed(seconds: float, name: str = "") -> str:
    """A token as Entra gives one, good for so long."""
    claims = {"exp": int(time.time() + seconds), "name": name}
    return jwt.encode(claims, "a secret that is long enough for it", algorithm="HS256")


@dataclass
class Entra:
    """Gives tokens, or raises what it is told to first."""

    seconds: float = 3600
    faults: list[Exception] = field(default_factory=list)
    delay: float = 0.0
    given: int = 0

    def __call__(self) -> str:
        """Another token each time."""
        self.given += 1
        time.sleep(self.delay)
        if self.faults:
            raise self.faults.pop(0)
        return _signed(self.seconds, str(self.given))


@pytest.fixture
def connector() -> Iterator[TeamsConnector]:
    """The connector."""
    with teams_connector() as fake:
        yield fake


def _use(use: Use, entra: Entra | None = None, timeout: float = 10.0) -> Any:
    async def run() -> Any:
        api = TeamsApi.build(APP_ID, "secret", TENANT, hosts=HOSTS, fetch=entra or Entra(), timeout=timeout)
        try:
            return await use(api)
        finally:
            await api.close()

    return asyncio.run(run())


@contextmanager
def _later(seconds: float | None) -> Iterator[None]:
    with pytest.raises(Later) as fault:
        yield
    assert fault.value.seconds == seconds


def test_what_is_posted_arrives_as_it_was(connector: TeamsConnector) -> None:
    """Word for word, with our token, and the id comes back."""
    posted = _use(lambda api: api.post(connector.base, CHANNEL, MESSAGE))
    (sent,) = connector.sent
    assert (posted, sent.method, sent.conversation, sent.body) == ("m1", "POST", CHANNEL, MESSAGE)
    assert sent.authorization.startswith("Bearer ey")


def test_what_is_changed_keeps_its_id(connector: TeamsConnector) -> None:
    """In the place of the activity, by PUT."""
    _use(lambda api: api.change(f"{connector.base}/", MINE, "1700000000000", MESSAGE))
    (sent,) = connector.sent
    assert (sent.method, sent.conversation, sent.activity) == ("PUT", MINE, "1700000000000")
    assert sent.body == MESSAGE


def test_opening_names_the_person_and_the_tenant(connector: TeamsConnector) -> None:
    """Each time the same conversation."""

    async def twice(api: TeamsApi) -> tuple[str, str]:
        return (
            await api.open(connector.base, TENANT, "29:u1"),
            await api.open(connector.base, TENANT, "29:u1"),
        )

    assert _use(twice) == ("a:u1", "a:u1")
    assert connector.calls("CREATE")[0] == {
        "isGroup": False,
        "members": [{"id": "29:u1"}],
        "tenantId": TENANT,
        "channelData": {"tenant": {"id": TENANT}},
    }


def test_typing_and_members(connector: TeamsConnector) -> None:
    """A sign of life, and who somebody is."""

    async def both(api: TeamsApi) -> Any:
        await api.typing(connector.base, MINE)
        return await api.member(connector.base, MINE, "29:u1")

    member = _use(both)
    assert connector.calls() == [{"type": "typing"}]
    assert (member["email"], member["aadObjectId"]) == ("ann@example.com", "aad-1")


def test_a_rush_of_typing_is_thinned_out(connector: TeamsConnector) -> None:
    """Letters are not: each of them arrives."""
    connector.delay = 0.1

    async def rush(api: TeamsApi) -> None:
        await asyncio.gather(*(api.typing(connector.base, MINE) for _ in range(5 * TYPING)))
        await api.typing(connector.base, MINE)

    _use(rush)
    assert len(connector.sent) == TYPING + 1


def test_an_id_is_one_part_of_the_path(connector: TeamsConnector) -> None:
    """Whatever stands in it."""
    _use(lambda api: api.post(connector.base, "a:b/../c?d#e%2F", MESSAGE))
    assert [one.conversation for one in connector.sent] == ["a:b/../c?d#e%2F"]


@pytest.mark.parametrize("service", ["https://evil.example", "http://127.0.0.2:9", "", "http://localhost:9"])
def test_nothing_goes_to_another_host(service: str) -> None:
    """And no token is fetched for it."""
    entra = Entra()
    uses: list[Use] = [
        lambda api: api.post(service, MINE, MESSAGE),
        lambda api: api.change(service, MINE, "1", MESSAGE),
        lambda api: api.open(service, TENANT, "29:u1"),
        lambda api: api.typing(service, MINE),
        lambda api: api.member(service, MINE, "29:u1"),
    ]
    for use in uses:
        with pytest.raises(Hopeless):
            _use(use, entra)
    assert entra.given == 0


def test_a_redirect_is_not_followed(connector: TeamsConnector) -> None:
    """The token would go with it."""
    connector.faults = [307]
    with _later(None):
        _use(lambda api: api.post(connector.base, MINE, MESSAGE))


def test_what_is_no_activity_is_not_sent(connector: TeamsConnector) -> None:
    """A mistake of ours, which no repetition mends."""
    with pytest.raises(Hopeless):
        _use(lambda api: api.post(connector.base, MINE, {"type": "hologram"}))
    assert connector.sent == []


def test_an_answer_without_an_id_is_no_failure(connector: TeamsConnector) -> None:
    """What was taken is not sent again for want of its name."""
    connector.refusals = {MINE: (200, {})}
    assert _use(lambda api: api.post(connector.base, MINE, MESSAGE)) == ""
    _use(lambda api: api.change(connector.base, MINE, "1", MESSAGE))
    assert len(connector.sent) == 2


# ---------------------------------------------------- refusals


def test_send_429_says_how_long(connector: TeamsConnector) -> None:
    """As long as the connector asks."""
    connector.faults = [429]
    with _later(7):
        _use(lambda api: api.post(connector.base, MINE, MESSAGE))


@pytest.mark.parametrize("status", [408, 412, 500, 502, 503, 504])
def test_an_outage_costs_no_try(connector: TeamsConnector, status: int) -> None:
    """Nor does a clash with another call."""
    connector.faults = [status]
    with _later(8):
        _use(lambda api: api.post(connector.base, MINE, MESSAGE, attempts=3))


def test_nobody_there_costs_no_try() -> None:
    """No connection at all."""
    with _later(2):
        _use(lambda api: api.post("http://127.0.0.1:9", MINE, MESSAGE))


def test_a_connector_that_does_not_answer(connector: TeamsConnector) -> None:
    """It is waited for a while only."""
    connector.delay = 0.5
    with _later(2):
        _use(lambda api: api.post(connector.base, MINE, MESSAGE), timeout=0.2)


def test_the_wait_for_a_token_counts_too(connector: TeamsConnector) -> None:
    """A call takes so long at most, whatever it waits for."""
    with _later(2):
        _use(lambda api: api.post(connector.base, MINE, MESSAGE), Entra(delay=0.5), timeout=0.2)
    assert connector.sent == []


BLOCKED = (403, {"errorCode": 209, "message": '{"subCode": "MessageWritesBlocked", "details": "..."}'})
REMOVED = (403, {"error": {"code": "BotNotInConversationRoster", "message": "..."}})
NOT_FOUND = (404, {"error": {"code": "ConversationNotFound", "message": "..."}})
DISABLED = (403, {"error": {"code": "BotDisabledByAdmin", "message": "..."}})


@pytest.mark.parametrize("refusal", [BLOCKED, REMOVED, NOT_FOUND])
def test_a_person_who_left_is_gone(connector: TeamsConnector, refusal: tuple[int, Any]) -> None:
    """Whether that shows when their conversation is opened or when it is written to."""
    connector.refusals = {MINE: refusal, "29:u1": refusal}
    uses: list[Use] = [
        lambda api: api.post(connector.base, MINE, MESSAGE),
        lambda api: api.open(connector.base, TENANT, "29:u1"),
    ]
    for use in uses:
        with pytest.raises(Hopeless, match=r"^gone: status 40"):
            _use(use)


@pytest.mark.parametrize(
    ("place", "refusal"), [(CHANNEL, REMOVED), (CHANNEL, NOT_FOUND), (MINE, DISABLED), (MINE, (413, {}))]
)
def test_what_is_hopeless_without_anybody_gone(
    connector: TeamsConnector, place: str, refusal: tuple[int, Any]
) -> None:
    """A channel is no person, and an administrator's ban is nobody's leaving."""
    connector.refusals = {place: refusal}
    with pytest.raises(Hopeless, match=r"^status 4"):
        _use(lambda api: api.post(connector.base, place, MESSAGE))


def test_a_message_that_is_not_there_has_vanished(connector: TeamsConnector) -> None:
    """Its person has not."""
    connector.refusals = {MINE: (404, {"error": {"code": "ActivityNotFoundInConversation"}})}
    with pytest.raises(Vanished, match=r"^status 404"):
        _use(lambda api: api.change(connector.base, MINE, "1", MESSAGE))


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("7", 7),
        ("", UNTOLD_WAIT),
        ("Wed, 21 Oct 2026 07:28:00 GMT", UNTOLD_WAIT),
        ("-1", UNTOLD_WAIT),
        ("inf", UNTOLD_WAIT),
        ("9999999999", 3600),
        ("٣", UNTOLD_WAIT),
    ],
)
def test_the_wait_is_a_number_of_seconds(told: str, seconds: float) -> None:
    """Anything else is a wait of unknown length."""
    verdict = judged(429, {"Retry-After": told}, "", alone=True)
    assert isinstance(verdict, Later)
    assert verdict.seconds == seconds


@pytest.mark.parametrize("status", [401, 402, 409, 418, 302])
def test_other_refusals_cost_a_try(status: int) -> None:
    """So that they end some day."""
    verdict = judged(status, {}, "MessageWritesBlocked", alone=True)
    assert isinstance(verdict, Later)
    assert verdict.seconds is None


def test_an_outage_is_waited_out_in_longer_and_longer_steps() -> None:
    """Up to a minute."""
    waits = [away("", attempts).seconds for attempts in (1, 2, 5, 6, 1000)]
    assert waits == [2, 4, 32, LONGEST_AWAY.total_seconds(), LONGEST_AWAY.total_seconds()]


@pytest.mark.parametrize(
    ("conversation", "alone"),
    [("a:1x", True), (CHANNEL, False), ("19:meeting_x@thread.v2", False), ("19:a_b@unq.gbl.spaces", True)],
)
def test_whose_a_conversation_is(conversation: str, alone: bool) -> None:
    """One person's, or that of many."""
    assert personal(conversation) is alone


# ---------------------------------------------------- our token


async def _post_often(api: TeamsApi, base: str, times: int) -> None:
    await asyncio.gather(*(api.post(base, MINE, MESSAGE) for _ in range(times)))


def test_a_token_is_fetched_once_and_kept(connector: TeamsConnector) -> None:
    """However many calls begin at the same time."""
    entra = Entra()
    _use(lambda api: _post_often(api, connector.base, 10), entra)
    assert (entra.given, len({one.authorization for one in connector.sent})) == (1, 1)


def test_a_token_near_its_end_is_replaced(connector: TeamsConnector) -> None:
    """Five minutes before."""
    entra = Entra(seconds=200)

    async def twice(api: TeamsApi) -> None:
        await api.post(connector.base, MINE, MESSAGE)
        await api.post(connector.base, MINE, MESSAGE)

    _use(twice, entra)
    assert entra.given == 2


def test_a_token_that_is_refused_is_replaced(connector: TeamsConnector) -> None:
    """The letter waits, and the next call takes another token."""
    entra = Entra()
    connector.faults = [401]

    async def twice(api: TeamsApi) -> None:
        with _later(None):
            await api.post(connector.base, MINE, MESSAGE)
        await api.post(connector.base, MINE, MESSAGE)

    _use(twice, entra)
    assert len({one.authorization for one in connector.sent}) == 2


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (ConnectionError("down"), 2),
        (RuntimeError("discovery"), 2),
        (ValueError("invalid_client"), None),
        (KeyError("token_endpoint"), None),
        (jwt.DecodeError("no token"), None),
    ],
)
def test_without_a_token_the_letter_waits(
    connector: TeamsConnector, fault: Exception, seconds: float | None
) -> None:
    """An outage costs no try; a wrong secret is a person's to mend, and does."""
    entra = Entra(faults=[fault])

    async def twice(api: TeamsApi) -> None:
        with _later(seconds):
            await api.post(connector.base, MINE, MESSAGE)
        await api.post(connector.base, MINE, MESSAGE)

    _use(twice, entra)
    assert len(connector.sent) == 1


def test_without_a_login_page_the_letter_waits(connector: TeamsConnector) -> None:
    """The SDK and MSAL themselves, which refuse an address without https before they ask anybody."""
    build = TeamsApi.build(APP_ID, "secret", TENANT, hosts=HOSTS, login_url="http://127.0.0.1:9")

    async def post() -> None:
        try:
            await build.post(connector.base, MINE, MESSAGE)
        finally:
            await build.close()

    with _later(None):
        asyncio.run(post())
    assert connector.sent == []


def test_a_slow_entra_holds_up_nobody_else() -> None:
    """It is asked in a thread, as MSAL blocks."""
    entra, ticks = Entra(delay=0.5), 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    async def run() -> None:
        ticking = asyncio.create_task(tick())
        token = AppToken(entra)
        await token()
        token.close()
        ticking.cancel()

    asyncio.run(run())
    assert ticks > 10
