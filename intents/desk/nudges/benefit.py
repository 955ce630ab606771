"""What a project's own yearly tonnes would have come to at a dated price: an estimate, and said to be one."""

from decimal import ROUND_HALF_UP, Decimal

from intents.desk.consultations import Pen
from intents.desk.nudges.items import Item
from intents.desk.nudges.setting import Setting
from knowledge.model import Lang

# Only those who never applied are told what it is for.
RULES = frozenset({"DL-11"})
# The price of electricity from renewable sources stands for these, that of energy saving for EN-S; for others none does.
POWER = frozenset({"EN-R-002", "EN-R-006", "EN-R-008", "EN-R-009"})
POWER_PRICE, SAVING_PRICE = "auction14_re_average", "auction14_ee_average"
WHEN = "auction14_when"
# An amount of past prices is no more exact than this many yen.
ROUNDED = Decimal(10_000)


def benefit_text(setting: Setting, pen: Pen, item: Item, lang: Lang) -> str:
    """The sentence, or nothing where no tonnes are known or no price was ever published."""
    tonnes = item.project.expected_t
    price = setting.edition.facts.get(_price(item.project.methodology))
    when = setting.edition.facts.get(WHEN)
    if item.dated.rule.id not in RULES or not tonnes or price is None or when is None:
        return ""
    told, dated = price.on(item.on), when.on(item.on)
    if told is None or dated is None or not isinstance(told.value, int):
        return ""
    amount = (tonnes * told.value / ROUNDED).quantize(Decimal(1), ROUND_HALF_UP) * ROUNDED
    places = {"price": told.text.in_(lang), "about": dated.text.in_(lang), "amount": f"{amount:,}"}
    return pen.wording.say("nudges.benefit", lang, tonnes=f"{tonnes:,}", **places)


def _price(methodology: str) -> str:
    if methodology in POWER:
        return POWER_PRICE
    return SAVING_PRICE if methodology.startswith("EN-S") else ""
