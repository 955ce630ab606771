"""What people type in a chat besides questions: the words of orders, and staff's mark of what goes to the requester."""

import re
import unicodedata

from knowledge.model import Lang
from knowledge.wording import Wording

# What a slash command calls, by the sentence that lists its words.
CALLED = {
    "words_queue": "desk.queue",
    "words_login": "desk.login",
    "words_help": "desk.help",
    "words_projects": "my.projects",
}
_MARK = re.compile(r"\s*(\S{1,12}?)\s*[:：]\s*", re.UNICODE)


def called(text: str, wording: Wording) -> str:
    """The order that a text names and nothing else; empty: it is a question."""
    word = _folded(text)
    return next((order for name, order in CALLED.items() if word in _words(name, wording)), "")


def to_requester(text: str, wording: Wording) -> tuple[str, bool]:
    """A text without the mark that sends it to the requester, and whether it had one; in any width and case."""
    found = _MARK.match(text)
    if found and _folded(found[1]) in _words("reply_marks", wording):
        return text[found.end() :].strip(), True
    return text.strip(), False


def _words(name: str, wording: Wording) -> frozenset[str]:
    return frozenset(_folded(word) for lang in Lang for word in wording.say(f"rooms.{name}", lang).split())


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
