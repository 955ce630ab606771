"""`jdesk chat`: talk to the desk in the terminal."""

import asyncio
import logging
from typing import Annotated

import typer

from bot.channels.terminal import converse
from bot.logs import configure
from bot.settings import Settings
from bot.wiring import build, prepare
from knowledge.model import Lang


def add_to(app: typer.Typer) -> None:
    """Registers the verb."""
    app.command("chat")(chat)


def chat(lang: Annotated[Lang, typer.Option(help="language of the greeting")] = Lang.JA) -> None:
    """Talks in the terminal; an empty line or Ctrl-D ends it."""
    configure(logging.ERROR)
    settings = Settings()
    if not settings.database_url:
        prepare(settings)
    asyncio.run(_talk(settings, lang))


async def _talk(settings: Settings, lang: Lang) -> None:
    house = build(settings)
    # It answers its own conversation and takes nobody else's.
    house.office.start(worker=False)
    try:
        await converse(house.office, house.wording, house.clock, _line, typer.echo, lang)
    finally:
        await house.office.stop()


def _line() -> str | None:
    try:
        return input("\n> ").strip() or None
    except (EOFError, KeyboardInterrupt):
        return None
