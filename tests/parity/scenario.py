"""A conversation in neutral acts, as a file of `scenarios/` tells it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

FOLDER = Path(__file__).parent / "scenarios"
Act = Literal["say", "press", "fill", "slip", "staff", "happens", "minutes", "mail"]
FORMS: tuple[Act, ...] = ("fill", "slip")
ACTS: tuple[Act, ...] = get_args(Act)


@dataclass(frozen=True, slots=True)
class Step:
    """One act, and the words that the desk's answer to it must and must not hold.

    The person says something, presses a button by its label, or fills a form in and sends it, or does so with
    a slip in it and is told what is wrong; staff act on the
    newest case (`返事する: text`); something `happens` by its name in a transcript; minutes pass; or somebody who
    reads the newest letter by mail presses a button there.
    """

    act: Act
    text: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    expected: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()


def names() -> list[str]:
    """The scenarios there are."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def load(name: str) -> tuple[Step, ...]:
    """The steps of a scenario."""
    told = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
    return tuple(map(_step, told["step"]))


def _step(told: Mapping[str, Any]) -> Step:
    (act,) = (name for name in ACTS if name in told)
    assert set(told) <= {act, "expect", "never"}, f"not a step: {told}"
    given = told[act]
    fields = {name: str(value) for name, value in given.items()} if act in FORMS else {}
    text = "" if act in FORMS else str(given)
    return Step(act, text, fields, tuple(told.get("expect", ())), tuple(told.get("never", ())))
