"""Days, times, wishes, on Tuesday 24 November 2026."""

from datetime import date, time, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.readers.clock_words import Part
from intents.readers.days import Wish, day, past_day, time_of_day, wish_text, wishes, written
from knowledge.model import Lang
from knowledge.wording import load_wording
from tests.intents.readers.kit import TEXTS, problem, value

TODAY = date(2026, 11, 24)
FIFTH = date(2026, 12, 5)


@pytest.mark.parametrize(
    "typed",
    ["2026-12-05", "2026/12/5", "2026年12月5日", "20261205", "12/5", "１２／５", "12-5", "12.5", "12月5日", "十二月五日", "5日", "令和8年12月5日",
     "R8.12.5", "Dec 5", "December 5th, 2026", "5 December", "Dec. 5", "12月5日(土)でお願いします", "来月の5日", "来週の土曜", "Saturday, Dec 5",
     "next Saturday", "Saturday next week", "the 5th", "今年の12/5", "11日後"],
)  # fmt: skip
def test_every_spelling_of_a_day(typed: str) -> None:
    """Western, era, month and day, day alone, weeks, English."""
    assert day(typed, TODAY) == FIFTH


@pytest.mark.parametrize(
    ("typed", "ahead"),
    [("今日", 0), ("明日", 1), ("あさって", 2), ("tomorrow", 1), ("the day after tomorrow", 2), ("来週の火曜", 7), ("next Tuesday", 7),
     ("来週の月曜", 6), ("再来週の月", 13), ("金曜日", 3), ("火曜", 7), ("1週間後", 7), ("in 2 weeks", 14), ("1/8", 45)],
)  # fmt: skip
def test_days_relative_to_today(typed: str, ahead: int) -> None:
    """Next week begins on the next Monday; a weekday alone is the next one to come; January is next year's."""
    assert day(typed, TODAY) == TODAY + timedelta(days=ahead)


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("2/30", "day_not_real"),
        ("2026/11/31", "day_not_real"),
        ("32日", "day_not_real"),
        ("11/20", "day_past"),
        ("昨日", "day_past"),
        ("平成30年1月1日", "day_past"),
        ("2027/11/30", "day_far"),
        ("12/5(日)", "day_weekday"),
        ("Monday, Dec 8", "day_weekday"),
        ("12/5か12/8", "day_two"),
        ("いつでも", "day_unclear"),
        ("来週日程を相談", "day_unclear"),
        ("", "empty"),
    ],
)
def test_what_is_no_day(typed: str, wrong: str) -> None:
    """Each has its sentence."""
    assert problem(partial(day, typed, TODAY)) == wrong


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2025-04-01", date(2025, 4, 1)),
        ("2025年4月", date(2025, 4, 1)),
        ("2025/4", date(2025, 4, 1)),
        ("令和7年4月", date(2025, 4, 1)),
        ("R7.4", date(2025, 4, 1)),
        ("4/1", date(2026, 4, 1)),
        ("3月1日です", date(2026, 3, 1)),
        ("Dec 5", date(2025, 12, 5)),
        ("昨日", date(2026, 11, 23)),
        ("2027/3/1", date(2027, 3, 1)),
        ("平成30年1月1日", date(2018, 1, 1)),
    ],
)
def test_a_day_on_which_something_was_done(typed: str, read: date) -> None:
    """The last such day; a month is its first day."""
    assert past_day(typed, TODAY) == read


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("だいぶ前", "day_done_unclear"),
        ("明日", "day_done_unclear"),
        ("2025/2/30", "day_not_real"),
        ("2025年13月", "day_not_real"),
    ],
)
def test_what_is_no_day_of_something_done(typed: str, wrong: str) -> None:
    """Each has its sentence."""
    assert problem(partial(past_day, typed, TODAY)) == wrong


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("10時", time(10)),
        ("１０：３０", time(10, 30)),
        ("午後2時半", time(14, 30)),
        ("14時30分", time(14, 30)),
        ("2:30 p.m.", time(14, 30)),
        ("正午", time(12)),
        ("12am", time(0)),
        ("2時", time(14)),
        ("02:00", time(2)),
    ],
)
def test_a_time_is_read(typed: str, read: time) -> None:
    """An hour of the small hours means the afternoon unless it says otherwise."""
    assert time_of_day(typed) == read


