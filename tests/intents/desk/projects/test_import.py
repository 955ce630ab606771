"""Imports on both engines: what would change and what changes, good rows taken and bad ones named, twice is once."""

from datetime import date
from decimal import Decimal

import pytest

from intents.desk.projects import register
from intents.desk.projects.importing.plans import Change, counted
from intents.desk.projects.importing.sheets import TEMPLATE, SheetKind
from intents.desk.projects.items import ItemKind, MonitoringItem
from intents.desk.projects.records import Certification, Instrument, Period, Project, Role, Scheme
from storage.audit import lines
from storage.books import StoredBooks, books
from storage.database import Database
from tests.intents.desk.projects.import_kit import (
    ASIDE,
    CHANGED,
    NEW,
    SAME,
    done,
    problems,
    raw,
    seen,
    verdicts,
    warnings,
)
from tests.kit import NOON

HEAD = TEMPLATE[SheetKind.PROJECTS]
FULL = (
    "EN-S-039",
    "省エネルギー住宅の新築",
    "㈱みどり",
    "茨城",
    "en-s-6",
    "プログラム型",
    "○",
    "令和2年5月10日",
    "2021/9/30",
    "44531",
    "R3.11.15",
    "2021.11.15",
    "",
    "1,234 t-CO2/年",
    "青井",
    "aoi@example.jp",
    "赤井",
    "aka@example.jp",
)
SHORT = ("project_id", "title", "organisation")


def _find(database: Database, project_id: str = "P-1") -> Project:
    with books(database, NOON, "staff:x") as opened:
        return register.find(opened, project_id)


def _staff(opened: StoredBooks, project_id: str = "P-1") -> dict[Role, tuple[str, str]]:
    current = opened.contacts.duties([register.find(opened, project_id).id])
    known = {one.id: (one.name, one.mail) for one in opened.contacts.of({one.contact for one in current})}
    return {one.role: known[one.contact] for one in current}


def test_a_full_row_is_taken_and_the_same_again_changes_nothing(database: Database) -> None:
    """Every column; one line in the audit without names; then nothing at all."""
    assert verdicts(seen(database, raw(HEAD, FULL))) == [NEW]
    assert verdicts(done(database, raw(HEAD, FULL))) == [NEW]
    found = _find(database, "EN-S-039")
    assert (found.title, found.organisation, found.prefecture) == (
        "省エネルギー住宅の新築",
        "㈱みどり",
        "茨城県",
    )
    assert (found.methodology, found.scheme, found.is_forest) == ("EN-S-006", Scheme.PROGRAMME, True)
    assert (found.implementation_date, found.registration_date) == (date(2020, 5, 10), date(2021, 12, 1))
    assert (found.cp_start, found.cp_end, found.expected_t) == (date(2021, 11, 15), None, Decimal(1234))
    with books(database, NOON, "staff:x") as opened:
        assert _staff(opened, "EN-S-039") == {
            Role.OWNER: ("青井", "aoi@example.jp"),
            Role.SECOND: ("赤井", "aka@example.jp"),
        }
    (line,) = lines(database, "project:EN-S-039")
    assert (line.action, line.reason) == ("imported", "list.csv 2")
    assert "青井" not in str(line)
    for _ in range(2):
        assert (
            verdicts(seen(database, raw(HEAD, FULL))) == verdicts(done(database, raw(HEAD, FULL))) == [SAME]
        )
    assert _find(database, "EN-S-039") == found
    assert len(lines(database)) == 1


def test_an_empty_cell_leaves_what_is_there_and_a_dash_erases(database: Database) -> None:
    """Also the people; what cannot be without is refused."""
    done(database, raw(HEAD, FULL))
    head = ("project_id", "title", "cp_start", "expected_t", "is_forest", "scheme", "second_contact_name")
    planned = done(database, raw(head, ("EN-S-039", "", "－", "", "-", "-", "-")))
    assert [(one.field, one.old, one.new) for one in planned[0].changes] == [
        ("scheme", Scheme.PROGRAMME, Scheme.NORMAL),
        ("is_forest", True, False),
        ("cp_start", date(2021, 11, 15), None),
        ("second_contact_name", "赤井", None),
        ("second_contact_email", "aka@example.jp", None),
    ]
    found = _find(database, "EN-S-039")
    assert (found.cp_start, found.expected_t, found.title) == (None, Decimal(1234), "省エネルギー住宅の新築")
    with books(database, NOON, "staff:x") as opened:
        assert set(_staff(opened, "EN-S-039")) == {Role.OWNER}
    assert problems(seen(database, raw(("project_id", "title"), ("EN-S-039", "-")))) == [
        ("title", "text_missing")
    ]
    line = lines(database, "project:EN-S-039")[-1]
    assert line.after is not None
    assert line.after["second"] == []


