"""The rules of a first look at eligibility as questions: where, since when, and what concerns that methodology."""

from dataclasses import dataclass

from intents.desk.finder import PLANNED, rules_for
from intents.dialog import Answers, Question, Scene
from intents.dialogs.common import area_options
from intents.dialogs.separating import code_of, several_left
from intents.messages import FieldKind, Option
from intents.readers.choice import one_of
from intents.readers.days import past_day
from intents.readers.misread import Misread
from knowledge.finder import Rule

RULES = 10
OUTSIDE, AREA_RULE = "outside", "area"


@dataclass(frozen=True, slots=True)
class Find:
    """What somebody does, where, what separates the candidates, and the answers to the rules of a first look."""

    activity: str
    split_1: str | None
    split_2: str | None
    split_3: str | None
    split_4: str | None
    code: str | None
    prefecture: str
    rule_1: str | None
    rule_2: str | None
    rule_3: str | None
    rule_4: str | None
    rule_5: str | None
    rule_6: str | None
    rule_7: str | None
    rule_8: str | None
    rule_9: str | None
    rule_10: str | None


def rules_in(scene: Scene, answers: Answers) -> tuple[Rule, ...]:
    """The rules that concern the methodology in question."""
    code = code_of(scene, answers)
    asked = scene.once(f"rules:{code}", lambda: rules_for(scene.room.finder, code, scene.today))
    # Where it is has been asked already, by name.
    return tuple(rule for rule in asked if rule.id != AREA_RULE)[:RULES]


def rule_question(number: int) -> Question:
    """The question of the rule of that number among them; a day where the rule counts from one."""

    def rule(scene: Scene, answers: Answers) -> Rule | None:
        if not answers["activity"] or (several_left(scene, answers) and not answers["code"]):
            return None
        found = rules_in(scene, answers)
        return found[number - 1] if len(found) >= number else None

    def options(scene: Scene, answers: Answers) -> tuple[Option, ...]:
        found = rule(scene, answers)
        if found is None:
            return ()
        shown = [one for one in found.options if not found.window_years or one.value == PLANNED]
        return tuple(Option(one.value, one.label.in_(scene.lang)) for one in shown)

    def kind(scene: Scene, answers: Answers) -> FieldKind:
        found = rule(scene, answers)
        return FieldKind.LINE if found and found.window_years else FieldKind.ONE

    def read(typed: str, scene: Scene, answers: Answers) -> str:
        found = rule(scene, answers)
        if found is None or not found.window_years:
            return one_of(typed, options(scene, answers))
        try:
            return one_of(typed, options(scene, answers))
        except Misread:
            return past_day(typed, scene.today).isoformat()

    return Question(
        f"rule_{number}",
        read,
        FieldKind.ONE,
        kind_of=kind,
        only_if=lambda scene, answers: rule(scene, answers) is not None,
        options=options,
        label=lambda scene, answers: found.ask.in_(scene.lang) if (found := rule(scene, answers)) else "",
    )


def places(scene: Scene, answers: Answers) -> tuple[Option, ...]:
    """The prefectures of this office, and elsewhere."""
    return (*area_options(scene, answers), Option(OUTSIDE, scene.say("find.outside")))
