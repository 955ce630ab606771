"""One consultation by modal before the Slack emulator, whose modals are filled in through its own browser socket."""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

View = dict[str, Any]
WAIT = 10.0
TYPED = {
    "organisation": "試験工業株式会社",
    "about": "ボイラーの更新について",
    "wishes": "12月10日の午後",
    "name": "山田 太郎",
    "mail": "taro@example.jp",
}


@dataclass
class Screen:
    """What the emulator shows: its modals, newest last, and the errors in them."""

    socket: ClientWebSocketResponse
    seen: list[View] = field(default_factory=list)

    async def read(self) -> None:
        """Keeps everything that is shown."""
        async for message in self.socket:
            self.seen.append(json.loads(message.data))

    async def next(self, wanted: Callable[[View], bool]) -> View | None:
        """Takes the next thing of a kind; nothing when it does not come."""
        for _ in range(int(WAIT / 0.05)):
            for shown in self.seen:
                if wanted(shown):
                    self.seen = self.seen[self.seen.index(shown) + 1 :]
                    return shown
            await asyncio.sleep(0.05)
        return None

    async def modal(self) -> View:
        """The modal that is shown next; empty when none comes."""
        shown = await self.next(lambda one: one["t"] == "view" and bool(one["stack"]))
        found: View = shown["stack"][-1] if shown else {}
        return found

    async def submit(self, view: View, **changes: str) -> None:
        """Fills in every field of a modal and sends it."""
        values = {
            one["block_id"]: _filled(one, TYPED | changes) for one in view["blocks"] if one["type"] == "input"
        }
        await self.socket.send_json({"t": "view_submit", "user": "U01ALICE", "values": values})


def _filled(block: View, typed: dict[str, str]) -> View:
    element, name = block["element"], block["block_id"].partition(":")[2]
    kind = element["type"]
    if kind == "plain_text_input":
        return {"value": {"type": kind, "value": typed.get(name)}}
    if kind == "checkboxes":
        return {"value": {"type": kind, "selected_options": element["options"][:1]}}
    return {"value": {"type": kind, "selected_option": element["options"][0]}}


async def _consult(base: str, press: Callable[[], None]) -> dict[str, bool]:
    done: dict[str, bool] = {}
    async with ClientSession() as web, web.ws_connect(f"{base}/ui") as socket:
        screen = Screen(socket)
        reading = asyncio.create_task(screen.read())
        await asyncio.to_thread(press)
        first = await screen.modal()
        done["a button opens the form"] = bool(first)
        if first:
            await screen.submit(first, mail="taro@")
            view = await screen.modal()
            done["what else is asked comes next"] = "wishes" in json.dumps(view)
            await screen.submit(view, mail="taro@")
            errors = await screen.next(lambda one: one["t"] == "view_errors")
            done["errors below their fields"] = list((errors or {}).get("errors", {})) == ["field:mail"]
            await screen.submit(view)
            check = await screen.modal()
            done["the answers to check"] = check.get("callback_id") == "check"
            await screen.submit(check)
            done["the modal is done with"] = bool(
                await screen.next(lambda one: one["t"] == "view" and not one["stack"])
            )
        reading.cancel()
    return done


def consult(base: str, press: Callable[[], None]) -> dict[str, bool]:
    """Asks for a consultation; `press` presses the button that opens the form."""
    return asyncio.run(_consult(base, press))


def receipt_in(messages: list[View], thread: str) -> bool:
    """Whether a number was given in that thread."""
    said = [json.dumps(one, ensure_ascii=False) for one in messages if one.get("thread_ts") == thread]
    return any("受け付けました" in text and re.search(r"C-\d+|\d{4,}", text) for text in said)
