"""Answering a survey: who may, by a letter or without one, a second time, and not after it has closed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from intents.desk import surveys
from intents.desk.books import Recipient
from intents.desk.seats import SeatState
from intents.desk.seminar_records import NewSeminar, SignUp
from intents.desk.survey_records import Answer, Kind, NewSurvey, Survey, SurveyQuestion
from intents.messages import Pressed, RunCommand, Submitted, numbered
from knowledge.model import Lang
from storage.books import books
from storage.database import Database
from storage.tables import survey_answer
from tests.kit import NOON
from tests.world import Talk, form_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUESTIONS = (
    SurveyQuestion(text="役に立ちましたか", kind=Kind.SCALE, low="いいえ", high="とても", required=True),
    SurveyQuestion(text="次にしたいこと", kind=Kind.SEVERAL, options=("個別相談", "別の説明会")),
    SurveyQuestion(text="直してほしいこと", kind=Kind.TEXT, theme="運営"),
)


@pytest.fixture
def survey(sqlite_database: Database) -> Survey:
    """A survey about a seminar that ended two hours ago: one person with a conversation came, one by mail only."""
    with books(sqlite_database, NOON - DAY, "staff:t") as opened:
        seminar = opened.seminars.add(
            NewSeminar(title="活用セミナー", starts_at=NOON - 3 * HOUR, ends_at=NOON - 2 * HOUR, capacity=9)
        )
        for person, name in (("web:p1", "山田"), ("mail:x", "佐藤")):
            to = Recipient(0, person, f"{name}@example.jp", Lang.JA)
            wanted = SignUp(to=to, name=name, organisation="試験工業")
            opened.seminars.register(seminar.id, wanted, SeatState.CONFIRMED)
        new = NewSurvey(title="ご感想", seminar=seminar.id, closes_at=NOON + 9 * DAY, questions=QUESTIONS)
        return surveys.create(opened, new)


def _letter(database: Database, **given: str) -> Pressed:
    with books(database, NOON, "clock") as opened:
        return Pressed(opened.links.issue(RunCommand("survey.start", given=given)))


def _answers(database: Database, survey: Survey) -> tuple[Answer, ...]:
    with books(database, NOON, "clock") as opened:
        return opened.surveys.answers(survey.id)


def test_somebody_who_came_answers_without_a_letter(sqlite_database: Database, survey: Survey) -> None:
    """The scale by number, several by name, a text skipped; the check shows the answers in words."""
    talk = Talk(sqlite_database)
    assert "ご感想 (活用セミナー)" in _options(talk, "アンケートに答える", "はい")
    assert form_of(talk.say("ご感想")).asked == "answer_1"
    assert "5 (とても)" in talk.text("9")
    assert form_of(talk.say("5")).asked == "answer_2"
    talk.say("個別相談、別の説明会")
    talk.say("スキップ")
    checked = talk.text("資料がよかった")
    assert "5 (とても)" in checked
    assert "個別相談" in checked
    assert "ありがとうございました" in talk.text("送信")
    (found,) = _answers(sqlite_database, survey)
    assert found.answers == {"1": ("5",), "2": ("個別相談", "別の説明会")}
    assert (found.respondent, found.comment, found.person) == ("R-00001", "資料がよかった", "web:p1")


def _options(talk: Talk, *words: str) -> list[str]:
    replies = [talk.say(word) for word in words]
    return [choice.label for part in replies[-1].parts for choice in numbered(part)]


def _answer(talk: Talk, begin: str | Pressed, *more: str) -> str:
    talk.say(begin)
    for word in ("はい", *more):
        talk.say(word)
    return talk.text("送信")


def test_a_letter_opens_the_survey_for_whoever_holds_it(sqlite_database: Database, survey: Survey) -> None:
    """From another channel too; its number cannot be typed or sent in a form."""
    talk = Talk(sqlite_database, "c9", "slack")
    begun = talk.say(_letter(sqlite_database, who="R-00002", survey=survey.number))
    form = form_of(begun)
    assert "who" not in [field.name for field in form.fields]
    talk.say(Submitted(form.token, {"consent": "はい", "who": "R-00001"}))
    assert talk.memory.drafts[-1].texts["who"] == "R-00002"
    for word in ("4", "スキップ", "スキップ", "スキップ"):
        talk.say(word)
    talk.say("送信")
    assert [one.respondent for one in _answers(sqlite_database, survey)] == ["R-00002"]


def test_twice_shows_the_first_and_replaces_it(sqlite_database: Database, survey: Survey) -> None:
    """The newest counts, the old one is kept beside it; keeping the old one writes nothing."""
    talk = Talk(sqlite_database)
    rest = ("スキップ", "スキップ", "スキップ")
    _answer(talk, "アンケートに答える", "ご感想", "5", *rest)
    begun = _options(talk, "アンケートに答える", "はい", "ご感想")
    assert begun == ["答え直す", "前の答えのままにする"]
    talk.say("2")
    assert "前の答えのまま" in talk.text("送信")
    assert [one.answers["1"] for one in _answers(sqlite_database, survey)] == [("5",)]
    _answer(talk, "アンケートに答える", "ご感想", "答え直す", "2", *rest)
    assert [one.answers["1"] for one in _answers(sqlite_database, survey)] == [("2",)]
    with sqlite_database.look() as connection:
        assert connection.scalar(select(func.count()).select_from(survey_answer)) == 2


@pytest.mark.parametrize("who", ["R-00009", "I-00001", "R-00003"])
def test_nobody_else_may_answer(sqlite_database: Database, survey: Survey, who: str) -> None:
    """Not a stranger, and not with the number of another event."""
    with books(sqlite_database, NOON, "staff:t") as opened:
        other = opened.seminars.add(
            NewSeminar(title="別の会", starts_at=NOON - 3 * HOUR, ends_at=NOON - 2 * HOUR, capacity=9)
        )
        wanted = SignUp(to=Recipient(0, "mail:y", "y@example.jp", Lang.JA), name="鈴木", organisation="個人")
        opened.seminars.register(other.id, wanted, SeatState.CONFIRMED)
    stranger = Talk(sqlite_database, "c9", "slack")
    said = stranger.text(_letter(sqlite_database, who=who, survey=survey.number))
    assert "いまお答えいただけるアンケートはありません" in said
    assert not stranger.memory.drafts


def test_a_closed_survey_says_so(sqlite_database: Database, survey: Survey) -> None:
    """At the start, and when it closes while somebody answers."""
    talk = Talk(sqlite_database)
    for word in ("アンケートに答える", "はい", "ご感想"):
        talk.say(word)
    with books(sqlite_database, NOON, "staff:t") as opened:
        opened.surveys.save(replace(survey, closes_at=NOON))
    assert "いまお答えいただけるアンケートはありません" in talk.text("5")
    assert not talk.memory.drafts
    assert "いまお答えいただけるアンケートはありません" in talk.text("アンケートに答える")
    assert _answers(sqlite_database, survey) == ()
