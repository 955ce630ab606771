"""Every message that leaves unasked, in both languages, from `notices/<name>.md.j2`.

A file is a TOML head with `subject.ja` and `subject.en`, the Japanese body, `+++ en +++`, the English body.
Bodies are the light Markdown of `knowledge.text` with `{{ name }}` places, and `[words]({{ link }})`.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.model import Lang
from knowledge.reader import ENGLISH, FENCE
from knowledge.render import TemplateFault, names_in
from knowledge.text import Block, Link, Points, Ref, Spans, parse

FOLDER = Path(__file__).parent / "notices"
ENDING = ".md.j2"
_SCHEME = "https://"
# The Markdown reader knows addresses only, so a place in an address wears a scheme while it is read.
_PLACE_AS_URL = re.compile(r"\]\(\{\{\s*(\w+)\s*\}\}\)")
_URL_PLACE = re.compile(r"https://\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class Letter:
    """One notice in one language: its subject and its blocks, with places still open."""

    subject: str
    blocks: tuple[Block, ...]

    @property
    def places(self) -> frozenset[str]:
        """The names that must be filled in; raises TemplateFault when a piece of text does not parse."""
        lines = (places_of(spans) for block in self.blocks for spans in lines_of(block))
        return names_in(self.subject).union(*lines)


Notice = Mapping[Lang, Letter]


def read_notices(folder: Path = FOLDER) -> dict[str, Notice]:
    """The notices of a folder by name; raises ValueError that names the file and what is wrong with it."""
    return {
        file.name.removesuffix(ENDING): _notice(file.name, file.read_text("utf-8"))
        for file in sorted(folder.glob(f"*{ENDING}"))
    }


def lines_of(block: Block) -> tuple[Spans, ...]:
    """The lines of a block: a paragraph is one, a list has one for each point."""
    return block.items if isinstance(block, Points) else (block.spans,)


def places_of(spans: Spans) -> frozenset[str]:
    """The names that a line asks for, those of its addresses included."""
    found = frozenset(name for span in spans if isinstance(span, Link) and (name := url_place(span)))
    return found.union(*(names_in(span.text) for span in spans if not isinstance(span, Ref)))


def url_place(link: Link) -> str:
    """The name whose value is the address of a link; empty where the address is written out."""
    match = _URL_PLACE.fullmatch(link.url)
    return match[1] if match else ""


def _notice(name: str, text: str) -> Notice:
    head, _, body = text.removeprefix(FENCE).partition("\n" + FENCE)
    japanese, _, english = body.partition(ENGLISH)
    try:
        subjects = tomllib.loads(head).get("subject", {})
        notice = {
            lang: Letter(str(subjects.get(lang.value, "")), _blocks(written))
            for lang, written in ((Lang.JA, japanese), (Lang.EN, english))
        }
        problem = next(_problems(notice), "")
    except (tomllib.TOMLDecodeError, TemplateFault) as fault:
        problem, notice = str(fault), {}
    if problem:
        raise ValueError(f"notice {name}: {problem}")
    return notice


def _blocks(body: str) -> tuple[Block, ...]:
    return parse(_PLACE_AS_URL.sub(rf"]({_SCHEME}{{{{\1}}}})", body))


def _problems(notice: Notice) -> Iterator[str]:
    for lang, letter in notice.items():
        if not letter.subject or not letter.blocks:
            yield f"{lang.value}: needs a subject and a body"
        lines = [spans for block in letter.blocks for spans in lines_of(block)]
        if any(isinstance(span, Ref) for spans in lines for span in spans):
            yield f"{lang.value}: source marks belong into entries"
        written = (span.url for spans in lines for span in spans if isinstance(span, Link))
        if any("{" in url and not _URL_PLACE.fullmatch(url) for url in written):
            yield f"{lang.value}: an address is written out or one place, not both"
    if notice[Lang.JA].places != notice[Lang.EN].places:
        yield "ja and en leave different places open"
