"""One turn of a dialog: begin, answer, fill in a form, steer, submit; each gives what to say and what to remember."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from intents.conversation import Conversation, Draft
from intents.dialog import Dialog, Filed, Scene, Sorry, Survey, digest, may_keep, survey
from intents.dialog_form import ask, notice_version, opening
from intents.dialog_submit import receipt_of, says_the_same, submitted
from intents.dialogs import DIALOGS
from intents.messages import Choice, Choices, ChoiceStyle, FieldKind, Paragraph, Part, RunCommand, Step, Text

_BY_NAME = {dialog.name: dialog for dialog in DIALOGS}


@dataclass(frozen=True, slots=True)
class Acted:
    """What a turn says, and what is remembered after it."""

    parts: tuple[Part, ...]
    memory: Conversation


def dialog_of(name: str) -> Dialog | None:
    """The dialog that an order starts."""
    return _BY_NAME.get(name)


def in_hand(memory: Conversation) -> tuple[Draft, Dialog] | None:
    """The draft in hand and its dialog; a draft of a dialog that is no more is none."""
    draft = memory.draft
    dialog = _BY_NAME.get(draft.dialog) if draft else None
    return (draft, dialog) if draft and dialog else None


# ------------------------------------------------ begin and resume


def begin(dialog: Dialog, given: Mapping[str, str], scene: Scene, memory: Conversation) -> Acted:
    """Starts a dialog, or goes on with it where it was left; `given` answers what is not personal."""
    if refusal := dialog.ready(scene, given):
        return Acted((*refusal, *again(scene, memory)), memory)
    left = next((draft for draft in memory.drafts if _is_left(draft, dialog, given)), None)
    notice, owner = notice_version(dialog, scene), scene.work.person
    draft = left or Draft(str(scene.work.event), dialog.name, notice=notice, owner=owner)
    known = {name: text for name, text in given.items() if _impersonal(dialog, name)}
    draft = draft.with_texts(known) if known else draft
    head = (_say(scene, "resumed", title=_title(dialog, scene)),) if left else tuple(opening(dialog, scene))
    return _asking(dialog, draft, scene, memory, head)


def _is_left(draft: Draft, dialog: Dialog, given: Mapping[str, str]) -> bool:
    """Whether a draft is of this dialog and about the same: another survey's answers are no answers to this one."""
    return draft.dialog == dialog.name and all(
        draft.texts.get(name, text) == text for name, text in given.items()
    )


def _impersonal(dialog: Dialog, name: str) -> bool:
    question = dialog.question(name)
    # A box that was ticked is ticked by hand again: nobody inherits an agreement.
    return question is not None and not question.personal and question.kind is not FieldKind.CHECK


def again(scene: Scene, memory: Conversation) -> tuple[Part, ...]:
    """The question in hand once more, after something else was talked about; nothing when no dialog is open."""
    held = in_hand(memory)
    if held is None:
        return ()
    draft, dialog = held
    head = _say(scene, "resumed", title=_title(dialog, scene))
    return (head, *ask(dialog, draft, survey(dialog, draft.texts, scene), scene))


def _asking(
    dialog: Dialog, draft: Draft, scene: Scene, memory: Conversation, head: tuple[Part, ...] = ()
) -> Acted:
    found = survey(dialog, draft.texts, scene)
    settled = {one.question.name: one.text or "" for one in found.asked if one.settled}
    if refusal := dialog.ready(scene, settled):
        # What it was about is over by now: there is nothing left to ask.
        left = memory.without(draft)
        return Acted((*head, *refusal, *again(scene, left)), left)
    return Acted((*head, *ask(dialog, draft, found, scene)), memory.having(draft))


def shown(draft: Draft, scene: Scene, memory: Conversation) -> Acted:
    """The form as it stands; before anything was answered, with what the answers are for."""
    dialog = _BY_NAME[draft.dialog]
    head = () if draft.texts else tuple(opening(dialog, scene))
    return _asking(dialog, draft, scene, memory, head)


# ------------------------------------------------ answers


def answer(draft: Draft, question: str, text: str, scene: Scene, memory: Conversation) -> Acted:
    """Keeps one answer and asks what comes next."""
    return fill(draft, {question: text}, scene, memory)


def fill(draft: Draft, fields: Mapping[str, str], scene: Scene, memory: Conversation) -> Acted:
    """Keeps the answers of a form, also those that are wrong, so that nobody types them again."""
    dialog = _BY_NAME[draft.dialog]
    asked = (dialog.question(name) for name in fields)
    kept = {one.name: fields[one.name].strip() for one in asked if one and may_keep(draft, one)}
    given = draft.with_texts(kept)
    return _asking(dialog, given.with_texts(_lasting(dialog, given, kept, scene)), scene, memory)


def _lasting(dialog: Dialog, draft: Draft, kept: Mapping[str, str], scene: Scene) -> dict[str, str]:
    """Answers that would mean something else tomorrow, written so that they do not."""
    return {
        one.question.name: one.question.keep(one.value)
        for one in survey(dialog, draft.texts, scene).asked
        if one.question.keep and one.question.name in kept and one.value is not None
    }


