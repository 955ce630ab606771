"""The ways through the dialogs that `test_dialogs` walks: how each begins, and what is answered on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from intents.desk import surveys
from intents.desk.books import Recipient
from intents.desk.seats import SeatState
from intents.desk.seminar_records import NewSeminar, SignUp
from intents.desk.survey_records import Kind, NewSurvey, SurveyQuestion
from intents.messages import Pressed
from knowledge.model import Lang
from storage.books import books
from tests.kit import NOON
from tests.stage import Stage, invite
from tests.stage_projects import code_came, month_asked, registered, round_to_choose, tick
from tests.world import DAY

# What each question is answered with, and with what it must refuse; an empty one is skipped.
Answers = Mapping[str, tuple[str, str]]


def nothing(_: Stage) -> dict[str, str]:
    """Most dialogs begin without anything given."""
    return {}


@dataclass(frozen=True, slots=True)
class Path:
    """One way through a dialog: what there is before it, what is said before it, and the answers on it.

    `prepare` gives the answers that the button which begins the dialog brings along.
    """

    dialog: str
    answers: Answers
    first: tuple[str, ...] = ()
    prepare: Callable[[Stage], dict[str, str]] = nothing


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


CONTACT = {
    "name": ("山田太郎", "12345"),
    "mail": ("taro@example.com", "taro @example.com"),
    "phone": ("", "０３ー１２"),
}
REQUEST = {
    "consent": ("はい", "いいえ"),
    "stage": ("計画書を作っている", "３０番"),
    "prefecture": ("埼玉", "大阪府"),
    "organisation": ("株式会社グリーン", "！！！"),
    "corporate_number": ("", "1234567890123"),
    "industry": ("製造", "99"),
    "about": ("登録の費用を知りたい", ""),
}
SEAT = {
    "consent": ("はい", "いいえ"),
    "seminar": ("制度と活用セミナー", "S-0099"),
    "way": ("オンライン", "船で"),
    "party": ("2名", "6名"),
    "organisation": ("株式会社グリーン", "！！！"),
    **CONTACT,
    "extra_1": ("ボイラー", ""),
    "extra_2": ("", ""),
    "extra_3": ("", ""),
    "question": ("", ""),
    "wants_consultation": ("いいえ", "どちらでも"),
}
SIGNED_UP = _words(
    "説明会に申し込みます|はい|制度と活用セミナー|オンライン|1|個人|山田|taro@example.com|なし|なし|なし|いいえ|送信"
)
REQUESTED = _words(
    "個別相談を申し込みます|はい|計画書を作っている|埼玉|グリーン株式会社|なし|製造|なし|前の相談|窓口|12/9|鈴木"
    "|suzuki@example.com|なし|送信"
)
BOOKED = _words(
    "個別相談を申し込みます|はい|1|埼玉|個人|なし|製造|なし|費用|オンライン|1|山田|taro@example.com|なし|送信"
)
FIND = {
    "prefecture": ("埼玉県", "火星"),
    **{f"rule_{number}": ("1", "９９") for number in range(1, 9)},
}

# ------------------------------------------------ what must be there first


def three_extras(stage: Stage) -> dict[str, str]:
    """The big seminar asks three questions of its own."""
    with books(stage.database, NOON, "staff:t") as opened:
        big = opened.seminars.find("S-0001")
        assert big
        opened.seminars.save(replace(big, questions=("設備", "時期", "予算")))
    return {}


EIGHT = tuple(
    SurveyQuestion(
        text=f"問{number}", kind=kind, options=("甲", "乙") if kind in (Kind.ONE, Kind.SEVERAL) else ()
    )
    for number, kind in enumerate((Kind.SCALE, Kind.ONE, Kind.SEVERAL, Kind.TEXT) * 2, 1)
)
ANSWERED = ("5", "甲", "甲、乙", "なるほど", "1", "乙", "1", "スキップ")
SURVEY = {
    "consent": ("はい", "いいえ"),
    "survey": ("ご感想", "Q-0099"),
    **{
        f"answer_{number}": (text if text != "スキップ" else "", wrong)
        for number, (text, wrong) in enumerate(
            zip(ANSWERED, ("9", "丙", "丁", "", "9", "丙", "丁", ""), strict=True), 1
        )
    },
    "comment": ("", ""),
}


def surveyed(stage: Stage) -> dict[str, str]:
    """A survey with eight questions of every kind about a seminar that ended; its letter says whose it is."""
    with books(stage.database, NOON - 2 * DAY, "staff:t") as opened:
        starts = NOON - timedelta(hours=3)
        held = NewSeminar(title="済んだ会", starts_at=starts, ends_at=starts + timedelta(hours=1), capacity=9)
        seminar = opened.seminars.add(held)
        came = SignUp(to=Recipient(0, "mail:x", "k@example.jp", Lang.JA), name="小林", organisation="個人")
        one = opened.seminars.register(seminar.id, came, SeatState.CONFIRMED)
        new = NewSurvey(title="ご感想", seminar=seminar.id, closes_at=NOON + 9 * DAY, questions=EIGHT)
        surveys.create(opened, new)
    return {"who": one.number}


def answered(stage: Stage) -> dict[str, str]:
    """The same, answered once."""
    given = surveyed(stage)
    letter = stage.open_letter("survey.start", **given)
    assert isinstance(letter, Pressed)
    for said in (letter, "はい", "ご感想", *ANSWERED, "スキップ", "送信"):
        stage.talk.say(said)
    return given


def invited(stage: Stage) -> dict[str, str]:
    """An invitation to a meeting that can be attended both ways."""
    return {"invitation": invite(stage)}


def two_told(stage: Stage) -> dict[str, str]:
    """Two dates of two projects were told this morning."""
    registered(stage, "P-001", "P-002")
    tick(stage)
    return {}


def two_of_mine(stage: Stage) -> dict[str, str]:
    """Two projects of whoever talks here."""
    registered(stage, "P-001", "P-002")
    return {}


CHANGED = {
    "project": ("P-001 高効率ボイラーの導入", "P-099"),
    "consent": ("はい", "いいえ"),
    "name": ("後任花子", "12345"),
    "mail": ("hanako@factory.example", "hanako @factory.example"),
}

PATHS = (
    Path(
        "project.contact_change",
        CHANGED | {"who": ("分かる（名前と連絡先を知らせる）", "たぶん")},
        prepare=two_of_mine,
    ),
    Path(
        "project.contact_change",
        {"about": ("P-077 試験工業", ""), "who": ("分からない", "たぶん"), "note": ("", "")},
    ),
    Path("reminder.snooze", {"which": ("1", "99"), "until": ("1週間後", "99")}, prepare=two_told),
    Path("project.target", {"round": ("第61回", "99")}, prepare=round_to_choose),
    Path(
        "project.reading",
        {"value": ("12,000 m3", "たくさん"), "sure": ("この値で記録する", "たぶん")},
        prepare=month_asked,
    ),
    Path("project.link", {"consent": ("はい", "いいえ"), "mail": CONTACT["mail"]}),
    Path("project.code", {"code": ("123456", "12")}, prepare=code_came),
    Path(
        "consultation.start",
        REQUEST
        | {
            "activity": ("", ""),
            "meeting": ("オンライン", "狼煙"),
            "slot": ("ほかの日時を希望する", "99"),
            "wishes": ("来週の火曜の午後", "2月30日"),
            **CONTACT,
        },
    ),
    Path(
        "consultation.start",
        REQUEST
        | {
            "activity": ("プレス機を入れ替えた", ""),
            "methodology": ("EN-S-022", "99"),
            "meeting": ("電話", "狼煙"),
            "slot": ("1", "99"),
            **CONTACT,
            "phone": ("03-1234-5678", "なし"),
        },
    ),
    Path(
        "consultation.start",
        REQUEST
        | {
            "activity": ("", ""),
            "similar": ("1", "99"),
            "meeting": ("窓口", "狼煙"),
            "wishes": ("12/8", "昨日"),
            **CONTACT,
        },
        first=REQUESTED,
    ),
    Path("seminar.register", SEAT, prepare=three_extras),
    Path(
        "seminar.register",
        SEAT
        | {"wants_consultation": ("はい", "x"), "stage": ("関心がある", "99"), "about": ("創出の流れ", "")},
    ),
    Path(
        "seminar.register",
        SEAT
        | {
            "wants_consultation": ("はい", "x"),
            "stage": ("計画書を作っている", "99"),
            "about": ("続き", ""),
            "similar": ("1", "99"),
        },
        first=REQUESTED,
    ),
    Path(
        "seminar.change",
        {
            "registration": ("R-00002", "R-00099"),
            "party": ("3", "0"),
            "way": ("会場", "船で"),
            "question": ("登録の期間は", ""),
            "organisation": ("株式会社ミドリ", "！！！"),
            **CONTACT,
            "wants_consultation": ("", "どちらでも"),
        },
        first=SIGNED_UP,
    ),
    Path("seminar.cancel", {"registration": ("R-00002", "R-00099")}, first=SIGNED_UP),
    Path("consultation.move", {"booking": ("B-00001", "B-9"), "slot": ("1", "99")}, first=BOOKED),
    Path("consultation.cancel", {"booking": ("B-00001", "B-9")}, first=BOOKED),
    Path(
        "methodology.find",
        FIND
        | {
            "activity": ("ボイラー コージェネ ヒートポンプ", ""),
            "split_1": ("8", "99"),
            "split_2": ("4", "99"),
            "split_3": ("4", "99"),
            "split_4": ("3", "99"),
            "code": ("1", "99"),
        },
    ),
    Path("methodology.find", FIND | {"activity": ("水田の中干し", "")}),
    Path("survey.start", SURVEY, prepare=surveyed),
    Path("survey.start", SURVEY | {"replace": ("1", "9")}, prepare=answered),
    Path(
        "meeting.attend",
        {
            "consent": ("はい", "いいえ"),
            "attending": ("はい", "どちらでも"),
            "people": ("林政課 山田花子", ""),
            "way": ("会場", "船で"),
            "question": ("", ""),
        },
        prepare=invited,
    ),
    Path(
        "offset.apply",
        {
            "consent": ("はい", "いいえ"),
            "organisation": ("山崎醸造", "！！！"),
            "prefecture": ("新潟", "大阪府"),
            "portals": ("ふるさとの店", ""),
            "items": ("味噌, 600個, 2.9", "味噌"),
            "credit": ("1", "99"),
            "leaflet": ("はい", "どちらでも"),
            **CONTACT,
        },
    ),
)
