"""What a person says while one of staff talks with them, and the buttons that end it."""

from intents.desk import case_endings, cases
from intents.desk.case_records import CaseKind, CaseOutcome, CaseState, NoteKind
from intents.messages import Choices, NoneOfThese, Pressed, RunCommand, Said
from storage.books import books
from storage.database import Database
from tests.intents.desk.case_world import LETTERS, SATO, act, case, notes, staffed
from tests.kit import NOON
from tests.world import Talk

PERSON, UNKNOWN = "担当者に聞く", "ウクレレの弦の替え方"


def _talk(database: Database) -> Talk:
    staffed(database)
    talk = Talk(database, "c1")
    talk.say(PERSON)
    return talk


def test_a_file_alone_reaches_the_person(sqlite_database: Database) -> None:
    """Staff asked for a picture, and that is all that is sent."""
    talk = _talk(sqlite_database)
    act(sqlite_database, lambda opened: cases.ask_back(opened, LETTERS, SATO, "K-00001", "写真を"))
    talk.say(Said("", files=2))
    last = notes(sqlite_database, "K-00001")[-1]
    assert (last.kind, "2" in last.text) == (NoteKind.SAID, True)
    assert case(sqlite_database, "K-00001").state is CaseState.TAKEN


def test_one_more_question_can_not_close_the_first(sqlite_database: Database) -> None:
    """The button that needs no answer is offered for the only question, not for one more."""
    talk = _talk(sqlite_database)
    assert not any(isinstance(part, Choices) for part in talk.say(UNKNOWN).parts)
    assert case(sqlite_database, "K-00001").is_open


def test_none_of_these_twice(sqlite_database: Database) -> None:
    """The same button twice is one question, also after it was answered and closed."""
    staffed(sqlite_database)
    talk = Talk(sqlite_database, "c1")
    talk.say("x")
    with books(sqlite_database, NOON, "staff:t") as opened:
        token = opened.links.issue(NoneOfThese(UNKNOWN))
    talk.say(Pressed(token))
    talk.say(Pressed(token))
    assert notes(sqlite_database, "K-00001") == ()
    act(
        sqlite_database,
        lambda opened: case_endings.finish(opened, LETTERS, SATO, "K-00001", CaseOutcome.ANSWERED),
    )
    talk.say(Pressed(token))
    assert act(sqlite_database, lambda opened: opened.cases.find("K-00002")) is None
    assert case(sqlite_database, "K-00001").kind is CaseKind.QUESTION


def test_the_words_of_a_button_do_what_it_does(sqlite_database: Database) -> None:
    """A letter in plain text has no numbers, as a number is for the person; its words settle the case."""
    talk = _talk(sqlite_database)
    act(sqlite_database, lambda opened: cases.reply(opened, LETTERS, SATO, "K-00001", "はい"))
    talk.say("これで解決しました")
    assert case(sqlite_database, "K-00001").state is CaseState.DONE


def test_a_letter_opened_elsewhere_ends_the_talk(sqlite_database: Database) -> None:
    """The only one who asked presses the button of their mail in another browser: what is said is done."""
    talk = _talk(sqlite_database)
    act(sqlite_database, lambda opened: cases.reply(opened, LETTERS, SATO, "K-00001", "はい"))
    with books(sqlite_database, NOON, "staff:t") as opened:
        token = opened.links.issue(
            RunCommand("case.desk_again", given={"case": "K-00001", "person": "web:p1"})
        )
    assert "自動応答に戻りました" in Talk(sqlite_database, "elsewhere").text(Pressed(token))
    assert case(sqlite_database, "K-00001").talking == ""
    assert "担当者に渡しました" not in talk.text("ボイラーを更新すると対象になりますか")