def surveyed(draft: Draft, scene: Scene) -> Survey:
    """A draft read anew."""
    return survey(_BY_NAME[draft.dialog], draft.texts, scene)


# ------------------------------------------------ steering


def steer(draft: Draft, step: Step, question: str, scene: Scene, memory: Conversation) -> Acted:
    """Goes where the person wants to go."""
    dialog = _BY_NAME[draft.dialog]
    match step:
        case Step.CONFIRM:
            return _confirm(dialog, draft, question, scene, memory)
        case Step.BACK:
            return _back(dialog, draft, scene, memory)
        case Step.CHANGE:
            return _asking(dialog, replace(draft, asking=question), scene, memory)
        case Step.SKIP:
            return _skip(dialog, draft, scene, memory)
        case Step.CANCEL:
            return _cancel(dialog, draft, scene, memory)
        case Step.MOVE:
            return _move(dialog, draft, scene, memory)
        case _:
            assert_never(step)


def _back(dialog: Dialog, draft: Draft, scene: Scene, memory: Conversation) -> Acted:
    found = surveyed(draft, scene)
    asked = found.open(draft.asking)
    place = found.place(asked.question.name) if asked else len(found.asked)
    if place == 0:
        return _asking(dialog, draft, scene, memory, (_say(scene, "first_question"),))
    return _asking(dialog, replace(draft, asking=found.asked[place - 1].question.name), scene, memory)


def _skip(dialog: Dialog, draft: Draft, scene: Scene, memory: Conversation) -> Acted:
    asked = surveyed(draft, scene).open(draft.asking)
    if asked is None:
        return _asking(dialog, draft, scene, memory)
    if asked.required and asked.settled:
        return _asking(dialog, draft, scene, memory, (_say(scene, "needed"),))
    # Skipping what is needed is an empty answer: refused in the field's own name.
    return _asking(dialog, draft.with_texts({asked.question.name: ""}), scene, memory)


def _cancel(dialog: Dialog, draft: Draft, scene: Scene, memory: Conversation) -> Acted:
    """Forgets the draft; what was not personal can be taken up again by a button."""
    kept = {name: text for name, text in draft.texts.items() if _impersonal(dialog, name)}
    label = scene.say("dialog.go_on_after_all")
    button = Choice(label, scene.work.tokens.issue(RunCommand(dialog.name, given=kept, own=True)))
    parts = (
        _say(scene, "cancelled", title=_title(dialog, scene)),
        Choices(scene.say("dialog.undo"), (button,), ChoiceStyle.OFFER),
    )
    left = memory.without(draft)
    return Acted((*parts, *again(scene, left)), left)


def _move(dialog: Dialog, draft: Draft, scene: Scene, memory: Conversation) -> Acted:
    if scene.work.overheard:
        # Whoever reads the code along could go on with it.
        return _asking(dialog, draft, scene, memory, (_say(scene, "move_private"),))
    code = scene.work.people.issue_code()
    return _asking(dialog, draft, scene, memory, (_say(scene, "move_code", code=code),))


def arrive(code: str, scene: Scene, memory: Conversation) -> Acted:
    """Takes over the dialogs of another conversation by its one-time code."""
    drafts = scene.work.people.take_code(code)
    if drafts is None:
        return Acted((_say(scene, "bad_code"), *again(scene, memory)), memory)
    for draft in drafts:
        memory = memory.having(replace(draft, owner=scene.work.person))
    return Acted((_say(scene, "moved_here"), *again(scene, memory)), memory)


# ------------------------------------------------ submitting


def _confirm(dialog: Dialog, draft: Draft, seen: str, scene: Scene, memory: Conversation) -> Acted:
    """Submits what was seen: answers that changed since, in another tab, are shown again first."""
    found = surveyed(draft, scene)
    if found.open(draft.asking):
        return _asking(dialog, draft, scene, memory)
    if seen and seen != digest(dialog, found):
        return _asking(dialog, draft, scene, memory, (_say(scene, "changed_since"),))
    match submitted(dialog, draft, found, scene):
        case Filed(parts):
            left = memory.without(draft, receipt_of(dialog, draft, found, scene))
            return Acted((*parts, *again(scene, left)), left)
        case Sorry("", parts):
            left = memory.without(draft)
            return Acted((*parts, *again(scene, left)), left)
        case Sorry(question, parts):
            return _asking(dialog, replace(draft, asking=question), scene, memory, parts)


def finished(key: str, fields: Mapping[str, str], scene: Scene, memory: Conversation) -> Acted:
    """A button or form of a dialog that is over: the same receipt again, or that it is over."""
    receipt = memory.receipt(key)
    if receipt is None:
        return Acted((_say(scene, "over"), *again(scene, memory)), memory)
    parts = scene.work.said(receipt.event)
    if fields and not says_the_same(_BY_NAME.get(receipt.dialog), fields, receipt, scene):
        return Acted((_say(scene, "filed_already"), *parts), memory)
    return Acted(parts, memory)


# ------------------------------------------------ words


def _say(scene: Scene, name: str, **places: object) -> Paragraph:
    return Paragraph((Text(scene.say(f"dialog.{name}", **places)),))


def _title(dialog: Dialog, scene: Scene) -> str:
    return scene.say(f"{dialog.wording}.title")
