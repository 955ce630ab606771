"""Several workspaces: each installs the app itself, is answered with its own token, and leaves without the others."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr
from slack_sdk.oauth.installation_store import Installation

from bot.channels.slack.clients import Tokens
from bot.channels.slack.install import SCOPES, STATE_LIFE, Installations, States
from bot.channels.slack.presence import Presence
from bot.channels.slack.receive import from_action
from bot.channels.slack.seal import Seal
from bot.doctor import findings
from intents.messages import Paragraph, Reply, Text
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage import installations, outbox, workspaces
from storage.database import Database
from tests.bot.channels.slack.test_manifest import _list
from tests.bot.channels.slack.visitor import Visitor
from tests.kit import NOON

# slack_sdk logs in at Slack in a way that the next aiohttp spells otherwise.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
SECRET = "s" * 40
REPLY = Reply((Paragraph((Text("やあ"),)),), Lang.JA)
QUESTION = "認証までの手順は"


@pytest.fixture
def oauth() -> dict[str, Any]:
    """The app may be installed by others; the office itself has its token in the settings."""
    return {"slack_client_id": "1.2", "slack_client_secret": SecretStr("client-secret")}


def _of_team(team: str, token: str, organisation: str = "") -> Installation:
    return Installation(
        app_id="A1",
        enterprise_id=organisation or None,
        team_id=team,
        team_name="協会",
        bot_token=token,
        bot_id="B1",
        bot_user_id="U0",
        bot_scopes=",".join(SCOPES),
        user_id="U1",
        user_token="xoxp-of-a-person",
    )


def _of_organisation(name: str, token: str) -> Installation:
    return Installation(
        enterprise_id=name,
        enterprise_name="連合会",
        bot_token=token,
        user_id="U1",
        is_enterprise_install=True,
    )


class Store:
    """The installations of a database, with a clock that the test moves on."""

    def __init__(self, database: Database) -> None:
        self.database, self.now = database, NOON
        self.tokens = Tokens(database, Seal(SECRET), lambda: self.now)
        presence = Presence(database, lambda: self.now, several=True)
        self.kept = Installations(database, Seal(SECRET), lambda: self.now, self.tokens, presence)

    def save(self, one: Installation) -> None:
        """Somebody installs the app."""
        asyncio.run(self.kept.async_save(one))

    def token(self, team: str, organisation: str = "", *, whole: bool = False) -> str:
        """The token that slack_bolt finds."""
        found = asyncio.run(
            self.kept.async_find_bot(
                enterprise_id=organisation or None, team_id=team or None, is_enterprise_install=whole
            )
        )
        return found.bot_token if found else ""


@pytest.fixture
def store(database: Database) -> Store:
    """An empty one."""
    return Store(database)


def test_the_scopes_are_those_of_the_manifest() -> None:
    """Who installs by the link gets the same app."""
    assert list(SCOPES) == _list("bot")


def test_a_token_is_sealed_by_the_secret() -> None:
    """With another secret it opens to nothing, and the app has to be installed anew."""
    sealed = Seal(SECRET).close("xoxb-1")
    assert "xoxb" not in sealed
    assert (Seal(SECRET).open(sealed), Seal("other").open(sealed)) == ("xoxb-1", "")


def test_a_workspace_is_found_by_itself_or_by_its_organisation(store: Store) -> None:
    """Its own installation counts more than that of the organisation, as Slack has it."""
    store.save(_of_team("T1", "xoxb-t1", "E1"))
    store.save(_of_organisation("E1", "xoxb-e1"))
    assert store.token("T1", "E1") == store.token("T1") == "xoxb-t1"
    assert store.token("T2", "E1") == store.token("", "E1", whole=True) == "xoxb-e1"
    assert store.token("T3") == store.token("T3", "E9") == ""
    assert "xoxp" not in str(installations.every(store.database))


def test_letters_find_an_organisation_by_their_workspace(store: Store) -> None:
    """They name the workspace only; which organisation it belongs to, an event has told before."""
    store.save(_of_organisation("E1", "xoxb-e1"))
    assert asyncio.run(store.tokens.of("T5")) == ""
    assert asyncio.run(store.tokens.of("T5", "E1")) == "xoxb-e1"
    assert asyncio.run(store.tokens.of("T5")) == "xoxb-e1"
    installations.drop(store.database, "E1", store.now)
    store.tokens.forget()
    assert asyncio.run(store.tokens.of("T5")) == ""


def test_without_a_name_only_the_only_one_is_meant(store: Store) -> None:
    """A room of staff names no workspace."""
    store.save(_of_team("T1", "xoxb-t1"))
    assert asyncio.run(store.tokens.of("")) == "xoxb-t1"
    store.save(_of_team("T2", "xoxb-t2"))
    assert asyncio.run(store.tokens.of("")) == ""


def test_an_old_farewell_does_not_undo_a_new_installation(store: Store) -> None:
    """Slack may tell it late."""
    store.save(_of_team("T1", "xoxb-t1"))
    installations.drop(store.database, "T1", NOON - timedelta(seconds=1))
    assert store.token("T1")
    asyncio.run(store.kept.async_delete_all(enterprise_id=None, team_id="T1"))
    assert store.token("T1") == ""


def test_a_state_ends_one_installation(database: Database) -> None:
    """Once, and only for ten minutes."""
    now = [NOON]
    states = States(database, lambda: now[0])
    first, second = asyncio.run(states.async_issue()), asyncio.run(states.async_issue())
    assert [asyncio.run(states.async_consume(one)) for one in (first, first, "x")] == [True, False, False]
    now[0] += STATE_LIFE + timedelta(seconds=1)
    assert not asyncio.run(states.async_consume(second))


# ------------------------------------------------ through the whole app


def _install(visitor: Visitor, team: str, token: str, **more: Any) -> int:
    """Goes to Slack's page and comes back from there."""
    page = visitor.client.get("/slack/install")
    found = re.search(r'href="(https://slack.com/oauth/[^"]+)"', page.text)
    assert found is not None
    asked = parse_qs(urlsplit(found[1].replace("&amp;", "&")).query)
    assert (asked["client_id"], set(asked["scope"][0].split(","))) == (["1.2"], set(SCOPES))
    state = asked["state"][0]
    visitor.slack.answers["oauth.v2.access"] = {
        "access_token": token,
        "token_type": "bot",
        "scope": ",".join(SCOPES),
        "bot_user_id": "U0",
        "team": {"id": team, "name": "協会"} if team else None,
        "authed_user": {"id": "U1"},
    } | more
    visitor.slack.answers["auth.test"] = {"bot_id": "B1", "team_id": team, "url": "https://x.example"}
    # The test's browser keeps no cookies that are for https only.
    cookie = {"cookie": f"slack-app-oauth-state={state}"}
    answer = visitor.client.get(f"/slack/oauth_redirect?code=c&state={state}", headers=cookie)
    return int(answer.status_code)


