"""A Slack Web API that takes everything at once: letters leave, so that the figures are not those of an outage."""

import sys

from aiohttp import web


async def _take(_: web.Request) -> web.Response:
    return web.json_response({"ok": True, "ts": "1.0", "messages": []})


if __name__ == "__main__":
    application = web.Application()
    application.router.add_route("*", "/api/{method}", _take)
    web.run_app(application, host="127.0.0.1", port=int(sys.argv[1]), print=lambda *_: None)
