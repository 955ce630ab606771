"""Kept indexes: the same readings, a broken file is no obstacle, a new edition makes a new one."""

from datetime import date
from pathlib import Path

import pytest

from bot.index_cache import understanding, understanding_apart
from knowledge.reader import read
from tests.kit import small_edition

DAY = date(2026, 11, 24)
QUESTION = "認証までの手順は？"


def test_a_kept_index_reads_the_same(tmp_path: Path) -> None:
    """Built here, built by another process, and read back: one reading."""
    edition = read(small_edition()).edition
    built = understanding(edition, tmp_path / "one").read(QUESTION, DAY)
    apart = understanding_apart(small_edition(), tmp_path / "two").read(QUESTION, DAY)
    assert list((tmp_path / "two").glob("*.npz"))
    assert understanding(edition, tmp_path / "two").read(QUESTION, DAY) == apart == built


@pytest.mark.parametrize("content", [b"", b"not an archive", b"PK\x03\x04 half"])
def test_a_broken_file_costs_only_time(tmp_path: Path, content: bytes) -> None:
    """It is built anew, and the file mended."""
    edition = read(small_edition()).edition
    understanding(edition, tmp_path)
    file = next(tmp_path.glob("*.npz"))
    file.write_bytes(content)
    assert understanding(edition, tmp_path).read(QUESTION, DAY).entry == "certification-steps"
    assert file.stat().st_size > 1000


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    """A read-only home is no reason not to answer."""
    blocked = tmp_path / "file"
    blocked.write_text("in the way", "utf-8")
    assert (
        understanding_apart(small_edition(), blocked / "cache").read(QUESTION, DAY).entry
        == "certification-steps"
    )


def test_old_indexes_are_forgotten(tmp_path: Path) -> None:
    """A few are kept for going back, not all that ever were."""
    files = small_edition()
    for n in range(6):
        changed = {path: text + "\n" * n if path == "calendar.toml" else text for path, text in files.items()}
        understanding(read(changed).edition, tmp_path)
    assert len(list(tmp_path.glob("*.npz"))) == 4
