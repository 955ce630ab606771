"""What staff enter: rounds, windows and settings of rules; refused with the reason, told with what was before."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from intents.desk.projects import entered, rounds, settings
from intents.desk.projects.marks import mark
from intents.desk.projects.records import Round, Window, WindowKind
from intents.desk.refused import Refused
from knowledge.reminder_model import SettingRule
from knowledge.reminder_settings import KINDS, read_setting
from knowledge.reminders import load_rules
from storage.audit import lines
from storage.books import StoredBooks, books
from storage.database import Database
from tests.kit import NOON

WINDOW = Window(id=0, kind=WindowKind.SUPPORT, name="登録支援", year=2026)
RULES = load_rules()


def test_a_round_is_entered_with_what_was_seen(database: Database) -> None:
    """A day at a time; the same is no conflict; who saw another one is told."""
    with books(database, NOON, "staff:x") as opened:
        first = rounds.put_round(opened, Round(60, None, date(2026, 12, 18)))
        rounds.put_round(opened, Round(60, date(2027, 2, 10), date(2026, 12, 18)), mark(first))
        rounds.put_round(opened, Round(60, date(2027, 2, 10), date(2026, 12, 18)), mark(first))
        with pytest.raises(Refused, match="changed_meanwhile"):
            rounds.put_round(opened, Round(60), mark(first))
    assert [line.action for line in lines(database, "round:60")] == ["entered"] * 2


REFUSED: tuple[tuple[Callable[[StoredBooks], object], str], ...] = (
    (lambda o: rounds.put_round(o, Round(0)), "round_wrong"),
    (lambda o: rounds.put_round(o, Round(60, date(1850, 1, 1))), "day_far"),
    (lambda o: rounds.put_round(o, Round(60, date(2026, 12, 1), date(2026, 12, 2))), "order_wrong"),
    (lambda o: rounds.add_window(o, replace(WINDOW, name=" ")), "window_name_wrong"),
    (lambda o: rounds.add_window(o, replace(WINDOW, year=26)), "year_wrong"),
    (lambda o: rounds.add_window(o, replace(WINDOW, levels=(70, 50))), "levels_wrong"),
    (lambda o: rounds.add_window(o, replace(WINDOW, levels=(0,))), "levels_wrong"),
    (lambda o: rounds.add_window(o, replace(WINDOW, source="x" * 501)), "text_long"),
    (
        lambda o: rounds.add_window(o, replace(WINDOW, opens_on=date(2026, 12, 1), closes_at=NOON)),
        "order_wrong",
    ),
    (lambda o: rounds.use(o, 9, 10, date(2026, 11, 1)), "no_such_window"),
    (lambda o: rounds.close(o, 9), "no_such_window"),
    (lambda o: settings.switch(o, RULES, "DL-99", on=True), "no_such_rule"),
    (lambda o: settings.switch(o, RULES, "foo", on=True), "rule_unlike"),
    (lambda o: settings.enter(o, RULES, "DL-01", "x", "1"), "no_settings"),
    (lambda o: settings.enter(o, RULES, "DL-05", "x", "1"), "no_such_setting"),
    (lambda o: settings.enter(o, RULES, "DL-05", "submission_month", "13"), "setting_month_wrong"),
)


@pytest.mark.parametrize(("work", "problem"), REFUSED)
def test_what_is_refused(
    sqlite_database: Database, work: Callable[[StoredBooks], object], problem: str
) -> None:
    """Nothing is entered."""
    with books(sqlite_database, NOON, "staff:x") as opened:
        with pytest.raises(Refused, match=problem):
            work(opened)
        assert (opened.calendars.rounds(), opened.calendars.windows()) == ((), ())
        assert opened.calendars.settings() == {}


def test_a_window_fills_and_closes(database: Database) -> None:
    """The share as of a day that has come; all gone is over, and what was before is told."""
    with books(database, NOON, "staff:x") as opened:
        window = rounds.add_window(opened, WINDOW)
        assert rounds.add_window(opened, WINDOW) == window
        with pytest.raises(Refused, match="window_exists"):
            rounds.add_window(opened, replace(WINDOW, source="x"))
        used = rounds.use(opened, window.id, 70, date(2026, 11, 24), mark(window))
        with pytest.raises(Refused, match="changed_meanwhile"):
            rounds.use(opened, window.id, 80, date(2026, 11, 24), mark(window))
        with pytest.raises(Refused, match="as_of_wrong"):
            rounds.use(opened, window.id, 80, date(2026, 11, 25))
        assert used.closed_at is None
        assert rounds.use(opened, window.id, 100, date(2026, 11, 24)).closed_at == NOON
        assert rounds.close(opened, window.id).used == 100
    told = lines(database, f"window:{window.id}")
    assert [line.action for line in told] == ["added", "used", "used"]
    assert told[1].before == {"used": None, "used_as_of": None}


def test_a_rule_is_switched_and_stands_by_itself_again(database: Database) -> None:
    """However its number is written; as it is by itself leaves no setting behind."""
    with books(database, NOON, "staff:x") as opened:
        for typed in ("DL-10", "dl10", "ＤＬ－１０", "10"):
            assert settings.find_rule(RULES, typed).id == "DL-10"
        settings.switch(opened, RULES, "DL-10", on=True)
        assert opened.calendars.settings() == {"DL-10": {"enabled": "yes"}}
        with pytest.raises(Refused, match="changed_meanwhile"):
            settings.switch(opened, RULES, "DL-10", on=False, seen=False)
        settings.switch(opened, RULES, "DL-10", on=False, seen=True)
        assert opened.calendars.settings() == {}
        settings.switch(opened, RULES, "DL-01", on=False)
        assert not settings.enabled(RULES["DL-01"], opened.calendars.settings()["DL-01"])


def test_a_setting_is_entered_and_taken_back(database: Database) -> None:
    """As it is kept, whatever was typed."""
    with books(database, NOON, "staff:x") as opened:
        assert settings.enter(opened, RULES, "DL-5", "submission_month", "５月") == "5"
        assert settings.enter(opened, RULES, "DL-5", "submission_month", "5", "") == "5"
        with pytest.raises(Refused, match="changed_meanwhile"):
            settings.enter(opened, RULES, "DL-5", "submission_month", "6", "")
        assert settings.enter(opened, RULES, "DL-5", "submission_month", "-", "5") == ""
        assert opened.calendars.settings() == {}
    told = lines(database, "rule:DL-05")
    assert [(line.before, line.after) for line in told] == [
        ({"submission_month": ""}, {"submission_month": "5"}),
        ({"submission_month": "5"}, {"submission_month": ""}),
    ]


TYPED = {
    "date": ("令和8年4月1日", date(2026, 4, 1)),
    "days": ("120日", 120),
    "month": ("5月", 5),
    "month_day": ("4月1日", (4, 1)),
    "weekday": ("木曜", 4),
    "hour": ("12時", 12),
}


def test_every_kind_of_setting_is_read_as_the_rules_read_it() -> None:
    """What is kept is what `knowledge.reminder_settings` takes, and what is wrong has its sentence."""
    assert set(settings.READ) == set(KINDS) == set(TYPED)
    for kind, (text, value) in TYPED.items():
        rule = SettingRule("x", kind, {})
        assert read_setting(kind, settings.read(rule, text)) == value
        with pytest.raises(Refused, match=f"setting_{kind}_wrong"):
            settings.read(rule, "x")


def test_what_staff_type_about_windows() -> None:
    """A day alone ends when the office does; shares in any list; wrong ones name their field."""
    assert entered.closing("closes_at", "2026/10/30 14:00") == datetime(2026, 10, 30, 5, tzinfo=UTC)
    assert entered.closing("closes_at", "R8.10.30") == datetime(2026, 10, 30, 8, tzinfo=UTC)
    assert entered.closing("closes_at", "") is None
    assert entered.levels("levels", "50、70 ９０%") == (50, 70, 90)
    assert entered.day("cutoff", None, date(2026, 1, 1)) == date(2026, 1, 1)
    assert entered.day("cutoff", "-", date(2026, 1, 1)) is None
    for work in (
        lambda: entered.closing("x", "2026-10-30 25:00"),
        lambda: entered.levels("x", "half"),
        lambda: entered.per_cent("x", ""),
    ):
        with pytest.raises(Refused) as refused:
            work()
        assert refused.value.places["field"] == "x"
