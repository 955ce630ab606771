"""Who may speak to us as Teams: the token of a request, the keys that prove it, and the hosts that we answer."""

import asyncio
import logging
import re
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jwt
import structlog
from microsoft_teams.api.auth.cloud_environment import PUBLIC, with_overrides

with warnings.catch_warnings():
    # To be imported at all, the SDK tries a part of its own that is in preview, and warns of it.
    warnings.simplefilter("ignore")
    from microsoft_teams.apps.auth import TokenValidator

log = structlog.get_logger()
# Anybody can send us a bad token, and the SDK calls each an error; the route says once that it refused one.
logging.getLogger(TokenValidator.__module__).setLevel(logging.CRITICAL)

# Where Teams of the public cloud takes answers, whatever the region; the region is a part of the path.
# https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages
# The hosts below botframework.com belong to other channels (Direct Line, Web Chat), and the clouds of governments
# have hosts of their own: whoever needs one names it in the settings.
HOSTS = frozenset({"smba.trafficmanager.net"})
LOOPBACK = frozenset({"127.0.0.1", "localhost"})
CHANNEL = "msteams"
# No account, query, fragment or escape: nothing that two readers of an address could read in two ways.
_ADDRESS = re.compile(r"(https?)://([a-z0-9.-]+)(?::(\d{1,5}))?(?:/[A-Za-z0-9._~-]+)*/?")
LONGEST_TOKEN = 16_384
ALGORITHM = "RS256"

# Seconds. How long a fetch may take at each step, and how often one is begun: for a key that is not held, and
# while none is held at all.
FETCH, SETTLE, RETRY = 5.0, 30.0, 1.0
# The Bot Framework asks to fetch the keys anew at least once a day; older ones prove nothing.
OLD = 24 * 3600.0
# What reading a token can end in, signed or not. PyJWT 2.15 wraps most of what its parsers of JSON and numbers raise,
# older ones less; the SDK itself trips over a `serviceurl` that is no text.
_UNREADABLE = (
    jwt.PyJWTError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    RecursionError,
)


class Unauthorized(Exception):
    """A request that does not come from Teams, or not to us; says why, for the log."""


class KeysUnavailable(Exception):
    """The identity provider gives no keys, so nothing can be said about any token: Teams shall send again."""


class Keys(jwt.PyJWKClient):
    """The keys of the identity provider, fetched in a thread and looked up in memory.

    The SDK's own client fetches on the event loop when its keys are old or a key is unknown, for up to 30 s, and
    everything else waits.
    """

    def __init__(self, uri: str, clock: Callable[[], float]) -> None:
        super().__init__(uri, cache_jwk_set=False, timeout=FETCH)
        self._clock, self._turn = clock, asyncio.Lock()
        self._held: jwt.PyJWKSet | None = None
        self._since = self._tried = float("-inf")

    def get_jwk_set(self, refresh: bool = False) -> jwt.PyJWKSet:  # noqa: ARG002
        """What is held, even when asked to refresh. Raises KeysUnavailable."""
        if self._held is None:
            raise KeysUnavailable("no keys yet")
        return self._held

    async def ready_for(self, kid: str) -> None:
        """Sees to it that a key is held if there is such a key. Raises KeysUnavailable.

        However many ask, a key that is not there is looked for once in `SETTLE`.
        """
        if not self._fresh() or not self._knows(kid):
            await self.renew(SETTLE if self._fresh() else RETRY)
        if not self._fresh():
            raise KeysUnavailable("the identity provider gives no keys")

    async def renew(self, gap: float = 0.0) -> None:
        """Fetches the keys, unless that was tried less than `gap` ago; a failure leaves what is held."""
        async with self._turn:
            if self._clock() - self._tried < gap:
                return
            try:
                await asyncio.to_thread(self._fetch)
            finally:
                # Its end counts: those who waited for a fetch that failed do not try one after another.
                self._tried = self._clock()

    def _fresh(self) -> bool:
        return self._held is not None and self._clock() - self._since < OLD

    def _knows(self, kid: str) -> bool:
        return self._held is not None and any(key.key_id == kid for key in self._held.keys)

    def _fetch(self) -> None:
        try:
            self._held = jwt.PyJWKSet.from_dict(_endorsed(self.fetch_data()))
        except (jwt.PyJWTError, OSError, ValueError) as fault:
            log.warning("teams_keys_not_fetched", why=str(fault))
        else:
            self._since = self._clock()