def _until(done: Callable[[], object]) -> None:
    for _ in range(500):
        if done():
            return
        time.sleep(0.01)
    raise AssertionError("it did not happen")


def _tokens(visitor: Visitor) -> list[str]:
    return [token for method, token in visitor.slack.tokens if method == "chat.postMessage"]


def test_a_workspace_installs_the_app_and_is_answered_with_its_own_token(visitor: Visitor) -> None:
    """The office's own goes on with the token of the settings."""
    assert _install(visitor, "T2", "xoxb-t2") == 200
    (kept,) = installations.every(visitor.house.database)
    assert (kept.name, kept.title, "xoxb" in kept.sealed) == ("T2", "協会", False)
    other = replace(visitor, team="T2", channel="D2", user="U2")
    other.say(QUESTION)
    _until(lambda: len(_tokens(visitor)) == 1)
    visitor.say(QUESTION)
    _until(lambda: len(_tokens(visitor)) == 2)
    assert _tokens(visitor) == ["xoxb-t2", "xoxb-test"]
    assert [letter.address["team"] for letter in visitor.letters] == ["T2", "T1"]


def test_forms_open_with_the_token_of_the_workspace(visitor: Visitor) -> None:
    """And what was filled in is answered there."""
    _install(visitor, "T2", "xoxb-t2")
    other = replace(visitor, team="T2", channel="D2", user="U2")
    view = other.open(other.say("相談を申し込みたい"))
    assert [token for method, token in visitor.slack.tokens if method == "views.open"] == ["xoxb-t2"]
    assert '"team":"T2"' in view["private_metadata"]


