"""Files of the register: any encoding and separator, Excel with real dates, what is none, and the way round."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from bot.project_export import packed, shelf
from bot.project_file import read_file, read_path
from bot.project_tables import set_aside, template, written_out
from bot.tables import Kind, NoBook, Table, book, sheets, written
from intents.desk.projects import duties, register
from intents.desk.projects.importing.plans import Verdict
from intents.desk.projects.importing.sheets import COLUMNS, TEMPLATE, SheetKind
from intents.desk.projects.items import ItemKind, MonitoringItem
from intents.desk.projects.records import (
    Certification,
    Instrument,
    NewProject,
    Period,
    Project,
    ProjectState,
    Role,
    Scheme,
)
from intents.desk.refused import Refused
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage.books import StoredBooks, books
from storage.database import Database
from tests.intents.desk.projects.import_kit import (
    ASIDE,
    NEW,
    SAME,
    done,
    problems,
    tables,
    verdicts,
    warnings,
)
from tests.kit import NOON

TEXT = "案件番号,プロジェクト名,実施者\nP-1,ボイラー,㈱みどり\n"
ROWS = ((1, ("案件番号", "プロジェクト名", "実施者")), (2, ("P-1", "ボイラー", "㈱みどり")))


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("cp932"),
        TEXT.encode("utf-16"),
        TEXT.replace(",", "\t").encode(),
        TEXT.replace(",", ";").encode(),
        TEXT.replace("\n", "\r\n").encode(),
        ("\n" + TEXT).encode(),
    ],
)
def test_csv_in_any_encoding_with_any_separator(content: bytes) -> None:
    """The same cells come out."""
    (sheet,) = read_file("list.csv", content)
    assert tuple(cells for _, cells in sheet.rows) == tuple(cells for _, cells in ROWS)


def test_cells_with_line_ends_and_quotes_are_one_cell() -> None:
    """Rows are counted as a spreadsheet counts them; an apostrophe before a formula is taken off."""
    (sheet,) = read_file("x.csv", b'a,b\n"1\n2","say ""hi"""\n,\n\'=1+1,3\n')
    assert sheet.rows == ((1, ("a", "b")), (2, ("1\n2", 'say "hi"')), (4, ("=1+1", "3")))


def _book() -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "プロジェクト"
    sheet.append(["案件番号", "プロジェクト名", "実施者", "登録日", "実施日", "年間見込み量", "森林"])
    moment = datetime(2021, 12, 1, 9, 30)  # noqa: DTZ001 - a spreadsheet knows no zones
    sheet.append(["P-1", "_x0041_", "みどり", moment, 44531, 1234.5, True])
    sheet.append([None] * 7)
    sheet.append([2, "=1+1", "みどり", date(2021, 12, 1), "令和3年12月1日", 47.0, None])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_excel_gives_texts() -> None:
    """Days as days, numbers without an exponent, empty rows not at all; what a formula came to is not known here."""
    (sheet,) = read_file("list.xlsx", _book())
    assert sheet.name == "プロジェクト"
    assert sheet.rows[1] == (2, ("P-1", "_x0041_", "みどり", "2021-12-01", "44531", "1234.5", "true"))
    assert sheet.rows[2] == (4, ("2", "", "みどり", "2021-12-01", "令和3年12月1日", "47", ""))


def test_excel_dates_and_serial_numbers_are_days(database: Database) -> None:
    """As cells with a date format, as bare numbers, and as texts of an era."""
    planned = done(database, *read_file("list.xlsx", _book()))
    assert verdicts(planned) == [NEW, ASIDE]
    wanted = planned[0].wanted
    assert isinstance(wanted, NewProject)
    assert (wanted.registration_date, wanted.implementation_date) == (date(2021, 12, 1), date(2021, 12, 1))
    assert (wanted.title, wanted.expected_t, wanted.is_forest) == ("_x0041_", Decimal("1234.5"), True)


BAD = (
    (b"", "file_empty"),
    (b" \n ", "file_empty"),
    (b"\xd0\xcf\x11\xe0\xa1", "file_old_book"),
    (b"PK\x03\x04nonsense", "file_broken"),
    (b"%PDF-1.4\0\0", "file_binary"),
    ("あ".encode() + b"\xff\xfe\xfd", "file_encoding"),
    (b'a,b\n"open,1\n', "file_quotes"),
    (b"x" * 20_000_001, "file_big"),
)


@pytest.mark.parametrize(("content", "problem"), BAD)
def test_what_is_no_table(content: bytes, problem: str) -> None:
    """Each with its own reason."""
    with pytest.raises(Refused, match=problem):
        read_file("x", content)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """Named, with the reason of the system."""
    with pytest.raises(Refused) as refused:
        read_path(tmp_path / "none.csv")
    assert refused.value.problem == "file_unread"


