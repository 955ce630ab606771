"""The credits that staff list for offsets: each stands in a source, in a prefecture of the area."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from intents.desk.offset_records import ASK_STAFF
from intents.readers.area import AREA
from knowledge.credits import load_credits
from knowledge.reader import files_in, read


def test_every_credit_stands_in_a_source() -> None:
    """Nothing is listed that the knowledge does not know the source of."""
    sources = read(files_in()).edition.sources
    assert load_credits()
    for one in load_credits().values():
        assert one.source in sources
        assert one.prefecture in AREA
        assert one.id != ASK_STAFF


def test_what_nobody_checked_is_not_claimed() -> None:
    """The report names the credit of Sado and not its kind."""
    assert load_credits()["sado-toki"].kind is None


@pytest.mark.parametrize("line", ['prefecture = "x"', 'kind = "forest"', "colour = 1"])
def test_a_wrong_list_is_refused(tmp_path: Path, line: str) -> None:
    """A missing or an unknown field, or a kind in one language, is a mistake."""
    file = tmp_path / "credits.toml"
    file.write_text(f'["a"]\nname.ja = "a"\nname.en = "a"\n{line}\n', "utf-8")
    with pytest.raises(ValidationError):
        load_credits(file)
