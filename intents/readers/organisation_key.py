"""An organisation's name without what differs between two ways of writing it."""

import re
import unicodedata

# The legal form says nothing about who it is.
_FORM = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|合名会社|一般社団法人|公益社団法人|\(株\)|\(有\)|\(合\)|"
    r"\bco\.?,? ?ltd\.?|\binc\b\.?|\bcorporation\b|\W"
)


def organisation_key(name: str) -> str:
    """An organisation's name without width, case, signs and legal form; the whole name if nothing else is left."""
    plain = unicodedata.normalize("NFKC", name).casefold().strip()
    return _FORM.sub("", plain) or plain
