"""The Bot Connector of Teams by the SDK's own client; our token goes to hosts of the allow-list only."""

import asyncio
import warnings
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
import jwt
from microsoft_teams.api import ActivityParams, ClientCredentials, JsonWebToken
from microsoft_teams.api.auth.cloud_environment import PUBLIC, with_overrides
from microsoft_teams.api.clients.conversation import ConversationClient, CreateConversationParams
from microsoft_teams.common import Client, ClientOptions
from pydantic import TypeAdapter, ValidationError

from bot.channels.teams.gate import HOSTS, trusted
from bot.channels.teams.judge import UNAUTHORIZED, away, judged, personal
from bot.delivery import Hopeless, Later

with warnings.catch_warnings():
    # To be imported at all, the SDK tries a part of its own that is in preview, and warns of it.
    warnings.simplefilter("ignore")
    from microsoft_teams.apps.token_manager import TokenManager

# Seconds that one call may take, whatever it waits for.
TIMEOUT = 10.0
# Seconds that fetching our own token may take of them.
FETCH = 8.0
# Signs of life under way at a time: each costs the loop a millisecond or two, and in a rush nobody misses one.
TYPING = 8
# The id that the SDK gives a message when the connector named none.
_NAMELESS = "DO_NOT_USE_PLACEHOLDER_ID"
# What may stand in one part of a path as it is; a slash in an id is no further part.
_IN_PATH = ":@!$&'()*+,;=~"
_ACTIVITY: TypeAdapter[ActivityParams] = TypeAdapter(ActivityParams)
T = TypeVar("T")


