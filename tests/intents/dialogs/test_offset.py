"""Applying for an offset: the tonnes on the check page, one application however often it is sent, nothing by half."""

from sqlalchemy import func, select
from structlog.testing import capture_logs

from intents.messages import Pressed, RunCommand
from storage.books import books
from storage.database import Database
from storage.tables import case, offset_application, outbox
from tests.kit import NOON
from tests.world import Talk

ITEMS = "味噌詰合せ, 600個, 2.9\n醤油、３５０、2.9kg"
REST = ("1", "はい", "山田太郎", "taro@example.jp", "スキップ")


def _begin(database: Database) -> Pressed:
    with books(database, NOON, "clock") as opened:
        return Pressed(opened.links.issue(RunCommand("offset.apply")))


def _apply(talk: Talk, items: str = ITEMS, supplier: str = "山崎醸造株式会社") -> str:
    """Goes to the check page and gives it."""
    talk.say(_begin(talk.database))
    for word in ("はい", supplier, "新潟県", "ふるさとの店", items, *REST[:-1]):
        talk.say(word)
    return talk.text(REST[-1])


def _counts(database: Database) -> tuple[int, int, int]:
    with database.look() as connection:
        found = [
            connection.scalar(select(func.count()).select_from(one))
            for one in (offset_application, case, outbox)
        ]
    return (found[0] or 0, found[1] or 0, found[2] or 0)


def test_the_tonnes_are_shown_before_anything_is_sent(sqlite_database: Database) -> None:
    """Rounded up once, with the arithmetic; then a case, a letter, and the same rows in the receipt."""
    talk = Talk(sqlite_database)
    checked = _apply(talk)
    assert "1t単位に切り上げて 3 t-CO2" in checked or "1t単位に切り上げて 3t-CO2" in checked
    assert "トキの森クレジット (種類は要確認)" in checked
    assert _counts(sqlite_database) == (0, 0, 0)
    done = talk.text("送信")
    assert "K-00001" in done
    assert "600点 × 2.9kg = 1,740kg" in done
    assert "窓口が確認してご連絡します" not in done
    assert _counts(sqlite_database) == (1, 1, 1)
    assert "返礼品のオフセット: 山崎醸造株式会社、2品・950点" in talk.text("私の相談の状況")


def test_what_is_missing_is_left_to_staff(sqlite_database: Database) -> None:
    """Nothing is guessed."""
    talk = Talk(sqlite_database)
    assert "計算できます" in _apply(talk, "味噌, 50個, わからない")
    assert "窓口が確認してご連絡します" in talk.text("送信")


def test_applied_again_is_the_same_application(sqlite_database: Database) -> None:
    """In another conversation, with the name written otherwise: the number of the first; other items are new."""
    first = Talk(sqlite_database)
    _apply(first)
    press = Pressed(first.memory.options[0])
    assert "K-00001" in first.text(press)
    assert "K-00001" in first.text(press)
    assert _counts(sqlite_database) == (1, 1, 1)
    again = Talk(sqlite_database, "c2")
    _apply(again, supplier="（株）山崎醸造")
    said = again.text("送信")
    assert "すでに受け付けています" in said
    assert "K-00001" in said
    assert _counts(sqlite_database) == (1, 1, 1)
    _apply(again, "味噌, 1個")
    assert "K-00002" in again.text("送信")


def test_a_fault_on_the_way_leaves_nothing(sqlite_database: Database) -> None:
    """When the letter cannot be written, there is no application, and the draft is still there to be sent."""
    talk = Talk(sqlite_database)
    _apply(talk)
    with sqlite_database.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER no_letters BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    with capture_logs() as logged:
        talk.say("送信")
    assert "turn_failed" in [line["event"] for line in logged]
    assert _counts(sqlite_database)[0] == 0
    with sqlite_database.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER no_letters")
    assert "K-" in talk.text("送信")
    assert _counts(sqlite_database)[0] == 1


WRONG = (
    ("味噌", "1行目"),
    ("味噌, 50\n醤油, たくさん", "2行目の個数"),
    ("味噌と醤油の詰合せ（木箱入り・特別版）, 1,200", "桁の区切り"),
)


def test_a_wrong_line_is_named(sqlite_database: Database) -> None:
    """With the fix, on the question itself."""
    talk = Talk(sqlite_database)
    talk.say(_begin(talk.database))
    for word in ("はい", "山崎醸造", "新潟県", "ふるさとの店"):
        talk.say(word)
    for items, said in WRONG:
        assert said in talk.text(items)
