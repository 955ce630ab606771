"""Which language a text is in, so that it can be answered in kind."""

from intents.understanding.entities import without_codes
from intents.understanding.normalise import is_japanese
from knowledge.model import Lang


def language_of(text: str, hint: Lang | None = None) -> Lang:
    """The language to answer in: Japanese where there is any, English for two Latin words or more."""
    if is_japanese(text):
        return Lang.JA
    # A code is written the same in every language.
    rest = without_codes(text)
    latin = [word for word in rest.split() if word.isascii() and any(letter.isalpha() for letter in word)]
    return Lang.EN if len(latin) > 1 else hint or (Lang.EN if latin else Lang.JA)
