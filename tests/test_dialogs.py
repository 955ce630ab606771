"""Every step of every dialog and every way to repair it: answered wrongly, back, changed, cancelled, asked aside,
helped, handed over, skipped, and gone on with after a restart. The run reports the share that was reached, and
a dialog with a step that nobody walks fails.
"""

from collections.abc import Callable
from pathlib import Path as Folder

import pytest

from bot.plain_text import plain_text
from intents.desk.finder import rules_for
from intents.dialog import Dialog, Question
from intents.dialogs import DIALOGS
from intents.dialogs.looking import AREA_RULE
from intents.messages import Choices, Form, Pressed, RunCommand, Sources
from knowledge.finder import load_finder
from knowledge.reader import files_in, read
from storage.tokens import StoredTokens
from tests.dialog_coverage import SPARE, Reached, missing
from tests.dialog_paths import PATHS, Path
from tests.kit import NOON, counted_token
from tests.stage import Stage
from tests.world import WORDING, Talk, form_of, office_at

DONE = ("受け付けました", "席をお取りしました", "近い方法論")


@pytest.mark.parametrize("dialog", DIALOGS, ids=lambda dialog: dialog.name)
def test_back_edit_cancel_in_every_step(
    tmp_path: Folder, dialog: Dialog, record_property: Callable[[str, object], None]
) -> None:
    """At each question every repair leads where it should, and the answers given so far are kept."""
    reached: set[Reached] = set()
    for number, path in enumerate(one for one in PATHS if one.dialog == dialog.name):
        folder = tmp_path / str(number)
        folder.mkdir()
        with office_at(folder) as database:
            walk(Stage(database), dialog, path, reached)
    assert [step for step in missing(reached) if step.startswith(f"{dialog.name} ")] == []
    record_property("dialog_steps", sorted(reached))


def test_spare_questions_are_spare() -> None:
    """Questions that no methodology needs today are not expected to be walked; one that does fails here."""
    finder = load_finder()
    rules = (rules_for(finder, code, NOON.date()) for code in read(files_in()).edition.methodologies)
    most = max(len([rule for rule in found if rule.id != AREA_RULE]) for found in rules)
    asked = {question.name for dialog in DIALOGS for question in dialog.questions}
    assert {f"rule_{number}" for number in range(most + 1, 11)} == SPARE
    assert asked >= SPARE


def walk(stage: Stage, dialog: Dialog, path: Path, reached: set[Reached]) -> None:
    """Goes a path to its receipt, and at each question takes each side way that no path before took."""
    talk = stage.talk
    given = path.prepare(stage)
    for words in path.first:
        talk.say(words)
    reply = talk.say(start(talk, path.dialog, given))
    while any(isinstance(part, Form) for part in reply.parts):
        asked = form_of(reply).asked
        question = dialog.question(asked)
        assert question is not None
        assert asked in path.answers, f"{path.dialog}: no answer for {asked}"
        repair_all(talk, dialog, question, path.answers[asked][1], reached)
        reply = talk.say(path.answers[asked][0] or "スキップ")
        reached.add((dialog.name, asked, "answer"))
    assert "内容の確認" in talk.text("ヘルプ")
    assert talk.text("送信").startswith(DONE)
    assert not talk.memory.drafts


def start(talk: Talk, dialog: str, given: dict[str, str]) -> Pressed:
    """A button that begins the dialog."""
    talk.say("ヘルプ")
    with talk.database.begin() as connection:
        tokens = StoredTokens(connection, 1, NOON, counted_token)
        token = tokens.issue(RunCommand(dialog, given=given))
        tokens.keep()
        return Pressed(token)


def repair_all(talk: Talk, dialog: Dialog, question: Question, wrong: str, reached: set[Reached]) -> None:
    """Takes every side way from one question; after each the memory is put back, as if it had not been taken."""
    here = talk.memory
    for name, repair in REPAIRS.items():
        step = (dialog.name, question.name, name)
        if step not in reached and repair(talk, dialog, question, wrong):
            reached.add(step)
            talk.remember(here)


