"""Mail addresses made unreadable for those who only look."""

import re

from intents.desk.staff_books import Role, StaffMember

_MAIL = re.compile(r"([A-Za-z0-9])[A-Za-z0-9._%+-]*([@＠][A-Za-z0-9.-]+)")


def masked(text: str) -> str:
    """The text with each mail address cut to its first letter and its domain."""
    return _MAIL.sub(r"\1…\2", text)


def readable(text: str, who: StaffMember) -> str:
    """The text as somebody may read it: whoever works at the desk needs the address, others do not."""
    return text if who.role.may(Role.DESK) else masked(text)
