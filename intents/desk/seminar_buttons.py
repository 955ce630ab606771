"""The buttons of a seminar's letters: take or leave an offered seat, see and change one's registration."""

from intents.desk.books import Links
from intents.desk.seminar_letters import Buttons, SeminarLetters
from intents.desk.seminar_records import Registration
from intents.messages import Choice, Choices, ChoiceStyle, Part, RunCommand
from intents.notices import Notices
from knowledge.wording import Wording

ACCEPT, DECLINE, MINE = "seminar.accept", "seminar.decline", "my.registrations"
OVER = ("withdrawn", "cancelled", "offer_expired")


def letters_with_buttons(links: Links, notices: Notices, wording: Wording) -> SeminarLetters:
    """The letters of seminars as everybody who acts on the books writes them."""
    return SeminarLetters(notices, wording, _buttons(links, wording))


def _buttons(links: Links, wording: Wording) -> Buttons:
    def button(command: str, key: str, one: Registration) -> Choice:
        action = RunCommand(command, given={"registration": one.number})
        return Choice(wording.say(f"seminar.{key}", one.lang), links.issue(action))

    def buttons(name: str, one: Registration) -> tuple[Part, ...]:
        if name in OVER:
            return ()
        if name == "missed":
            prompt = wording.say("seminar.instead_of_seat", one.lang)
            consult = Choice(
                wording.say("seminar.consult_instead", one.lang),
                links.issue(RunCommand("consultation.start")),
            )
            others = Choice(
                wording.say("seminar.other_dates", one.lang), links.issue(RunCommand("seminar.list"))
            )
            return (Choices(prompt, (consult, others), ChoiceStyle.OFFER),)
        if name == "offered":
            prompt = wording.say("seminar.offer_prompt", one.lang)
            options = (button(ACCEPT, "accept", one), button(DECLINE, "decline", one))
            return (Choices(prompt, options),)
        prompt = wording.say("seminar.mine_prompt", one.lang)
        return (Choices(prompt, (button(MINE, "see_mine", one),), ChoiceStyle.OFFER),)

    return buttons
