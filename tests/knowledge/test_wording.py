"""The catalogue: both languages, equal places, nothing missing and nothing left over."""

import ast
import re
from pathlib import Path

from knowledge.model import Lang
from knowledge.wording import load_wording

ROOT = Path(__file__).parent.parent.parent
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")
# Rules about how people write are data for the matcher, never shown.
# The rooms that read what people write; what they say stands in catalogues all the same.
READS_JAPANESE = ("intents/understanding/", "intents/understand.py", "intents/readers/")


def test_catalog_complete_in_both_languages() -> None:
    """Loading refuses a key whose languages or places differ; every sentence is filled."""
    for key, pair in load_wording().texts.items():
        assert pair.in_(Lang.JA), key
        assert pair.in_(Lang.EN), key


def test_catalog_complete_no_japanese_in_code() -> None:
    """No Japanese sentence is hard-coded."""
    for room in ("bot", "intents", "knowledge", "storage"):
        for file in (ROOT / room).rglob("*.py"):
            path = file.relative_to(ROOT).as_posix()
            strings = (
                node.value
                for node in ast.walk(ast.parse(file.read_text("utf-8")))
                if isinstance(node, ast.Constant)
            )
            spoken = [text for text in strings if isinstance(text, str) and JAPANESE.search(text)]
            assert not spoken or path.startswith(READS_JAPANESE), f"{path}: {spoken}"


def test_catalog_complete_every_key_in_code_exists() -> None:
    """A key that the code or a template names stands in the catalogue."""
    known = load_wording().texts
    named = re.compile(r'say\(\s*"((?:chat|web|check|doctor)\.[a-z_]+)"')
    for file in ROOT.glob("*/**/*.py"):
        if file.parts[len(ROOT.parts)] in ("bot", "intents", "knowledge", "storage"):
            missing = [key for key in named.findall(file.read_text("utf-8")) if key not in known]
            assert not missing, f"{file}: {missing}"
    page = named_in_templates()
    assert not [name for name in page if f"web.{name}" not in known]


def named_in_templates() -> set[str]:
    """The keys of the web templates."""
    folder = ROOT / "bot/channels/web/templates"
    return {
        name
        for file in folder.glob("*.j2")
        for name in re.findall(r"""say\(["']([a-z_]+)["']\)""", file.read_text("utf-8"))
    }
