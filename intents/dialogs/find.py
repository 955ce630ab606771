"""Finding a methodology: everyday words, the questions that separate what they may mean, and a first look.

Nothing here decides; what was found and answered goes into the request for a consultation, so that nothing is
asked twice.
"""

from intents.dialog import Dialog, Question
from intents.dialogs.common import choose, text
from intents.dialogs.found import submit
from intents.dialogs.looking import RULES, Find, places, rule_question
from intents.dialogs.separating import SPLITS, code_options, several_left, split
from intents.messages import FieldKind

QUESTIONS = (
    Question("activity", text(), FieldKind.TEXT, open=True),
    *(split(number) for number in range(1, SPLITS + 1)),
    Question("code", choose(code_options), FieldKind.ONE, options=code_options, only_if=several_left),
    Question("prefecture", choose(places), FieldKind.ONE, options=places),
    *(rule_question(number) for number in range(1, RULES + 1)),
)


FIND = Dialog("methodology.find", "find", "", Find, QUESTIONS, submit)
