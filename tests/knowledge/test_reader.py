"""The reader and the check: each defect is named by file and field, with what was probably meant."""

from collections.abc import Callable
from datetime import date

import pytest

from bot.verbs.check import complaints_about
from knowledge.model import Lang
from knowledge.reader import files_in, name_of, read
from knowledge.wording import load_wording
from tests.kit import small_edition

DAY = date(2026, 11, 24)
ENTRY = "entries/certification/certification-steps.md"
Files = dict[str, str]


def _lines(files: Files) -> list[str]:
    return [complaint.text(load_wording(), Lang.EN) for complaint in complaints_about(files, DAY)]


def test_the_product_s_own_knowledge_is_clean() -> None:
    """What ships has no defect, and neither has the small edition of the tests."""
    assert _lines(files_in()) == []
    assert _lines(small_edition()) == []


def test_the_name_of_an_edition_follows_its_bytes() -> None:
    """The same files give the same name, one changed letter another."""
    files = small_edition()
    assert name_of(files) == name_of(dict(reversed(files.items())))
    assert name_of(files) != name_of(files | {ENTRY: files[ENTRY] + "\n"})


def _swap(path: str, old: str, new: str) -> Callable[[Files], Files]:
    def swap(files: Files) -> Files:
        assert old in files[path]
        return files | {path: files[path].replace(old, new, 1)}

    return swap


def _copy(files: Files) -> Files:
    return files | {"entries/certification/other.md": files[ENTRY]}


DEFECTS = {
    "unknown key": (_swap(ENTRY, "offers =", "offer ="), ENTRY, "offer", "did you mean “offers”?"),
    "missing": (_swap(ENTRY, 'owner = "desk"\n', ""), ENTRY, "owner", "is missing"),
    "source": (_swap(ENTRY, "[^jmacc]", "[^jmac]"), ENTRY, "body.ja", "did you mean “jmacc”?"),
    "no mark": (_swap(ENTRY, "[^jmacc]", ""), ENTRY, "body.ja", "has no source mark"),
    "related": (_swap(ENTRY, '["monitoring-report-deadline"]', '["monitoring-report-deadlin"]'), ENTRY, "related", "monitoring-report-deadline"),
    "command": (_swap(ENTRY, '"consultation.start"', '"consultation.begin"'), ENTRY, "offers", "consultation.start"),
    "fact": (_swap("entries/seminar/seminar-how-to-register.md", "facts.seminar_fiscal_year", "facts.seminar_year"), "entries/seminar/seminar-how-to-register.md", "body.ja", "does not exist"),
    "number": (_swap(ENTRY, "次の委員会", "30日後の委員会"), ENTRY, "body.ja", "put numbers and dates into facts.toml"),
    "english": (_swap(ENTRY, "english_of = 2026-11-23", "english_of = 2026-11-22"), ENTRY, "english_of", "older than the Japanese"),
    "period": (_swap("facts.toml", "[consultations_taken]", '[[seminar_fiscal_year.periods]]\nja = "x"\nen = "x"\nvalid_from = 2024-01-01\nsources = ["seed-kanto-r4"]\n[consultations_taken]'), "facts.toml", "seminar_fiscal_year.periods", "overlap"),
    "no source": (_swap("facts.toml", 'sources = ["seed-kanto-r4"]', "sources = []"), "facts.toml", "seminar_fiscal_year.sources", "has no source"),
    "toml": (_swap("facts.toml", "[seminar_fiscal_year]", "[seminar_fiscal_year"), "facts.toml", "", "is not readable as TOML"),
    "duplicate id": (_copy, "entries/certification/other.md", "id", "the same id stands in"),
    "twin": (_swap("entries/monitoring/monitoring-report-deadline.md", "モニ報の締切", "認証手続きの全体像"), "entries/monitoring/monitoring-report-deadline.md", "phrasings", "is nearly the same as"),
}  # fmt: skip


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_named(name: str) -> None:
    """File, field, what is wrong and what was meant stand in one line."""
    spoil, file, field, text = DEFECTS[name]
    assert any(
        line.startswith(f"{file}: ") and field in line and text in line
        for line in _lines(spoil(small_edition()))
    )


def test_one_broken_file_does_not_hide_the_rest() -> None:
    """The reader goes on after a defect."""
    files = small_edition() | {ENTRY: "no head at all"}
    reading = read(files)
    assert len(reading.complaints) == 1
    assert len(reading.edition.entries) == len(read(small_edition()).edition.entries) - 1
