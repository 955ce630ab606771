"""`jdesk demo`, `serve`, `worker`, `migrate`, `doctor`: the roles of a process."""

import asyncio
import contextlib
import secrets
import signal
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from pydantic import SecretStr

from bot.clock import now
from bot.connect import chats_of, connected
from bot.demo import fill_demo
from bot.demo_desk import fill_desk, sign_in
from bot.demo_projects import fill_projects, owner_link
from bot.doctor import findings
from bot.logs import configure
from bot.schedule import ticking
from bot.server import application
from bot.settings import Settings
from bot.wiring import build, prepare
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage.database import Database

GRACEFUL_SECONDS = 3


def add_to(app: typer.Typer) -> None:
    """Registers the verbs."""
    for verb in (demo, serve, worker, migrate, doctor):
        app.command(verb.__name__)(verb)


def demo(
    port: Annotated[int, typer.Option(help="port on 127.0.0.1")] = 8000,
    data: Annotated[Path, typer.Option(help="where the SQLite file lies")] = Path("data"),
) -> None:
    """One process, SQLite, no tokens: the web chat on 127.0.0.1, with the staff console and samples of everything."""
    settings = Settings(
        database_url="",
        data_dir=data,
        host="127.0.0.1",
        port=port,
        secret=SecretStr(_kept_secret(data)),
        secure_cookies=False,
    )
    prepare(settings)
    database = Database(settings.url)
    fill_demo(database, load_wording(), now())
    database.close()
    base = f"http://127.0.0.1:{port}"
    house = build(settings)
    fill_desk(house)
    fill_projects(house)
    typer.echo(f"{base}/")
    typer.echo(load_wording().say("demo.sign_in", Lang.JA, link=sign_in(house, base)))
    if link := owner_link(house, base):
        typer.echo(load_wording().say("demo.owner_link", Lang.JA, link=link))
    house.database.close()
    _serve(settings, worker=True)


def serve() -> None:
    """The web process: channels in, acknowledgements out; on SQLite it answers as well."""
    settings = _checked()
    _serve(settings, worker=not settings.database_url or settings.database_url.startswith("sqlite"))


def worker() -> None:
    """The worker process: answers what is in the inbox, sends what is in the outbox."""
    asyncio.run(_work(_checked()))


def migrate() -> None:
    """Brings the database to the newest shape and imports the first edition."""
    prepare(Settings())
    typer.echo("migrated")


def doctor(lang: Annotated[Lang, typer.Option(help="language")] = Lang.JA) -> None:
    """Names each missing or wrong setting; exit 1 when one of them matters."""
    wording, wrong = load_wording(), False
    for finding in findings(Settings(), now):
        wrong = wrong or bool(finding.problem and finding.serious)
        mark = "ok" if not finding.problem else "!!" if finding.serious else "--"
        said = wording.say(f"doctor.{finding.problem or 'fine'}", lang)
        typer.echo(f"{mark} {finding.name}: {said}")
    if wrong:
        raise typer.Exit(1)


def _checked() -> Settings:
    """The settings, if nothing serious is wrong with them."""
    settings, wording = Settings(), load_wording()
    wrong = [finding for finding in findings(settings, now) if finding.problem and finding.serious]
    for finding in wrong:
        typer.echo(f"{finding.name}: {wording.say(f'doctor.{finding.problem}', Lang.EN)}", err=True)
    if wrong:
        raise typer.Exit(1)
    return settings


def _serve(settings: Settings, *, worker: bool) -> None:
    configure()
    uvicorn.run(
        application(build(settings), worker=worker),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        # Open streams would hold a shutdown back for ever.
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
    )


async def _work(settings: Settings) -> None:
    configure()
    house = build(settings)
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    house.office.start()
    # One process listens on the socket; workers only send.
    chats = chats_of(house)
    async with ticking(house), connected(house, chats, listen=False):
        await stop.wait()
    await house.office.stop()
    await chats.close()


def _kept_secret(data: Path) -> str:
    """The demo's own secret, made once, so that a restart keeps conversations."""
    file = data / "secret"
    with contextlib.suppress(FileNotFoundError):
        return file.read_text("utf-8")
    data.mkdir(parents=True, exist_ok=True)
    file.write_text(secrets.token_hex(32), "utf-8")
    file.chmod(0o600)
    return file.read_text("utf-8")
