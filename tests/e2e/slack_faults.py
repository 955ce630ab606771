"""The product behind a proxy that does what the Slack emulator does not: limits, faults, and deliveries again.

Run by `test_slack_faults.py`. Between the product and the emulator's Web API it answers 429 and 5xx; between the
emulator and the product it waits for an acknowledgement and delivers the same signed body again, as Slack does.
"""

import asyncio
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from tests.e2e.slack_control import DESK, SLACK, call, running, until
from tests.e2e.slack_office import QUESTION, _answers, _config

PROXY = 4100
# Slack waits three seconds, and sends again at once, after a minute and after five; here it all goes faster.
ACK_SECONDS, WAITS = 1.0, (0.0, 1.0, 2.0)
DROPPED = ("host", "content-length", "accept-encoding")


@dataclass
class Proxy:
    """`faults` are the answers to give before a method works; `delivered` the number of each delivery, and what came of it."""

    faults: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    refused: int = 0
    delivered: list[tuple[int, str]] = field(default_factory=list)

    async def api(self, request: web.Request) -> web.Response:
        """A call of the Web API."""
        method = request.match_info["method"]
        if waiting := self.faults.get(method):
            status, wait = waiting.pop(0)
            self.refused += 1
            told = {"Retry-After": wait} if wait else {}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=status, headers=told)
        async with ClientSession() as session:
            url = f"http://127.0.0.1:{SLACK}/api/{method}"
            body, headers = await request.read(), _passed_on(request.headers)
            async with session.request(
                request.method, url, params=request.query, data=body, headers=headers
            ) as answer:
                return web.Response(
                    status=answer.status, body=await answer.read(), content_type=answer.content_type
                )

    async def deliver(self, request: web.Request) -> web.Response:
        """An event, delivered until it is acknowledged; the same body and signature each time."""
        body, headers = await request.read(), dict(_passed_on(request.headers))
        for number, wait in enumerate((0.0, *WAITS)):
            await asyncio.sleep(wait)
            if number:
                headers |= {"x-slack-retry-num": str(number), "x-slack-retry-reason": "http_timeout"}
            status = await self._once(body, headers)
            self.delivered.append((number, status))
            if status == "200":
                break
        return web.Response()

    async def _once(self, body: bytes, headers: Mapping[str, str]) -> str:
        with suppress(TimeoutError, ClientError):
            async with ClientSession(timeout=ClientTimeout(ACK_SECONDS)) as session:
                url = f"http://127.0.0.1:{DESK}/slack/events"
                async with session.post(url, data=body, headers=dict(headers)) as answer:
                    return str(answer.status)
        return "timeout"

    def serve(self) -> None:
        """Serves on loopback, in a thread of its own, for good."""
        app = web.Application()
        app.add_routes([web.post("/deliver", self.deliver), web.route("*", "/api/{method}", self.api)])
        work = {"host": "127.0.0.1", "port": PROXY, "print": None, "handle_signals": False}
        threading.Thread(target=lambda: web.run_app(app, **work), daemon=True).start()  # type: ignore[arg-type]


def _passed_on(headers: Mapping[str, str]) -> Mapping[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in DROPPED}


def _asked_once(more: int) -> bool:
    """A question is answered, and once only."""
    before = len(_answers("D01AL"))
    call("message", {"channel": "D01AL", "user": "U01ALICE", "text": f"{QUESTION} {more}"})
    answered = until(lambda: len(_answers("D01AL")) > before, 20)
    return bool(answered) and not until(lambda: len(_answers("D01AL")) > before + 1, 3)


def troubles(proxy: Proxy, desk: int) -> dict[str, bool]:
    """Each figure is whether it went as it should."""
    done: dict[str, bool] = {}
    proxy.faults["chat.postMessage"] = [(429, "1"), (429, "1")]
    begun = time.monotonic()
    done["a limit is waited for"] = _asked_once(1) and proxy.refused == 2 and time.monotonic() - begun >= 2
    proxy.faults["chat.postMessage"] = [(503, ""), (500, "")]
    done["faults of Slack lose nothing"] = _asked_once(2) and proxy.refused == 4
    proxy.delivered.clear()
    os.kill(desk, signal.SIGSTOP)
    threading.Timer(2.5, os.kill, (desk, signal.SIGCONT)).start()
    done["a frozen desk answers once"] = _asked_once(3)
    done["what was sent again came with its number"] = bool(
        until(lambda: (1, "timeout") in proxy.delivered, 1)
    )
    done["the last delivery was acknowledged"] = bool(until(lambda: proxy.delivered[-1][1] == "200", 5))
    return done


def main(binary: str, folder: Path) -> None:
    """Starts everything, makes trouble, prints what went well as JSON."""
    proxy = Proxy()
    proxy.serve()
    config = _config("events").replace(f"{DESK}/slack/events", f"{PROXY}/deliver")
    more = {"JDESK_SLACK_API_URL": f"http://127.0.0.1:{PROXY}/api/"}
    with running(binary, "events", folder, config, more) as desk:
        print(json.dumps(troubles(proxy, desk), ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
