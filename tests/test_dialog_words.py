"""Dialogs and orders against what stands beside them: their words, their registry, and the commands that start them."""

import pkgutil
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

import intents.dialogs
import knowledge
from intents.dialog import Dialog
from intents.dialogs import DIALOGS
from intents.orders import ORDERS
from knowledge.model import Lang
from tests.world import WORDING

COMMANDS = tomllib.loads(Path(knowledge.__file__).with_name("commands.toml").read_text("utf-8"))
# Started by a button only, and why nobody can type it.
BUTTON_ONLY = {
    "case.settled": "only the letter or the receipt knows which case is meant",
    "case.desk_again": "only the letter knows which talk is meant",
    "my.home": "the Home tab of Slack shows it",
    "channel.gone": "only the channel knows that the desk was taken out",
    "channel.workspace_gone": "only the channel knows that the desk was taken out",
    "desk.queue": "staff call it by /jdesk queue; requesters have no use for it",
    "desk.login": "staff call it by /jdesk login",
    "desk.help": "staff call it by /jdesk help",
    "my.projects": "/jdesk projects, the list of requests and letters lead to it",
    "nudge.answer": "only the letter or the list of one's projects knows which date is meant; in words a reply does",
    "nudge.resume": "offered where nudges were stopped, and in the list of one's projects",
    "nudge.way": "offered in the list of one's projects, which knows whose it is",
    "nudge.undo": "only the answer knows what it undoes",
    "project.link": "offered where one asks for projects and is not known",
    "project.code": "only whoever asked for a code has one",
    "project.target": "only the list of one's projects knows which project is meant",
    "project.reading": "only the letter or the receipt knows which month is meant; in words the number alone does",
    "succession.settle": "only the letter knows which project is meant",
    "meeting.attend": "only the letter knows which department is invited",
    "seminar.accept": "the letter or the list of one's registrations says which seat is held",
    "seminar.decline": "the letter or the list of one's registrations says which seat is held",
    "consultation.mine": "only the letter knows which booking it speaks of",
}


def _keys(dialog: Dialog) -> set[str]:
    asked = {question.name for question in dialog.questions if question.label is None}
    purpose = {f"purposes.{dialog.purpose}"} if dialog.purpose else set()
    return {f"{dialog.wording}.{name}" for name in {"title", "intro", *asked}} | purpose


@pytest.mark.parametrize("dialog", DIALOGS, ids=lambda dialog: dialog.name)
def test_a_dialog_has_words_in_both_languages(dialog: Dialog) -> None:
    """Its title, what it is for, and what each question is called; no word belongs to a question that is gone."""
    for key in _keys(dialog):
        assert key in WORDING.texts, key
        assert all(WORDING.texts[key].in_(lang).strip() for lang in Lang), key
    hints = {key for key in WORDING.texts if key.startswith(f"{dialog.wording}.") and key.endswith("_hint")}
    assert hints <= {f"{dialog.wording}.{question.name}_hint" for question in dialog.questions}


@pytest.mark.parametrize("dialog", DIALOGS, ids=lambda dialog: dialog.name)
def test_a_title_tells_a_dialog_from_the_others(dialog: Dialog) -> None:
    """It stands in every sentence that says where one is."""
    for lang in Lang:
        title = WORDING.say(f"{dialog.wording}.title", lang)
        assert [one.name for one in DIALOGS if WORDING.say(f"{one.wording}.title", lang) == title] == [
            dialog.name
        ]


def test_every_dialog_of_the_folder_is_registered() -> None:
    """A dialog that is written and forgotten would never be asked."""
    folder = intents.dialogs
    modules = (
        import_module(f"{folder.__name__}.{found.name}") for found in pkgutil.iter_modules(folder.__path__)
    )
    written = {
        id(one): one.name for module in modules for one in vars(module).values() if isinstance(one, Dialog)
    }
    assert sorted(written.values()) == sorted(dialog.name for dialog in DIALOGS)
    assert set(written) == {id(dialog) for dialog in DIALOGS}


def test_what_can_be_asked_for_can_be_typed() -> None:
    """Each dialog and each order has its phrasings, or a button that alone can begin it."""
    names = {dialog.name for dialog in DIALOGS} | set(ORDERS)
    assert names - set(COMMANDS) == names & set(BUTTON_ONLY)
    for name in names & set(COMMANDS):
        assert all(len(COMMANDS[name]["phrasings"][lang.value]) >= 5 for lang in Lang), name
