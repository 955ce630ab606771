"""What staff order in a chat besides cases: a link to the console, and help with the words that do so."""

from collections.abc import Iterator, Mapping

from intents.decisions import Obey
from intents.desk import staff
from intents.dialog import Scene
from intents.messages import Bullets, Heading, Link, Paragraph, Part, Text
from intents.speak import HELP, spoken

LINES = ("help_queue", "help_login", "help_thread")


def login(scene: Scene, _: Mapping[str, str]) -> Iterator[Part]:
    """A link with which one of staff signs in to the console once; never where others look on."""
    who = scene.work.staff.by_person(scene.work.person)
    if who is None:
        scene.work.audit.note("login", "refused", reason="not staff")
        yield _say(scene, "cases.not_staff")
    elif scene.work.overheard:
        yield _say(scene, "cases.in_private")
    elif not scene.room.console:
        yield _say(scene, "rooms.login_no_address")
    else:
        scene.work.act_as(who.actor)
        token = staff.login(scene.work, who.name)
        address = f"{scene.room.console.rstrip('/')}/console/login/{token}"
        yield _say(scene, "rooms.login_link")
        yield Paragraph((Link(scene.say("rooms.login_open"), address),))


def help_(scene: Scene, _: Mapping[str, str]) -> Iterator[Part]:
    """What everybody is told, and for staff the words of their own."""
    yield from spoken(Obey(HELP), scene.room, scene.work)
    if scene.work.staff.by_person(scene.work.person):
        yield Heading(scene.say("rooms.help_title"))
        yield Bullets(tuple((Text(scene.say(f"rooms.{line}")),) for line in LINES))


def _say(scene: Scene, key: str) -> Paragraph:
    return Paragraph((Text(scene.say(key)),))