def test_what_is_no_time() -> None:
    """A time that no clock shows, or none at all."""
    assert problem(partial(time_of_day, "25:00")) == "time_not_real"
    assert problem(partial(time_of_day, "10:75")) == "time_not_real"
    assert problem(partial(time_of_day, "お昼ごろ")) == "time_unclear"


def test_three_wishes_in_one_sentence() -> None:
    """Day and part, day and span, week and part."""
    assert wishes("12/5 午後、12/8 10時〜12時, 来週の火曜の午前", TODAY) == (
        Wish(FIFTH, Part.AFTERNOON),
        Wish(date(2026, 12, 8), begins=time(10), ends=time(12)),
        Wish(date(2026, 12, 1), Part.MORNING),
    )


@pytest.mark.parametrize(
    ("typed", "begins", "ends"),
    [
        ("12/5 10-12時", 10, 12),
        ("12/5 午後2時～4時", 14, 16),
        ("12/5 9時から5時", 9, 17),
        ("Dec 5, 2-4pm", 14, 16),
        ("Dec 5 10am to 2pm", 10, 14),
        ("12/5 14時以降", 14, None),
        ("12/5 15時まで", None, 15),
        ("12/5 until 3 pm", None, 15),
        ("12/5（土） 10:00", 10, None),
        ("第1希望：12/5 正午から", 12, None),
    ],
)
def test_the_hours_of_a_wish(typed: str, begins: int | None, ends: int | None) -> None:
    """Spans and open ends, with the half of the day carried over."""
    opens, closes = (None if hour is None else time(hour) for hour in (begins, ends))
    assert wishes(typed, TODAY) == (Wish(FIFTH, begins=opens, ends=closes),)


def test_what_is_said_of_two_days_holds_for_both() -> None:
    """A weekday alone lies in the week named before; a day alone follows the month named before."""
    second, third = date(2026, 12, 1), date(2026, 12, 3)
    assert wishes("来週の火曜か木曜の午後", TODAY) == (
        Wish(second, Part.AFTERNOON),
        Wish(third, Part.AFTERNOON),
    )
    assert [wish.day for wish in wishes("1月5日、8日、12日", TODAY)] == [
        date(2027, 1, each) for each in (5, 8, 12)
    ]
    assert len(wishes("①12/1午前②12/2午後③12/3終日", TODAY)) == 3


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("午前中ならいつでも", "wish_no_day"),
        ("12/5以外", "wish_except"),
        ("12/5〜12/8", "wish_span"),
        ("1/5 2/5 3/5 4/5", "wish_many"),
        ("12/5 午後4時〜午後2時", "time_order"),
        ("12/5 25時", "time_not_real"),
        ("11/20 午後", "day_past"),
    ],
)
def test_what_is_no_wish(typed: str, wrong: str) -> None:
    """Each has its sentence."""
    assert problem(partial(wishes, typed, TODAY)) == wrong


def test_wishes_are_shown_with_their_weekday() -> None:
    """Read back in both languages, so that a slip is seen."""
    shown = [
        wish_text(wish, lang, load_wording())
        for lang in Lang
        for wish in wishes("12/5 10-12時、12/8午後", TODAY)
    ]
    assert shown == [
        "2026年12月5日（土） 10:00〜12:00",
        "2026年12月8日（火） 午後",
        "Sat 5 Dec 2026, 10:00–12:00",
        "Tue 8 Dec 2026, afternoon",
    ]


@given(TEXTS)
def test_any_text_is_a_day_or_refused(text: str) -> None:
    """No text breaks a reader; a day reads as itself, and a wish that was written out is the same wish."""
    if read := value(partial(day, text, TODAY)):
        assert day(read.isoformat(), TODAY) == read
    if done := value(partial(past_day, text, TODAY)):
        assert past_day(done.isoformat(), TODAY) == done
    if found := value(partial(wishes, text, TODAY)):
        assert wishes("\n".join(map(written, found)), TODAY) == found
    if moment := value(partial(time_of_day, text)):
        assert time_of_day(f"{moment:%H:%M}") == moment


@given(
    st.integers(0, 365),
    st.sampled_from(Part),
    st.times().map(lambda moment: moment.replace(second=0, microsecond=0)),
)
def test_a_written_wish_is_the_same_wish(ahead: int, part: Part, begins: time) -> None:
    """What is kept means the same on every later day."""
    there = TODAY + timedelta(days=ahead)
    for wish in (Wish(there, part), Wish(there, begins=begins), Wish(there, ends=begins)):
        assert wishes(written(wish), TODAY) == (wish,)
