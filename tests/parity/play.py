"""Plays a scenario on one channel and gives the neutral transcript: each act, what was answered, and what was sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.plain_text import plain_text
from intents.messages import Choices, Reply
from storage.codec import unpack_reply
from tests.parity.happenings import HAPPENINGS
from tests.parity.house import Home
from tests.parity.log import Neutral, filed, letters, neutral, waiting
from tests.parity.on_web import Web
from tests.parity.player import Player, form_in
from tests.parity.scenario import FORMS, Step
from tests.stage_staff import staff_acts
from tests.world import WORDING


@dataclass(frozen=True)
class Turn:
    """One act: what the person said, what the desk answered, and whom it wrote to unasked."""

    act: str
    said: tuple[str, ...]
    answered: tuple[Neutral, ...]
    sent: tuple[tuple[str, Neutral], ...]


@dataclass(frozen=True)
class Played:
    """A whole scenario, and what the desk has on file after it."""

    turns: tuple[Turn, ...]
    filed: Mapping[str, list[Neutral]]


def play(steps: Iterable[Step], home: Home, player: Player) -> Played:
    """Each step in turn; what it must and must not be answered with is looked at as well."""
    home.stage.here = player.channel
    home.stage.talk.line = replace(home.stage.talk.line, clock=home.hands)
    turns = []
    for step in steps:
        home.next_act()
        turns.append(_turn(step, home, player))
    # Whatever was due on a channel of the house arrived there.
    assert not waiting(home.database, home.delivery.senders, home.hands())
    return Played(tuple(turns), filed(home.database))


def _turn(step: Step, home: Home, player: Player) -> Turn:
    log = player.log
    rows, sent = len(log.rows()), len(letters(home.database))
    by_mail = _act(step, home, player)
    new = log.rows()[rows:]
    answers = [unpack_reply(row.reply) for row in new if row.reply] + by_mail
    if step.act in FORMS:
        answers = answers[-1:]
    posted = [(_whom(row.channel), unpack_reply(row.body)) for row in letters(home.database)[sent:]]
    _check(step, player, [*answers, *(body for _, body in posted)])
    said = tuple(row.text for row in new if row.author == "person") if step.act == "say" else ()
    told = tuple((whom, neutral(body)) for whom, body in posted)
    heard = tuple(_wrong(one) if step.act == "slip" else neutral(one) for one in answers)
    return Turn(f"{step.act} {step.text}", said, heard, told)


def _wrong(reply: Reply) -> Neutral:
    """What a form says is wrong; the rest of it depends on how far a channel has come with asking."""
    form = form_in(reply)
    assert form
    return {field.name: field.error for field in form.fields if field.error}


def _whom(channel: str) -> str:
    return "mail" if channel == "mail" else "chat"


def _check(step: Step, player: Player, replies: Iterable[Reply]) -> None:
    text = "\n".join(plain_text(reply, WORDING) for reply in replies)
    missing = [words for words in step.expected if words not in text]
    assert not missing, f"{player.name}, {step.act} {step.text}: {missing} not in {text}"
    assert not [words for words in step.forbidden if words in text], f"{player.name}, {step}: {text}"


def _act(step: Step, home: Home, player: Player) -> list[Reply]:
    """Does it; gives what was answered to somebody else than the player."""
    match step.act:
        case "say":
            player.say(step.text)
        case "press":
            player.press(step.text)
        case "fill":
            player.fill(step.fields)
        case "slip":
            player.slip(step.fields)
        case "staff":
            staff_acts(home.stage, step.text)
            home.settle()
        case "happens":
            HAPPENINGS[step.text](home, player)
            home.settle()
        case "minutes":
            home.pass_time(timedelta(minutes=int(step.text)))
        case "mail":
            return [_pressed_in_mail(home, step.text)]
    return []


def _pressed_in_mail(home: Home, label: str) -> Reply:
    """Somebody follows the link of a letter and presses its button on the page that opens."""
    mails = [unpack_reply(row.body) for row in letters(home.database) if row.channel == "mail"]
    token = next(
        option.token
        for body in reversed(mails)
        for part in body.parts
        if isinstance(part, Choices)
        for option in part.options
        if option.label == label
    )
    reader = Web(home)
    assert token in home.client.get(f"/press/{token}").text
    return reader.pushed(token)
