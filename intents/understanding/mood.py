"""Whether a text asks for something to be known or for something to be done: the same words may mean either.

「説明会はどう申し込むのですか」 wants an answer, 「説明会に申し込みます」 wants a seat.
"""

import re
from enum import Enum

from intents.understanding.normalise import folded


class Mood(Enum):
    """What kind of reply a text is after; bare words say nothing about it."""

    ASKS = 1
    NEITHER = 0
    DEMANDS = -1


_ASKED_TO_TELL = re.compile(
    r"(?:教え|おしえ|説明し|聞かせ)て|知りたい|聞きたい|ききたい|伺いたい|確認したい"
    r"|\b(?:tell me|explain|i wonder|i'd like to know|want to know)\b"
)
_DEMANDS = re.compile(
    r"(?:て|で)(?:ください|下さい|くれ|ほしい|欲しい|もらえ|いただけ|頂け|もらいたい|いただきたい|おいて|ちょうだい|くださいませ)"
    r"|お?(?:願い|ねがい)(?:し|いた|致|申)|(?:し|り|み|え|き|け|め|い|れ|せ)たい(?:です|のですが|んですが|んだけど|んやけど)?(?: |$)|(?:ください|下さい)(?: |$)"
    r"|(?:します|ます|やめる|始める|はじめる|希望|頼む|たのむ|頼んます|よろしく|にして|をやめ|止めて|やめて|なしで|出して|見せて|みせて|開いて|消して|送って|つないで|変えて)[。!ねよわ]*$"
    # A sentence that ends in the te-form asks for something to be done, unless it is a word of its own.
    r"|(?<!つい)(?<!とっ)(?<!やっ)(?<!どうし)(?<!として)(?<!そし)(?:て|んで|いで)[。!ねよや]*$"
    r"|^(?:please|i(?:'d| would) like to|i(?:'m| am) (?:in|coming)|i want to|i need to|let me|let's|sign|book|register|show|list|open|cancel|stop|delete|erase|remove|send|give|get|start|change|update|remind|put|make|take|connect|export|download|forget|drop|go|count|add)\b"
    r"|\b(?:please|can you (?!tell|explain)|could you (?!tell|explain)|would you (?!tell|explain))\b"
)
_ASKS = re.compile(
    r"[?？]|(?:です|ます|でしょう|ません|だろう|なの|るの|のか|ない|いい|ある)か(?:ね|な)?[。]*$"
    r"|いつ|どこ|どう|どの|どれ|どんな|何|なに|なん(?:で|の|と|や)|いくら|なぜ|誰|だれ|方法|ほうほう|やり方|やりかた|仕方|しかた|手順|手続き?$|違い|とは|って"
    r"|かた$|方$|\b(?:how|what|when|where|who|which|why|whether)\b|^(?:is|are|can|do|does|did|will|would|should|may|must)\b"
)


def mood_of(text: str) -> Mood:
    """The mood of a text; to be told something is to ask."""
    plain = text.strip().lower()
    whole = folded(text)
    if _ASKED_TO_TELL.search(whole):
        return Mood.ASKS
    if _DEMANDS.search(whole):
        return Mood.DEMANDS
    return Mood.ASKS if _ASKS.search(plain) or _ASKS.search(whole) else Mood.NEITHER
