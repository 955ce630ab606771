"""A short text after a nudge, as the answer that one of its buttons would have given; and "in three days" as a day.

Only what is surely an answer counts: a question is a question, and everything else is understood like any other text.
"""

import re
import unicodedata
from datetime import date, timedelta

from intents.desk.nudges.records import Answer
from intents.readers.calendar_words import days_named
from intents.readers.misread import Misread
from intents.readers.plain import numerals

LONGEST = 60
_QUESTION = re.compile(
    r"[?？]|(?:です|ます|ました|でしょう|ません)か[。.]?$|^(?:what|when|how|which|where|who|can|do|does|is|should)\b"
)
# What is denied, wished for or planned has not been done.
_NOT_DONE = re.compile(
    r"ません|ない|なかった|未|予定|見込|つもり|たい|たら|れば|かも|はず|\bnot\b|n't|\bnever\b|\bwill\b|\bplan|\bif\b|\bsoon\b"
)
_DID = r"(?:しました|した|いたしました|致しました|済みです|済み|ずみ|完了です|完了しました|が?終わりました|が?済みました)"
_DOINGS = r"(?:提出|申請|依頼|報告|対応|更新|確認|手続き?|送付|連絡|発注|契約|記録)(?:は|を|も)?"
_LATER = r"(?:後で|あとで|のちほど|後ほど|後日|またこんど|また今度|明日|あした|今週末|来週|再来週|来月|月末|今月末|来月末|\d+(?:日|週間|[かヶカケ]月)後)"
_TOLD = r"(?:知らせ|連絡|リマインド|通知|教え|言っ|声をかけ|再通知)"
_ASKED = r"(?:て|てください|て下さい|てくれ|してください|して下さい|して|ください|お願いします|おねがいします|頼みます)?"
# Each is the whole text, but for a few words before it: "yesterday", "the report", "this one".
_ANSWERS = (
    (
        Answer.MOVED,
        (r".{0,12}担当(?:者)?(?:が|は|を)?(?:変|代|替|換|か)わ(?:りました|った|っています|ってます)|.{0,12}担当(?:者)?(?:が|を)?交代しました"
        r"|.{0,12}(?:異動|転勤|退職|転職)(?:しました|した|になりました|いたしました)|.{0,12}担当(?:では|じゃ)(?:ありません|ない(?:です)?)"
        r"|.{0,16}担当(?:を|から)(?:外れ|離れ)ました|.{0,20}(?:に)?引き?継(?:ぎ|が)?ました|.{0,4}後任(?:は|が|に).{1,24}"
        r"|(?:.{0,30} )?(?:no longer (?:in charge|responsible)|not in charge(?: any ?more)?|(?:i )?(?:have )?(?:changed|moved|left) (?:jobs?|desks?|the company|(?:to )?(?:another )?department)).{0,40}"
        r"|.{0,20}(?:my successor|has taken over|took over).{0,40}"),
    ),
    (
        Answer.STOP,
        (rf"(?:この(?:件|案件)の)?(?:通知|お知らせ|リマインド|リマインダー|メール)(?:を|は|の|も)?(?:もう)?(?:止め|停止|やめ|不要|いりません|いらない|要りません|結構)(?:して|です|ます)?{_ASKED}"
        r"|停止|止めて(?:ください|下さい)?|不要(?:です)?|(?:please )?stop(?: (?:it|this|reminding me|the (?:notices|reminders|nudges)))?|unsubscribe|no more (?:notices|reminders|nudges)(?: please)?"),
    ),
    (
        Answer.SNOOZE,
        (rf"(?:.{{0,6}}延期|先送り)(?:して|したい|を希望|で|を)?{_ASKED}|(?:また|もう少し)?{_LATER}(?:に|で|また|もう[一1]度|再度|もう[一1]回|、|,| )*{_TOLD}?{_ASKED}"
        rf"|.{{0,16}}(?:また|もう[一1]度|再度|もう[一1]回|改めて){_TOLD}{_ASKED}|今じゃない.{{0,10}}"
        r"|(?:please )?(?:remind|tell|nudge|ask|ping) me (?:again )?(?:later|tomorrow|next|on|in|at|after).{0,20}|snooze.{0,20}|postpone.{0,20}|(?:not now,? )?(?:later|tomorrow|next (?:week|month))(?: please)?"
        r"|in (?:a|an|one|two|three|\d+) (?:days?|weeks?|months?)"),
    ),
    (
        Answer.CONSULT,
        (rf".{{0,10}}相談(?:する|したい(?:です|のですが|ことがあります)?|させて|を希望(?:します)?|をお願いします|希望){_ASKED}"
        r"|.{0,6}電話(?:が|を)?(?:ほしい(?:です)?|欲しい(?:です)?|ください|下さい)|(?:please )?call me(?: back)?|(?:i |we )?(?:need|want) (?:to talk|help|advice)(?: .{0,20})?|consult"),
    ),
    (
        Answer.DONE,
        (rf"(?:.{{0,20}}?(?:は|を|も|が|に|、|,| ))?(?:{_DOINGS}{_DID}|完了(?:しました|です|した|済みです|済み)?|終わりました|終わった|終わっています|終わってます|済みました|済みです|済んだ|済んでいます|すみました|出しました|送りました|もう申請した)"
        r"|(?:(?:it'?s|it is|this is|that is|all|already|we|i|we've|i've|we have|i have|the \w+ (?:is|was)),? )*(?:done|finished|completed|submitted|applied|filed|sent)(?: (?:it|already|yesterday|today|last week))*"),
    ),
    (
        Answer.WORKING,
        (r"(?:.{0,16}?(?:は|を|も|が|、|,| ))?(?:いま|今|現在|ただいま)?(?:対応|作業|準備|進行|調整|確認|手配|作成)(?:中|して(?:い)?ます|しています)(?:です)?"
        r"|.{0,12}(?:進めて|やって|取り組んで)(?:い)?ます|着手しました|まだ(?:です|ですが対応中です)?|(?:.{0,12})?まだ(?:終わって|できて|済んで|申請して|提出して|出して|完了して)(?:い)?(?:ません|ない(?:です)?)|.{0,8}未(?:完了|提出|申請|着手|対応)(?:です)?|これから(?:です|やります)?"
        r"|(?:(?:we're|we are|i'm|i am|still|currently) )*(?:working on (?:it|this)|preparing(?: it| this)?|on it|in progress|under way)|not (?:yet|done yet|finished yet|submitted yet)|(?:it )?(?:isn't|is not) (?:done|finished)(?: yet)?|we have not (?:submitted|applied|finished).{0,20}"),
    ),
)  # fmt: skip
_READ = tuple((answer, re.compile(words)) for answer, words in _ANSWERS)
# Nobody changed: an answer to the question whether the people are still the same, and to nothing else.
_UNCHANGED = re.compile(
    r".{0,10}(?:変わり(?:は)?ありません|変わって(?:い)?ません|変わらないです|変わりません|変更(?:は)?(?:ありません|なし(?:です)?|ないです)|そのままです|同じです)"
    r"|(?:there is )?no change|unchanged|(?:still )?the same(?: person)?|nothing changed"
)
_AHEAD = re.compile(
    r"(\d+)\s*(日|週間?|[かヶカケ]月)\s*(?:後|ほど|くらい|ぐらい|待)|(\d+|an?|one|two|three|four)\s+(days?|weeks?|months?)"
)
_WORDS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4}
_UNITS = (("日", 1), ("day", 1), ("週", 7), ("week", 7), ("月", 30), ("month", 30))
_BARE = (("再来週", 14), ("来週", 7), ("next week", 7), ("来月", 30), ("next month", 30))
_END_OF_MONTH = re.compile(r"(?P<next>来|翌|next )?月末|end of (?:the|this|(?P<following>next)) month")


