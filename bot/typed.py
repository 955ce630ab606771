"""What people type, made fit to be stored and shown: no characters that only machines see."""

import re

# Controls (not tab and line feed), and the marks that turn text around, which make a message read as another one.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def sound(text: str) -> str:
    """The text without them; half a surrogate pair, which no database takes, becomes a question mark."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n")).encode("utf-8", "replace").decode()
