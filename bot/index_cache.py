"""Indexes kept between two starts: a file per edition and per state of the code, safe to delete.

Building the index of the full edition takes seconds, reading it back a tenth of one.
"""

import contextlib
import hashlib
import os
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np

import intents.understanding
from intents.understanding.index import Arrays
from intents.understanding.router import Understanding
from knowledge.model import Edition

KEPT = 4


def understanding(edition: Edition, folder: Path) -> Understanding:
    """The edition made ready for questions, from a kept index where there is one."""
    file = folder / f"{edition.name}-{_code()}.npz"
    kept = _read(file)
    mind = Understanding(edition, kept=kept)
    if kept is None:
        _write(file, mind.arrays)
    return mind


def _read(file: Path) -> Arrays | None:
    # A file that is missing or broken only costs the time of building.
    with contextlib.suppress(OSError, ValueError, KeyError), np.load(file, allow_pickle=False) as kept:
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
    """The state of the code that builds an index: another analyser makes another index."""
    files = sorted(Path(intents.understanding.__path__[0]).glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