def test_good_rows_are_taken_and_bad_ones_named(database: Database) -> None:
    """Every fault of a row by its column; a second row about the same is set aside."""
    rows = (
        ("P-1", "一", "みどり", "", ""),
        ("", "二", "みどり", "", ""),
        ("P-3", "", "", "あした", "大阪府"),
        ("P-1", "四", "みどり", "", ""),
        ("p 5", "五", "みどり", "", ""),
        ("P-6", "六", "みどり", "2021-12-01", "茨城"),
    )
    planned = done(database, raw((*SHORT, "cp_start", "prefecture"), *rows))
    assert verdicts(planned) == [NEW, ASIDE, ASIDE, ASIDE, ASIDE, NEW]
    assert problems(planned) == [
        ("project_id", "key_missing"),
        ("cp_start", "cell_day"),
        ("prefecture", "cell_outside_area"),
        ("title", "field_missing"),
        ("organisation", "field_missing"),
        ("project_id", "row_twice"),
        ("project_id", "id_wrong"),
    ]
    assert _find(database).title == "一"
    assert counted(planned)[ASIDE] == 4


def test_contradictory_dates_are_taken_and_marked(database: Database) -> None:
    """The dry run says so; once somebody has confirmed them, the same file does not mark them again."""
    head = (*SHORT, "registration_application_date", "registration_date")
    row = ("P-1", "一", "みどり", "2022-12-01", "2022-11-24")
    planned = seen(database, raw(head, row))
    assert warnings(planned) == [("registration_application_date", "doubted")]
    done(database, raw(head, row))
    fields = {"registration_application_date", "registration_date"}
    assert _find(database).unverified == fields
    with books(database, NOON, "staff:x") as opened:
        register.change(opened, "P-1", unverified=frozenset())
    assert verdicts(done(database, raw(head, row))) == [SAME]
    done(database, raw(head, ("P-1", "一", "みどり", "2022-12-02", "")))
    assert _find(database).unverified == fields
    marked = ("P-1", "一", "みどり", "", "", "cp_end、登録日")
    done(database, raw((*head, "要確認"), marked))
    assert _find(database).unverified == {"cp_end", "registration_date"}


def test_a_methodology_without_a_card_is_kept_with_a_warning(database: Database) -> None:
    """And the nearest one is named."""
    head = (*SHORT, "methodology")
    rows = (
        ("P-1", "一", "みどり", "EN-S-007"),
        ("P-2", "二", "みどり", "自社手法"),
        ("P-3", "三", "x", "FO-1"),
    )
    planned = done(database, raw(head, *rows))
    assert warnings(planned) == [
        ("methodology", "methodology_nearest"),
        ("methodology", "methodology_unknown"),
    ]
    assert planned[0].warnings[0].places["nearest"] in ("EN-S-001", "EN-S-006")
    assert [_find(database, f"P-{n}").methodology for n in (1, 2, 3)] == ["EN-S-007", "自社手法", "FO-001"]


# ------------------------------------------------ people

PEOPLE = (*SHORT, "contact_name", "contact_email")


def _row(number: int, name: str, mail: str) -> tuple[str, ...]:
    return (f"P-{number}", "t", "みどり", name, mail)


