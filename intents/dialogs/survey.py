"""Answering a survey: which one, its questions in their order, and a comment; the newest answer counts."""

from collections.abc import Mapping
from dataclasses import dataclass

from intents.desk import surveys
from intents.desk.moments import moment_text
from intents.desk.refused import Refused
from intents.desk.survey_clock import START
from intents.desk.survey_records import SCALE, Kind, NewAnswer, SurveyQuestion
from intents.desk.surveys import Open
from intents.dialog import Answers, Dialog, Filed, Question, Scene, Sorry
from intents.dialogs.common import CONSENT, choose, listed, plain, text
from intents.messages import FieldKind, Heading, Option, Paragraph, Part, Text
from intents.readers.choice import free_text, one_of, several_of
from intents.readers.misread import Misread

PURPOSE = "survey"
REPLACE, KEEP = "replace", "keep"
TEXT_LIMIT = 1000
_KINDS = {
    Kind.SCALE: FieldKind.ONE,
    Kind.ONE: FieldKind.ONE,
    Kind.SEVERAL: FieldKind.SEVERAL,
    Kind.TEXT: FieldKind.TEXT,
}


@dataclass(frozen=True, slots=True)
class SurveyAnswer:
    """What somebody answers; `who` comes from a letter's button only."""

    who: str | None
    consent: bool
    survey: str
    replace: str | None
    answer_1: str | tuple[str, ...] | None
    answer_2: str | tuple[str, ...] | None
    answer_3: str | tuple[str, ...] | None
    answer_4: str | tuple[str, ...] | None
    answer_5: str | tuple[str, ...] | None
    answer_6: str | tuple[str, ...] | None
    answer_7: str | tuple[str, ...] | None
    answer_8: str | tuple[str, ...] | None
    comment: str | None

    @property
    def values(self) -> dict[str, tuple[str, ...]]:
        """The values by the question's number; what was left out is not there."""
        given = {str(number): getattr(self, f"answer_{number}") for number in range(1, 9)}
        shaped = {number: (one,) if isinstance(one, str) else one for number, one in given.items()}
        return {number: values for number, values in shaped.items() if values}


# ------------------------------------------------ which survey


def _opens(scene: Scene, who: str) -> tuple[Open, ...]:
    """What this person may answer: by a letter's button, and what is theirs anyway."""
    return scene.once(f"surveys:{who}", lambda: _look(scene, who))


def _look(scene: Scene, who: str) -> tuple[Open, ...]:
    running = scene.work.surveys.running() if who else ()
    held = (surveys.by_letter(scene.work, one.number, who) for one in running)
    found = (*(one for one in held if one), *surveys.open_for(scene.work, scene.work.person))
    return tuple({one.survey.id: one for one in reversed(found)}.values())[::-1]


def _surveys(scene: Scene, answers: Answers) -> tuple[Option, ...]:
    return tuple(
        Option(one.survey.number, f"{one.survey.title} ({one.event.title})")
        for one in _opens(scene, answers.get("who") or "")
    )


def _survey(typed: str, scene: Scene, answers: Answers) -> str:
    """A survey that takes answers; one that did yesterday is named as over."""
    options = _surveys(scene, answers)
    known = scene.work.surveys.find(typed)
    if known and all(one.value != known.number for one in options):
        raise Misread("survey.over", title=known.title)
    if not options:
        raise Misread("survey.nothing")
    return one_of(typed, options)


def _chosen(scene: Scene, answers: Answers) -> Open | None:
    opens = _opens(scene, answers.get("who") or "")
    return next((one for one in opens if one.survey.number == answers["survey"]), None)


def _answered(scene: Scene, answers: Answers) -> bool:
    chosen = _chosen(scene, answers)
    return chosen is not None and chosen.before is not None


def _replace_label(scene: Scene, answers: Answers) -> str:
    chosen = _chosen(scene, answers)
    before = chosen.before if chosen else None
    when = moment_text(scene.room.wording, before.answered_at, scene.lang) if before else ""
    return scene.say("survey.replace", when=when)


def _goes_on(_: Scene, answers: Answers) -> bool:
    return bool(answers["replace"] != KEEP)


# ------------------------------------------------ its questions


