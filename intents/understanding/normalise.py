"""One spelling for what people write in many: width, case, kana, long vowels, old kanji, politeness.

Everything here is a pure function of the text. The result is for comparing, never for showing.
"""

import re
import unicodedata

# Old forms that people type or paste from older documents, in pairs old-new.
_OLD_NEW = (
    "國国 學学 會会 圖図 廣広 澤沢 邊辺 齋斎 齊斉 應応 價価 壞壊 擴拡 覺覚 樂楽 氣気 歸帰 舊旧 擧挙 區区 徑径 經経 繼継 縣県 "
    "驗験 嚴厳 實実 寫写 釋釈 壽寿 從従 收収 處処 將将 燒焼 條条 狀状 讓譲 眞真 盡尽 數数 聲声 專専 戰戦 潛潜 錢銭 雙双 總総 "
    "增増 續続 對対 滯滞 臺台 擇択 單単 團団 斷断 遲遅 廳庁 轉転 傳伝 稻稲 讀読 屆届 發発 拔抜 濱浜 變変 辨弁 寶宝 豐豊 萬万 "
    "滿満 默黙 藥薬 譯訳 豫予 餘余 與与 搖揺 樣様 來来 覽覧 兩両 綠緑 勵励 靈霊 勞労 爐炉 證証 據拠 鐵鉄 蠶蚕 驛駅 輕軽 當当 "
    "擔担 體体 關関 權権 檢検 假仮 鹽塩"
)
_OLD_KANJI = {ord(pair[0]): pair[1] for pair in _OLD_NEW.split()}
_DASHES = re.compile(r"[‐‑‒–—―−ｰ\-~〜～]")
_LATIN_DASH = re.compile(r"(?<=[a-z0-9])[‐‑‒–—―−ー\-](?=[a-z0-9])")
# A dash that follows no kana lengthens nothing.
_LOOSE_DASH = re.compile(r"(?<![ぁ-ゖァ-ヺー])ー+")
_NOT_WORD = re.compile(r"[^0-9a-zぁ-ゖァ-ヺー一-鿿々〆㐀-䶿]+")
_KATAKANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
# One stem for the ways a compound verb is written: 申し込み, 申込み, 申込.
_OKURIGANA = tuple(
    (re.compile(loose), tight)
    for loose, tight in (
        ("申し?込(?:み|む|んで|んだ|め|ま)?", "申込"),
        ("問い?合(?:わ?せ)?", "問合"),
        ("取り?(?:消し?|止め)", "取消"),
        ("受け?付け?", "受付"),
        ("手続き?", "手続"),
        ("切り?替え?", "切替"),
        ("引き?継(?:ぎ|ぐ|いで|いだ|が)?", "引継"),
        ("締め?切り?|〆切り?", "締切"),
        ("打ち?合わ?せ", "打合"),
        ("見積(?:も?り)?", "見積"),
        ("組み?合わ?せ", "組合"),
        ("買い?取り?", "買取"),
        ("入れ?替え?", "入替"),
        ("繰り?上げ?", "繰上"),
    )
)
_COURTESY = re.compile(
    r"いつも(?:大変)?お世話になって(?:おり|い)ます"
    r"|(?:こんにち[はわ]|こんばん[はわ]|おはようございます|はじめまして|初めまして)[、。!,.~ー ]*(?=\S{4})"
    r"|(?:大変)?お世話になって(?:おり|い)ます|お世話様です|お疲れ様です"
    r"|初めて(?:ご連絡|お?問い?合わせ)(?:いた)?します|突然(?:の連絡)?(?:で)?(?:すみません|失礼(?:いた)?します|恐れ入ります)"
    r"|(?:ご多忙|お忙しい)(?:の)?(?:ところ|中)(?:大変)?(?:恐れ入りますが|恐縮ですが|すみませんが|申し訳ありませんが)?"
    r"|お手数(?:です|をおかけします|おかけします)が|恐れ入りますが|恐縮ですが|すみませんが"
    r"|(?:何卒|どうぞ)?(?:よろしく|宜しく)お願い(?:いた|致)?(?:し|申し上げ)ます"
    r"|\b(?:hello|hi|hey|dear sir or madam|good (?:morning|afternoon|evening))\b[ ,.!]+"
    r"|\b(?:thanks|thank you)(?: very much| in advance| so much)?[ .!]*$"
    r"|\b(?:could|can|would) you (?:please )?(?:tell|explain to|show) me\b|\bi(?:'d| would) like to know\b|\bplease\b"
)
_ENDING = re.compile(
    r"(?:を|について|に関して)?(?:詳しく)?(?:教えて|おしえて|聞かせて|説明して)"
    r"(?:ください|下さい|いただけますか|もらえますか|ほしい(?:です)?|くれ(?:ますか)?|ね)?$"
    r"|(?:が|を)?(?:知りたい|聞きたい|伺いたい|確認したい)(?:のですが|んですが|です|んだけど|のだが|と思います)?$"
    r"|(?:なの|なん|ん)?(?:でしょう|です|でござい|なの|だろう)か(?:ね|な)?$"
    r"|(?:ます|ました)か(?:ね)?$|(?:なの|かな|のかな|だっけ|でしたっけ|っけ|かしら)$"
)


def folded(text: str) -> str:
    """Width, case, old kanji and dashes; punctuation to single spaces. Katakana and long vowels stay."""
    text = unicodedata.normalize("NFKC", text).lower().translate(_OLD_KANJI)
    text = _LATIN_DASH.sub("", text)
    return " ".join(_NOT_WORD.sub(" ", _LOOSE_DASH.sub(" ", _DASHES.sub("ー", text))).split())


def hiragana(text: str) -> str:
    """Katakana as hiragana."""
    return text.translate(_KATAKANA)


def normal(text: str) -> str:
    """The folded text in hiragana."""
    return hiragana(folded(text))


def without_courtesy(text: str) -> str:
    """The question without greetings and thanks around it; all of it when nothing else is there."""
    whole = unicodedata.normalize("NFKC", text).lower()
    rest = _COURTESY.sub(" ", whole).strip(" 、。,.!?\n\t")
    return rest if len(rest) >= 2 else whole


def key(text: str) -> str:
    """The form in which two ways of saying the same become equal: what the matcher compares."""
    rest = normal(without_courtesy(text))
    for loose, tight in _OKURIGANA:
        rest = loose.sub(tight, rest)
    rest = _without_endings(_joined(rest))
    return rest.replace("ー", "")


def is_japanese(text: str) -> bool:
    """Whether the text holds kana or kanji."""
    return any("぀" <= letter <= "ヿ" or "一" <= letter <= "鿿" or "ｦ" <= letter <= "ﾟ" for letter in text)


def _joined(text: str) -> str:
    # Spaces part English words; between Japanese characters they are a habit of typing.
    return re.sub(r"(?<![0-9a-z]) | (?![0-9a-z])", "", text)


def _without_endings(text: str) -> str:
    for _ in range(2):
        shorter = _ENDING.sub("", text)
        if len(shorter) < 2:
            return text
        text = shorter
    return text
