"""An open request of the same organisation about the same: added to only if the person says so."""

from collections.abc import Callable

from intents.desk import consultations as desk
from intents.desk.consultation_books import Alike
from intents.dialog import Answers, Question, Scene
from intents.dialogs.common import choose, listed
from intents.messages import FieldKind

ADD, NEW = "similar_add", "similar_new"
_OPTIONS = listed("options", ADD, NEW)
Topic = Callable[[Answers], str]


def similar(topic: Topic) -> Question:
    """Whether to add to the open request, asked where there is one; `topic` says what a request is about."""

    def found(scene: Scene, answers: Answers) -> Alike | None:
        name, number, about = answers["organisation"], answers.get("corporate_number") or "", topic(answers)
        if not name or not about:
            return None
        key = f"alike:{name}:{number}:{about}"
        return scene.once(key, lambda: desk.alike(scene.work, name, number, about))

    def label(scene: Scene, answers: Answers) -> str:
        one = found(scene, answers)
        return scene.say("consultation.similar", number=one.number if one else "")

    return Question(
        "similar",
        choose(_OPTIONS),
        FieldKind.ONE,
        options=_OPTIONS,
        only_if=lambda scene, answers: found(scene, answers) is not None,
        label=label,
    )


def note(kept: dict[str, object], scene: Scene) -> str:
    """A whole request as a note on a case: everything that was said, by the name of its question."""
    texts = scene.room.wording.texts
    rows = ((name, value) for name, value in kept.items() if value and f"consultation.{name}" in texts)
    return "\n".join(f"{scene.say(f'consultation.{name}')}: {_written(value, scene)}" for name, value in rows)


def _written(value: object, scene: Scene) -> str:
    if isinstance(value, list):
        return scene.say("dialog.and").join(map(str, value))
    key = f"options.{value}"
    return scene.say(key) if key in scene.room.wording.texts else str(value)
