"""The staff desk before the Slack emulator, inside a network of its own: run by `test_slack_desk.py`.

Alice and Bob are staff, Carol is not; the requester sits before the web chat.
"""

import asyncio
import http.cookiejar
import json
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from tests.e2e.slack_control import DESK, SLACK, call, running, until
from tests.e2e.slack_modal import Screen

ROOM = "C01ROOM"
QUESTION = "火星の石でクレジットを作ったら宇宙税はいくらですか"
ANSWER = "火星での取組は対象になりません。国内の取組をご相談ください。"
INTERNAL = "この方は先週も同じことを聞いています"
MORE = "では国内の山ならどうですか"
Message = dict[str, Any]


def config(mode: str) -> str:
    """The emulator's workspace: a room of staff, three people."""
    return f"""
workspace: {{name: T, domain: t, teamId: T01TEST}}
app: {{appId: A01APP, botUserId: U0BOT, botName: jdesk, botToken: xoxb-test-token, appToken: xapp-test-token,
      signingSecret: test-signing-secret, mode: {mode}, requestUrl: 'http://127.0.0.1:{DESK}/slack/events'}}
users: [{{id: U01ALICE, name: alice, email: alice@example.com}}, {{id: U02BOB, name: bob}},
        {{id: U03CAROL, name: carol}}]
channels: [{{id: {ROOM}, name: desk, members: [U01ALICE, U02BOB, U03CAROL, U0BOT]}},
           {{id: D01AL, name: dm, is_im: true, is_channel: false, is_private: true, members: [U01ALICE, U0BOT]}}]
"""


def room() -> list[Message]:
    """What stands in the room, oldest first."""
    messages: list[Message] = call(f"messages/{ROOM}")["messages"]
    return sorted(messages, key=lambda message: float(message["ts"]))


def text_of(message: Message) -> str:
    """Everything that a message shows."""
    return json.dumps([message.get("text"), message.get("blocks")], ensure_ascii=False)


def card(*words: str) -> Message | None:
    """The card in the room, once it shows all these words."""
    found = (one for one in room() if "K-00001" in text_of(one) and not one.get("thread_ts"))
    cards = [one for one in found if one.get("blocks") and one["blocks"][0]["type"] == "header"]
    return next((one for one in cards if all(word in text_of(one) for word in words)), None)


def below(*words: str) -> Message | None:
    """A message in a thread that shows all these words."""
    found = (one for one in room() if one.get("thread_ts") and one["thread_ts"] != one["ts"])
    return next((one for one in found if all(word in text_of(one) for word in words)), None)


def told(*words: str) -> bool:
    """Whether the desk showed somebody these words; the emulator keeps what one person sees in the log or the room."""
    shown = [json.dumps(call("log"), ensure_ascii=False), *map(text_of, room())]
    return any(all(word in text for word in words) for text in shown)


def press(message: Message, label: str, user: str) -> None:
    """Presses a button of a card."""
    buttons = [one for block in message["blocks"] if block["type"] == "actions" for one in block["elements"]]
    button = next(one for one in buttons if one["text"]["text"] == label)
    action = {"type": "button", "action_id": button["action_id"], "value": button["value"]}
    call("interact", {"channel": ROOM, "messageTs": message["ts"], "user": user, "action": action})


def write(text: str, user: str, thread: str) -> None:
    """Writes below a card."""
    call("message", {"channel": ROOM, "user": user, "text": text, "thread_ts": thread})


class Requester:
    """Somebody before the web chat."""

    def __init__(self) -> None:
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._browser = urllib.request.build_opener(cookies)

    def ask(self, text: str) -> str:
        """Writes and gives the answer."""
        body = json.dumps({"text": text}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{DESK}/api/chat", body, {"content-type": "application/json"}
        )
        return str(json.loads(self._browser.open(request, timeout=10).read())["reply"]["text"])

    def sees(self, *words: str) -> bool:
        """Whether all that stands on their page."""
        page = self._browser.open(f"http://127.0.0.1:{DESK}/", timeout=10).read().decode()
        return all(word in page for word in words)


@dataclass
class Day:
    """What was done and whether it went as it should; `seconds` holds what was measured."""

    done: dict[str, bool] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def timed(self, name: str, found: Callable[[], Any]) -> Any:
        """Waits for something and measures how long it took."""
        start = time.monotonic()
        result = until(found)
        self.done[name], self.seconds[name] = bool(result), round(time.monotonic() - start, 2)
        return result


