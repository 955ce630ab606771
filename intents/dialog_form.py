"""A dialog as it is shown: the form with the question in hand, the list to change, the answers to check."""

from collections.abc import Iterator

from intents.conversation import Draft
from intents.dialog import Asked, Dialog, Scene, Survey, digest
from intents.messages import (
    Choice,
    Choices,
    ChoiceStyle,
    Facts,
    Field,
    FieldKind,
    FillIn,
    Form,
    GiveAnswer,
    Heading,
    Line,
    Option,
    Paragraph,
    Part,
    Steer,
    Step,
    Strong,
    Text,
)

CHANGE = "*"


def opening(dialog: Dialog, scene: Scene) -> Iterator[Part]:
    """What is said when a dialog begins: what it is for, and what becomes of the answers."""
    yield Heading(scene.say(f"{dialog.wording}.title"))
    yield _paragraph(scene.say(f"{dialog.wording}.intro"))
    if dialog.purpose:
        purpose = scene.say(f"purposes.{dialog.purpose}")
        yield _paragraph(scene.say("dialog.notice", purpose=purpose, version=notice_version(dialog, scene)))
        if scene.work.overheard:
            yield _paragraph(scene.say("dialog.overheard"))


def notice_version(dialog: Dialog, scene: Scene) -> str:
    """The version of the purpose text, kept with each consent; empty where none is needed."""
    return scene.say("purposes.version") if dialog.purpose else ""


def ask(dialog: Dialog, draft: Draft, survey: Survey, scene: Scene) -> Iterator[Part]:
    """The next question, or the answers to check when all is said."""
    if draft.asking == CHANGE:
        yield _form(dialog, draft, survey, scene, None)
        yield _steering(draft, scene, Step.CANCEL)
        return
    asked = survey.open(draft.asking)
    if asked is None:
        yield from check(dialog, draft, survey, scene)
        return
    yield _form(dialog, draft, survey, scene, asked)
    steps = [Step.SKIP] if not asked.required else []
    steps += [Step.BACK] if survey.place(asked.question.name) else []
    steps += [Step.CHANGE] if draft.texts else []
    # How to go on elsewhere is said once and in the help: a row of buttons should stay short.
    steps += [] if draft.texts else [Step.MOVE]
    yield _steering(draft, scene, *steps, Step.CANCEL)


def check(dialog: Dialog, draft: Draft, survey: Survey, scene: Scene) -> Iterator[Part]:
    """Everything said, to be confirmed: nothing counts as submitted before that."""
    yield Heading(scene.say("dialog.check"))
    yield Facts(
        tuple(
            (label(dialog, one, survey, scene).rstrip("。"), shown(one, survey, scene))
            for one in survey.asked
        )
    )
    # The button submits what is shown here, not what another tab may have made of it.
    seen = {Step.CONFIRM: digest(dialog, survey), Step.CHANGE: CHANGE, Step.CANCEL: ""}
    options = tuple(
        Choice(scene.say(f"dialog.check_{step.value}"), scene.work.tokens.issue(Steer(draft.key, step, what)))
        for step, what in seen.items()
    )
    yield Choices(scene.say("dialog.check_prompt"), options, ChoiceStyle.CONFIRM)


def label(dialog: Dialog, asked: Asked, survey: Survey, scene: Scene) -> str:
    """What a question is called."""
    named = asked.question.label
    if named:
        return named(scene, survey.answers)
    return scene.say(f"{dialog.wording}.{asked.question.name}")


def shown(asked: Asked, survey: Survey, scene: Scene) -> Line:
    """An answer as people read it: the label of what was chosen, else what was typed."""
    if not asked.text:
        return (Text(scene.say("dialog.no_answer")),)
    if asked.question.show and asked.settled:
        return (Text(asked.question.show(asked.value, scene)),)
    labels = {option.value: option.label for option in asked.question.options(scene, survey.answers)}
    match asked.value:
        case str() if asked.value in labels:
            return (Text(labels[asked.value]),)
        case tuple() if labels:
            return (
                Text(scene.say("dialog.and").join(labels.get(str(one), str(one)) for one in asked.value)),
            )
        case bool():
            return (Text(scene.say("dialog.yes" if asked.value else "dialog.no")),)
        case str():
            return (Text(asked.value),)
        case _:
            return (Text(asked.text),)


