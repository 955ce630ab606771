"""Seminars in a conversation: which are open, how one is named, and what is said when somebody has signed up."""

import unicodedata
from collections.abc import Iterator

from intents.desk import seminars
from intents.desk.moments import span_text
from intents.desk.seats import SeatState
from intents.desk.seminar_buttons import letters_with_buttons
from intents.desk.seminar_letters import SeminarLetters, appointment, why_text
from intents.desk.seminar_records import Seminar
from intents.dialog import Scene
from intents.dialogs.common import shown_mail
from intents.messages import Choice, Choices, ChoiceStyle, Facts, Heading, Paragraph, Part, RunCommand, Text

# A shorter title could stand in many a sentence by chance.
SHORTEST = 4


def open_seminars(scene: Scene) -> tuple[Seminar, ...]:
    """The seminars that take sign-ups now, the earliest first."""
    return scene.once("seminars", scene.work.seminars.open)


def seminar_named(text: str, scene: Scene) -> str:
    """The number of the open seminar whose title stands in a text; empty where none or several do."""
    words = _plain(text)
    named = [
        one.number
        for one in open_seminars(scene)
        if len(_plain(one.title)) >= SHORTEST and _plain(one.title) in words
    ]
    return named[0] if len(named) == 1 else ""


def waits(scene: Scene) -> bool:
    """Whether this person waits for a seat."""
    return any(one.state is SeatState.WAITING for one in scene.work.seminars.of_person(scene.work.person))


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def seminar_text(seminar: Seminar, scene: Scene) -> str:
    """A seminar as people choose it."""
    when = span_text(scene.room.wording, seminar.starts_at, seminar.ends_at, scene.lang)
    return f"{seminar.title} ({when})"


def letters_of(scene: Scene) -> SeminarLetters:
    """The letters of seminars."""
    return letters_with_buttons(scene.work.links, scene.room.notices, scene.room.wording)


def receipt(done: seminars.SignedUp, case: str, scene: Scene) -> Iterator[Part]:
    """A seat with its date, or a place in the line with the reason and what can be done meanwhile."""
    one, wording = done.registration, scene.room.wording
    yield Heading(scene.say("seminar.already" if done.already else f"seminar.{one.state}"))
    if done.already and one.person != scene.work.person:
        # Whoever types somebody's address must not learn what that person has.
        yield say(scene, "already_elsewhere")
        return
    yield Facts(tuple(_rows(done, case, scene)))
    if one.state is SeatState.WAITING:
        why = seminars.why(scene.work, one.number)
        yield Paragraph((Text(why_text(wording, why, scene.lang)),))
        yield say(scene, "waiting_next", hours=done.seminar.held_hours)
        yield from instead(scene)
        return
    if one.state is SeatState.CONFIRMED:
        yield say(scene, "confirmed_next", mail=shown_mail(one.mail, scene))
        yield appointment(wording, done.seminar, one)


def _rows(done: seminars.SignedUp, case: str, scene: Scene) -> Iterator[tuple[str, tuple[Text, ...]]]:
    one = done.registration
    yield scene.say("seminar.number"), (Text(one.number),)
    yield scene.say("seminar.seminar"), (Text(seminar_text(done.seminar, scene)),)
    yield scene.say("seminar.party"), (Text(scene.say("seminar.people", count=one.party)),)
    yield scene.say("seminar.state"), (Text(scene.say(f"seminars.state_{one.state}")),)
    if case:
        yield scene.say("seminar.case"), (Text(case),)


def instead(scene: Scene) -> Iterator[Part]:
    """What somebody without a seat can do meanwhile."""
    options = [
        Choice(
            scene.say("seminar.consult_instead"), scene.work.tokens.issue(RunCommand("consultation.start"))
        )
    ]
    if len(open_seminars(scene)) > 1:
        options.append(
            Choice(scene.say("seminar.other_dates"), scene.work.tokens.issue(RunCommand("seminar.list")))
        )
    yield Choices(scene.say("seminar.instead"), tuple(options), ChoiceStyle.OFFER)


def say(scene: Scene, name: str, **places: object) -> Paragraph:
    """A sentence about seminars."""
    return Paragraph((Text(scene.say(f"seminar.{name}", **places)),))
