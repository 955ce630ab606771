"""The queue on both engines: the case with the least time left first, what each filter lets through, and what is found."""

import pytest

from intents.desk import case_endings, cases
from intents.desk.books import Recipient
from intents.desk.case_records import Case, CaseKind, CaseOutcome, CaseState, DateKind, NewCase
from intents.desk.case_talk import open_case
from knowledge.model import Lang
from storage.case_queue import NOBODYS, Filter, counts, newest, queue
from storage.database import Database
from tests.intents.desk.case_world import (
    DAY,
    HOUR,
    LETTERS,
    MORI,
    PRACTICE,
    SATO,
    act,
    ask,
    at,
    staffed,
)
from tests.kit import NOON


def _numbers(database: Database, which: Filter, skip: int = 0, limit: int = 50) -> list[str]:
    with database.look() as connection:
        return [one.number for one in queue(connection, which, skip, limit).cases]


def _total(database: Database, which: Filter, skip: int = 0, limit: int = 1) -> int:
    with database.look() as connection:
        return queue(connection, which, skip, limit).total


def _new(database: Database, summary: str = "", **fields: str) -> str:
    to = Recipient(0, "web:p1", "p1@example.jp", Lang.JA)
    new = NewCase(kind=CaseKind.CONSULTATION, summary=summary, to=to, **fields)
    return act(database, lambda opened: open_case(opened, PRACTICE, new).number)


# ------------------------------------------------ order


def test_the_least_time_left_first(database: Database) -> None:
    """By what is due first, promise or date; those with nothing due at the end, the oldest first."""
    staffed(database)
    later, sooner, dated, undue, waiting = (
        ask(database, CaseKind.OFFSET),
        ask(database),
        ask(database, CaseKind.OFFSET),
        ask(database),
        ask(database),
    )
    act(database, lambda opened: cases.set_date(opened, SATO, dated, NOON + HOUR, DateKind.COMMITTEE))
    act(database, lambda opened: cases.reply(opened, LETTERS, SATO, undue, "はい"))
    act(database, lambda opened: cases.ask_back(opened, LETTERS, SATO, waiting, "何台ですか"))
    assert _numbers(database, Filter()) == [dated, sooner, later, undue, waiting]


def test_the_newest_closed_first(database: Database) -> None:
    """Among those that closed at the same moment, the newest."""
    staffed(database)
    found = [ask(database) for _ in range(3)]
    for number, when in zip(found, (at(25, 10), at(25, 9), at(25, 10)), strict=True):
        act(
            database,
            lambda opened, one=number: case_endings.finish(opened, LETTERS, SATO, one, CaseOutcome.ANSWERED),  # type: ignore[misc]
            now=when,
        )
    assert _numbers(database, Filter(closed=True)) == [found[2], found[0], found[1]]
    assert _numbers(database, Filter()) == []


def test_pages(database: Database) -> None:
    """Every case once, whatever the page; the number of all beside."""
    found = [ask(database) for _ in range(7)]
    pages = [_numbers(database, Filter(), skip, 3) for skip in (0, 3, 6, 9)]
    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert [number for page in pages for number in page] == found
    assert {_total(database, Filter(), skip, 3) for skip in (0, 3, 4, 5, 6, 7, 9)} == {7}
    assert {_total(database, Filter(), 0, limit) for limit in (1, 7, 8)} == {7}
    assert _total(database, Filter(closed=True)) == 0
    with database.look() as connection:
        assert [one.number for one in newest(connection, 2)] == [found[6], found[5]]


# ------------------------------------------------ filters


@pytest.fixture
def several(database: Database) -> Database:
    """Five cases, each with something that the others have not: K-00001 to K-00005."""
    staffed(database)
    ask(database, prefecture="新潟県")
    _new(database, "植林", methodology="FO-001")
    ask(database, CaseKind.OFFSET)
    ask(database, CaseKind.QUESTION, now=at(24, 9))
    ask(database, CaseKind.FAULT)
    act(database, lambda opened: cases.take(opened, SATO, "K-00001"))
    act(database, lambda opened: cases.assign(opened, MORI, "K-00002", "mori"))
    act(database, lambda opened: cases.ask_back(opened, LETTERS, MORI, "K-00002", "どこですか"))
    act(database, lambda opened: case_endings.finish(opened, LETTERS, SATO, "K-00005", CaseOutcome.ANSWERED))
    return database


