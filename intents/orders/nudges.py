"""Answers to nudges, by a button of the letter or in words: at it, done, stop, with the office; and taking them back."""

from collections.abc import Iterator, Mapping

from intents.desk.nudges import answers
from intents.desk.nudges.muting import mute, resume
from intents.desk.nudges.project_case import bring_in_staff
from intents.desk.nudges.records import Answer, Obligation, ObligationState
from intents.desk.nudges.setting import Setting, setting_of
from intents.desk.projects.records import Contact, Project
from intents.dialog import Scene
from intents.messages import Choice, Choices, ChoiceStyle, Paragraph, Part, RunCommand, Text
from knowledge.model import Lang

ANSWER, UNDO, RESUME = "nudge.answer", "nudge.undo", "nudge.resume"
SNOOZE, CHANGE, BOOK = "reminder.snooze", "project.contact_change", "consultation.start"
Given = Mapping[str, str]


def answer(scene: Scene, given: Given) -> Iterator[Part]:
    """Does what a button says about one obligation, several of them, or all of a project."""
    contact = _contact(scene, given)
    if contact:
        scene.work.nudges.seen(contact.id)
    ids = [int(id_) for id_ in given.get("obligation", "").split(",") if id_]
    found = [one for id_ in ids if (one := scene.work.obligations.find(id_))]
    if not found:
        yield _say(scene, "gone")
        return
    what, by = Answer(given["answer"]), by_of(scene, contact)
    match what:
        case Answer.DONE:
            yield from _done(scene, found, by)
        case Answer.WORKING:
            yield from _working(scene, found, by)
        case Answer.STOP:
            yield from _stop(scene, given, found[0], contact, by)
        case Answer.CONSULT:
            yield from _consult(scene, found[0], contact, by)
        case Answer.SNOOZE | Answer.MOVED:
            raise AssertionError("asked for by a dialog")


def by_of(scene: Scene, contact: Contact | None) -> str:
    """Who answers, as the record names them."""
    return contact.subject if contact else scene.work.actor


def _contact(scene: Scene, given: Given) -> Contact | None:
    named = given.get("contact", "")
    if named:
        return scene.work.contacts.by_id(int(named))
    return scene.work.contacts.by_person(scene.work.person)


# ------------------------------------------------ what each does


def _done(scene: Scene, found: list[Obligation], by: str) -> Iterator[Part]:
    closed = [
        each
        for one in found
        if one.state is ObligationState.OPEN
        for each in answers.done(scene.work, one.id, by)
    ]
    if not closed:
        yield _say(scene, "done_already")
        return
    yield _say(scene, "done", what=_names(scene, found))
    yield _undo(scene, closed)


def _working(scene: Scene, found: list[Obligation], by: str) -> Iterator[Part]:
    for one in found:
        answers.working(scene.work, one.id, by)
    yield _say(scene, "working", what=_names(scene, found))


def _stop(scene: Scene, given: Given, one: Obligation, contact: Contact | None, by: str) -> Iterator[Part]:
    scope = given.get("scope", "")
    if not scope:
        yield from _which_scope(scene, one, contact)
        return
    if scope == "all" and contact:
        mute(scene.work, contact, by)
        yield _say(scene, "stopped_all")
        yield _resume(scene, contact)
        return
    closed = (
        answers.stop_project(scene.work, one.project, by)
        if scope == "project"
        else (answers.stop(scene.work, one.id, by),)
    )
    yield _say(scene, f"stopped_{scope}", what=_names(scene, [one]), project=_project(scene, one).title)
    yield _undo(scene, list(closed))


def _resume(scene: Scene, contact: Contact) -> Choices:
    again = RunCommand(RESUME, given={"contact": str(contact.id)}, own=True)
    return Choices(
        "", (Choice(scene.say("nudges.resume"), scene.work.tokens.issue(again)),), ChoiceStyle.OFFER
    )


def resume_all(scene: Scene, given: Given) -> Iterator[Part]:
    """Nudges to somebody come again."""
    if contact := _contact(scene, given):
        resume(scene.work, contact, by_of(scene, contact), scene.say("purposes.version"))
        yield _say(scene, "resumed")


def _which_scope(scene: Scene, one: Obligation, contact: Contact | None) -> Iterator[Part]:
    """Stopping can mean this date, this project, or everything: which one is asked, and what it does not change is said."""
    scopes = ("one", "project", "all") if contact else ("one", "project")
    whose = str(contact.id) if contact else ""
    options = tuple(
        Choice(
            scene.say(f"nudges.scope_{scope}", what=_names(scene, [one]), project=_project(scene, one).title),
            scene.work.tokens.issue(
                RunCommand(
                    ANSWER,
                    given={
                        "obligation": str(one.id),
                        "answer": Answer.STOP,
                        "scope": scope,
                        "contact": whose,
                    },
                    own=True,
                )
            ),
        )
        for scope in scopes
    )
    yield Choices(scene.say("nudges.which_scope"), options)


def _consult(scene: Scene, one: Obligation, contact: Contact | None, by: str) -> Iterator[Part]:
    """Opens a case that knows the project, its methodology and the step; a time with an adviser can be booked at once."""
    answers.consulted(scene.work, one.id, by)
    project = _project(scene, one)
    places = {
        "project": project.project_id,
        "title": project.title,
        "methodology": project.methodology or "-",
    }
    text = scene.room.wording.say(
        "nudges.consult_case", Lang.JA, what=setting_here(scene).title(one.rule, Lang.JA), **places
    )
    to = scene.work.recipient(contact.mail if contact else "", scene.lang)
    case = bring_in_staff(scene.work, scene.room.practice, project, text, to)
    yield _say(scene, "consult", number=case.number)
    given = {"methodology": project.methodology} if project.methodology else {}
    book = RunCommand(BOOK, given=given)
    yield Choices("", (Choice(scene.say("nudges.book"), scene.work.tokens.issue(book)),), ChoiceStyle.OFFER)


def undo(scene: Scene, given: Given) -> Iterator[Part]:
    """Takes "done" and "stop" back."""
    setting = setting_here(scene)
    ids = [int(id_) for id_ in given.get("obligation", "").split(",") if id_]
    found = [answers.reopen(setting, scene.work, id_, scene.work.actor) for id_ in ids]
    yield _say(scene, "undone", what=_names(scene, found))


def _undo(scene: Scene, closed: list[Obligation]) -> Choices:
    ids = ",".join(str(one.id) for one in closed)
    again = RunCommand(UNDO, given={"obligation": ids}, own=True)
    return Choices("", (Choice(scene.say("nudges.undo"), scene.work.tokens.issue(again)),), ChoiceStyle.OFFER)


# ------------------------------------------------ words


def setting_here(scene: Scene) -> Setting:
    """The way of nudging of this turn's edition."""
    return setting_of(scene.room.edition)


def _project(scene: Scene, one: Obligation) -> Project:
    return next(iter(scene.work.projects.of([one.project])))


def _names(scene: Scene, found: list[Obligation]) -> str:
    return setting_here(scene).titles(found, scene.lang)


def _say(scene: Scene, name: str, /, **places: object) -> Paragraph:
    return Paragraph((Text(scene.say(f"nudges.{name}", **places)),))
