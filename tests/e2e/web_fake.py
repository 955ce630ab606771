"""The web chat of a fake desk on a loopback port, for what the real product cannot be made to do."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

from bot.channels.web.app import routes
from bot.channels.web.session import Sessions
from knowledge.wording import load_wording
from tests.bot.channels.web.fake_desk import FakeDesk, clock


@contextmanager
def serving(desk: FakeDesk) -> Iterator[str]:
    """The address of a server that lives as long as the block."""
    door = socket.create_server(("127.0.0.1", 0))
    application = Starlette(routes=routes(desk, Sessions("s" * 40, False), load_wording(), clock))
    # Open streams would hold the shutdown back for ever.
    config = uvicorn.Config(application, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([door],))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{door.getsockname()[1]}/"
    server.should_exit = True
    thread.join(10)
    door.close()