def taken(day: Day, requester: Requester) -> Message:
    """A question that is not known becomes a card, which Alice takes; Bob and Carol are told why they may not."""
    day.done["the requester is told the number"] = "K-00001" in requester.ask(QUESTION)
    shown = day.timed("a card appears", lambda: card(QUESTION))
    press(shown, "引き受ける", "U03CAROL")
    day.done["who is not staff is refused"] = bool(until(lambda: told("職員だけ")))
    press(shown, "引き受ける", "U01ALICE")
    mine = day.timed("the card shows the owner", lambda: card("佐藤", "対応中"))
    press(shown, "引き受ける", "U02BOB")
    day.done["the other one reads who has it"] = bool(until(lambda: told("佐藤", "担当しています")))
    heads = [one for one in room() if (one.get("blocks") or [{}])[0].get("type") == "header"]
    day.done["still one card"] = len(heads) == 1
    return dict(mine or shown)


def talked(day: Day, requester: Requester, ts: str) -> None:
    """An internal note, an answer from the thread, more from the requester, an envelope on a note."""
    write(INTERNAL, "U01ALICE", ts)
    write(f"返信：{ANSWER}", "U01ALICE", ts)
    day.timed("the requester sees the answer", lambda: requester.sees(ANSWER))
    day.done["the thread says that it was sent"] = bool(until(lambda: below("依頼者に送りました", "佐藤")))
    requester.ask(MORE)
    day.timed("the requester's words come below the card", lambda: below("依頼者より", MORE))
    write("国内の山は森林管理の方法論があります", "U01ALICE", ts)
    note = until(lambda: below("国内の山は森林管理"))
    time.sleep(0.5)
    call("reaction", {"channel": ROOM, "ts": note["ts"], "user": "U01ALICE", "name": "envelope"})
    day.timed("an envelope sends a note", lambda: requester.sees("国内の山は森林管理"))
    day.done["an internal note stays internal"] = not requester.sees(INTERNAL)


async def _finish(shown: Message) -> dict[str, bool]:
    done: dict[str, bool] = {}
    async with ClientSession() as web, web.ws_connect(f"http://127.0.0.1:{SLACK}/ui") as socket:
        screen = Screen(socket)
        reading = asyncio.create_task(screen.read())
        await asyncio.to_thread(press, shown, "面談を決める", "U01ALICE")
        form = await screen.modal()
        done["a button opens a form"] = "K-00001" in json.dumps(form)
        await screen.submit(form, day="きのう", time="14:00", text="お会いしましょう")
        wrong = await screen.next(lambda one: one["t"] == "view_errors")
        done["errors at their field"] = list((wrong or {}).get("errors", {})) == ["field:day"]
        await socket.send_json({"t": "view_close", "user": "U01ALICE"})
        await asyncio.to_thread(press, shown, "完了にする", "U01ALICE")
        form = await screen.modal()
        await screen.submit(form, text="またどうぞ")
        done["the form closes"] = bool(await screen.next(lambda one: one["t"] == "view" and not one["stack"]))
        reading.cancel()
    return done


def closed(day: Day, requester: Requester) -> None:
    """An appointment that is wrong, then done by a form."""
    day.done |= asyncio.run(_finish(dict(card() or {})))
    day.timed("the card shows that it is done", lambda: card("完了", "再開する"))
    day.done["the requester is told"] = bool(until(lambda: requester.sees("またどうぞ")))


def commanded(day: Day) -> None:
    """The words of the slash command, and the Home tab."""
    for word, answer in (("待ち行列", "担当のいない件"), ("login", "console/login/"), ("help", "職員の方へ")):
        call("command", {"channel": ROOM, "user": "U01ALICE", "command": "/jdesk", "text": word})
        day.done[f"/jdesk {word}"] = bool(until(partial(told, answer), 5))
    call("open-home", {"user": "U01ALICE"})
    day.done["home tab"] = bool(until(lambda: told("views.publish", "担当のいない件")))


def main(binary: str, mode: str, folder: Path) -> None:
    """Starts the emulator and the product, plays the day, prints what went well as JSON."""
    more = {
        "JDESK_SECURE_COOKIES": "false",
        "JDESK_PUBLIC_URL": f"http://127.0.0.1:{DESK}",
        "JDESK_SLACK_TRIAGE_CHANNEL": ROOM,
    }
    people = (("sato", "佐藤", "U01ALICE"), ("suzuki", "鈴木", "U02BOB"))
    staff = tuple(
        ("staff", "add", name, "--display", display, "--role", "desk", "--slack", f"T01TEST:{user}")
        for name, display, user in people
    )
    with running(binary, mode, folder, config(mode), more, staff):
        day, requester = Day(), Requester()
        shown = taken(day, requester)
        talked(day, requester, shown["ts"])
        closed(day, requester)
        commanded(day)
        (folder / "room.json").write_text(json.dumps(room(), ensure_ascii=False, indent=1), "utf-8")
        print(json.dumps({"done": day.done, "seconds": day.seconds}, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
