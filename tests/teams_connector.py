"""The Bot Connector of Teams and its identity provider: a real server on loopback, in a thread of its own."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from threading import Thread
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

APP_ID = "11111111-1111-1111-1111-111111111111"
TENANT = "22222222-2222-2222-2222-222222222222"
ISSUER = "https://api.botframework.com"
HOSTS = frozenset({"127.0.0.1"})
KID = "k1"
Body = dict[str, Any]
_numbers = count(1)


@dataclass(frozen=True)
class Sent:
    """What arrived at the connector: `method` is POST, PUT, CREATE (a conversation) or MEMBER."""

    method: str
    conversation: str
    activity: str
    body: Body
    authorization: str


@cache
def private_key(name: str) -> RSAPrivateKey:
    """The private key of that name; the same each time, as making one takes a while."""
    return generate_private_key(public_exponent=65537, key_size=2048)


def public_key(name: str, kid: str, **more: Any) -> Body:
    """A key as the identity provider publishes it."""
    key: Body = json.loads(RSAAlgorithm.to_jwk(private_key(name).public_key()))
    return key | {"kid": kid, "use": "sig", "alg": "RS256", "endorsements": ["msteams"]} | more


@dataclass
class TeamsConnector:
    """What it was sent, and the switches of its faults.

    `refusals` holds, per conversation (or per person, for opening one), a status and a body to answer with;
    `faults` statuses for the next calls, whichever they are.
    """

    base: str = ""
    sent: list[Sent] = field(default_factory=list)
    keys: list[Body] = field(default_factory=lambda: [public_key("ours", KID)])
    fetched: int = 0
    keys_delay: float = 0.0
    keys_down: bool = False
    keys_text: str = ""
    delay: float = 0.0
    faults: list[int] = field(default_factory=list)
    retry_after: str = "7"
    refusals: dict[str, tuple[int, Body]] = field(default_factory=dict)

    @property
    def metadata_url(self) -> str:
        """Where the identity provider describes itself."""
        return f"{self.base}/v1/.well-known/openidconfiguration"

    def calls(self, method: str = "POST") -> list[Body]:
        """The bodies of what arrived by one method."""
        return [one.body for one in self.sent if one.method == method]

    def token(self, key: str = "ours", kid: str | None = KID, **over: Any) -> str:
        """A token of the Bot Framework for our app; `over` changes claims, None takes one out."""
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": APP_ID, "serviceurl": self.base, "nbf": now - 60, "iat": now - 60}
        kept = {
            name: value for name, value in (claims | {"exp": now + 600} | over).items() if value is not None
        }
        headers = {"kid": kid} if kid is not None else {}
        return jwt.encode(kept, private_key(key), algorithm="RS256", headers=headers)

    def unsigned(self, **header: Any) -> str:
        """A token that nobody signed."""
        head = {"alg": "none", "kid": KID} | header
        claims = {"iss": ISSUER, "aud": APP_ID, "serviceurl": self.base, "exp": int(time.time()) + 600}
        return f"{encoded(json.dumps(head))}.{encoded(json.dumps(claims))}."

    def activity(self, text: str = "hello", **over: Any) -> Body:
        """A message of a person to the app, in their own conversation."""
        person = {"id": "29:u1", "name": "Ann", "aadObjectId": "aad-1"}
        place = {"id": "a:u1", "conversationType": "personal", "tenantId": TENANT}
        whole: Body = {
            "type": "message",
            "id": f"{next(_numbers)}",
            "text": text,
            "timestamp": "2026-11-02T03:00:00.000Z",
            "channelId": "msteams",
            "serviceUrl": self.base,
            "from": person,
            "recipient": {"id": f"28:{APP_ID}", "name": "bot"},
            "conversation": place,
            "channelData": {"tenant": {"id": TENANT}},
        }
        return whole | over

    # ---------------------------------------------------- the server

    async def _metadata(self, _: web.Request) -> web.Response:
        keys = f"{self.base}/v1/.well-known/keys"
        return web.json_response({"issuer": ISSUER, "jwks_uri": keys})

    async def _keys(self, _: web.Request) -> web.Response:
        self.fetched += 1
        await asyncio.sleep(self.keys_delay)
        if self.keys_down:
            return web.Response(status=503, text="down")
        return web.Response(text=self.keys_text or json.dumps({"keys": self.keys}))

    async def _activity(self, request: web.Request) -> web.Response:
        place, activity = request.match_info["place"], request.match_info.get("activity", "")
        await self._note(request, request.method, place, activity)
        if refused := self._refused(place):
            return refused
        return web.json_response({"id": activity or f"m{len(self.sent)}"}, status=201)

    async def _open(self, request: web.Request) -> web.Response:
        person = (await request.json())["members"][0]["id"]
        await self._note(request, "CREATE", "", "")
        # The chat of a person is the same by whichever of their names it is opened.
        chat = f"a:{(person.partition(':')[2] or person).removeprefix('aad-')}"
        return self._refused(person) or web.json_response({"id": chat}, status=201)

    async def _member(self, request: web.Request) -> web.Response:
        place, person = request.match_info["place"], request.match_info["person"]
        await self._note(request, "MEMBER", place, "")
        known = {"id": person, "name": "Ann", "aadObjectId": "aad-1", "email": "ann@example.com"}
        return self._refused(place) or web.json_response(known)

    async def _note(self, request: web.Request, method: str, place: str, activity: str) -> None:
        body = json.loads(await request.text() or "{}")
        self.sent.append(Sent(method, place, activity, body, request.headers.get("Authorization", "")))
        await asyncio.sleep(self.delay)

    def _refused(self, place: str) -> web.Response | None:
        if self.faults:
            headers = {"Retry-After": self.retry_after, "Location": "http://127.0.0.1:9/"}
            return web.json_response({}, status=self.faults.pop(0), headers=headers)
        if place in self.refusals:
            status, body = self.refusals[place]
            return web.json_response(body, status=status)
        return None

    def _routes(self) -> list[web.RouteDef]:
        place = "/v3/conversations/{place}"
        return [
            web.get("/v1/.well-known/openidconfiguration", self._metadata),
            web.get("/v1/.well-known/keys", self._keys),
            web.post("/v3/conversations", self._open),
            web.post(f"{place}/activities", self._activity),
            web.put(f"{place}/activities/{{activity}}", self._activity),
            web.get(f"{place}/members/{{person}}", self._member),
        ]


def encoded(text: str) -> str:
    """A part of a token."""
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


@contextmanager
def teams_connector() -> Iterator[TeamsConnector]:
    """The server while the block runs, on a free port."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="teams-connector")
    thread.start()
    serving = serve()
    try:
        yield asyncio.run_coroutine_threadsafe(serving.__aenter__(), loop).result()
    finally:
        asyncio.run_coroutine_threadsafe(serving.__aexit__(None, None, None), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@asynccontextmanager
async def serve() -> AsyncIterator[TeamsConnector]:
    """The server in the running loop."""
    connector = TeamsConnector()
    app = web.Application()
    app.add_routes(connector._routes())
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    connector.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield connector
    finally:
        await runner.cleanup()
