"""What the desk says unasked: a notice with its places filled in, as the parts of a reply.

The Markdown of a notice is read before its places are filled, so no value can become markup or a link.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from intents.messages import Bullets, Heading, Inline, Line, Paragraph, Part
from knowledge.links import web_address
from knowledge.model import Lang
from knowledge.notices import FOLDER, Letter, Notice, lines_of, places_of, read_notices, url_place
from knowledge.render import fill
from knowledge.text import Link, Points, Ref, Spans, Strong, Text

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Written:
    """A line of a notice: the places that it asks for, and those of them that are addresses."""

    spans: Spans
    asked: frozenset[str]
    addresses: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Letter:
    """A notice in one language, with its lines looked through once: block by block, and whether that is a list."""

    subject: str
    blocks: tuple[tuple[bool, tuple[_Written, ...]], ...]


class Notices:
    """The notices by name."""

    def __init__(self, notices: Mapping[str, Notice]) -> None:
        self.notices = notices
        self._letters = {
            (name, lang): _looked_through(letter)
            for name, notice in notices.items()
            for lang, letter in notice.items()
        }

    def parts(self, name: str, lang: Lang, /, **places: object) -> tuple[Part, ...]:
        """The notice with its places filled; a line whose places are all empty is left out.

        Raises KeyError for an unknown notice, TemplateFault for a place that is not given.
        """
        letter = self._letters[name, lang]
        values = {place: str(value) for place, value in places.items()}
        # A subject is one line, whatever a title typed by somebody holds.
        subject = " ".join(fill(letter.subject, **values).split())
        return (Heading(subject), *(part for block in letter.blocks for part in _parts(*block, values)))


@cache
def load_notices(folder: Path = FOLDER) -> Notices:
    """Reads the notices; raises ValueError that names the file and what is wrong with it."""
    return Notices(read_notices(folder))


def _looked_through(letter: Letter) -> _Letter:
    blocks = ((isinstance(block, Points), tuple(map(_written, lines_of(block)))) for block in letter.blocks)
    return _Letter(letter.subject, tuple(blocks))


def _written(spans: Spans) -> _Written:
    addresses = frozenset(name for span in spans if isinstance(span, Link) and (name := url_place(span)))
    return _Written(spans, places_of(spans), addresses)


def _parts(is_list: bool, written: Iterable[_Written], values: Values) -> Iterator[Part]:
    lines = tuple(line for one in written if (line := _line(one, values)))
    if not is_list:
        yield from (Paragraph(line) for line in lines)
    elif lines:
        yield Bullets(lines)


def _line(written: _Written, values: Values) -> Line:
    # An address that no browser should follow counts as none.
    checked = {place: web_address(values[place]) for place in written.addresses if place in values}
    safe = {**values, **checked} if checked else values
    if written.asked and not any(safe.get(place, "-") for place in written.asked):
        return ()
    return tuple(piece for span in written.spans if (piece := _inline(span, safe)))


def _inline(span: Text | Strong | Link | Ref, values: Values) -> Inline | None:
    match span:
        case Text(text):
            return Text(fill(text, **values))
        case Strong(text):
            return Strong(fill(text, **values))
        case Link(text, url):
            place = url_place(span)
            address = values[place] if place else url
            return Link(fill(text, **values), address) if address else None
        case Ref():
            return None
