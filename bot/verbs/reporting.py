"""`jdesk check --report`: the figures of a question file, by category, with who was taken for whom."""

import json
from pathlib import Path

import typer

from bot.clock import now, tokyo_day
from bot.index_cache import understanding
from bot.settings import Settings
from bot.verbs.editions import Unreadable, edition_at
from intents.understanding.evaluation import Question, Report, Shares, questions_in, report

COLUMNS = ("right first", "right in three", "answered", "confident wrong")
PAIRS = 20


def show_report(files: list[Path], knowledge: Path, *, as_json: bool) -> None:
    """Asks every question of the files and prints the figures; exit 1 when a file cannot be read."""
    try:
        questions = [question for file in files for question in _questions(file)]
        mind = understanding(edition_at(knowledge), Settings().cache_dir)
    except (Unreadable, OSError, ValueError) as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from fault
    made = report(mind, questions, tokyo_day(now()))
    typer.echo(json.dumps(_as_json(made), ensure_ascii=False, indent=1) if as_json else _as_text(made))


def _questions(file: Path) -> list[Question]:
    try:
        return questions_in(file.read_text("utf-8-sig").split("\n"))
    except ValueError as fault:
        raise ValueError(f"{file}: {fault}") from fault


def _as_json(made: Report) -> dict[str, object]:
    styles = {style: round(made.by_style.share(style), 3) for style in made.by_style.asked}
    categories = {
        name: {column: round(shares.share(column), 3) for column in COLUMNS}
        for name, shares in made.by_category.items()
    }
    pairs = [[wanted, taken, times] for (wanted, taken), times in made.confused.most_common()]
    return {"total": made.figures(), "categories": categories, "styles": styles, "confused": pairs}


def _as_text(made: Report) -> str:
    lines = [f"{name:<18} {share:.3f}  of {made.total.asked[name]}" for name, share in made.figures().items()]
    lines += ["", f"{'category':<18} " + "  ".join(f"{column:>15}" for column in COLUMNS)]
    lines += [_row(name, shares) for name, shares in sorted(made.by_category.items())]
    lines += ["", "right first by style: " + ", ".join(_styles(made))]
    lines += ["", "taken for one another (wanted -> taken):"]
    lines += [
        f"  {wanted} -> {taken}  {times}" for (wanted, taken), times in made.confused.most_common(PAIRS)
    ]
    return "\n".join(lines)


def _row(name: str, shares: Shares) -> str:
    return f"{name:<18} " + "  ".join(f"{shares.share(column):>15.3f}" for column in COLUMNS)


def _styles(made: Report) -> list[str]:
    return [f"{style} {made.by_style.share(style):.2f}" for style in sorted(made.by_style.asked)]