class AppToken:
    """The token of our app, fetched by one at a time, and kept until shortly before its end.

    `fetch` may block: it runs in a thread of its own. MSAL reads the network even while its client is built, and
    without a limit, so that it must neither stand on the event loop nor fill the threads of others.
    """

    def __init__(self, fetch: Callable[[], str]) -> None:
        self._fetch, self._held = fetch, ""
        self._turn = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, "teams-token")

    async def __call__(self) -> str:
        """A token that is good for some minutes. Raises Later."""
        async with self._turn:
            if not self._held or JsonWebToken(self._held).is_expired():
                self._held = await self._fetched()
            return self._held

    def forget(self) -> None:
        """The connector did not take it: the next call fetches another."""
        self._held = ""

    def close(self) -> None:
        """Ends its thread once that is idle."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _fetched(self) -> str:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(FETCH):
                return await loop.run_in_executor(self._thread, self._fetch)
        except TimeoutError as fault:
            # The thread may hang for good: the next one gets another.
            self.close()
            self._thread = ThreadPoolExecutor(1, "teams-token")
            raise away("no token in time", 1) from fault
        except (OSError, RuntimeError) as fault:
            raise away(f"no token: {fault!r}", 1) from fault
        except (ValueError, LookupError, jwt.PyJWTError) as fault:
            # A wrong secret, most likely: a person mends it, and the letter is not to blame.
            raise Later(None, f"no token: {fault}") from fault


def entra(app_id: str, secret: str, tenant: str, login_url: str = "") -> Callable[[], str]:
    """How Entra gives our token, by the SDK; blocks. Without a tenant, the app is one of many tenants."""
    cloud = with_overrides(PUBLIC, login_endpoint=login_url or None)
    credentials = ClientCredentials(client_id=app_id, client_secret=secret, tenant_id=tenant or None)

    def fetch() -> str:
        # Anew each time: a manager that lives on would hand out again what the connector has refused.
        return str(asyncio.run(TokenManager(credentials, cloud).get_bot_token()))

    return fetch


@dataclass(frozen=True, slots=True)
class TeamsApi:
    """Calls of the Bot Connector. Each raises Later and Hopeless, `attempts` being how often its letter was begun."""

    _client: Client
    _token: AppToken
    _hosts: frozenset[str]
    _timeout: float
    _lively: asyncio.Semaphore

    @classmethod
    def build(
        cls,
        app_id: str,
        secret: str,
        tenant: str = "",
        *,
        hosts: frozenset[str] = HOSTS,
        login_url: str = "",
        fetch: Callable[[], str] | None = None,
        timeout: float = TIMEOUT,
    ) -> "TeamsApi":
        """The calls of one app; `fetch` gives its token in the place of Entra."""
        token = AppToken(fetch or entra(app_id, secret, tenant, login_url))
        client = Client(ClientOptions(timeout=timeout, token=token))
        return cls(client, token, hosts, timeout, asyncio.Semaphore(TYPING))

    async def close(self) -> None:
        """Closes the connections."""
        await self._client.http.aclose()
        self._token.close()

    async def post(
        self, service: str, conversation: str, activity: Mapping[str, Any], *, attempts: int = 1
    ) -> str:
        """Posts an activity and gives its id; none when the connector named none."""
        params = _checked(activity)

        async def call(client: ConversationClient) -> str:
            sent = await client.create_activity(_part(conversation), params)
            return "" if sent.id == _NAMELESS else sent.id

        return await self._asked(service, call, attempts, alone=personal(conversation))

    async def change(
        self,
        service: str,
        conversation: str,
        activity_id: str,
        activity: Mapping[str, Any],
        *,
        attempts: int = 1,
    ) -> None:
        """Puts an activity in the place of another. Raises Vanished too, when that is not there any more."""
        params = _checked(activity)

        async def call(client: ConversationClient) -> None:
            try:
                await client.update_activity(_part(conversation), _part(activity_id), params)
            except KeyError:
                # Changed: the SDK looks for an id in the answer, and there was none.
                return

        await self._asked(service, call, attempts, alone=personal(conversation))

    async def open(self, service: str, tenant: str, user: str, *, attempts: int = 1) -> str:
        """The id of the conversation of one person and the app; the same each time."""
        wanted = {"isGroup": False, "members": [{"id": user}], "tenantId": tenant}
        params = CreateConversationParams.model_validate(wanted | {"channelData": {"tenant": {"id": tenant}}})

        async def call(client: ConversationClient) -> str:
            return (await client.create(params)).id

        return await self._asked(service, call, attempts, alone=True)

    async def typing(self, service: str, conversation: str) -> None:
        """Shows for some seconds that an answer is being written; in a rush, it does not."""
        if not self._lively.locked():
            async with self._lively:
                await self.post(service, conversation, {"type": "typing"})

    async def member(self, service: str, conversation: str, user: str) -> Mapping[str, Any]:
        """Who somebody in a conversation is, with `email` where the tenant gives it."""

        async def call(client: ConversationClient) -> Mapping[str, Any]:
            found = await client.get_member_by_id(_part(conversation), _part(user))
            known: dict[str, Any] = found.model_dump(by_alias=True, exclude_none=True)
            return known

        return await self._asked(service, call, 1, alone=personal(conversation))

    async def _asked(
        self,
        service: str,
        call: Callable[[ConversationClient], Awaitable[T]],
        attempts: int,
        *,
        alone: bool,
    ) -> T:
        if not trusted(service, self._hosts):
            raise Hopeless("the service is none that we answer")
        try:
            async with asyncio.timeout(self._timeout):
                return await call(ConversationClient(service, self._client))
        except httpx.HTTPStatusError as fault:
            raise self._refused(fault.response, attempts, alone) from fault
        except (httpx.HTTPError, TimeoutError) as fault:
            raise away(repr(fault), attempts) from fault
        except ValueError as fault:
            raise Later(None, "the connector's answer cannot be read") from fault

    def _refused(self, response: httpx.Response, attempts: int, alone: bool) -> Later | Hopeless:
        if response.status_code == UNAUTHORIZED:
            self._token.forget()
        return judged(response.status_code, response.headers, response.text, attempts, alone=alone)


def _part(text: str) -> str:
    return quote(text, safe=_IN_PATH)


def _checked(activity: Mapping[str, Any]) -> ActivityParams:
    try:
        return _ACTIVITY.validate_python(dict(activity))
    except ValidationError as fault:
        raise Hopeless(f"no activity of Teams: {fault.errors(include_input=False)}") from fault
