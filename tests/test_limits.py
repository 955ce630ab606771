"""The house's limits: short functions, short modules, a sentence for every public name."""

import ast
import statistics
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILES = [
    file
    for room in ("bot", "intents", "knowledge", "storage")
    for file in sorted((ROOT / room).rglob("*.py"))
    if "migrations" not in file.parts
]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def _functions() -> list[tuple[str, Function]]:
    return [
        (f"{file.name}:{node.name}", node)
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, Function)
    ]


def _length(node: Function) -> int:
    first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
    return (node.end_lineno or 0) - first.lineno + 1


def test_functions_are_short() -> None:
    """None over forty lines, the median at most seven."""
    lengths = {name: _length(node) for name, node in _functions()}
    assert not {name: lines for name, lines in lengths.items() if lines > 40}
    assert statistics.median(lengths.values()) <= 7


def test_modules_are_short() -> None:
    """None over 250 lines."""
    assert not [file.name for file in FILES if len(file.read_text("utf-8").splitlines()) > 250]


def test_public_names_have_a_docstring() -> None:
    """Modules, public classes and public functions say what they are for."""
    missing = [file.name for file in FILES if not ast.get_docstring(ast.parse(file.read_text("utf-8")))]
    for file in FILES:
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
                missing += [] if ast.get_docstring(node) else [f"{file.name}:{node.name}"]
    assert not missing
