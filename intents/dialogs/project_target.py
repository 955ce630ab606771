"""Which committee round a project aims at: chosen by whoever is in charge of it, and changed whenever they like."""

from collections.abc import Mapping
from dataclasses import dataclass

from intents.compose import day_text
from intents.desk.deadlines.back_plan import rounds_ahead
from intents.desk.nudges.planning import plan
from intents.desk.nudges.setting import setting_of
from intents.desk.projects.records import Project, Role
from intents.desk.projects.register import choose_round
from intents.desk.refused import Refused
from intents.dialog import Answers, Dialog, Filed, Question, Scene, Sorry
from intents.dialogs.common import choose, plain
from intents.dialogs.planned import almanac_here, plan_parts
from intents.messages import FieldKind, Heading, Option, Paragraph, Part, Text

TARGET, NONE = "project.target", "no_round"
# More rounds than that nobody has entered, and no channel shows.
SHOWN = 10


@dataclass(frozen=True, slots=True)
class ChooseRound:
    """Which project aims at which round; `place` is the project's row and comes from a button only."""

    place: str | None
    round: str


def _project(scene: Scene, place: str | None) -> Project | None:
    """The project, if whoever talks here is in charge of it."""

    def look() -> Project | None:
        contact = scene.work.contacts.by_person(scene.work.person)
        duties = scene.work.contacts.duties_of(contact.id) if contact else ()
        mine = [one.project for one in duties if one.role is Role.OWNER and str(one.project) == place]
        return next(iter(scene.work.projects.of(mine)), None)

    return scene.once(f"target:{place}", look)


def _rounds(scene: Scene, answers: Answers) -> tuple[Option, ...]:
    project = _project(scene, answers["place"])
    ahead = list(rounds_ahead(almanac_here(scene), scene.today))[:SHOWN]
    found = [
        Option(
            str(number),
            scene.say(
                "project_target.round_option",
                round=number,
                cutoff=day_text(cutoff, scene.lang, scene.room.wording),
            ),
        )
        for number, cutoff in ahead
    ]
    if project and project.target_round is not None:
        found.append(Option(NONE, scene.say("project_target.no_round")))
    return tuple(found)


QUESTIONS = (
    Question("place", plain(str), carried=True, show=lambda place, scene: _named(scene, place)),
    Question("round", choose(_rounds), FieldKind.ONE, options=_rounds),
)


def _named(scene: Scene, place: str) -> str:
    project = _project(scene, place)
    return f"{project.project_id} {project.title}" if project else place


def _ready(scene: Scene, given: Mapping[str, str]) -> tuple[Part, ...]:
    place = given.get("place", "")
    if _project(scene, place) is None:
        return (_say(scene, "not_yours"),)
    return () if _rounds(scene, {"place": place}) else (_say(scene, "no_rounds"),)


def submit(said: ChooseRound, scene: Scene) -> Filed | Sorry:
    """Keeps the round and shows the way to it; whoever chose it is not told by letter that its dates moved."""
    project = _project(scene, said.place)
    if project is None:
        return Sorry("", (_say(scene, "not_yours"),))
    number = None if said.round == NONE else int(said.round)
    try:
        chosen = choose_round(scene.work, project.project_id, number)
    except Refused:
        return Sorry("round", (_say(scene, "round_gone"),))
    plan(setting_of(scene.room.edition), [project.id], scene.work, tell=False)
    scene.work.projects.in_touch(project.id)
    told = (
        _say(scene, "taken_back", project=project.project_id)
        if number is None
        else _say(scene, "chosen", project=project.project_id, round=number)
    )
    return Filed((Heading(scene.say("dialog.done")), told, *plan_parts(scene, chosen)))


def _say(scene: Scene, name: str, /, **places: object) -> Paragraph:
    return Paragraph((Text(scene.say(f"project_target.{name}", **places)),))


CHOOSE_ROUND = Dialog(TARGET, "project_target", "", ChooseRound, QUESTIONS, submit, _ready)
