"""The promises' file: every kind is there, and each mistake is named."""

from pathlib import Path

import pytest

from knowledge.promises import FILE, KINDS, PromiseFault, load_promises, promise_complaints

TEXT = FILE.read_text("utf-8")


def test_every_kind_has_a_promise() -> None:
    """And warns before it is due."""
    promises = load_promises()
    assert set(promises) == set(KINDS)
    assert all(promise.near < promise.answer for promise in promises.values())


@pytest.mark.parametrize(
    ("old", "new", "field", "problem"),
    [
        ("[handover]", "[handovre]", "handovre", "unknown_key"),
        ("[handover]", "[handovre]", "handover", "missing"),
        ("answer_hours = 24", "answer_hours = 0", "offset.answer_hours", "wrong_type"),
        ("answer_hours = 24", "answer_hours = 5", "offset.near_hours", "wrong_type"),
        ("answer_hours = 24", "answer_hour = 24", "offset.answer_hour", "unknown_key"),
        ("near_hours = 6", "", "offset.near_hours", "missing"),
        ("[offset]", "[offset", "", "broken_toml"),
    ],
)
def test_a_mistake_is_named(old: str, new: str, field: str, problem: str) -> None:
    """By kind, field and what is wrong."""
    found = [(one.field, one.problem) for one in promise_complaints(TEXT.replace(old, new))]
    assert (field, problem) in found


def test_a_wrong_file_is_not_used(tmp_path: Path) -> None:
    """The fault says what to mend, and what was probably meant."""
    file = tmp_path / "promises.toml"
    file.write_text(TEXT.replace("[handover]", "[handovre]"), "utf-8")
    with pytest.raises(PromiseFault, match=r"promises\.toml: handovre: unknown key .*handover"):
        load_promises(file)
