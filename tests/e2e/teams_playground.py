"""Microsoft's playground and the product beside it, for the scripts that play a day with both."""

import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.bot.channels.teams.visitor import actions, inputs, words
from tests.e2e.slack_control import until
from tests.e2e.teams_signer import Signer, signing
from tests.teams_connector import APP_ID, TeamsConnector, teams_connector

PLAYGROUND, SIGNER, DESK = 56150, 3978, 4000
BASE = f"http://127.0.0.1:{PLAYGROUND}"
TENANT, ROOM, GENERAL = "22222222-2222-2222-2222-222222222222", "19:room@thread.tacv2", "19:team@thread.tacv2"
ALEX, MEGAN, ADELE = "29:alex", "29:megan", "29:adele"
# The playground wants five besides the one who sits before it.
OTHERS = ("29:isaiah", "29:patti", "29:lynne")
Body = dict[str, Any]


def call(path: str, body: Body | None = None) -> Any:
    """One request to the playground. What it refuses is given as text."""
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(f"{BASE}{path}", data, {"content-type": "application/json"})
    try:
        answer = urllib.request.urlopen(request, timeout=25).read().decode()
    except urllib.error.HTTPError as fault:
        return f"{fault.code} {fault.read().decode()}"
    try:
        return json.loads(answer)
    except ValueError:
        return answer


@dataclass
class Playground:
    """What the playground shows, by its own stream, and what people do in it."""

    signer: Signer
    folder: Path
    chat: str = ""
    bot: Body = field(default_factory=dict)
    events: list[Body] = field(default_factory=list)

    def read(self, socket: ClientConnection) -> None:
        """Keeps everything that is shown, until the socket is closed."""
        try:
            for message in socket:
                self.events.append(json.loads(message))
        except ConnectionClosed:
            return

    # ------------------------------------------------ what is shown

    def shown(self, place: str = "") -> list[Body]:
        """The messages of the desk that stand in a place as they are now, oldest first."""
        found: dict[str, Body] = {}
        for event in tuple(self.events):
            at = str(event.get("actionConversationId", "")).partition(";")
            message = event.get("message") or {}
            if event.get("action") in ("createMessage", "updateMessage") and at[0] == (place or self.chat):
                one = found.setdefault(str(message["messageId"]), {"thread": at[2]})
                one |= message
        return [one for one in found.values() if card_of(one)]

    def saying(self, *said: str, place: str = "") -> Body | None:
        """The newest message of the desk with all these words."""
        shown = reversed(self.shown(place))
        return next((one for one in shown if all(word in words(card_of(one)) for word in said)), None)

    # ------------------------------------------------ what people do

    def say(self, text: str, place: str = "", below: str = "") -> Any:
        """Writes; outside their own chat it mentions the desk, as the playground passes on nothing else."""
        body: Body = {"from": {"id": ALEX}, "text": text, "textFormat": "plain"}
        if place:
            at = f"<at>{self.bot['name']}</at>"
            mention = {"mentioned": {"id": self.bot["id"]}, "text": at}
            body |= {"text": f"{at} {text}", "textFormat": "xml", "mentions": [mention]}
        where = f"{place or self.chat}{f';messageid={below}' if below else ''}"
        return call(f"/_conversation/v1/conversations/{where}/messages", body)

    def ask(self, text: str, *answer: str) -> bool:
        """Alex writes into their own chat; whether the desk says something new with these words."""
        before = len(self.shown())
        self.say(text)
        return bool(until(lambda: len(self.shown()) > before and self.saying(*answer), 15))

    def press(self, message: Body, label: str, fields: Mapping[str, str] | None = None) -> Any:
        """Presses a button of a card, with what was filled in; gives the card that takes its place."""
        card = card_of(message)
        action = next(one for one in actions(card) if label in one["title"])
        asked = {one["id"]: one.get("value", "") for one in inputs(card)} | dict(fields or {})
        data = action["data"] | (asked if action["associatedInputs"] == "auto" else {})
        pressed = {"type": "Action.Execute", "verb": action["verb"], "title": label, "data": data}
        body = {
            "name": "adaptiveCard/action",
            "from": {"id": ALEX},
            "conversation": {"id": message.get("postConversationId") or self.chat},
            "replyToId": message.get("messageId"),
            "value": {"action": pressed, "trigger": "manual"},
        }
        return call("/_conversation/v1/invoke", body)


def aad(user: str) -> str:
    """What the directory calls somebody."""
    return f"aad-{user.partition(':')[2]}"


