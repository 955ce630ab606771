"""Mail addresses and telephone numbers made unreadable for those who only look."""

import re
import unicodedata
from collections.abc import Iterator

from intents.desk.staff_books import Role, StaffMember

# The name before the sign: Latin letters, else whatever letters stand there.
_MAIL = re.compile(
    r"(?:(?<![a-z0-9._%+-])[a-z0-9._%+-]+|[\w.+-]{0,20}[^\W\x00-\x7f])(?=@[\w-]+(?:\.[\w-]+)*)", re.IGNORECASE
)
_PHONE = re.compile(r"(?<![\d.])(?:\+\s?81|0\d)[-\s()\d]{7,16}\d(?!\d)")
_PHONE_DIGITS = range(10, 14)
# Dashes of every width, and the long vowel mark that stands for one.
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc"), "-")
KEPT, PHONE_KEPT = 1, 3
DOTS = "\u2026"


def masked(text: str) -> str:
    """The text with each mail address cut to its first letter and its domain, each telephone number to its beginning."""
    plain = _plain(text)
    for start, end in sorted((*_mails(plain), *_phones(plain)), reverse=True):
        text = text[:start] + DOTS + text[end:]
    return text


def _plain(text: str) -> str:
    """The text in narrow letters, each at its old place."""
    narrow = (unicodedata.normalize("NFKC", one) for one in text.translate(_DASHES))
    return "".join(one if len(one) == 1 else " " for one in narrow).translate(_DASHES)


def _mails(plain: str) -> Iterator[tuple[int, int]]:
    return ((found.start() + KEPT, found.end()) for found in _MAIL.finditer(plain))


def _phones(plain: str) -> Iterator[tuple[int, int]]:
    for found in _PHONE.finditer(plain):
        if sum(one.isdigit() for one in found[0]) in _PHONE_DIGITS:
            yield found.start() + PHONE_KEPT, found.end()


def readable(text: str, who: StaffMember) -> str:
    """The text as somebody may read it: whoever works at the desk needs the address, others do not."""
    return text if who.role.may(Role.DESK) else masked(text)
