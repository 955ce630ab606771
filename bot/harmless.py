"""Texts that no spreadsheet runs as a formula, wherever they came from."""

from bot.typed import sound

# What a spreadsheet takes for the beginning of a formula; some read the full-width signs alike.
_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_BLANK = " \t\r\n\u3000\u00a0"
# Longer texts make a file that Excel calls broken.
LONGEST_CELL = 32_000


def is_risky(text: str) -> bool:
    """Whether a spreadsheet would run the text, also after blanks; a leading tab or line end is risky by itself."""
    return text.lstrip(_BLANK).startswith(_SIGNS) or text.startswith(("\t", "\r", "\n"))


def cleaned(text: str) -> str:
    """The text as both forms keep it: without what only machines see, and no longer than a cell holds."""
    return sound(text)[:LONGEST_CELL]


def harmless(text: str) -> str:
    """The text behind an apostrophe where it is risky; one that begins with an apostrophe gets a second one."""
    return f"'{text}" if is_risky(text) or text.startswith("'") else text
