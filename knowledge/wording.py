"""Every sentence that the product itself says, in both languages, from `wording/*.toml`.

A key is `file.name`. A sentence may hold `{name}` places, the same ones in both languages.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter

from knowledge.model import Bilingual, Lang

FOLDER = Path(__file__).parent / "wording"


class Wording:
    """The catalogue: key and language to sentence."""

    def __init__(self, texts: Mapping[str, Bilingual]) -> None:
        self.texts = texts

    def say(self, key: str, lang: Lang, **places: object) -> str:
        """The sentence of that key; raises KeyError for an unknown key or a place left empty."""
        return self.texts[key].in_(lang).format(**places)

    def names(self, file: str) -> tuple[str, ...]:
        """The names of the sentences of one file, in its order."""
        return tuple(key.partition(".")[2] for key in self.texts if key.startswith(f"{file}."))

    def group(self, file: str, lang: Lang) -> tuple[str, ...]:
        """All sentences of one file, in its order."""
        return tuple(self.say(f"{file}.{name}", lang) for name in self.names(file))


@cache
def load_wording(folder: Path = FOLDER) -> Wording:
    """Reads the catalogue; raises ValueError that names the key whose languages differ."""
    texts: dict[str, Bilingual] = {}
    for file in sorted(folder.glob("*.toml")):
        for name, pair in tomllib.loads(file.read_text("utf-8")).items():
            texts[f"{file.stem}.{name}"] = _checked(f"{file.stem}.{name}", pair)
    return Wording(texts)


def places_of(sentence: str) -> frozenset[str]:
    """The names of the places that a sentence leaves open."""
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name)


def _checked(key: str, pair: Mapping[str, str]) -> Bilingual:
    if set(pair) != {"ja", "en"}:
        raise ValueError(f"wording {key}: needs exactly ja and en, has {', '.join(pair) or 'nothing'}")
    if places_of(pair["ja"]) != places_of(pair["en"]):
        raise ValueError(f"wording {key}: ja and en leave different places open")
    return Bilingual(pair["ja"], pair["en"])