# Nothing but when: which date is meant, only somebody knows who was just told of one.
_WHEN = re.compile(
    r"(?:(?:それ|これ|この件|その件|次|うち|私|弊社|案件|この案件)(?:の|は)?)?(?:締め?切り?|期限|期日|日付)?(?:は|って)?"
    r"(?:いつ(?:まで)?|何日(?:まで)?)(?:です|でした|でしょう|なん(?:です)?)?(?:か|っけ)?|(?:締め?切り?|期限|期日)(?:は|って)?"
    r"|when(?: is (?:it|this|that)(?: due)?| is (?:the|our|my) (?:deadline|due date))?|(?:what is|what's) (?:the|our|my) (?:deadline|due date)"
)


def asks_when(text: str) -> bool:
    """Whether a text asks for a date and names nothing that the date could be of."""
    plain = unicodedata.normalize("NFKC", text).casefold().strip().rstrip("?。.! ")
    return bool(plain) and bool(_WHEN.fullmatch(plain))


def unchanged(text: str) -> bool:
    """Whether a text says that the people are still the same, and nothing else."""
    return bool(_UNCHANGED.fullmatch(_bare(text)))


def nudge_reply(text: str) -> Answer | None:
    """The answer that a text gives, and nothing else; None for questions and whatever else it may mean."""
    plain = _bare(text)
    if not plain or len(plain) > LONGEST or _QUESTION.search(plain):
        return None
    if _UNCHANGED.fullmatch(plain):
        return Answer.DONE
    found = next((answer for answer, words in _READ if words.fullmatch(plain)), None)
    return None if found is Answer.DONE and _NOT_DONE.search(plain) else found


def _bare(text: str) -> str:
    """A text in one width and case, numerals as digits, without the marks at its end."""
    return numerals(unicodedata.normalize("NFKC", text)).casefold().strip().rstrip("。.!！、 ")


def later_day(text: str, today: date) -> date | None:
    """The day to which a text puts something off; None when it names none, or more than one."""
    plain = numerals(unicodedata.normalize("NFKC", text)).casefold()
    if end := _END_OF_MONTH.search(plain):
        months = today.month + (1 if end["next"] or end["following"] else 0)
        following = date(today.year + months // 12, months % 12 + 1, 1)
        return following - timedelta(days=1)
    if ahead := _AHEAD.search(plain):
        amount, unit = ahead[1] or ahead[3], ahead[2] or ahead[4]
        number = _WORDS.get(amount) or int(amount)
        days = next(days for name, days in _UNITS if name in unit)
        return today + timedelta(days=number * days)
    try:
        named = {each.day for each in days_named(plain, today)}
    except Misread:
        named = set()
    if len(named) == 1:
        return named.pop()
    bare = next((days for word, days in _BARE if word in plain), 0)
    return today + timedelta(days=bare) if bare else None
