"""From the desk to a person and back: who asks is told what happens next and by when, and is heard while it lasts."""

from collections.abc import Iterator, Mapping

from intents.decisions import Obey
from intents.desk.case_letters import DESK_AGAIN, SETTLED, Letters, askers
from intents.desk.case_merge import last
from intents.desk.case_records import Case, CaseKind, NewCase
from intents.desk.case_talk import ask_person, content, heard, leave, settle
from intents.desk.moments import moment_text
from intents.desk.nudges.context import nudged
from intents.desk.nudges.setting import setting_of
from intents.desk.office_hours import is_open, next_open
from intents.dialog import Scene
from intents.messages import Choice, Choices, ChoiceStyle, Paragraph, Part, RunCommand, Text
from knowledge.model import Lang

Given = Mapping[str, str]
SUMMARY = 500
ENOUGH = 3


def pass_on(scene: Scene, order: Obey) -> Iterator[Part]:
    """A person was asked for; the same press twice is one request."""
    work = scene.work
    before = work.cases.asked_by(work.person, work.recipient("", scene.lang).conversation)
    if order.again and before:
        yield from _told(scene, before, "passed_on")
        return
    case, more = ask_person(work, scene.room.practice, _case(scene, CaseKind.HANDOVER, order.asked))
    yield from _told(scene, case, "passed_on_more" if more else "passed_on")


def leave_open(scene: Scene, asked: str, *, again: bool = False) -> Iterator[Part]:
    """Nothing answers the question: a person will, unless the person who asked does not need it.

    `again`: the same button led here before, and what it did is only said once more.
    """
    if again:
        yield from _as_before(scene)
        return
    case, more = ask_person(scene.work, scene.room.practice, _case(scene, CaseKind.QUESTION, asked))
    yield scene.room.say("left_open")
    yield from _told(scene, case, "passed_on_more" if more else "passed_on")
    if more:
        # That one question needs no answer must not close what was asked before it.
        yield scene.room.say("other_words")
        return
    label = scene.room.wording.say("chat.no_answer_needed", scene.lang)
    settled = RunCommand(SETTLED, given={"case": case.number}, own=True)
    prompt = scene.room.wording.say("chat.other_words", scene.lang)
    yield Choices(prompt, (Choice(label, scene.work.tokens.issue(settled)),), ChoiceStyle.OFFER)


def _as_before(scene: Scene) -> Iterator[Part]:
    before = scene.work.cases.asked_by(scene.work.person, scene.work.recipient("", scene.lang).conversation)
    yield scene.room.say("left_open")
    if before:
        yield from _told(scene, before, "passed_on")
    else:
        yield scene.room.person(scene.work)


def to_person(scene: Scene, case: Case, text: str, files: int = 0) -> Iterator[Part]:
    """While one of staff talks with a person, what they write goes there, and the desk keeps quiet but for a word."""
    # The words of the buttons do what the buttons do.
    if _is(text, "case.case_desk_again", scene):
        yield from _left(scene, case, scene.work.person)
        return
    if _is(text, "case.case_settled", scene):
        yield from settled(scene, {"case": case.number})
        return
    first = not any(note.author == scene.work.actor for note in scene.work.cases.notes(case))
    # Staff read this, in the office's language; the files themselves stay where they were sent.
    enclosed = scene.room.wording.say("cases.files", Lang.JA, count=files) if files else ""
    heard(scene.work, scene.room.practice, case, "\n".join(filter(None, (text, enclosed))))
    if not first:
        yield scene.room.say("to_person")
        return
    member = scene.work.staff.by_name(case.talking)
    yield scene.room.say("to_person_first", name=member.display if member else case.talking)
    again = RunCommand(DESK_AGAIN, given={"case": case.number}, own=True)
    label = scene.room.wording.say("chat.desk_again_button", scene.lang)
    # Steered by its word: a number is an answer to the person, not to us.
    yield Choices("", (Choice(label, scene.work.tokens.issue(again)),), ChoiceStyle.WORDS)


def _is(text: str, words: str, scene: Scene) -> bool:
    return text.strip() in {scene.room.wording.say(words, lang) for lang in Lang}


def settled(scene: Scene, given: Given) -> Iterator[Part]:
    """The button below a letter: the person has what they wanted."""
    case = _of(scene, given)
    if case is None:
        yield scene.room.say("stale_button")
        return
    if case.is_open and len(askers(case, scene.work.cases.merged(case))) > 1:
        # Others asked the same and may still wait: staff weigh that one of them is content.
        content(scene.work, case, scene.say("case.case_settled"))
        leave(scene.work, Letters(scene.room.wording), case, _whose(scene, given))
        yield _say(scene, "content", case)
        return
    yield _say(scene, "settled" if case.is_open else "settled_already", case)
    settle(scene.work, case)


def desk_again(scene: Scene, given: Given) -> Iterator[Part]:
    """The button below a letter: the desk shall answer by itself again."""
    case = _of(scene, given)
    if case is None:
        yield scene.room.say("stale_button")
        return
    yield from _left(scene, case, _whose(scene, given))


def _whose(scene: Scene, given: Given) -> str:
    """Whose letter a button belongs to, wherever it was pressed; else who pressed it."""
    return given.get("person", "") or scene.work.person


def _left(scene: Scene, case: Case, person: str) -> Iterator[Part]:
    leave(scene.work, Letters(scene.room.wording), case, person)
    yield _say(scene, "left", case)


def worth_a_person(asked: str) -> bool:
    """Whether a text that nobody understood says enough for a person to answer: a slip of the finger does not."""
    return sum(letter.isalpha() for letter in asked) >= ENOUGH


def _of(scene: Scene, given: Given) -> Case | None:
    return last(scene.work.cases, given.get("case", ""))


def _case(scene: Scene, kind: CaseKind, asked: str) -> NewCase:
    known = scene.work.people.known()
    to = scene.work.recipient("", scene.lang)
    told = nudged(scene.work, scene.work.person)
    if told and (project := told.project):
        # Asked below a nudge: staff need not ask which project and which step is meant.
        places = {
            "project": project.project_id,
            "title": project.title,
            "methodology": project.methodology or "-",
        }
        what = setting_of(scene.room.edition).titles(told.open, Lang.JA)
        step = scene.room.wording.say("nudges.asked_about", Lang.JA, what=what, **places)
        return NewCase(
            kind=kind,
            summary=f"{asked[:SUMMARY]}\n{step}".strip(),
            to=to,
            name=told.contact.name,
            organisation=project.organisation,
            prefecture=project.prefecture,
            methodology=project.methodology,
            about=project.subject,
        )
    return NewCase(
        kind=kind,
        summary=asked[:SUMMARY],
        to=to,
        organisation=known.get("organisation", ""),
        prefecture=known.get("prefecture", ""),
    )


def _told(scene: Scene, case: Case, name: str) -> Iterator[Part]:
    """What happens next and by when; and that the office is closed, if it is."""
    wording, hours, now = scene.room.wording, scene.room.practice.hours, scene.work.now
    by = case.promised_by or scene.room.practice.promised(case.kind, now)
    yield scene.room.say(name, number=case.number, when=moment_text(wording, by, scene.lang))
    if not is_open(hours, now):
        yield scene.room.say("office_closed", when=moment_text(wording, next_open(hours, now), scene.lang))
    if hours.unverified:
        yield scene.room.say("hours_unverified")


def _say(scene: Scene, name: str, case: Case) -> Paragraph:
    return Paragraph((Text(scene.say(f"case.{name}", number=case.number)),))
