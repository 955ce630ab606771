"""What a methodology search found: the candidates with their reasons, a first look, and what to do with it."""

from collections.abc import Iterator

from intents.desk.finder import Candidate, Verdict, precheck
from intents.dialog import Answers, Filed, Scene
from intents.dialogs.finding import found_for, title_of
from intents.dialogs.looking import AREA_RULE, OUTSIDE, Find, rules_in
from intents.dialogs.separating import code_of, left
from intents.messages import (
    Bullets,
    Choice,
    Choices,
    ChoiceStyle,
    Heading,
    Line,
    Paragraph,
    Part,
    RunCommand,
    ShowEntry,
    Strong,
    Text,
)
from intents.understanding.normalise import normal
from knowledge.finder import Outcome

_SIGNS = {Outcome.OK: "find.ok", Outcome.STOP: "find.stop", Outcome.ASK: "find.ask"}


def _verdicts(wanted: Find, answers: Answers, scene: Scene) -> tuple[Verdict, ...]:
    given = {rule.id: getattr(wanted, f"rule_{n}") for n, rule in enumerate(rules_in(scene, answers), 1)}
    given = {rule: answer for rule, answer in given.items() if answer}
    given[AREA_RULE] = OUTSIDE if wanted.prefecture == OUTSIDE else "inside"
    return precheck(scene.room.finder, code_of(scene, answers), given, scene.today)


def submit(wanted: Find, scene: Scene) -> Filed:
    """Shows what may fit and how it looks, and takes it all along into a consultation."""
    answers = {name: getattr(wanted, name) for name in wanted.__slots__}
    code, verdicts = code_of(scene, answers), _verdicts(wanted, answers, scene)
    codes = (code,) if code else left(scene, answers)
    return Filed(
        (
            *_candidates(wanted, codes, scene),
            *_look(verdicts, scene),
            _next_steps(wanted, code, verdicts, scene),
        )
    )


def _candidates(wanted: Find, codes: tuple[str, ...], scene: Scene) -> Iterator[Part]:
    yield Heading(scene.say("find.result"))
    if not codes:
        yield _say(scene, "nothing_near")
        return
    found = {one.code: one for one in found_for(scene, wanted.activity)}
    yield _say(scene, "near", activity=wanted.activity)
    yield Bullets(tuple(_reason(code, found.get(code), wanted.activity, scene) for code in codes))
    yield _say(scene, "decides_nothing")


def _reason(code: str, found: Candidate | None, activity: str, scene: Scene) -> Line:
    typed = normal(activity)
    # Only words that stand in the text: the dictionary's form of a dialect word explains nothing.
    words = [word for word in found.reason_words if normal(word) in typed] if found else []
    because = scene.say("find.because", words=scene.say("dialog.and").join(words)) if words else ""
    return (Strong(title_of(scene, code)), Text(because))


def _look(verdicts: tuple[Verdict, ...], scene: Scene) -> Iterator[Part]:
    if verdicts:
        yield Heading(scene.say("find.look"))
        yield Bullets(tuple(_verdict(one, scene) for one in verdicts))
        titles = dict.fromkeys(_source(source, scene) for one in verdicts for source in one.sources)
        yield _say(scene, "look_sources", sources=scene.say("dialog.and").join(titles))


def _verdict(one: Verdict, scene: Scene) -> Line:
    # Some sentences say it themselves.
    sign = scene.say("chat.unverified")
    said = one.said(scene.lang)
    doubt = (Strong(sign),) if one.unverified and sign.strip() not in said else ()
    return (Strong(f"{scene.say(_SIGNS[one.outcome])} "), Text(said), *doubt)


def _source(source: str, scene: Scene) -> str:
    known = scene.room.edition.sources[source]
    return f"{known.title} ({known.as_of})"


def _next_steps(wanted: Find, code: str, verdicts: tuple[Verdict, ...], scene: Scene) -> Choices:
    given = {"activity": wanted.activity, "precheck": _summary(verdicts, scene)}
    if code:
        given["methodology"] = code
    if wanted.prefecture != OUTSIDE:
        given["prefecture"] = wanted.prefecture
    tokens = scene.work.tokens
    options = [Choice(scene.say("find.consult"), tokens.issue(RunCommand("consultation.start", given=given)))]
    if code:
        options.append(Choice(scene.say("find.card", code=code), tokens.issue(ShowEntry(code))))
    return Choices(scene.say("chat.next"), tuple(options), ChoiceStyle.OFFER)


def _summary(verdicts: tuple[Verdict, ...], scene: Scene) -> str:
    return "\n".join(f"{scene.say(_SIGNS[one.outcome])} {one.said(scene.lang)}" for one in verdicts)[:1000]


def _say(scene: Scene, name: str, **places: object) -> Paragraph:
    return Paragraph((Text(scene.say(f"find.{name}", **places)),))