def _config() -> Body:
    """The organisation: Alex, whose chat it is, and colleagues in a team."""
    first, *others = (_person(user) for user in (ALEX, MEGAN, ADELE, *OTHERS))
    return {
        "version": "0.1.1",
        "tenantId": TENANT,
        "bot": {"id": f"28:{APP_ID}", "name": "jdesk"},
        "currentUser": first,
        "users": others,
        "personalChat": {"id": "a:alex"},
        "groupChat": {"id": "19:group@thread.v2", "name": "Group"},
        # Its first channel has the name of the team.
        "team": {
            "id": GENERAL,
            "name": "Team",
            "aadGroupId": "g",
            "channels": [{"id": ROOM, "name": "Desk"}],
        },
    }


def _person(user: str) -> Body:
    name = user.partition(":")[2]
    mail = f"{name}@example.com"
    names = {"name": name.title(), "givenName": name.title(), "surname": "X"}
    return names | {"id": user, "userPrincipleName": mail, "email": mail, "aadObjectId": aad(user)}


def card_of(message: Body) -> Body:
    """The card of a message; empty when it has none."""
    attachments = message.get("attachments") or [{}]
    return dict(attachments[0].get("content") or {})


def _settings(folder: Path, connector: TeamsConnector) -> dict[str, str]:
    return {
        "JDESK_DATA_DIR": str(folder),
        "JDESK_PORT": str(DESK),
        "JDESK_SECRET": "s" * 40,
        "JDESK_SECURE_COOKIES": "false",
        "JDESK_PUBLIC_URL": f"http://127.0.0.1:{DESK}",
        "JDESK_TEAMS_APP_ID": APP_ID,
        "JDESK_TEAMS_APP_SECRET": "not asked for",
        "JDESK_TEAMS_TENANT": TENANT,
        "JDESK_TEAMS_SERVICE_HOSTS": "localhost",
        "JDESK_TEAMS_SERVICE_URL": f"http://localhost:{PLAYGROUND}/_connector",
        "JDESK_TEAMS_METADATA_URL": connector.metadata_url,
    }


def _ready() -> bool:
    return bool(urllib.request.urlopen(f"http://127.0.0.1:{DESK}/readyz", timeout=5).status == 200)


@contextmanager
def playground(
    cli: str, folder: Path, more: Mapping[str, str] | None = None, verbs: tuple[tuple[str, ...], ...] = ()
) -> Iterator[Playground]:
    """All of it, ready, until the block ends; the verbs are run on the migrated database before the product serves."""
    with (
        teams_connector() as connector,
        signing(connector, SIGNER, f"http://127.0.0.1:{DESK}") as signer,
        (folder / "log").open("w") as log,
    ):
        (folder / ".m365agentsplayground.yml").write_text(json.dumps(_config()), "utf-8")
        settings = _settings(folder, connector) | dict(more or {})
        # The playground keeps files where it is started, and would look for a browser.
        quiet = os.environ | {"TEAMSAPPTESTER_BROWSER": "none", "BROWSER": "none"}
        start = ["node", cli, "start", "-e", f"http://127.0.0.1:{SIGNER}/api/messages", "-c", "msteams"]
        options = ["-p", str(PLAYGROUND), "--disable-telemetry"]
        processes = [subprocess.Popen([*start, *options], env=quiet, cwd=folder, stdout=log, stderr=log)]
        try:
            for verb in (("migrate",), *verbs):
                command = [sys.executable, "-m", "bot", *verb]
                subprocess.run(command, env=os.environ | settings, check=True, stdout=log, stderr=log)
            desk = [sys.executable, "-m", "tests.e2e.teams_serve"]
            processes.append(subprocess.Popen(desk, env=os.environ | settings, stdout=log, stderr=log))
            assert until(_ready, 40), "the desk did not get ready"
            signer.people[ROOM] = {"id": MEGAN, "name": "Megan", "aadObjectId": aad(MEGAN)}
            yield from _watched(Playground(signer, folder))
        finally:
            for process in reversed(processes):
                process.terminate()
                process.wait(10)


def _watched(shown: Playground) -> Iterator[Playground]:
    assert until(lambda: call("/_debug/ping"), 20), "the playground did not get ready"
    known = call("/_internal/v1/config")["config"]
    shown.chat, shown.bot = known["personalChat"]["id"], known["bot"]
    with connect(f"ws://127.0.0.1:{PLAYGROUND}/_ws_conversation/v1/conversations/stream") as socket:
        reading = threading.Thread(target=shown.read, args=(socket,), name="playground")
        reading.start()
        time.sleep(0.3)
        try:
            yield shown
        finally:
            events = json.dumps(shown.events, ensure_ascii=False, indent=1)
            (shown.folder / "shown.json").write_text(events, "utf-8")
            (shown.folder / "seen.json").write_text(
                json.dumps(shown.signer.seen, ensure_ascii=False, indent=1), "utf-8"
            )
    reading.join(5)