def test_somebody_else_in_charge_follows(database: Database) -> None:
    """The one before stays a former one; both are needed to name somebody new with an address."""
    done(database, raw(PEOPLE, _row(1, "青井", "aoi@example.jp")))
    planned = done(database, raw(PEOPLE, _row(1, "赤井", "aka@example.jp")))
    assert planned[0].changes == (
        Change("contact_name", "青井", "赤井"),
        Change("contact_email", "aoi@example.jp", "aka@example.jp"),
    )
    with books(database, NOON, "staff:x") as opened:
        assert _staff(opened) == {
            Role.OWNER: ("赤井", "aka@example.jp"),
            Role.FORMER: ("青井", "aoi@example.jp"),
        }
    done(database, raw(PEOPLE, _row(1, "黄井", "")))
    done(database, raw(PEOPLE, _row(1, "", "ki@example.jp")))
    with books(database, NOON, "staff:x") as opened:
        assert _staff(opened)[Role.OWNER] == ("ki@example.jp", "ki@example.jp")


@pytest.mark.parametrize("mail", ["AOI@example.jp", "aoi+x@example.jp"])
def test_an_address_written_otherwise_is_the_same(database: Database, mail: str) -> None:
    """Nothing changes."""
    done(database, raw(PEOPLE, _row(1, "青井", "aoi@example.jp")))
    assert verdicts(done(database, raw(PEOPLE, _row(1, "青井", mail)))) == [SAME]
    assert verdicts(done(database, raw(PEOPLE, _row(1, "", mail)))) == [SAME]
    assert verdicts(done(database, raw(PEOPLE, _row(1, "青井", "")))) == [SAME]


def test_one_address_has_one_name_however_many_rows_say_otherwise(database: Database) -> None:
    """The first one counts, the others are told, and the same file again changes nothing."""
    rows = (
        _row(1, "窓口", "info@example.jp"),
        _row(2, "総務課", "info@example.jp"),
        _row(3, "", "info@example.jp"),
    )
    planned = done(database, raw(PEOPLE, *rows))
    assert warnings(planned) == [("contact_name", "two_names")]
    assert verdicts(done(database, raw(PEOPLE, *rows))) == [SAME] * 3
    renamed = done(database, raw(PEOPLE, _row(4, "環境課", "info@example.jp")))
    assert warnings(renamed) == [("contact_email", "renamed")]
    with books(database, NOON, "staff:x") as opened:
        assert _staff(opened, "P-1")[Role.OWNER] == ("環境課", "info@example.jp")


def test_somebody_gets_an_address_later(database: Database) -> None:
    """They stay who they were."""
    done(database, raw(PEOPLE, _row(1, "青井 太郎", "")))
    assert verdicts(done(database, raw(PEOPLE, _row(1, "青井太郎", "aoi@example.jp")))) == [CHANGED]
    with books(database, NOON, "staff:x") as opened:
        assert _staff(opened) == {Role.OWNER: ("青井太郎", "aoi@example.jp")}
    assert verdicts(done(database, raw(PEOPLE, _row(1, "青井太郎", "aoi@example.jp")))) == [SAME]


def test_nobody_is_asked_in_their_own_place(database: Database) -> None:
    """Owner and second contact are two; a second contact who takes over is the second one no longer."""
    head = (*PEOPLE, "second_contact_name", "second_contact_email")
    same = (*_row(1, "青井", "aoi@example.jp"), "青井", "aoi+2@example.jp")
    assert problems(seen(database, raw(head, same))) == [("second_contact_email", "second_is_owner")]
    done(database, raw(head, (*_row(1, "青井", "aoi@example.jp"), "赤井", "aka@example.jp")))
    done(database, raw(PEOPLE, _row(1, "赤井", "aka@example.jp")))
    with books(database, NOON, "staff:x") as opened:
        assert set(_staff(opened)) == {Role.OWNER, Role.FORMER}


# ------------------------------------------------ what belongs to projects


