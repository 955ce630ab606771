"""Picking from a list by number, by name or by the beginning of a name; and free text within a limit."""

import re
import unicodedata
from difflib import SequenceMatcher

from intents.messages import Option
from intents.readers.misread import Misread
from intents.readers.numbers import yes_no
from intents.readers.plain import bare, filled, is_visible, numerals, tidy
from intents.understanding.normalise import normal

# How alike two spellings must be to be taken for the same, and how many names a sentence can hold.
ALIKE = 0.75
SHOWN = 10
SHORT = 2
_NUMBER = re.compile(
    r"(?:no\.?|#|第|option|choice|番号)?\s*(\d{1,3})\s*(?:番目?|つ目|つめ|th|st|nd|rd|[).])?(?:の方|のほう)?"
)
_STRONG = re.compile(r"[\n、,;]+")
_WEAK = re.compile(r"\s+and\s+|\s*[&+/・と]\s*|および|及び")
_LISTED = re.compile(r"[・,、]")
# "That one" is not part of the name.
_ONE = re.compile(r"の(?:ほう|方|やつ|分|回)(?:に|で|を|が)?(?:する|します|いい)?$")
_YES = re.compile(r"(?P<yes>はい|yes\b)|いいえ|no\b")
_ALL = ("全部", "すべて", "全て", "ぜんぶ", "all", "all of them", "both", "両方")


def one_of(text: str, options: tuple[Option, ...]) -> str:
    """The value of the one option that is meant."""
    whole = filled(text)
    for option in options:
        if whole in (tidy(option.value), tidy(option.label)):
            return option.value
    typed = bare(whole)
    if numbered := _NUMBER.fullmatch(numerals(typed).lower()):
        return _numbered(int(numbered[1]), options)
    return _only(_meant(_ONE.sub("", typed), options) or _agreeing(whole, options), options)


def several_of(text: str, options: tuple[Option, ...]) -> tuple[str, ...]:
    """The values of all options that are meant, in the order of the options."""
    if bare(filled(text)).lower() in _ALL:
        return tuple(option.value for option in options)
    meant: set[str] = set()
    for line in _STRONG.split(text):
        if tidy(line):
            meant.update(_in_line(line, options))
    if not meant:
        raise Misread("choice_unknown", options=_names(options))
    return tuple(option.value for option in options if option.value in meant)


def free_text(text: str, limit: int) -> str:
    """What was written, its lines kept; at most `limit` characters."""
    seen = "".join(
        letter for letter in unicodedata.normalize("NFC", text).replace("\r\n", "\n") if is_visible(letter)
    )
    lines = (line.rstrip() for line in seen.split("\n"))
    rest = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if not rest:
        raise Misread("empty")
    if len(rest) > limit:
        raise Misread("too_long", limit=limit, count=len(rest))
    return rest


def _numbered(number: int, options: tuple[Option, ...]) -> str:
    begin = [option for option in options if re.match(rf"{number}(?!\d)", numerals(tidy(option.label)))]
    if not 1 <= number <= len(options):
        if len(begin) == 1:
            return begin[0].value
        raise Misread("choice_number", high=len(options))
    chosen = options[number - 1]
    # "1" may be the first answer or "1 hour": where the two differ, nobody can tell.
    if begin and chosen not in begin:
        raise Misread("choice_ambiguous", options=_names((chosen, *begin)))
    return chosen.value


def _meant(typed: str, options: tuple[Option, ...]) -> tuple[Option, ...]:
    """The options that the text may mean, by the most certain way that finds any."""
    word = normal(typed)
    if not word:
        return ()
    names = {option: (normal(option.label), normal(option.value)) for option in options}
    same = tuple(option for option in options if word in names[option])
    begins = tuple(option for option in options if any(name.startswith(word) for name in names[option]))
    holds = tuple(option for option in options if len(word) > 1 and word in names[option][0])
    held = tuple(option for option in options if any(_holds(word, name) for name in _spoken(option)))
    return same or begins or holds or _longest(held) or _alike(word, options)


def _spoken(option: Option) -> tuple[str, ...]:
    """The label, and each of the things that it lists: people name one of them."""
    return tuple(map(normal, (option.label, *_LISTED.split(option.label))))


def _holds(word: str, name: str) -> bool:
    """Whether a text names an option among other words; a short name has to stand first, as syllables are found anywhere."""
    return len(name) > 1 and (name in word if len(name) > SHORT else word.startswith(name))


def _longest(held: tuple[Option, ...]) -> tuple[Option, ...]:
    """Without those whose name stands inside the name of another one that was found."""
    names = {option: normal(option.label) for option in held}
    return tuple(
        option
        for option in held
        if not any(names[option] in names[other] and option != other for other in held)
    )


def _alike(word: str, options: tuple[Option, ...]) -> tuple[Option, ...]:
    near = [(SequenceMatcher(None, word, normal(option.label)).ratio(), option) for option in options]
    best = max((ratio for ratio, _ in near), default=0.0)
    return tuple(option for ratio, option in near if ratio == best and best >= ALIKE)


def _agreeing(typed: str, options: tuple[Option, ...]) -> tuple[Option, ...]:
    """Where a yes stands against a no, whatever says the one or the other."""
    sides = {option: _YES.match(normal(option.label)) for option in options}
    said = {option: bool(found["yes"]) for option, found in sides.items() if found}
    if set(said.values()) != {True, False}:
        return ()
    try:
        agreed = yes_no(typed)
    except Misread:
        return ()
    return tuple(option for option, is_yes in said.items() if is_yes is agreed)


def _only(meant: tuple[Option, ...], options: tuple[Option, ...]) -> str:
    if not meant:
        raise Misread("choice_unknown", options=_names(options))
    if len(meant) > 1:
        raise Misread("choice_ambiguous", options=_names(meant))
    return meant[0].value


def _in_line(line: str, options: tuple[Option, ...]) -> tuple[str, ...]:
    """What one line means: one option by its name, else what each of its pieces means, else what the whole may mean."""
    exact = [option.value for option in options if tidy(line) in (tidy(option.value), tidy(option.label))]
    pieces = [piece for piece in _pieces(line) if tidy(piece)]
    if exact or len(pieces) < 2:
        return (*exact[:1],) or (one_of(line, options),)
    try:
        return tuple(one_of(piece, options) for piece in pieces)
    except Misread:
        return (one_of(line, options),)


def _pieces(line: str) -> list[str]:
    rest = bare(line)
    return rest.split() if re.fullmatch(r"\d+(?:\s+\d+)+", rest) else _WEAK.split(rest)


def _names(options: tuple[Option, ...]) -> str:
    names = [option.label for option in options]
    return " / ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