def _answer(number: int) -> Question:
    """The question of that number, whichever the chosen survey has there."""

    def asked(scene: Scene, answers: Answers) -> SurveyQuestion | None:
        chosen = _chosen(scene, answers)
        questions = chosen.survey.questions if chosen and _goes_on(scene, answers) else ()
        return questions[number - 1] if len(questions) >= number else None

    def options(scene: Scene, answers: Answers) -> tuple[Option, ...]:
        found = asked(scene, answers)
        return tuple(Option(value, _label(found, value)) for value in found.values) if found else ()

    def read(typed: str, scene: Scene, answers: Answers) -> str | tuple[str, ...]:
        found = asked(scene, answers)
        return _read(found.kind, typed, options(scene, answers)) if found else typed

    def label(scene: Scene, answers: Answers) -> str:
        found = asked(scene, answers)
        return found.text if found else ""

    def kind_of(scene: Scene, answers: Answers) -> FieldKind:
        found = asked(scene, answers)
        return _KINDS[found.kind] if found else FieldKind.TEXT

    def needed(scene: Scene, answers: Answers) -> bool:
        found = asked(scene, answers)
        return found is not None and found.required

    return Question(
        f"answer_{number}",
        read,
        FieldKind.TEXT,
        required=False,
        needed=needed,
        open=True,
        only_if=lambda scene, answers: asked(scene, answers) is not None,
        options=options,
        label=label,
        kind_of=kind_of,
    )


def _read(kind: Kind, typed: str, options: tuple[Option, ...]) -> str | tuple[str, ...]:
    match kind:
        case Kind.TEXT:
            return free_text(typed, TEXT_LIMIT)
        case Kind.SEVERAL:
            return several_of(typed, options)
        case Kind.SCALE | Kind.ONE:
            return one_of(typed, options)


def _label(question: SurveyQuestion, value: str) -> str:
    ends = {SCALE[0]: question.low, SCALE[-1]: question.high} if question.kind is Kind.SCALE else {}
    return f"{value} ({ends[value]})" if ends.get(value) else value


_REPLACE = listed("survey", f"option_{REPLACE}", f"option_{KEEP}")


def _read_replace(typed: str, scene: Scene, answers: Answers) -> str:
    return choose(_REPLACE)(typed, scene, answers).removeprefix("option_")


QUESTIONS = (
    # Read as it stands: whether it opens anything is decided with the survey.
    Question("who", plain(str), carried=True),
    CONSENT,
    Question("survey", _survey, FieldKind.ONE, options=_surveys, keep=str),
    Question(
        "replace",
        _read_replace,
        FieldKind.ONE,
        options=_REPLACE,
        only_if=_answered,
        label=_replace_label,
        show=lambda value, scene: scene.say(f"survey.option_{value}"),
    ),
    *(_answer(number) for number in range(1, 9)),
    Question("comment", text(), FieldKind.TEXT, required=False, open=True, only_if=_goes_on),
)


# ------------------------------------------------ what becomes of it


def _ready(scene: Scene, given: Mapping[str, str]) -> tuple[Part, ...]:
    opens = _opens(scene, given.get("who", ""))
    if not opens:
        return (_say(scene, "none_open"),)
    wanted = given.get("survey", "")
    if wanted and all(one.survey.number != wanted for one in opens):
        return (_say(scene, "closed"),)
    return ()


def submit(said: SurveyAnswer, scene: Scene) -> Filed | Sorry:
    """Keeps the answer; the one before it is replaced."""
    chosen = _chosen(scene, {"who": said.who, "survey": said.survey})
    if said.replace == KEEP or chosen is None:
        return Filed((_say(scene, "kept" if chosen else "closed"),))
    new = NewAnswer(
        respondent=chosen.respondent.number,
        person=scene.work.person,
        answers=said.values,
        comment=said.comment or "",
        consent=scene.say("purposes.version"),
    )
    try:
        surveys.answer(scene.work, said.survey, new)
    except Refused:
        return Sorry("", (_say(scene, "closed"),))
    thanks = _say(scene, "thanks", title=chosen.survey.title)
    return Filed((Heading(scene.say("dialog.done")), thanks))


def _say(scene: Scene, name: str, **places: object) -> Paragraph:
    return Paragraph((Text(scene.say(f"survey.{name}", **places)),))


SURVEY = Dialog(START, "survey", PURPOSE, SurveyAnswer, QUESTIONS, submit, _ready)
