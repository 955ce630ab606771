"""What the tests of readers share."""

from collections.abc import Callable
from typing import TypeVar

from hypothesis import strategies as st

from intents.readers.misread import Misread

# Any text, and texts made of what people type into such fields, so that every branch is met.
TEXTS = st.text(max_size=60) | st.lists(
    st.sampled_from(
        [
            "0",
            "1",
            "2",
            "3",
            "9",
            "12",
            "30",
            "2026",
            "０",
            "５",
            "一",
            "二",
            "十",
            "年",
            "月",
            "日",
            "時",
            "分",
            "半",
            "/",
            "-",
            "ー",
            "~",
            "〜",
            ":",
            ".",
            ",",
            "、",
            "@",
            "+",
            "(",
            ")",
            "@example.jp",
            "来週の",
            "火曜",
            "明日",
            "午前",
            "午後",
            "am",
            "pm",
            "から",
            "まで",
            "か",
            "と",
            "人",
            "名",
            "kg",
            "t",
            "CO2",
            "万",
            "はい",
            "いいえ",
            "です",
            "お願いします",
            "please",
            "dec",
            "next",
            "tuesday",
            "東京",
            "大阪",
            "さいたま市",
            "03",
            "株式会社",
            "\n",
            "\u200b",
        ]
    ),
    max_size=9,
).map("".join)


def problem(read: Callable[[], object]) -> str:
    """What a reader says is wrong; empty where it reads a value."""
    try:
        read()
    except Misread as misread:
        return misread.problem
    return ""


T = TypeVar("T")


def value(read: Callable[[], T]) -> T | None:
    """What a reader reads; nothing where it refuses, and a failure where it breaks."""
    try:
        return read()
    except Misread:
        return None