def test_a_small_book_that_becomes_a_giant_is_refused() -> None:
    """Before it is unpacked."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed_:
        packed_.writestr("xl/sharedStrings.xml", b"0" * 201_000_000)
    with pytest.raises(NoBook, match="too large"):
        sheets(out.getvalue())


# ------------------------------------------------ the way round

FIRST = NewProject(
    project_id="P-1",
    title="=SUM(A1)",
    organisation="'+みどり",
    prefecture="茨城県",
    methodology="@手法",
    scheme=Scheme.PROGRAMME,
    is_forest=True,
    implementation_date=date(2020, 5, 10),
    registration_application_date=date(2021, 9, 30),
    registration_date=date(2021, 12, 1),
    monitoring_ready_date=date(2021, 11, 15),
    cp_start=date(2021, 11, 15),
    cp_end=date(2029, 11, 14),
    expected_t=Decimal("1234.000001"),
    state=ProjectState.PAUSED,
    target_round=60,
    report_received_on=date(2022, 9, 1),
    plan_changed_on=date(2022, 8, 1),
    unverified=frozenset({"cp_end", "title"}),
)


def _fill(database: Database) -> None:
    with books(database, NOON, "staff:x") as opened:
        register.add(opened, FIRST)
        register.add(opened, NewProject(project_id="P-2", title="_x0041_", organisation="－みどり"))
        # Contradictory, and confirmed by somebody.
        wrong = {"registration_application_date": date(2022, 12, 1), "registration_date": date(2022, 11, 24)}
        register.change(opened, "P-2", None, "", **wrong)
        register.change(opened, "P-2", unverified=frozenset())
        duties.assign(opened, "P-1", Role.OWNER, "=青井", "aoi@example.jp")
        duties.assign(opened, "P-1", Role.SECOND, "+赤井", "")
        duties.assign(opened, "P-2", Role.SECOND, "黄井", "ki@example.jp")
        register.certify(
            opened, "P-1", Certification(date(2022, 10, 3), 52, Decimal("47.25"), date(2023, 1, 1))
        )
        register.certify(opened, "P-2", Certification(date(2024, 10, 3)))
        register.add_period(opened, "P-1", Period(date(2022, 4, 1), date(2023, 3, 31), date(2023, 5, 1), 55))
        register.add_instrument(opened, "P-1", Instrument("-計量器", date(2027, 3, 31)))
        register.add_item(opened, "P-1", MonitoringItem("@電力量", ItemKind.FIGURE, "=kWh", "2026-04"))


def _state(opened: StoredBooks) -> list[object]:
    found: list[object] = []
    for one in opened.projects.page(0, 10):
        assert isinstance(one, Project)
        current = opened.contacts.duties([one.id])
        people = [(duty.role, opened.contacts.by_id(duty.contact)) for duty in current]
        told = [(role, who.name, who.mail) for role, who in people if who]
        whole = (register.own(one), one.periods, one.certifications, one.instruments)
        found.append((whole, told, opened.projects.items([one.id]).get(one.id, ())))
    return found


@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_written_out_is_read_back_unchanged(
    sqlite_database: Database, postgres_database: Database, kind: Kind
) -> None:
    """Into the same register nothing changes; into an empty one everything comes back, formulas as the texts they are."""
    _fill(sqlite_database)
    with books(sqlite_database, NOON, "staff:x") as opened:
        tables_ = written_out(shelf(opened))
        before = _state(opened)
    kinds = [SheetKind.PROJECTS] if kind is Kind.XLSX else list(SheetKind)
    raw = [one for which in kinds for one in read_file(f"{which}.{kind}", packed(tables_, kind, which)[0])]
    assert set(verdicts(done(sqlite_database, *raw))) == {SAME}
    planned = done(postgres_database, *raw)
    assert set(verdicts(planned)) == {NEW}, problems(planned)
    with books(postgres_database, NOON, "staff:x") as opened:
        assert _state(opened) == before


def test_the_template_has_every_column_and_explains_it() -> None:
    """CSV with exactly the columns of the projects; a book with a sheet for each table and one that explains."""
    for lang in Lang:
        empty = template(load_wording(), lang)
        assert list(empty) == [*SheetKind, "columns"]
        assert [tuple(empty[kind].columns) for kind in SheetKind] == [TEMPLATE[kind] for kind in SheetKind]
        told = {(row[0], row[1]) for row in empty["columns"].rows}
        assert told == {(kind.value, name) for kind in SheetKind for name in COLUMNS[kind]}
        assert all(all(str(cell).strip() for cell in row) for row in empty["columns"].rows)
    text = written(template(load_wording(), Lang.JA)["projects"], Kind.CSV).decode("utf-8-sig")
    assert text == (
        "project_id,title,organisation,prefecture,methodology,scheme,is_forest,implementation_date,"
        "registration_application_date,registration_date,monitoring_ready_date,cp_start,cp_end,expected_t,"
        "contact_name,contact_email,second_contact_name,second_contact_email\r\n"
    )


def test_an_empty_template_is_no_fault_of_its_sheets(database: Database) -> None:
    """Filled in on one sheet, the others and the explanation are read over."""
    empty = template(load_wording(), Lang.JA)
    row = ["P-1", "ボイラー", "みどり", *[""] * 15]
    filled = empty | {"projects": Table(empty["projects"].columns, [row])}
    raw = read_file("t.xlsx", book(filled))
    assert tables(*raw).left_out == ()
    assert verdicts(done(database, *raw)) == [NEW]


def test_rows_that_were_set_aside_are_mended_and_imported(database: Database) -> None:
    """With their number and the reason, under the headings of the file; those two columns are read over."""
    raw = read_file(
        "x.csv", "案件番号,プロジェクト名,実施者,登録日,備考\nP-1,一,x,,\nP-2,二,x,あした,=1\n".encode()
    )
    planned = done(database, *raw)
    assert [one.verdict for one in planned] == [Verdict.NEW, Verdict.ASIDE]
    ((sheet, table),) = set_aside(tables(*raw), planned, {id(one): "理由" for one in planned})
    assert (sheet.kind, table.columns[:3]) == (SheetKind.PROJECTS, ["row", "reason", "案件番号"])
    assert table.rows == [["3", "理由", "P-2", "二", "x", "あした", "=1"]]
    mended = written(table, Kind.CSV).replace("あした".encode(), b"2021-12-01")
    again = done(database, *read_file("x-aside.csv", mended))
    assert (verdicts(again), warnings(again)) == ([NEW], [])
