"""A conversation as server-sent events: what was missed first, then each message as it comes."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable

from storage.messages import Logged

PING_SECONDS = 15.0
Frame = Callable[[Logged], str]


async def events(
    messages: AsyncIterator[Logged], frame: Frame, ping: float = PING_SECONDS
) -> AsyncIterator[str]:
    """The frames of a stream; ends when the messages end, and lets go of them when the reader goes."""
    yield ": open\n\n"
    coming = _next(messages)
    try:
        while True:
            # `wait`, unlike `wait_for`, leaves the pending message alone when the time is up.
            done, _ = await asyncio.wait({coming}, timeout=ping)
            if not done:
                yield ": ping\n\n"
                continue
            logged = coming.result()
            if logged is None:
                return
            yield frame(logged)
            coming = _next(messages)
    finally:
        coming.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await coming


def frame(logged: Logged, text: str, html: str) -> str:
    """One message as an event; its id is where a reader resumes."""
    row = {
        "id": logged.id,
        "author": logged.author,
        "at": logged.at.isoformat(),
        "text": text,
        "html": html,
    }
    return f"id: {logged.id}\nevent: message\ndata: {json.dumps(row, ensure_ascii=False)}\n\n"


def _next(messages: AsyncIterator[Logged]) -> asyncio.Task[Logged | None]:
    return asyncio.ensure_future(_one(messages))


async def _one(messages: AsyncIterator[Logged]) -> Logged | None:
    return await anext(messages, None)
