"""Answers to nudges in words: what one word may mean, and which of several dates, or of several projects, is meant."""

from collections.abc import Iterator

from intents.desk.nudges.context import Nudged, label_of, nudged
from intents.desk.nudges.records import Answer, Obligation
from intents.dialog import Scene
from intents.messages import Choice, Choices, Paragraph, Part, RunCommand, Text
from intents.orders.nudges import ANSWER, CHANGE, SNOOZE, answer, setting_here
from intents.readers.nudge_reply import unchanged
from knowledge.reminder_model import RuleKind

# Dates that only one more press settles when they are said in words to be done.
FIRM = frozenset({RuleKind.HARD, RuleKind.OFFICE})
SAME_PEOPLE = "DL-16"


def in_words(scene: Scene, said: Answer, text: str) -> Iterator[Part] | RunCommand:
    """The same by what somebody wrote after a letter; where a dialog has to ask more, the order that begins it.

    Words may be misread, so that dates of the scheme and of the office are not done without one more press.
    """
    found = nudged(scene.work, scene.work.person)
    if found is None:
        return iter((_say(scene, "nothing_told"),))
    if scene.work.overheard:
        return iter((_say(scene, "in_private"),))
    if said is Answer.MOVED:
        return RunCommand(CHANGE, given=_of_project(found))
    if said is Answer.SNOOZE:
        one = {"obligation": str(found.open[0].id)} if len(found.open) == 1 else {}
        return RunCommand(SNOOZE, given=one | {"until": text})
    if unchanged(text):
        return _same_people(scene, found)
    meant = [next(one for one in found.open if one.project == project.id) for project in found.projects]
    meant = meant if said is Answer.CONSULT else list(found.open)
    if len(meant) > 1 or (said is Answer.DONE and meant[0].kind in FIRM):
        return _which(scene, said, found, meant)
    return answer(scene, {"obligation": str(meant[0].id), "answer": said, "contact": str(found.contact.id)})


def _same_people(scene: Scene, found: Nudged) -> Iterator[Part]:
    """Nobody changed: that answers the question about the people and no other."""
    asked = ",".join(str(one.id) for one in found.open if one.rule == SAME_PEOPLE)
    if asked:
        given = {"obligation": asked, "answer": Answer.DONE.value, "contact": str(found.contact.id)}
        yield from answer(scene, given)
    else:
        yield _say(scene, "thanks_stays")


def _of_project(found: Nudged) -> dict[str, str]:
    place = {"place": str(found.project.id)} if found.project else {}
    return place | {"contact": str(found.contact.id)}


def _which(scene: Scene, said: Answer, found: Nudged, meant: list[Obligation]) -> Iterator[Part]:
    """A letter told several things, or something firm: which of them is meant, or all."""

    def button(label: str, ids: list[Obligation]) -> Choice:
        names = ",".join(str(one.id) for one in ids)
        given = {"obligation": names, "answer": said.value, "contact": str(found.contact.id)}
        return Choice(label, scene.work.tokens.issue(RunCommand(ANSWER, given=given, own=True)))

    setting, wording = setting_here(scene), scene.room.wording
    options = [button(label_of(setting, wording, scene.lang, one, found), [one]) for one in meant]
    if len(meant) > 1 and said not in (Answer.STOP, Answer.CONSULT):
        options.append(button(scene.say("nudges.all_of_them"), meant))
    yield Choices(scene.say(f"nudges.which_{said}"), tuple(options))


def _say(scene: Scene, name: str, /, **places: object) -> Paragraph:
    return Paragraph((Text(scene.say(f"nudges.{name}", **places)),))