def wrong(talk: Talk, _: Dialog, question: Question, text: str) -> bool:
    """A wrong answer is refused in a sentence that names the field, and the rest is kept."""
    if not text:
        return False
    kept = dict(talk.memory.drafts[-1].texts)
    form = form_of(talk.say(text))
    field = next(one for one in form.fields if one.name == question.name)
    assert form.asked == question.name
    assert field.label in field.error, f"{text}: {field.error}"
    assert kept.items() <= talk.memory.drafts[-1].texts.items()
    return True


def aside(talk: Talk, _: Dialog, question: Question, __: str) -> bool:
    """A question in between is answered and the same step asked again; free text is taken as it is."""
    if question.open:
        return False
    kept = talk.memory.drafts
    reply = talk.say("モニタリング報告書はいつまでに出しますか")
    assert any(isinstance(part, Sources) for part in reply.parts)
    assert form_of(reply).asked == question.name
    assert talk.memory.drafts == kept
    return True


def back(talk: Talk, dialog: Dialog, question: Question, _: str) -> bool:
    """The question before is asked again; the first one says that it is the first."""
    form = form_of(talk.say("戻る"))
    names = [one.name for one in form.fields]
    assert form.asked == names[max(0, names.index(question.name) - 1)]
    return True


def change(talk: Talk, _: Dialog, question: Question, __: str) -> bool:
    """Any earlier answer can be picked from a list and given anew; then the dialog goes on where it was."""
    form = form_of(talk.say("答えを直す"))
    assert not form.asked
    first = next((one for one in form.fields if one.settled), None)
    if first is None:
        return True
    assert form_of(talk.say("1")).asked == form.fields[0].name
    assert (
        form_of(talk.say(talk.memory.drafts[-1].texts[form.fields[0].name] or "スキップ")).asked
        == question.name
    )
    return True


def help_(talk: Talk, _: Dialog, question: Question, __: str) -> bool:
    """Help says what can be done here and asks again."""
    assert form_of(talk.say("ヘルプ")).asked == question.name
    return True


def person(talk: Talk, _: Dialog, question: Question, __: str) -> bool:
    """A person is one turn away, announced, and the place is kept (human_now)."""
    reply = talk.say("担当者と話したい")
    assert "K-" in plain_text(reply, WORDING)
    assert form_of(reply).asked == question.name
    return True


def skip(talk: Talk, _: Dialog, question: Question, __: str) -> bool:
    """What is optional can be skipped, what is needed not."""
    if question.open and question.required:
        return False
    reply = talk.say("スキップ")
    form = next((part for part in reply.parts if isinstance(part, Form)), None)
    still = form is not None and form.asked == question.name
    error = next((one.error for one in form.fields if one.name == question.name), "") if form else ""
    assert still == bool(error)
    assert not question.required or still
    return True


def cancel(talk: Talk, dialog: Dialog, _: Question, __: str) -> bool:
    """Nothing is left of the dialog; the way back holds nothing personal."""
    reply = talk.say("やめる")
    assert not talk.memory.drafts
    undo = next(part for part in reply.parts if isinstance(part, Choices))
    with talk.database.begin() as connection:
        pressed = StoredTokens(connection, 1, NOON, counted_token).press(undo.options[0].token, "p1")
    assert pressed is not None
    assert isinstance(pressed.action, RunCommand)
    assert not [one for one in dialog.questions if one.personal and one.name in pressed.action.given]
    return True


def restart(talk: Talk, _: Dialog, question: Question, __: str) -> bool:
    """Another process goes on at the same question with the answers kept (restart_mid_dialog)."""
    kept = talk.memory.drafts
    talk.restart()
    assert form_of(talk.say("ヘルプ")).asked == question.name
    assert talk.memory.drafts == kept
    return True


REPAIRS = {
    "wrong": wrong,
    "aside": aside,
    "back": back,
    "change": change,
    "help": help_,
    "person": person,
    "skip": skip,
    "cancel": cancel,
    "restart": restart,
}
