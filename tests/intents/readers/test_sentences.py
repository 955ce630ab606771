"""Every problem that a reader names has its sentence, and the sentence its places."""

import ast
from collections.abc import Iterator
from pathlib import Path

from knowledge.model import Lang
from knowledge.wording import load_wording, places_of

FOLDER = Path(__file__).parents[3] / "intents"


def _problems() -> Iterator[tuple[str, set[str]]]:
    """Each problem with the places that come with it."""
    for file in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Misread":
                texts = [part.value for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant)]
                for problem in texts:
                    if isinstance(problem, str) and len(problem) > 1 and not _is_elsewhere(problem):
                        yield problem, {str(keyword.arg) for keyword in node.keywords}


def _is_elsewhere(problem: str) -> bool:
    """Whether another file has the sentence; cells of an import are named by row and column (`test_register`)."""
    return "." in problem or problem.startswith("cell_")


def test_every_problem_has_a_sentence_that_names_the_field() -> None:
    """In both languages, and with nothing left open."""
    texts = load_wording().texts
    problems = list(_problems())
    assert len(problems) > 40
    for problem, places in problems:
        for lang in Lang:
            open_places = places_of(texts[f"readers.{problem}"].in_(lang))
            assert "field" in open_places, problem
            assert open_places <= places | {"field"}, problem


def test_no_sentence_is_left_over() -> None:
    """A sentence that names a field belongs to a problem."""
    used = {f"readers.{problem}" for problem, _ in _problems()}
    texts = load_wording().texts
    said = {key for key, pair in texts.items() if key.startswith("readers.") and "{field}" in pair.ja}
    assert said == used
