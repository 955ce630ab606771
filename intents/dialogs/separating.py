"""The questions that separate the methodologies which everyday words may mean: each sees the answers before it."""

from collections.abc import Mapping

from intents.desk.finder import next_question, remaining
from intents.dialog import Answers, Question, Scene
from intents.dialogs.finding import UNKNOWN, found_for, title_of
from intents.messages import FieldKind, Option
from intents.readers.choice import one_of
from knowledge.finder import FinderQuestion

SPLITS = 4


def _splits(scene: Scene, answers: Answers, before: int) -> dict[str, str]:
    """The answers of the separating questions before one, by the question that each answered."""
    given: dict[str, str] = {}
    for number in range(1, before):
        question = _next(scene, answers, given)
        if question is None or not answers.get(f"split_{number}"):
            break
        given[question.id] = answers[f"split_{number}"]
    return given


def _codes(scene: Scene, answers: Answers) -> tuple[str, ...]:
    activity = answers["activity"]
    return tuple(one.code for one in found_for(scene, activity)) if activity else ()


def _next(scene: Scene, answers: Answers, given: Mapping[str, str]) -> FinderQuestion | None:
    codes = _codes(scene, answers)
    key = f"split:{codes}:{sorted(given.items())}"
    return scene.once(key, lambda: next_question(scene.room.finder, codes, given) if codes else None)


def split(number: int) -> Question:
    """The separating question of that number, whichever it turns out to be."""

    def question(scene: Scene, answers: Answers) -> FinderQuestion | None:
        given = _splits(scene, answers, number)
        return _next(scene, answers, given) if len(given) == number - 1 else None

    def options(scene: Scene, answers: Answers) -> tuple[Option, ...]:
        found = question(scene, answers)
        chosen = found.options if found else ()
        return tuple(Option(one.value, one.label.in_(scene.lang)) for one in chosen)

    def label(scene: Scene, answers: Answers) -> str:
        found = question(scene, answers)
        doubt = scene.say("chat.unverified") if found and found.unverified else ""
        return f"{found.text.in_(scene.lang)}{doubt}" if found else ""

    return Question(
        f"split_{number}",
        lambda typed, scene, answers: one_of(typed, options(scene, answers)),
        FieldKind.ONE,
        only_if=lambda scene, answers: question(scene, answers) is not None,
        options=options,
        label=label,
    )


def left(scene: Scene, answers: Answers) -> tuple[str, ...]:
    """The codes that the answers leave."""
    return remaining(scene.room.finder, _codes(scene, answers), _splits(scene, answers, SPLITS + 1))


def code_options(scene: Scene, answers: Answers) -> tuple[Option, ...]:
    """Those codes to choose from, and none of them."""
    shown = (Option(code, title_of(scene, code)) for code in left(scene, answers))
    return (*shown, Option(UNKNOWN, scene.say("options.unknown")))


def several_left(scene: Scene, answers: Answers) -> bool:
    """Whether there is anything to choose."""
    return len(left(scene, answers)) > 1


def code_of(scene: Scene, answers: Answers) -> str:
    """The methodology in question: chosen, or the only one left; empty where none is."""
    if answers.get("code"):
        return "" if answers["code"] == UNKNOWN else str(answers["code"])
    codes = left(scene, answers)
    return codes[0] if len(codes) == 1 else ""
