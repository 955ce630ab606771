"""Every step of every dialog and every way to repair it: answered wrongly, back, changed, cancelled, asked aside,
helped, handed over, skipped, and gone on with after a restart. The run reports the share that was reached.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest

from bot.plain_text import plain_text
from intents.dialog import Dialog, Question
from intents.dialogs import DIALOGS
from intents.messages import Choices, Form, Pressed, RunCommand, Sources
from storage.database import Database
from storage.tokens import StoredTokens
from tests.kit import NOON, counted_token
from tests.world import WORDING, Talk, form_of, open_office

# What each question is answered with, and with what it must refuse; an empty one is skipped.
Answers = Mapping[str, tuple[str, str]]
CONTACT = {
    "name": ("山田太郎", "12345"),
    "mail": ("taro@example.com", "taro @example.com"),
    "phone": ("", "０３ー１２"),
}


@dataclass(frozen=True, slots=True)
class Path:
    """One way through a dialog: how it begins, and the answers on it."""

    dialog: str
    answers: Answers
    first: tuple[str, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)


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
    "question": ("", ""),
    "wants_consultation": ("いいえ", "どちらでも"),
}
SIGNED_UP = "説明会に申し込みます|はい|制度と活用セミナー|オンライン|1|個人|山田|taro@example.com|なし|なし|なし|いいえ|送信"
PATHS = (
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
        first=(
            "個別相談を申し込みます",
            "はい",
            "計画書を作っている",
            "埼玉",
            "グリーン株式会社",
            "なし",
            "製造",
            "なし",
            "前の相談",
            "窓口",
            "12/9",
            "鈴木",
            "suzuki@example.com",
            "なし",
            "送信",
        ),
    ),
    Path("seminar.register", SEAT),
    Path(
        "seminar.register",
        SEAT
        | {"wants_consultation": ("はい", "x"), "stage": ("関心がある", "99"), "about": ("創出の流れ", "")},
    ),
    Path(
        "seminar.change",
        {
            "registration": ("R-00002", "R-00099"),
            "party": ("3", "0"),
            "way": ("会場", "船で"),
            "question": ("登録の期間は", ""),
        },
        first=tuple(SIGNED_UP.split("|")),
    ),
    Path("seminar.cancel", {"registration": ("R-00002", "R-00099")}, first=tuple(SIGNED_UP.split("|"))),
    Path(
        "consultation.move",
        {"booking": ("B-00001", "B-9"), "slot": ("1", "99")},
        first=(
            "個別相談を申し込みます",
            "はい",
            "1",
            "埼玉",
            "個人",
            "なし",
            "製造",
            "なし",
            "費用",
            "オンライン",
            "1",
            "山田",
            "taro@example.com",
            "なし",
            "送信",
        ),
    ),
    Path(
        "consultation.cancel",
        {"booking": ("B-00001", "B-9")},
        first=(
            "個別相談を申し込みます",
            "はい",
            "1",
            "埼玉",
            "個人",
            "なし",
            "製造",
            "なし",
            "費用",
            "オンライン",
            "1",
            "山田",
            "taro@example.com",
            "なし",
            "送信",
        ),
    ),
    Path(
        "methodology.find",
        {
            "activity": ("ボイラーを新しくしたい", ""),
            "split_1": ("1", "99"),
            "split_2": ("1", "99"),
            "code": ("1", "99"),
            "prefecture": ("埼玉県", "火星"),
            **{f"rule_{n}": ("1", "９９") for n in range(1, 11)},
        },
    ),
)
reached: set[tuple[str, str, str]] = set()


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.dialog)
def test_back_edit_cancel_in_every_step(
    sqlite_database: Database, path: Path, record_property: Callable[[str, object], None]
) -> None:
    """At each question every repair leads where it should, and the answers given so far are kept."""
    open_office(sqlite_database)
    talk = Talk(sqlite_database)
    for words in path.first:
        talk.say(words)
    dialog = next(one for one in DIALOGS if one.name == path.dialog)
    reply = talk.say(start(talk, path))
    while any(isinstance(part, Form) for part in reply.parts):
        asked = form_of(reply).asked
        question = dialog.question(asked)
        assert question is not None
        assert asked in path.answers, f"{path.dialog}: no answer for {asked}"
        repair_all(talk, dialog, question, path.answers[asked][1])
        reply = talk.say(path.answers[asked][0] or "スキップ")
        reached.add((dialog.name, asked, "answer"))
    assert "内容の確認" in talk.text("ヘルプ")
    assert talk.text("送信").startswith(("受け付けました", "席をお取りしました", "近い方法論"))
    assert not talk.memory.drafts
    record_property("dialog_steps", sorted(reached))


def start(talk: Talk, path: Path) -> Pressed:
    """A button that begins the dialog."""
    talk.say("ヘルプ")
    with talk.database.begin() as connection:
        tokens = StoredTokens(connection, 1, NOON, counted_token)
        token = tokens.issue(RunCommand(path.dialog, given=path.given))
        tokens.keep()
        return Pressed(token)


def repair_all(talk: Talk, dialog: Dialog, question: Question, wrong: str) -> None:
    """Takes every side way from one question; after each the memory is put back, as if it had not been taken."""
    here = talk.memory
    for name, repair in REPAIRS.items():
        if repair(talk, dialog, question, wrong):
            reached.add((dialog.name, question.name, name))
        talk.remember(here)


def wrong(talk: Talk, _: Dialog, question: Question, text: str) -> bool:
    """A wrong answer is refused in a sentence that names the field, and the rest is kept."""
    if not text:
        return False
    kept = dict(talk.memory.drafts[-1].texts)
    form = form_of(talk.say(text))
    field = next(one for one in form.fields if one.name == question.name)
    assert form.asked == question.name
    assert field.label in field.error, f"{text}: {field.error}"
    assert kept.items() <= talk.memory.drafts[-1].texts.items()
    return True


def aside(talk: Talk, _: Dialog, question: Question, __: str) -> bool:
    """A question in between is answered and the same step asked again; free text is taken as it is."""
    if question.open:
        return False
    kept = talk.memory.drafts
    reply = talk.say("モニタリング報告書はいつまでに出しますか")
    assert any(isinstance(part, Sources) for part in reply.parts)
    assert form_of(reply).asked == question.name
    assert talk.memory.drafts == kept
    return True


def back(talk: Talk, dialog: Dialog, question: Question, _: str) -> bool:
    """The question before is asked again; the first one says that it is the first."""
    form = form_of(talk.say("戻る"))
    names = [one.name for one in form.fields]
    assert form.asked == names[max(0, names.index(question.name) - 1)]
    return True


def change(talk: Talk, _: Dialog, question: Question, __: str) -> bool:
    """Any earlier answer can be picked from a list and given anew; then the dialog goes on where it was."""
    form = form_of(talk.say("答えを直す"))
    assert not form.asked
    first = next((one for one in form.fields if one.settled), None)
    if first is None:
        return True
    assert form_of(talk.say("1")).asked == form.fields[0].name
    assert (
        form_of(talk.say(talk.memory.drafts[-1].texts[form.fields[0].name] or "スキップ")).asked
        == question.name
    )
    return True


def help_(talk: Talk, _: Dialog, question: Question, __: str) -> bool:
    """Help says what can be done here and asks again."""
    assert form_of(talk.say("ヘルプ")).asked == question.name
    return True


def person(talk: Talk, _: Dialog, question: Question, __: str) -> bool:
    """A person is one turn away, announced, and the place is kept (human_now)."""
    reply = talk.say("担当者と話したい")
    assert "K-" in plain_text(reply, WORDING)
    assert form_of(reply).asked == question.name
    return True


def skip(talk: Talk, _: Dialog, question: Question, __: str) -> bool:
    """What is optional can be skipped, what is needed not."""
    if question.open and question.required:
        return False
    reply = talk.say("スキップ")
    form = next((part for part in reply.parts if isinstance(part, Form)), None)
    still = form is not None and form.asked == question.name
    error = next((one.error for one in form.fields if one.name == question.name), "") if form else ""
    assert still == bool(error)
    assert not question.required or still
    return True


def cancel(talk: Talk, dialog: Dialog, _: Question, __: str) -> bool:
    """Nothing is left of the dialog; the way back holds nothing personal."""
    reply = talk.say("やめる")
    assert not talk.memory.drafts
    undo = next(part for part in reply.parts if isinstance(part, Choices))
    with talk.database.begin() as connection:
        pressed = StoredTokens(connection, 1, NOON, counted_token).press(undo.options[0].token, "p1")
    assert pressed is not None
    assert isinstance(pressed.action, RunCommand)
    assert not [one for one in dialog.questions if one.personal and one.name in pressed.action.given]
    return True


def restart(talk: Talk, _: Dialog, question: Question, __: str) -> bool:
    """Another process goes on at the same question with the answers kept (restart_mid_dialog)."""
    kept = talk.memory.drafts
    talk.restart()
    assert form_of(talk.say("ヘルプ")).asked == question.name
    assert talk.memory.drafts == kept
    return True


REPAIRS = {
    "wrong": wrong,
    "aside": aside,
    "back": back,
    "change": change,
    "help": help_,
    "person": person,
    "skip": skip,
    "cancel": cancel,
    "restart": restart,
}
