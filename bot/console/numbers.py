"""Whole numbers as people type them into a form, and no longer than anybody means."""

DIGITS = 9


def whole_number(text: str, low: int, high: int) -> int | None:
    """The number between the two, both included; nothing for anything else, however it is written."""
    digits = text.strip().lstrip("0") or text.strip()[-1:]
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= DIGITS):
        return None
    return number if low <= (number := int(digits)) <= high else None
