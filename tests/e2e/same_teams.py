"""The story in Microsoft's playground."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.bot.channels.teams.visitor import actions, inputs, words
from tests.e2e.same_books import setting_here, verbs
from tests.e2e.same_story import printed, tell
from tests.e2e.slack_control import until
from tests.e2e.teams_office import sent, standing
from tests.e2e.teams_playground import Body, Playground, card_of, playground


@dataclass
class OnTeams:
    """Alex in their own chat; `_form` is the card that took the place of a form, and its message."""

    shown: Playground
    channel = "teams"

    def say(self, text: str) -> None:
        """Writes."""
        self.shown.say(text)

    def press(self, label: str) -> None:
        """Presses the first button of that name in the newest message that has one."""
        message = until(lambda: self._with(label))
        assert message, label
        self.shown.press(message, label)

    def fill(self, values: Mapping[str, str], checked: Callable[[], bool]) -> None:
        """Sends the card as often as another takes its place."""
        message = next(one for one in reversed(self.shown.shown()) if list(inputs(card_of(one))))
        card = card_of(message)
        while not checked():
            card = sent(self.shown, message, card, values)
        message |= standing(message, card)

    def sees(self) -> str:
        """The cards of the chat."""
        return " ".join(words(card_of(one)) for one in self.shown.shown())

    def _with(self, label: str) -> Body | None:
        shown = reversed(self.shown.shown())
        return next(
            (one for one in shown if any(label in act["title"] for act in actions(card_of(one)))), None
        )


def main(cli: str, folder: Path) -> None:
    """Plays it and prints what was seen."""
    setting = setting_here()
    with playground(cli, folder, {}, verbs(folder)) as shown:
        printed(tell(OnTeams(shown), folder, setting))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
