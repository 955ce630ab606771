"""What somebody saw when they began to change something: whoever saw something else must look again."""

import hashlib

from intents.desk.refused import Refused

LENGTH = 16


def mark(value: object) -> str:
    """A short name of a value as it stands, for a form to carry along; another value has another one."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:LENGTH]


def check_seen(value: object, seen: str | None) -> None:
    """Nothing when a value is what somebody saw, or nobody says what they saw. Refused: changed_meanwhile."""
    if seen is not None and seen != mark(value):
        raise Refused("changed_meanwhile")