def test_belongings_come_with_their_projects(database: Database) -> None:
    """In any order of sheets; of projects that are not there they are set aside; the same again is the same."""
    sheets = (
        raw(
            ("project_id", "回", "申請日", "認証量", "掲載日"),
            ("P-1", "第53回", "2022-10-03", "47t", ""),
            ("P-9", "", "2022-10-03", "", ""),
            ("P-1", "", "2022/10/3", "48", ""),
            name="certifications",
        ),
        raw(
            ("project_id", "begins_on", "ends_on"),
            ("P-1", "2022-4-1", "2023-3-31"),
            ("P-1", "2023-4-1", ""),
            name="periods",
        ),
        raw(("project_id", "name", "valid_until"), ("P-1", "電力量計", "2027-3-31"), name="instruments"),
        raw(
            ("project_id", "name", "kind", "unit", "since"),
            ("P-1", "電力量", "数値", "kWh", "2026/4"),
            ("P-1", "請求書", "書類", "", "2026年4月"),
            name="items",
        ),
        raw(SHORT, ("P-1", "一", "みどり"), name="projects"),
    )
    assert problems(seen(database, *sheets)) == [
        ("project_id", "project_unknown"),
        ("project_id", "row_twice"),
        ("ends_on", "field_missing"),
    ]
    assert verdicts(done(database, *sheets)) == [NEW, NEW, ASIDE, ASIDE, NEW, ASIDE, NEW, NEW, NEW]
    found = _find(database)
    assert found.certifications == (Certification(date(2022, 10, 3), 53, Decimal(47)),)
    assert found.periods == (Period(date(2022, 4, 1), date(2023, 3, 31)),)
    assert found.instruments == (Instrument("電力量計", date(2027, 3, 31)),)
    with books(database, NOON, "staff:x") as opened:
        assert opened.projects.items([found.id])[found.id] == (
            MonitoringItem("請求書", ItemKind.DOCUMENT, "", "2026-04"),
            MonitoringItem("電力量", ItemKind.FIGURE, "kWh", "2026-04"),
        )
    assert verdicts(done(database, *sheets)) == [SAME, SAME, ASIDE, ASIDE, SAME, ASIDE, SAME, SAME, SAME]


def test_a_certification_before_the_registration_is_told_and_marked(database: Database) -> None:
    """The row stands; the registration has to be confirmed."""
    done(database, raw((*SHORT, "registration_date"), ("P-1", "一", "みどり", "2022-12-01")))
    sheet = raw(("project_id", "applied_on"), ("P-1", "2022-10-03"), name="certifications")
    assert warnings(seen(database, sheet)) == [("registration_date", "doubted")]
    done(database, sheet)
    assert _find(database).unverified == {"registration_date"}


def test_an_empty_cell_of_a_belonging_leaves_what_is_there(database: Database) -> None:
    """A dash erases what may be missing."""
    done(database, raw(SHORT, ("P-1", "一", "みどり")))
    head = ("project_id", "applied_on", "round", "tonnes")
    done(database, raw(head, ("P-1", "2022-10-03", "53", "47"), name="certifications"))
    planned = done(database, raw(head, ("P-1", "2022-10-03", "-", ""), name="certifications"))
    assert planned[0].changes == (Change("round", 53, None),)
    assert _find(database).certifications == (Certification(date(2022, 10, 3), None, Decimal(47)),)


def test_overlapping_periods_are_worth_a_look(database: Database) -> None:
    """Both stand."""
    done(database, raw(SHORT, ("P-1", "一", "みどり")))
    head = ("project_id", "begins_on", "ends_on")
    done(database, raw(head, ("P-1", "2022-04-01", "2023-03-31"), name="periods"))
    planned = done(database, raw(head, ("P-1", "2023-03-01", "2023-04-30"), name="periods"))
    assert warnings(planned) == [("begins_on", "period_overlaps")]
    assert len(_find(database).periods) == 2


def test_many_rows_are_taken_in_chunks(database: Database) -> None:
    """More than one transaction holds, each whole; new and changed ones together."""
    rows = [(f"P-{n}", f"案件{n}", "みどり", f"担当{n % 7}", f"a{n % 7}@example.jp") for n in range(650)]
    assert verdicts(done(database, raw(PEOPLE, *rows))) == [NEW] * 650
    rows[300] = ("P-300", "別の名前", "みどり", "", "")
    again = done(database, raw(PEOPLE, *rows))
    assert counted(again) == {NEW: 0, CHANGED: 1, SAME: 649, ASIDE: 0}
    with books(database, NOON, "staff:x") as opened:
        assert len(opened.projects.page(0, 1000)) == 650
