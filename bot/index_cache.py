"""Indexes kept between two starts: a file per edition and per state of the code, safe to delete.

Building the index of the full edition takes seconds, reading it back a tenth of one.
"""

import contextlib
import hashlib
import json
import os
import subprocess
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from zipfile import BadZipFile

import numpy as np

import intents.understanding
import knowledge
from intents.understanding.index import Arrays
from intents.understanding.router import Understanding
from knowledge.model import Edition
from knowledge.reader import Files, read

KEPT = 4
ANALYSERS = ("sudachipy", "sudachidict-small", "pystemmer", "numpy")


def understanding(edition: Edition, folder: Path) -> Understanding:
    """The edition made ready for questions, from a kept index where there is one."""
    file = _file(edition, folder)
    kept = _read(file)
    mind = Understanding(edition, kept=kept)
    if kept is None:
        _write(file, mind.arrays)
    return mind


def understanding_apart(files: Files, folder: Path) -> Understanding:
    """As above, but a missing index is built by a process of its own.

    Building takes seconds of Python and a hundred megabytes, which this process has better uses for.
    """
    edition = read(files).edition
    if not _file(edition, folder).exists():
        command = [sys.executable, "-m", "bot.index_cache", str(folder)]
        # Should the other process fail, this one builds the index itself, below.
        subprocess.run(command, input=json.dumps(dict(files)), text=True, check=False, capture_output=True)  # noqa: S603 - our own module
    return understanding(edition, folder)


def _file(edition: Edition, folder: Path) -> Path:
    return folder / f"{edition.name}-{_code()}.npz"


def _read(file: Path) -> Arrays | None:
    # A file that is missing or broken only costs the time of building.
    broken = (OSError, ValueError, KeyError, EOFError, BadZipFile)
    with contextlib.suppress(*broken), file.open("rb") as opened, np.load(opened, allow_pickle=False) as kept:
        return {name: kept[name] for name in kept.files}
    return None


def _write(file: Path, arrays: Arrays) -> None:
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as part:
            np.savez(part, allow_pickle=False, **arrays)
        # Whole or not at all: another process may be reading.
        os.replace(part.name, file)
        for old in sorted(file.parent.glob("*.npz"), key=lambda one: one.stat().st_mtime)[:-KEPT]:
            old.unlink(missing_ok=True)


@cache
def _code() -> str:
    """The state of the code that builds an index: another analyser or reader makes another index."""
    folders = (intents.understanding.__path__[0], knowledge.__path__[0])
    files = [file for folder in folders for file in sorted(Path(folder).glob("*.py"))]
    parts = [version(name).encode() for name in ANALYSERS] + [file.read_bytes() for file in files]
    return hashlib.sha256(b"".join(parts)).hexdigest()[:12]


if __name__ == "__main__":
    understanding(read(json.load(sys.stdin)).edition, Path(sys.argv[1]))
