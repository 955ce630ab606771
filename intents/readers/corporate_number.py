"""The corporate number of the National Tax Agency: thirteen digits, the first of which checks the others."""

import re

from intents.readers.misread import Misread
from intents.readers.plain import bare, filled

LENGTH = 13
_LABEL = re.compile(
    r"^(?:法人番号|corporate number|インボイス番号|登録番号)\s*(?:は|:|is)?\s*", re.IGNORECASE
)


def corporate_number(text: str) -> str:
    """Thirteen digits whose check digit is right.

    The T before an invoice registration number is dropped: the rest of it is the corporate number.
    """
    typed = _LABEL.sub("", bare(filled(text)))
    number = re.sub(r"^T(?=[\d\s-])|[\s.-]", "", typed, flags=re.IGNORECASE)
    if strange := re.sub(r"[0-9]", "", number):
        raise Misread("corporate_letters", letters=strange[:10])
    if len(number) == LENGTH - 1:
        raise Misread("corporate_twelve")
    if len(number) != LENGTH:
        raise Misread("corporate_length", count=len(number))
    if number[0] != str(check_digit(number[1:])):
        raise Misread("corporate_check")
    return number


def check_digit(base: str) -> int:
    """The check digit of the twelve digits of a base number.

    Source of the rule: 法人番号の指定等に関する省令 (平成26年財務省令第70号), article 2: nine less the remainder by nine
    of the sum of the digits, counted from the lowest, each even one doubled.
    """
    return 9 - sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(base))) % 9
