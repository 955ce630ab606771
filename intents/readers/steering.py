"""Words that steer a dialog instead of answering it; only a text that is nothing else counts."""

import re
import unicodedata

from intents.messages import Step

_WORDS = {
    Step.BACK: "戻る もどる 戻って もどって 前へ 前に戻る 一つ前 ひとつ前 back previous goback",
    Step.CANCEL: "やめる やめます 中止 中断 キャンセル cancel quit stop exit 終了",
    Step.CHANGE: "答えを直す changeananswer 直す なおす 直します 変更 変更する 訂正 修正 一覧 change edit correct fix",
    Step.SKIP: "スキップ 飛ばす とばす 次へ パス 特になし とくになし 特にない なし 無し ない 無い 省略 "
    "わからない 分からない わかりません 分かりません わからん 分からん わかんない 不明 "
    "ないです 無いです なしです ありません 特にありません とくにありません 持ってない もってない skip none next nothing n/a - ー idontknow",
    Step.CONFIRM: "送信 送る 送信する 送って 確定 これで送る この内容で送る この内容で申し込む 申し込む "
    "はい ok okay オーケー yes submit send confirm お願いします",
    Step.MOVE: "続きを別の端末で 別の端末 別の端末で続ける 引き継ぎコード コード movehere code continueelsewhere",
}
_SAME = frozenset(
    ["前と同じ", "前回と同じ", "同じ", "同じです", "前回と同様", "同上", "same", "sameasbefore", "asbefore"]
)
_NO = frozenset(["いいえ", "ちがう", "違う", "違います", "ちがいます", "だめ", "no", "wrong", "いや"])
_STEPS = {word: step for step, words in _WORDS.items() for word in words.split()}
_HOLDS_BACK = re.compile(r"送(?:ら|信し)(?:ない|ないで|ません)|まだ送|(?:do not|don't|not) (?:send|submit)")
_TURN = re.compile(r"待[つたっ]|待ち|順番|何番目|\bwaiting\b|\bqueue\b|\bmy turn\b")
_TRAILING = re.compile(r"[\s。.!！、,]+$")
_CODE = re.compile(r"[A-HJ-NP-Z2-9]{4}[-ー‐–] ?[A-HJ-NP-Z2-9]{4}")


def steering(text: str) -> Step | None:
    """The step that a text asks for and nothing else."""
    return _STEPS.get(_word(text))


def declines(text: str) -> bool:
    """Whether a text says no and nothing else: the answers that are being checked are not right yet."""
    return _word(text) in _NO


def holds_back(text: str) -> bool:
    """Whether a text asks not to send what is being checked."""
    return bool(_HOLDS_BACK.search(unicodedata.normalize("NFKC", text).casefold()))


def asks_for_turn(text: str) -> bool:
    """Whether a text asks why one still waits, or when it is one's turn."""
    return bool(_TURN.search(unicodedata.normalize("NFKC", text).casefold()))


def as_before(text: str) -> bool:
    """Whether a text says that the answer is the one of last time."""
    return _word(text) in _SAME


def _word(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().strip("「」『』“”\"' \t\n")
    return re.sub(r"\s+", "", _TRAILING.sub("", plain))


def move_code(text: str) -> str:
    """The code with which a dialog moves here from another place; empty when the text is none."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    return re.sub(r"[^A-Z2-9]", "", plain) if _CODE.fullmatch(plain) and any(map(str.isdigit, plain)) else ""
