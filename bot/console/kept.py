"""A page on which what was typed still stands when it could not be taken: to be looked at and sent again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from starlette.responses import Response

from bot.console.references import REFERENCE
from bot.console.sent import CSRF, same_origin
from bot.console.visit import Visit

# Fields that nobody typed.
HIDDEN = frozenset({"version", "events", "decision", "confirm", REFERENCE})
# Texts of the forms, shown however short they are.
TEXTS = frozenset({"text", "reason", "names", "summary"})
_CHOSEN = re.compile(r"[\w.:/-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Kept:
    """A field that goes along when it is sent again; what was typed is shown."""

    name: str
    value: str
    shown: bool


def page(visit: Visit, problem: str, status: int, **places: object) -> Response:
    """Says why (`console.<problem>` and `console.<problem>_why`) above what was typed, ready to be sent again."""
    fields = list(_fields(visit)) if _ours(visit) else []
    names = {
        "heading": visit.say(problem),
        "why": visit.say(f"{problem}_why", **places),
        "fields": fields,
        "again": _ours(visit),
        # Of a session that could not be looked up the word may still be right.
        "word_of_session": visit.csrf or visit.sent.one(CSRF),
        "file_lost": any(visit.sent.files.values()),
    }
    return visit.page("kept.html.j2", names, status)


def anything_typed(visit: Visit) -> bool:
    """Whether our own page sent something that somebody would have to write again."""
    return _ours(visit) and any(one.shown and one.value.strip() for one in _fields(visit))


def _ours(visit: Visit) -> bool:
    return visit.request.method == "POST" and same_origin(visit.request)


def _fields(visit: Visit) -> Iterator[Kept]:
    for name, values in visit.sent.fields.items():
        if name == CSRF:
            continue
        for value in values:
            typed = name not in HIDDEN and (name in TEXTS or not _CHOSEN.fullmatch(value))
            yield Kept(name, value, typed)
