"""What stands between the playground and the desk: the playground signs nothing, and the desk's gate stays on."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.teams_connector import TeamsConnector

PATH = "/api/messages"


@dataclass
class Signer:
    """Signs each activity as the Bot Framework does; `seen` holds them, each with the status of its answer.

    The playground knows one person who does anything. Who is named in `people` sits before it in that place.
    """

    connector: TeamsConnector
    desk: str
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    seen: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    def passed_on(self, body: bytes) -> tuple[int, bytes]:
        """What the desk answers to an activity."""
        activity = self._of_whom(json.loads(body))
        token = self.connector.token(serviceurl=activity.get("serviceUrl"))
        headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
        status, answer = _posted(f"{self.desk}{PATH}", json.dumps(activity).encode(), headers)
        self.seen.append((status, activity))
        return status, answer

    def unsigned(self) -> int:
        """What the desk says to the last activity when it comes from the playground alone."""
        body = json.dumps(self.seen[-1][1]).encode()
        return _posted(f"{self.desk}{PATH}", body, {"content-type": "application/json"})[0]

    def _of_whom(self, activity: dict[str, Any]) -> dict[str, Any]:
        place = str(activity.get("conversation", {}).get("id", "")).partition(";")[0]
        return activity | ({"from": self.people[place]} if place in self.people else {})

    @property
    def refused(self) -> list[tuple[int, dict[str, Any]]]:
        """What the desk did not take."""
        return [one for one in self.seen if one[0] // 100 != 2]


def _posted(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    request = urllib.request.Request(url, body, headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as fault:
        return fault.code, fault.read()


@contextmanager
def signing(connector: TeamsConnector, port: int, desk: str) -> Iterator[Signer]:
    """The signer while the block runs."""
    signer = Signer(connector, desk)
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(signer))
    thread = threading.Thread(target=server.serve_forever, name="signer")
    thread.start()
    try:
        yield signer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(signer: Signer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            self._answer(*signer.passed_on(self.rfile.read(length)))

        def do_GET(self) -> None:
            self._answer(200, b"")

        # The playground waits until something is there.
        do_HEAD = do_GET  # noqa: N815

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Says nothing."""

    return Handler