FILTERS = (
    (Filter(), "1432"),
    (Filter(desk="forest"), "2"),
    (Filter(desk="general"), "143"),
    (Filter(owner="sato"), "1"),
    (Filter(owner=NOBODYS), "43"),
    (Filter(owner="nobody-of-us"), ""),
    (Filter(state=CaseState.WAITING), "2"),
    (Filter(state=CaseState.NEW), "43"),
    (Filter(kind=CaseKind.OFFSET), "3"),
    (Filter(prefecture="新潟県"), "1"),
    (Filter(late_at=at(24, 17)), "1"),
    (Filter(late_at=at(24, 17, 1)), "14"),
    (Filter(closed=True), "5"),
    (Filter(closed=True, owner="sato"), "5"),
    (Filter(desk="general", owner=NOBODYS, kind=CaseKind.QUESTION), "4"),
)


def test_filters(several: Database) -> None:
    """Each alone, and together; the number of all is that of what is shown."""
    for which, found in FILTERS:
        assert "".join(number[-1] for number in _numbers(several, which)) == found, which
        assert _total(several, which) == len(found), which


def test_counts(several: Database) -> None:
    """Of open cases only; of somebody who owns none, too."""
    with several.look() as connection:
        assert counts(connection, "sato", at(24, 17)) == {"open": 4, "mine": 1, "unowned": 2, "late": 1}
        assert counts(connection, "nobody-of-us", NOON) == {"open": 4, "mine": 0, "unowned": 2, "late": 0}


def test_lists_of_the_home_page(several: Database) -> None:
    """One's own, nobody's, and what is late, whoever's."""

    def queued(owner: str, late: bool = False) -> list[str]:
        moment = NOON + DAY if late else None
        return [one.number[-1] for one in act(several, lambda opened: opened.cases.queued(owner, moment, 10))]

    assert (queued("sato"), queued(""), queued("", late=True)) == (["1"], ["4", "3"], ["1", "4"])


# ------------------------------------------------ search


TEXTS = {
    "K-00001": {"summary": "ボイラーの更新で100%補助", "organisation": "株式会社グリーン"},
    "K-00002": {"summary": "BOILER_A の件", "organisation": "青空工業", "name": "山田太郎"},
    "K-00003": {"summary": "植林について", "methodology": "FO-001"},
    "K-00004": {"summary": "1005本の苗木"},
}


@pytest.fixture
def written(database: Database) -> Database:
    """Four cases to look for."""
    for fields in TEXTS.values():
        _new(database, **fields)
    return database


SEARCHES = (
    ("", "1234"),
    ("   ", "1234"),
    ("ボイラー", "1"),
    ("ﾎﾞｲﾗｰ", "1"),
    ("boiler", "2"),
    ("ＢＯＩＬＥＲ＿ａ", "2"),
    ("（株）グリーン", ""),
    ("グリーン", "1"),
    ("山田太郎", "2"),
    ("fo-001", "3"),
    ("植林 fo-001", "3"),
    ("植林 グリーン", ""),
    ("100%", "1"),
    ("100", "14"),
    ("%", "1"),
    ("_", "2"),
    ("\\", ""),
    ("K-00002", "2"),
    ("k-2", "2"),
    ("Ｋ－00002", "2"),
    ("2", "2"),
    ("00003", "3"),
    ("K-99999", ""),
    ("' or 1=1 --", ""),
)


def test_search(written: Database) -> None:
    """Width and case do not matter, every word must be there, signs mean themselves, a number is that of a case."""
    for text, found in SEARCHES:
        which = Filter(text=text)
        assert "".join(sorted(number[-1] for number in _numbers(written, which))) == found, text
        assert _total(written, which) == len(found), text


def test_records_read_alike(written: Database) -> None:
    """What the queue gives is what is found one by one."""
    with written.look() as connection:
        listed: tuple[Case, ...] = queue(connection, Filter()).cases
    one_by_one = act(written, lambda opened: tuple(opened.cases.find(one.number) for one in listed))
    assert listed == one_by_one
