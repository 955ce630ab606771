"""What the desk says unasked: a notice with its places filled in, as the parts of a reply.

The Markdown of a notice is read before its places are filled, so no value can become markup or a link.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from intents.messages import Bullets, Heading, Inline, Line, Paragraph, Part
from knowledge.links import web_address
from knowledge.model import Lang
from knowledge.notices import FOLDER, Notice, lines_of, places_of, read_notices, url_place
from knowledge.render import fill
from knowledge.text import Block, Link, Points, Ref, Spans, Strong, Text

Values = Mapping[str, str]


class Notices:
    """The notices by name."""

    def __init__(self, notices: Mapping[str, Notice]) -> None:
        self.notices = notices

    def parts(self, name: str, lang: Lang, /, **places: object) -> tuple[Part, ...]:
        """The notice with its places filled; a line whose places are all empty is left out.

        Raises KeyError for an unknown notice, TemplateFault for a place that is not given.
        """
        letter = self.notices[name][lang]
        values = {place: str(value) for place, value in places.items()}
        # A subject is one line, whatever a title typed by somebody holds.
        subject = " ".join(fill(letter.subject, **values).split())
        return (Heading(subject), *(part for block in letter.blocks for part in _parts(block, values)))


@cache
def load_notices(folder: Path = FOLDER) -> Notices:
    """Reads the notices; raises ValueError that names the file and what is wrong with it."""
    return Notices(read_notices(folder))


def _parts(block: Block, values: Values) -> Iterator[Part]:
    lines = tuple(line for spans in lines_of(block) if (line := _line(spans, values)))
    if isinstance(block, Points):
        if lines:
            yield Bullets(lines)
    else:
        yield from (Paragraph(line) for line in lines)


def _line(spans: Spans, values: Values) -> Line:
    links = {name for span in spans if isinstance(span, Link) and (name := url_place(span))}
    # An address that no browser should follow counts as none.
    safe = {place: web_address(value) if place in links else value for place, value in values.items()}
    asked = places_of(spans)
    if asked and not any(safe.get(place, "-") for place in asked):
        return ()
    return tuple(piece for span in spans if (piece := _inline(span, safe)))


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
