"""From everyday words to the methodologies that may be meant, as the options of a question."""

from intents.desk.finder import Candidate, candidates
from intents.dialog import Answers, Scene
from intents.messages import Option
from intents.readers.choice import one_of
from intents.understanding.entities import entities_of

UNKNOWN = "unknown"
SHOWN = 4


def found_for(scene: Scene, described: str) -> tuple[Candidate, ...]:
    """The methodologies that everyday words may mean, the best first."""
    return scene.once(
        f"found:{described}",
        lambda: candidates(scene.mind, scene.room.finder, described, scene.today, scene.lang)[:SHOWN],
    )


def offered_methodologies(scene: Scene, answers: Answers) -> bool:
    """Whether what was described leads to any methodology."""
    return bool(answers["activity"]) and bool(found_for(scene, answers["activity"]))


def methodology_options(scene: Scene, answers: Answers) -> tuple[Option, ...]:
    """The candidates, and that it is none of them."""
    found = found_for(scene, answers["activity"]) if answers.get("activity") else ()
    return (
        *(Option(one.code, title_of(scene, one.code)) for one in found),
        Option(UNKNOWN, scene.say("options.unknown")),
    )


def methodology(typed: str, scene: Scene, answers: Answers) -> str:
    """A code, typed or chosen."""
    codes = entities_of(typed, scene.today).codes
    if codes and codes[0] in scene.room.edition.methodologies:
        return codes[0]
    return one_of(typed, methodology_options(scene, answers))


def title_of(scene: Scene, code: str) -> str:
    """A methodology's code and title."""
    card = scene.room.edition.methodologies[code]
    doubt = scene.say("chat.unverified") if card.title_unverified else ""
    return f"{code} {card.title.in_(scene.lang)}{doubt}"