def error(dialog: Dialog, asked: Asked, survey: Survey, scene: Scene) -> str:
    """What is wrong with an answer, in one sentence that names the field; empty when nothing is."""
    if asked.misread is None:
        return ""
    field = label(dialog, asked, survey, scene)
    problem = asked.misread.problem
    key = problem if "." in problem else f"readers.{problem}"
    return scene.say(key, field=field, **asked.misread.places)


def proposals(scene: Scene) -> dict[str, str]:
    """What the person said before, to be proposed; nothing where others would read it."""
    return {} if scene.work.overheard else scene.work.people.known()


def _form(dialog: Dialog, draft: Draft, survey: Survey, scene: Scene, asked: Asked | None) -> Form:
    known = proposals(scene)
    fields = tuple(
        _field(dialog, one, survey, scene, known.get(one.question.name, ""))
        for one in survey.asked
        if not one.question.carried
    )
    return Form(
        title=scene.say(f"{dialog.wording}.title"),
        fields=fields,
        token=scene.work.tokens.issue(FillIn(draft.key)),
        submit=scene.say("dialog.to_check"),
        open_label=scene.say("dialog.open_form"),
        asked=asked.question.name if asked else "",
        progress=_progress(asked, survey, scene),
        options=tuple(_buttons(dialog, draft, survey, scene, asked, known)),
    )


def _progress(asked: Asked | None, survey: Survey, scene: Scene) -> str:
    if asked is None:
        return scene.say("dialog.which_change")
    place = survey.place(asked.question.name) + 1
    return scene.say("dialog.progress", number=place, count=len(survey.asked))


def _field(dialog: Dialog, asked: Asked, survey: Survey, scene: Scene, known: str) -> Field:
    question = asked.question
    hint_key = f"{dialog.wording}.{question.name}_hint"
    hint = scene.say(hint_key) if hint_key in scene.room.wording.texts else ""
    kind, options = question.kind_in(scene, survey.answers), question.options(scene, survey.answers)
    proposed = known if question.known and asked.text is None else ""
    return Field(
        name=question.name,
        label=label(dialog, asked, survey, scene),
        kind=kind,
        hint=hint,
        value=(asked.text or "") or proposed,
        options=options or _box(kind, scene),
        required=asked.required,
        error=error(dialog, asked, survey, scene),
        settled=asked.settled,
    )


def _buttons(
    dialog: Dialog, draft: Draft, survey: Survey, scene: Scene, asked: Asked | None, known: dict[str, str]
) -> Iterator[Choice]:
    if asked is None:
        for one in survey.asked:
            if one.question.carried:
                continue
            text = f"{label(dialog, one, survey, scene)}: {_words(shown(one, survey, scene))}"
            yield Choice(text, scene.work.tokens.issue(Steer(draft.key, Step.CHANGE, one.question.name)))
        return
    question = asked.question
    options = list(question.options(scene, survey.answers))
    options = options or list(_box(question.kind_in(scene, survey.answers), scene))
    proposed = known.get(question.name, "") if question.known else ""
    if proposed:
        options.append(Option(proposed, scene.say("dialog.as_before", text=proposed)))
    for option in options:
        action = GiveAnswer(draft.key, question.name, option.value)
        yield Choice(option.label, scene.work.tokens.issue(action))


def _box(kind: FieldKind, scene: Scene) -> tuple[Option, ...]:
    """What stands beside the one box of a question that can only be agreed to."""
    return (Option("yes", scene.say("dialog.agree")),) if kind is FieldKind.CHECK else ()


def _steering(draft: Draft, scene: Scene, *steps: Step) -> Choices:
    options = tuple(_step(draft, step, scene, scene.say(f"dialog.{step.value}")) for step in steps)
    return Choices(scene.say("dialog.steering"), options, ChoiceStyle.STEER)


def _step(draft: Draft, step: Step, scene: Scene, text: str) -> Choice:
    question = CHANGE if step is Step.CHANGE else ""
    return Choice(text, scene.work.tokens.issue(Steer(draft.key, step, question)))


def _words(line: Line) -> str:
    return "".join(piece.text for piece in line if isinstance(piece, Text | Strong))


def _paragraph(text: str) -> Paragraph:
    return Paragraph((Text(text),))
