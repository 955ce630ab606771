"""What a person can do on any channel, and what they put into a form."""

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, Protocol

from intents.forms import Field, Form
from intents.messages import Reply
from tests.parity.house import Home
from tests.parity.log import Log

# So often a form may come back with what could not be asked before.
ROUNDS = 6
Body = dict[str, Any]
NUMBERS = count(1)


class NotShown(AssertionError):
    """The channel shows no such button or form."""


class Player(Protocol):
    """One person on one channel; each act ends when it is answered and the letters have left."""

    name: str
    channel: str
    home: Home
    log: Log

    def say(self, text: str) -> None:
        """Writes."""
        ...

    def press(self, label: str) -> None:
        """Presses a button that is to be seen; the last one of several."""
        ...

    def fill(self, fields: Mapping[str, str]) -> None:
        """Fills a form in, by the names of its fields, until the desk asks no more."""
        ...

    def slip(self, fields: Mapping[str, str]) -> None:
        """Fills a form in with something wrong in it, until the desk says so."""
        ...


def until_done(log: Log, send: Callable[[Form], None], rounds: int = ROUNDS) -> None:
    """Sends the form as often as it comes back."""
    for _ in range(rounds):
        form = form_in(log.last())
        if form is None:
            return
        send(form)
    raise NotShown(f"{log.channel}: never done with {_left(log.last())}")


def until_wrong(log: Log, send: Callable[[Form], None]) -> None:
    """Sends the form until it says that something is wrong."""
    while (form := form_in(log.last())) and not any(field.error for field in form.fields):
        send(form)


def form_in(reply: Reply) -> Form | None:
    """The form of a reply."""
    return next((part for part in reply.parts if isinstance(part, Form)), None)


def _left(reply: Reply) -> list[str]:
    form = form_in(reply)
    return [f"{one.name}: {one.error}" for one in form.fields if not one.settled] if form else []


def given(form: Form, fields: Mapping[str, str]) -> dict[str, str]:
    """What stands in the fields that are open when they are sent: what was filled in, else what was proposed."""
    return {one.name: _value(one, fields.get(one.name, one.value)) for one in form.fields}


def _value(field: Field, text: str) -> str:
    """The values of what was chosen by its labels."""
    by_label = {option.label: option.value for option in field.options}
    lines = [by_label.get(line, line) for line in text.split("\n")]
    offered = {"", *by_label.values()} if field.options else set(lines)
    assert set(lines) <= offered, f"{field.name}: {text} is not one of {sorted(by_label)}"
    return "\n".join(lines)
