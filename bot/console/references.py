"""The name of a form on one page: what is sent with it twice is one and the same."""

import re
from collections.abc import Mapping

REFERENCE = "reference"
_OURS = re.compile(r"console:T-[0-9a-f]{8,32}:[a-z_]{2,20}", re.ASCII)


def fresh(trace: str, form: str) -> str:
    """The name of a form on the page that was made under that trace, which no other page has."""
    return f"console:{trace}:{form}"


def sent_with(given: Mapping[str, str]) -> str:
    """The name that a form was sent with; empty for one that no page of ours gave."""
    found = given.get(REFERENCE, "")
    return found if _OURS.fullmatch(found) else ""