def test_an_organisation_installs_it_for_all_of_its_workspaces(visitor: Visitor) -> None:
    """Its token serves each of them; a workspace leaves nothing behind that others need."""
    whole = {"is_enterprise_install": True, "enterprise": {"id": "E1", "name": "連合会"}}
    assert _install(visitor, "", "xoxb-e1", **whole) == 200
    other = replace(visitor, team="T5", channel="D5", user="U5", organisation="E1")
    other.say(QUESTION)
    _until(lambda: _tokens(visitor) == ["xoxb-e1"])


@pytest.mark.parametrize("spoilt", ["state", "browser", "denied"])
def test_a_way_back_that_is_not_ours_installs_nothing(visitor: Visitor, spoilt: str) -> None:
    """A state of somebody else's, another browser, or a no on Slack's page."""
    state = asyncio.run(States(visitor.house.database, visitor.house.clock).async_issue())
    mine = "made-up" if spoilt == "state" else state
    cookie = {} if spoilt == "browser" else {"cookie": f"slack-app-oauth-state={mine}"}
    query = f"error=access_denied&state={mine}" if spoilt == "denied" else f"code=c&state={mine}"
    visitor.client.get(f"/slack/oauth_redirect?{query}", headers=cookie)
    assert (installations.every(visitor.house.database), visitor.slack.calls) == ((), [])


def test_who_leaves_does_not_take_the_others_along(visitor: Visitor) -> None:
    """Its token is forgotten and its letters are parked; the office's own goes on; a new installation ends it."""
    _install(visitor, "T2", "xoxb-t2")
    other = replace(visitor, team="T2", channel="D2", user="U2")
    second = int(visitor.house.clock().timestamp()) + 1
    other.happened(second, type="app_uninstalled")
    database = visitor.house.database
    assert installations.every(database) == ()
    house = visitor.house
    assert "Slack T2" in [one.name for one in findings(house.settings, house.clock) if one.problem]
    with database.begin() as connection:
        late = ("late", "slack", {"channel": "D2", "team": "T2"}, REPLY, NOON, NOON)
        outbox.put(connection, database, *late)
    _until(lambda: outbox.parked(database))
    assert outbox.parked(database)[0].last_error == "workspace T2 took the desk out: app_uninstalled"
    visitor.event(type="message", channel="D1", channel_type="im", user="U1", text=QUESTION, ts="7.7")
    _until(lambda: _tokens(visitor) == ["xoxb-test"])
    _until(lambda: house.clock().timestamp() > second)
    assert _install(visitor, "T2", "xoxb-new") == 200
    assert workspaces.left(database, "slack") == ()


def test_where_slack_names_no_workspace_it_is_that_of_the_person() -> None:
    """As on the Home tab of an app that belongs to a whole organisation."""
    pressed = {
        "team": None,
        "enterprise": {"id": "E1"},
        "user": {"id": "U5", "team_id": "T5"},
        "actions": [{"value": "x", "action_ts": "1"}],
        "trigger_id": "t",
    }
    incoming = from_action(pressed, NOON, frozenset())
    assert incoming
    assert (incoming.person, incoming.conversation) == ("T5:U5", "T5:home:U5")


class TestOneWorkspace:
    """Without the settings everything is as it was."""

    @pytest.fixture
    def oauth(self) -> dict[str, Any]:
        """Only one of the two."""
        return {"slack_client_id": "1.2"}

    def test_nobody_can_install_it(self, visitor: Visitor) -> None:
        """The addresses are not there, and the doctor says that half of it is missing."""
        assert visitor.client.get("/slack/install").status_code == 404
        visitor.say(QUESTION)
        assert "team" not in visitor.letters[0].address
        house = visitor.house
        told = {one.name: one.problem for one in findings(house.settings, house.clock) if one.problem}
        assert told["JDESK_SLACK_CLIENT_SECRET"] == "slack_client_half"


class TestNobodyYet:
    """Several workspaces, of which none has installed the app, and no token of the office's own."""

    @pytest.fixture
    def oauth(self) -> dict[str, Any]:
        """Both settings, and no token."""
        several = {"slack_client_id": "1.2", "slack_client_secret": SecretStr("client-secret")}
        return several | {"slack_bot_token": SecretStr("")}

    def test_who_did_not_install_it_gets_nothing(self, visitor: Visitor) -> None:
        """A genuine event of a workspace that we do not know is neither stored nor sent again."""
        told = visitor.payload({"type": "block_actions", "trigger_id": "t", "actions": [{"value": "x"}]})
        assert told == load_wording().say("slack.not_installed", Lang.JA)
        assert (visitor.events, visitor.slack.calls) == (0, [])
