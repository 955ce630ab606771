"""One spelling for typed answers: width, spaces, hyphens, kanji numerals, and the politeness around a value."""

import re
import unicodedata

from intents.readers.misread import Misread

# Far beyond every value; longer texts only cost time.
LONGEST = 1000
# What a person types between digits when they mean a hyphen; the long vowel mark is one only there.
_DASHES = re.compile(r"[‐‑‒–—―−﹣]|(?<=\d)ー(?=\d)")
_WAVES = re.compile(r"[〜∼～]")
_NUMERALS = re.compile(r"(?<![\d.])[〇零一二三四五六七八九十百千]+(?![\d.])")
_DIGIT = {letter: value for value, letter in enumerate("〇一二三四五六七八九")} | {"零": 0}
_TENS = {"十": 10, "百": 100, "千": 1000}
_BEFORE = re.compile(
    r"^(?:え[えー]*っ?と|あの[うー]?|では|それでは|じゃあ|はい)[、,。 ]+"
    r"|^(?:it is|it's|that is|that's|i am|i'm|we are|we're|my name is|i would like|i'd like)\s+",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:(?:の方)?(?:で|に|を|が)?(?:よろしく|宜しく)?(?:お願い|おねがい)"
    r"(?:(?:いた|致)?し(?:ます|たいです|たく存じます)|できますか|できますでしょうか)?"
    r"|でございます|です(?:ね|が|けど|かね)?|になります|となります|と(?:申|もう)します|といいます|と言います"
    r"|を?希望(?:です|します|いたします)?|(?:で|を|が)?(?:いい|良い|よい)です|だよ|かな"
    r"|(?:,\s*)?\b(?:please|thanks|thank you))[\s。.!、,]*$",
    re.IGNORECASE,
)
_ENDS = " \t\n\r、。,!?;:"


def tidy(text: str) -> str:
    """One line in half width: spaces single, hyphens plain, nothing invisible."""
    if text.isascii() and text.isprintable():
        # Most option names and many answers: nothing in them needs to be looked at letter by letter.
        return " ".join(text.split())
    whole = unicodedata.normalize("NFKC", text)
    seen = "".join(map(_letter, filter(is_visible, whole)))
    return " ".join(_WAVES.sub("~", _DASHES.sub("-", seen)).split())


def filled(text: str) -> str:
    """The tidied text; raises Misread where nothing is left of it, or far too much for a value."""
    rest = tidy(text)
    if not rest:
        raise Misread("empty")
    if len(rest) > LONGEST:
        raise Misread("too_long", limit=LONGEST, count=len(rest))
    return rest


def bare(text: str) -> str:
    """The tidied text without the words of courtesy before and after the value; all of it if nothing else is there."""
    whole = rest = tidy(text)
    while True:
        shorter = _AFTER.sub("", _BEFORE.sub("", rest)).strip(_ENDS)
        if not shorter:
            return rest.strip(_ENDS) or whole
        if shorter == rest:
            return rest
        rest = shorter


def numerals(text: str) -> str:
    """The text with kanji numerals as digits."""
    return _NUMERALS.sub(lambda found: str(_number(found[0])), text)


def is_visible(letter: str) -> bool:
    """Whether a letter shows, or is room between letters."""
    # Marks that turn the direction of writing or take no room hide what a text says.
    return letter.isspace() or unicodedata.category(letter) not in ("Cc", "Cf", "Co", "Cs", "Cn")


def _letter(letter: str) -> str:
    if letter.isspace():
        return " "
    return str(unicodedata.decimal(letter)) if letter.isdecimal() else letter


def _number(kanji: str) -> int:
    if not any(letter in _TENS for letter in kanji):
        return int("".join(str(_DIGIT[letter]) for letter in kanji)[:12])
    total = digit = 0
    for letter in kanji:
        if letter in _TENS:
            total, digit = total + (digit or 1) * _TENS[letter], 0
        else:
            digit = _DIGIT[letter]
    return total + digit
