"""Showing that one looks after projects: the address first, then the code that was sent there."""

from dataclasses import dataclass

from intents.desk.consultations import Pen
from intents.desk.nudges.linking import link, send_code
from intents.desk.nudges.reach import PURPOSE
from intents.dialog import Dialog, Filed, Question, Scene
from intents.dialogs.common import CONSENT, MAIL, plain
from intents.messages import Choice, Choices, ChoiceStyle, Heading, Paragraph, RunCommand, Text
from intents.readers.misread import Misread
from intents.readers.plain import bare, filled, numerals

DIGITS = 6
CODE_DIALOG, PROJECTS = "project.code", "my.projects"


@dataclass(frozen=True, slots=True)
class AskCode:
    """Whose code is wanted."""

    consent: bool
    mail: str


@dataclass(frozen=True, slots=True)
class GiveCode:
    """The code that came."""

    code: str


def _code(typed: str) -> str:
    digits = "".join(each for each in numerals(bare(filled(typed))) if each.isdigit())
    if len(digits) != DIGITS:
        raise Misread("project_link.code_digits", digits=DIGITS)
    return digits


def _ask(said: AskCode, scene: Scene) -> Filed:
    pen = Pen(scene.room.notices, scene.room.wording)
    send_code(scene.work, scene.work.codes, pen, said.mail, scene.lang)
    return Filed((Heading(scene.say("dialog.done")), _say(scene, "sent"), _enter(scene)))


def _enter(scene: Scene) -> Choices:
    enter = Choice(
        scene.say("project_link.enter"), scene.work.tokens.issue(RunCommand(CODE_DIALOG, own=True))
    )
    return Choices("", (enter,), ChoiceStyle.OFFER)


def _take(said: GiveCode, scene: Scene) -> Filed:
    contact = scene.work.contacts.by_id(scene.work.codes.take(said.code))
    if contact is None:
        # Filed all the same: what is refused is not written, and tries have to be counted.
        return Filed((_say(scene, "wrong_code"), _enter(scene)))
    link(scene.work, contact, scene.work.recipient(contact.mail, scene.lang), "code")
    see = Choice(scene.say("nudges.see_projects"), scene.work.tokens.issue(RunCommand(PROJECTS, own=True)))
    return Filed(
        (
            Heading(scene.say("dialog.done")),
            _say(scene, "linked", name=contact.name),
            Choices("", (see,), ChoiceStyle.OFFER),
        )
    )


def _say(scene: Scene, name: str, /, **places: object) -> Paragraph:
    return Paragraph((Text(scene.say(f"project_link.{name}", **places)),))


LINK = Dialog("project.link", "project_link", PURPOSE, AskCode, (CONSENT, MAIL), _ask)
CODE = Dialog(CODE_DIALOG, "project_code", "", GiveCode, (Question("code", plain(_code)),), _take)