def _endorsed(document: dict[str, Any]) -> dict[str, Any]:
    """The keys that may speak for Teams: one that names channels without ours speaks for those only."""
    keys = document.get("keys")
    if not isinstance(keys, list):
        return document
    ours = [
        key for key in keys if isinstance(key, dict) and CHANNEL in (key.get("endorsements") or (CHANNEL,))
    ]
    return {**document, "keys": ours}


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets in what the Bot Framework signed for this app, and nothing else.

    The SDK's `InboundActivityTokenValidator` also takes Entra tokens of the "Agent 365" platform. Those carry no
    `serviceurl` claim, so that nothing would prove where our answers go; this desk is a classic bot, and they are
    refused.
    """

    _validator: TokenValidator
    _keys: Keys
    _hosts: frozenset[str]
    _tenant: str

    @classmethod
    def build(
        cls,
        app_id: str,
        *,
        tenant: str = "",
        metadata_url: str = PUBLIC.openid_metadata_url,
        hosts: frozenset[str] = HOSTS,
        clock: Callable[[], float] = time.monotonic,
    ) -> "Gate":
        """The gate of one app; with a tenant, of that tenant only. The clock counts seconds from anywhere."""
        if not app_id:
            # Else a token for nobody would be one for us.
            raise ValueError("no app id")
        cloud = with_overrides(PUBLIC, openid_metadata_url=metadata_url)
        validator = TokenValidator.for_service(app_id, cloud=cloud)
        keys = Keys(validator.options.jwks_uri, clock)
        # The SDK has no way to give it a client; its version is pinned, and a test counts who fetches.
        validator._jwks_client = keys
        return cls(validator, keys, hosts, tenant)

    async def admit(self, authorization: str, service_url: object) -> None:
        """Returns when a request is from Teams: its `Authorization` header and the `serviceUrl` of its activity.

        Raises Unauthorized and KeysUnavailable.
        """
        token = _bearer(authorization)
        if not isinstance(service_url, str) or not trusted(service_url, self._hosts):
            raise Unauthorized("the service is none that we answer")
        await self._keys.ready_for(_kid(token))
        try:
            claims = await self._validator.validate_token(token, service_url)
        except _UNREADABLE as fault:
            raise Unauthorized(str(fault)) from fault
        if "exp" not in claims:
            # The SDK checks the end of a token's life only where one is named.
            raise Unauthorized("the token never expires")

    async def warm(self) -> None:
        """One round of keeping the keys fresh; to be called every few minutes, and a failure is only logged."""
        await self._keys.renew()

    def belongs(self, tenant: str) -> bool:
        """Whether an activity of that tenant is for us."""
        return not self._tenant or tenant.casefold() == self._tenant.casefold()


def trusted(service_url: str, hosts: frozenset[str]) -> bool:
    """Whether our app token may go to an address: exactly one of the hosts, by https, or on this machine."""
    found = _ADDRESS.fullmatch(service_url)
    if not found or found[2] not in hosts:
        return False
    return found[2] in LOOPBACK or (found[1] == "https" and found[3] in (None, "443"))


def _bearer(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthorized("no bearer token")
    if len(token) > LONGEST_TOKEN:
        raise Unauthorized("the token is too long")
    return token


def _kid(token: str) -> str:
    """The name of the key that a token says it was signed with."""
    try:
        header = jwt.get_unverified_header(token)
    except _UNREADABLE as fault:
        raise Unauthorized(f"unreadable: {fault}") from fault
    kid = header.get("kid")
    # Checked here already, so that what can never be valid makes nobody fetch keys.
    if header.get("alg") != ALGORITHM or not isinstance(kid, str) or not kid:
        raise Unauthorized("not signed as the Bot Framework signs")
    return kid
