"""A person's own page of the desk: their requests, their seats and their projects, each with its buttons."""

from collections.abc import Iterator, Mapping

from intents.dialog import Scene
from intents.messages import Choice, Choices, ChoiceStyle, Heading, Paragraph, Part, RunCommand, Text
from intents.orders.mine import my_cases
from intents.orders.projects import LINK, my_projects
from intents.orders.seminars import my_registrations
from intents.staff_turn import at_home

HOME = "my.home"


def home(scene: Scene, _: Mapping[str, str]) -> Iterator[Part]:
    """Only what there is, each under its title; a page that would be empty says so, and what can be begun here."""
    if scene.work.overheard:
        yield _say(scene, "in_private")
        return
    held = tuple(_held(scene))
    if held:
        yield from held
    else:
        yield scene.room.say("welcome")
        yield _say(scene, "home_empty")
    yield Choices(scene.say("seminar.what_else"), tuple(_begin(scene)), ChoiceStyle.OFFER)
    yield scene.room.starters(scene.work)


def _held(scene: Scene) -> Iterator[Part]:
    work, nothing = scene.work, dict[str, str]()
    if work.consultations.cases_of(work.person) or work.consultations.bookings(work.person):
        yield Heading(scene.say("mine.home_cases"))
        yield from my_cases(scene, nothing)
    if any(one.active for one in work.seminars.of_person(work.person)):
        yield Heading(scene.say("mine.home_seats"))
        yield from my_registrations(scene, nothing)
    if work.contacts.by_person(work.person):
        yield Heading(scene.say("mine.home_projects"))
        yield from my_projects(scene, nothing)


def _begin(scene: Scene) -> Iterator[Choice]:
    yield _button(scene, "consultation.start", "seminar.consult_instead")
    yield _button(scene, "seminar.list", "seminar.see_list")
    if not scene.work.contacts.by_person(scene.work.person):
        yield _button(scene, LINK, "mine.home_link")


def way_home(scene: Scene) -> tuple[Part, ...]:
    """Below what a member did on their page: what they looked at would else be gone."""
    if not scene.work.alone_at_home or at_home(scene):
        return ()
    return (Choices("", (_button(scene, HOME, "mine.home_back"),), ChoiceStyle.OFFER),)


def _button(scene: Scene, command: str, label: str) -> Choice:
    return Choice(scene.say(label), scene.work.tokens.issue(RunCommand(command)))


def _say(scene: Scene, name: str) -> Paragraph:
    return Paragraph((Text(scene.say(f"mine.{name}")),))
