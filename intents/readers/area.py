"""The prefecture somebody asks for: one of the eleven of this office, or a word about whose it is."""

import re
import unicodedata

from intents.readers.misread import Misread
from intents.readers.plain import bare, filled
from intents.understanding.entities import PREFECTURES
from intents.understanding.normalise import hiragana

# The area of the Kanto bureau: one metropolis, ten prefectures (seed-kanto-r4, fiscal year 2022).
AREA = (
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "山梨県",
    "長野県",
    "静岡県",
)
_READINGS = """
    ほっかいどう あおもり いわて みやぎ あきた やまがた ふくしま いばらき とちぎ ぐんま さいたま ちば
    とうきょう かながわ にいがた とやま いしかわ ふくい やまなし ながの ぎふ しずおか あいち みえ
    しが きょうと おおさか ひょうご なら わかやま とっとり しまね おかやま ひろしま やまぐち とくしま
    かがわ えひめ こうち ふくおか さが ながさき くまもと おおいた みやざき かごしま おきなわ
    """.split()  # noqa: SIM905 - a list to read
_ROMAN = """
    hokkaido aomori iwate miyagi akita yamagata fukushima ibaraki tochigi gunma saitama chiba
    tokyo kanagawa niigata toyama ishikawa fukui yamanashi nagano gifu shizuoka aichi mie
    shiga kyoto osaka hyogo nara wakayama tottori shimane okayama hiroshima yamaguchi tokushima
    kagawa ehime kochi fukuoka saga nagasaki kumamoto oita miyazaki kagoshima okinawa
    """.split()  # noqa: SIM905 - a list to read
_SPELT_ALSO = {
    "gumma": "群馬県",
    "toukyou": "東京都",
    "hokkaidou": "北海道",
    "oosaka": "大阪府",
    "ohsaka": "大阪府",
    "kyouto": "京都府",
    "hyougo": "兵庫県",
    "kouchi": "高知県",
    "ooita": "大分県",
    "いばらぎ": "茨城県",
}
# Capitals and cities by ordinance whose name is not that of their prefecture.
_CITIES = {
    "水戸": "茨城県",
    "宇都宮": "栃木県",
    "前橋": "群馬県",
    "さいたま市": "埼玉県",
    "大宮": "埼玉県",
    "浦和": "埼玉県",
    "都内": "東京都",
    "23区": "東京都",
    "横浜": "神奈川県",
    "川崎市": "神奈川県",
    "相模原": "神奈川県",
    "甲府": "山梨県",
    "浜松": "静岡県",
    "mito": "茨城県",
    "utsunomiya": "栃木県",
    "maebashi": "群馬県",
    "yokohama": "神奈川県",
    "kawasaki": "神奈川県",
    "kofu": "山梨県",
    "hamamatsu": "静岡県",
}
_SHORT = {name if name == "北海道" else name[:-1]: name for name in PREFECTURES}
_SPOKEN = dict(zip(_READINGS, PREFECTURES, strict=True)) | dict(zip(_ROMAN, PREFECTURES, strict=True))
_BY_WORD = _SPOKEN | _SPELT_ALSO | _CITIES
_FULL = re.compile("|".join(PREFECTURES))
_PART = re.compile(
    "|".join(sorted([*_SHORT, *(name for name in _CITIES if not name.isascii())], reverse=True))
)
_SUFFIX = re.compile(r"(?:けん|ふ|し)$")


def prefecture(text: str) -> str:
    """The full name of a prefecture of this office's area.

    Which bureau answers for another prefecture stands in no source of ours, so none is named.
    """
    typed = bare(filled(text))
    named = _named(typed)
    if not named:
        raise Misread("prefecture_unknown")
    if len(named) > 1:
        raise Misread("prefecture_two", names=" / ".join(named))
    if named[0] not in AREA:
        raise Misread("outside_area", prefecture=named[0])
    return named[0]


def _named(text: str) -> tuple[str, ...]:
    """Every prefecture that the text names, most certain way of naming first."""
    full = _FULL.findall(text)
    short = [_SHORT.get(part) or _CITIES[part] for part in _PART.findall(text)]
    return tuple(dict.fromkeys(full or short or _spoken(text)))


def _spoken(text: str) -> list[str]:
    kana = hiragana(text).replace(" ", "")
    for word in (kana, _SUFFIX.sub("", kana), kana.removesuffix("と")):
        if word in _BY_WORD:
            return [_BY_WORD[word]]
    plain = unicodedata.normalize("NFKD", text.lower())
    words = re.findall(r"[a-z]+", "".join(letter for letter in plain if not unicodedata.combining(letter)))
    return [_BY_WORD[word] for word in words if word in _BY_WORD]
