"""The glossary as the matcher sees it: behind every other name of a term stands the term."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from intents.understanding.normalise import normal
from knowledge.model import Term

SHORTEST = 2
_MEANING = re.compile(
    r"(.{1,30}?)(?:\s*とは|の意味|の定義|って|という(?:言葉|用語|の)は)\s*(?:なん|なに|何|どういう(?:意味|こと)|意味)?"
    r"(?:のこと|ですか|でしょうか|なの|だろう|を?教えて(?:ください|下さい)?|か)*"
    r"|(?:what (?:is|are|does)|define|meaning of)\s+(?:an? |the )?(.{2,40}?)(?:\s+mean(?:s|ing)?)?"
)


class Terms:
    """The names of terms, ready to be found in a text."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._proper = {
            normal(name): term.term
            for term in terms
            for name in (*term.synonyms, term.english, term.reading)
            if len(normal(name)) >= SHORTEST and normal(name) != normal(term.term)
        }
        self._ids = {
            normal(name): term.id for term in terms for name in (term.term, *term.synonyms, term.reading)
        }
        self._ids |= {normal(term.english): term.id for term in terms}
        self._by_start: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self._proper, key=len, reverse=True):
            self._by_start[name[:SHORTEST]].append(name)

    def named(self, text: str) -> str:
        """The text, with the proper term behind each other name that it uses; the longest name counts."""
        if not self._proper:
            return text
        found = dict.fromkeys(self._proper[name] for name in self._names_in(normal(text)))
        return f"{text} {' '.join(found)}" if found else text

    def _names_in(self, plain: str) -> Iterator[str]:
        at = 0
        while at < len(plain) - 1:
            names = self._by_start.get(plain[at : at + SHORTEST], ())
            name = next(
                (name for name in names if plain.startswith(name, at) and _is_whole(name, plain, at)), ""
            )
            if name:
                yield name
            at += len(name) or 1

    def asked_for(self, text: str) -> str:
        """The id of the term whose meaning a text asks for, as in 「〜とは」; empty when it asks something else."""
        found = _MEANING.fullmatch(normal(text))
        return self._ids.get(normal(next(filter(None, found.groups()))), "") if found else ""


def _is_whole(name: str, plain: str, at: int) -> bool:
    """A Latin abbreviation inside a longer word is not that abbreviation."""
    if not name.isascii():
        return True
    around = plain[max(0, at - 1) : at] + plain[at + len(name) : at + len(name) + 1]
    return not any(letter.isascii() and letter.isalnum() for letter in around)
