"""What dialogs promise, by the ids of the acceptance list; each race has a twin without its guard."""

import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Table, func, select
from sqlalchemy.exc import IntegrityError
from structlog.testing import capture_logs

from bot.plain_text import plain_text
from intents.conversation import Draft
from intents.desk import clock_work
from intents.desk.books import Recipient
from intents.dialogs import DIALOGS
from intents.messages import (
    Choice,
    Choices,
    ChoiceStyle,
    Content,
    Field,
    Form,
    GiveAnswer,
    Incoming,
    Opened,
    Pressed,
    Reply,
    Submitted,
)
from intents.notices import load_notices
from knowledge.model import Lang
from storage import inbox, messages
from storage.books import books
from storage.database import Database, DatabaseDown
from storage.tables import (
    booking,
    case,
    case_note,
    consent,
    consultation,
    detail,
    outbox,
    seminar_registration,
)
from storage.tokens import StoredTokens
from tests.dialog_paths import PATHS
from tests.kit import NOON, counted_token, event
from tests.stage import Stage, close_seminar
from tests.world import DAY, WORDING, Talk, form_of, office_at, open_office

RACERS = 20
SEAT = {
    "consent": "はい",
    "seminar": "S-0001",
    "way": "way_online",
    "party": "2",
    "organisation": "株式会社グリーン",
    "name": "山田太郎",
    "mail": "taro@example.com",
    "phone": "",
    "extra_1": "",
    "question": "",
    "wants_consultation": "no",
}
REQUEST = {
    "consent": "はい",
    "stage": "stage_plan",
    "prefecture": "埼玉",
    "organisation": "株式会社グリーン",
    "corporate_number": "",
    "industry": "industry_make",
    "activity": "",
    "about": "登録の費用",
    "meeting": "way_online",
    "slot": "1",
    "name": "山田太郎",
    "mail": "taro@example.com",
    "phone": "",
}
START = {"seminar": "説明会に申し込みたい", "consultation": "個別相談を申し込みます"}
START_EN = {
    "seminar": "I'd like to sign up for the seminar",
    "consultation": "I'd like to book an individual consultation",
}
FIELDS = {"seminar": SEAT, "consultation": REQUEST}
ROWS = {"seminar": seminar_registration, "consultation": consultation}
STORED = (seminar_registration, case, consultation, booking, consent, detail, outbox)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Database]:
    """An open office on SQLite."""
    with office_at(tmp_path) as database:
        yield database


@pytest.fixture
def offices(database: Database) -> Database:
    """An open office on each engine."""
    open_office(database)
    return database


def count(database: Database, table: Table) -> int:
    """How many rows a table has."""
    with database.look() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def counts(database: Database) -> dict[str, int]:
    """How many rows each table has that a dialog may write to."""
    return {table.name: count(database, table) for table in STORED}


def fill(talk: Talk, start: str, fields: Mapping[str, str]) -> Reply:
    """Begins a dialog and sends its form."""
    return talk.say(Submitted(form_of(talk.say(start)).token, fields))


def buttons(reply: Reply, style: ChoiceStyle) -> tuple[Choice, ...]:
    """The buttons of one kind."""
    return next(part.options for part in reply.parts if isinstance(part, Choices) and part.style is style)


def confirm(reply: Reply) -> Pressed:
    """The button that submits what was checked."""
    return Pressed(buttons(reply, ChoiceStyle.CONFIRM)[0].token)


def field(reply: Reply, name: str) -> Field:
    """A field of the form that is shown."""
    return next(one for one in form_of(reply).fields if one.name == name)


def at_once(talks: list[Talk], contents: list[Content]) -> list[str]:
    """Each sends something at the same time, and again while the database is busy; gives the replies."""
    gate = threading.Barrier(len(talks))

    def run(talk: Talk, content: Content) -> str:
        sent = event(content, "", talk.name, talk.channel)
        gate.wait()
        while not (said := _sent(talk, sent)):
            time.sleep(0.01)
        return said

    with ThreadPoolExecutor(len(talks)) as pool:
        return list(pool.map(run, talks, contents))


def _sent(talk: Talk, sent: Incoming) -> str:
    """The reply to an event; nothing while the database is busy."""
    try:
        row = inbox.add(talk.database, [sent], "test")[0]
        talk.line.run(row.event)
    except DatabaseDown:
        return ""
    logged = messages.reply_to(talk.database, row.event)
    assert logged is not None
    assert logged.reply is not None
    return plain_text(logged.reply, WORDING)


# ---------------------------------------------------------------- submitted once


@pytest.mark.parametrize("kind", ["seminar", "consultation"])
def test_double_submit(offices: Database, kind: str) -> None:
    """Twenty presses at once: one row, twenty times the same receipt."""
    talk = Talk(offices)
    before = count(offices, ROWS[kind])
    pressed = confirm(fill(talk, START[kind], FIELDS[kind]))
    receipts = at_once([talk] * RACERS, [pressed] * RACERS)
    assert count(offices, ROWS[kind]) == before + 1
    assert len(receipts) == RACERS
    assert len(set(receipts)) == 1
    assert {"seminar": "R-00002", "consultation": "K-00001"}[kind] in receipts[0]


def test_double_submit_without_the_memory_of_it(office: Database) -> None:
    """Were the first press forgotten, the second would open another case."""
    talk = Talk(office)
    reply = fill(talk, START["consultation"], REQUEST | {"slot": "none", "wishes": "12/8"})
    before = talk.memory
    talk.say(confirm(reply))
    talk.remember(before)
    # The purpose of this control: somebody who asks again is asked about the open case, so answer that it is new.
    talk.say("別のご相談として送る")
    talk.say("送信")
    assert count(office, consultation) == 2


def test_double_submit_of_another_form_is_refused(office: Database) -> None:
    """A form that arrives late says the same and gets the receipt, or something else and changes nothing."""
    talk = Talk(office)
    form = form_of(talk.say(START["seminar"]))
    talk.say(confirm(talk.say(Submitted(form.token, SEAT))))
    again = talk.text(Submitted(form.token, SEAT))
    assert "R-00002" in again
    assert "違う内容" not in again
    other = talk.text(Submitted(form.token, SEAT | {"party": "5", "name": "別人"}))
    assert "違う内容のフォームが届きましたが、受付済みの内容は変えていません" in other
    assert "R-00002" in other
    with office.look() as connection:
        row = connection.execute(
            select(seminar_registration).order_by(seminar_registration.c.id.desc()).limit(1)
        ).one()
    assert (row.party, row.name) == (2, "山田太郎")


# ---------------------------------------------------------------- nothing without being shown


def test_check_answers(office: Database) -> None:
    """Up to the check page no table knows anything; the press writes it all."""
    for kind in START:
        talk = Talk(office, f"c-{kind}")
        before = counts(office)
        reply = fill(talk, START[kind], FIELDS[kind])
        assert "まだ送っていません" in plain_text(reply, WORDING)
        assert counts(office) == before
        talk.say(confirm(reply))
        after = counts(office)
        assert all(after[name] > before[name] for name in (ROWS[kind].name, "consent", "outbox"))


def test_notice_before_first_field(office: Database) -> None:
    """Before the purpose text was shown, nothing personal is kept, however it is sent; then its version is."""
    talk = Talk(office)
    form = form_of(talk.say(START["seminar"]))
    shown = talk.memory
    unseen = replace(shown, drafts=(replace(shown.drafts[-1], notice=""),))
    personal = {"name", "mail", "phone", "organisation"}
    for content in (Submitted(form.token, SEAT), _crafted(talk, unseen.drafts[-1])):
        talk.remember(unseen)
        talk.say(content)
        assert not personal & set(talk.memory.drafts[-1].texts)
    # The twin: with the text shown, the same form is kept.
    talk.remember(shown)
    reply = talk.say(Submitted(form.token, SEAT))
    assert personal <= set(talk.memory.drafts[-1].texts)
    assert count(office, consent) == 0
    talk.say(confirm(reply))
    with office.look() as connection:
        given = connection.execute(select(consent.c.purpose, consent.c.version)).all()
    assert [tuple(row) for row in given] == [("seminar", WORDING.say("purposes.version", Lang.JA))]


def _crafted(talk: Talk, draft: Draft) -> Pressed:
    with talk.database.begin() as connection:
        tokens = StoredTokens(connection, 1, NOON, counted_token, "p1")
        token = tokens.issue(GiveAnswer(draft.key, "mail", "taro@example.com"))
        tokens.keep()
    return Pressed(token)


def test_no_leak_between_forms(office: Database) -> None:
    """What was said in one dialog is proposed in another and nothing more; of a cancelled one nothing is left."""
    talk = Talk(office)
    fill(talk, START["consultation"], REQUEST)
    talk.say("やめる")
    assert (count(office, detail), count(office, consent), count(office, case)) == (0, 0, 0)
    reply = talk.say(START["seminar"])
    assert not [one for one in form_of(reply).fields if one.value or one.settled]
    talk.say("やめる")
    talk.say(confirm(fill(talk, START["consultation"], REQUEST)))
    reply = talk.say(START["seminar"])
    assert (field(reply, "mail").value, field(reply, "mail").settled) == ("taro@example.com", False)
    assert not talk.memory.drafts[-1].texts
    checked = talk.say(Submitted(form_of(reply).token, SEAT | {"mail": "other@example.com"}))
    assert "taro@example.com" not in plain_text(checked, WORDING)


# ---------------------------------------------------------------- wrong answers

WRONG = (
    ("seminar", {"mail": "taro @example.com"}, ("途中に空白", "has a space")),
    ("seminar", {"mail": "taroexample.com"}, ("@", "@")),
    ("seminar", {"phone": "０３ー１２"}, ("いま4桁", "4 digits")),
    ("seminar", {"party": "0"}, ("1から5", "1 to 5")),
    ("seminar", {"party": "6名"}, ("1から5", "1 to 5")),
    ("seminar", {"name": ""}, ("入力してください", "fill in")),
    ("seminar", {"name": "123"}, ("文字で", "in letters")),
    ("consultation", {"prefecture": "大阪府"}, ("大阪府", "大阪府")),
    ("consultation", {"prefecture": "埼玉と東京"}, ("埼玉県 / 東京都", "埼玉県 / 東京都")),
    ("consultation", {"corporate_number": "1234567890123"}, ("13桁", "13 digits")),
    ("consultation", {"corporate_number": "700012050002"}, ("13桁", "13")),
    ("consultation", {"consent": "いいえ"}, ("「はい」", "“yes”")),
    ("consultation", {"slot": "99"}, ("1から3", "1 to 3")),
    (
        "consultation",
        {"slot": "none", "wishes": "2月30日"},
        ("「希望の日時」", "“Preferred times”"),
    ),
    ("consultation", {"slot": "none", "wishes": "昨日"}, ("2026/11/23", "2026/11/23")),
)
RIGHT = (
    ("seminar", {"phone": "０３ー１２３４ー５６７８"}, "電話番号: 03-1234-5678"),
    ("seminar", {"mail": "ＴＡＲＯ＠Ｅｘａｍｐｌｅ．ｃｏｍ"}, "メールアドレス: TARO@example.com"),
    ("seminar", {"party": "二人です"}, "参加人数: 二人です"),
    ("consultation", {"slot": "27日の12時"}, "日時: 2026年11月27日（金） 12:00〜13:00"),
    (
        "consultation",
        {"slot": "none", "wishes": "来週の火曜"},
        "希望の日時: 2026年12月1日（火）",
    ),
    (
        "consultation",
        {"slot": "none", "wishes": "令和8年12月3日 午後"},
        "希望の日時: 2026年12月3日（木） 午後",
    ),
    (
        "consultation",
        {"corporate_number": "Ｔ７０００－０１２０－５０００２"},
        "法人番号（13桁）: 7000012050002",
    ),
)


@pytest.mark.parametrize("lang", list(Lang))
def test_field_errors(office: Database, lang: Lang) -> None:
    """Each wrong answer is refused on its own field, by name, with the fix, in the person's language."""
    starts = START if lang is Lang.JA else START_EN
    for number, (kind, bad, fix) in enumerate(WRONG):
        talk = Talk(office, f"c{number}-{lang}")
        reply = fill(talk, starts[kind], FIELDS[kind] | bad)
        name = list(bad)[-1]
        wrong = {one.name: one.error for one in form_of(reply).fields if one.error}
        assert list(wrong) == [name], f"{bad}: {wrong}"
        assert field(reply, name).label in wrong[name], wrong
        assert fix[lang is Lang.EN] in wrong[name], wrong
        kept = talk.memory.drafts[-1].texts
        assert {one: kept[one] for one in ("organisation", "name")} == {
            one: (FIELDS[kind] | bad)[one] for one in ("organisation", "name")
        }


@pytest.mark.parametrize("lang", list(Lang))
def test_field_errors_of_a_seminar_that_has_closed(office: Database, lang: Lang) -> None:
    """Named by its title, with the way out; everything else that was typed is still there."""
    talk = Talk(office)
    reply = talk.say((START if lang is Lang.JA else START_EN)["seminar"])
    close_seminar(Stage(office))
    reply = talk.say(Submitted(form_of(reply).token, SEAT))
    error = field(reply, "seminar").error
    assert "制度と活用セミナー" in error
    assert field(reply, "seminar").label in error
    assert ("ほかの回を選んで" if lang is Lang.JA else "choose another") in error
    assert field(reply, "mail").value == "taro@example.com"


def test_field_errors_not_where_people_only_write_otherwise(office: Database) -> None:
    """Full width, the calendar of the eras, next Tuesday: understood and shown as understood."""
    for number, (kind, typed, shown) in enumerate(RIGHT):
        reply = fill(Talk(office, f"c{number}"), START[kind], FIELDS[kind] | typed)
        assert shown in plain_text(reply, WORDING)


# ---------------------------------------------------------------- at any time


@pytest.mark.parametrize("words", ["担当者", "人と話したい", "担当者に代わってください", "person"])
def test_human_now(office: Database, words: str) -> None:
    """In one turn, announced with a number, also where any text would be an answer; the place is kept."""
    talk = Talk(office)
    fill(
        talk,
        START["consultation"],
        {one: REQUEST[one] for one in REQUEST if one not in ("about", "activity")},
    )
    assert form_of(talk.say("ヘルプ")).asked == "activity"
    kept = talk.memory.drafts[-1].texts
    said = talk.text(words)
    assert "K-00001" in said
    assert "引き継ぎ" in said
    assert talk.memory.drafts[-1].texts == kept
    assert count(office, case) == 1


def test_reload_mid_dialog(office: Database) -> None:
    """Who opens the page again in the middle sees the question in hand; the answers are there."""
    talk = Talk(office)
    fill(talk, START["seminar"], {"consent": "はい", "seminar": "S-0001"})
    kept = talk.memory.drafts
    assert form_of(talk.say(Opened())).asked == "way"
    talk.restart()
    assert form_of(talk.say(Opened())).asked == "way"
    assert talk.memory.drafts == kept


def test_reload_mid_dialog_in_another_tab(office: Database) -> None:
    """What another tab changed is shown before it is sent: the old button submits nothing."""
    talk = Talk(office)
    form = form_of(talk.say(START["seminar"]))
    old = confirm(talk.say(Submitted(form.token, SEAT)))
    talk.say(Submitted(form.token, SEAT | {"party": "4"}))
    before = counts(office)
    reply = talk.say(old)
    assert "変わっています" in plain_text(reply, WORDING)
    assert "参加人数: 4" in plain_text(reply, WORDING)
    assert counts(office) == before
    assert "参加人数: 4" in talk.text(confirm(reply))


@pytest.mark.parametrize(("minutes", "works"), [(15, True), (16, False)])
def test_reload_mid_dialog_in_another_channel(office: Database, minutes: int, works: bool) -> None:
    """A code takes the answers along for a quarter of an hour, once; a wrong one takes nothing."""
    web, slack = Talk(office), Talk(office, "D1", "slack")
    fill(web, START["seminar"], SEAT | {"mail": ""})
    said = web.text("別の端末で続ける")
    code = next(word for word in said.split() if len(word.partition("（")[0]) == 9 and "-" in word)[:9]
    later = NOON + timedelta(minutes=minutes)
    slack.line = replace(slack.line, clock=lambda: later)
    assert "使えません" in slack.text("ABCD-EFG2")
    moved = slack.say(code)
    assert any(isinstance(part, Form) for part in moved.parts) is works
    if works:
        assert form_of(moved).asked == "mail"
        assert slack.memory.drafts[-1].texts["name"] == "山田太郎"
        assert not web.memory.drafts
        assert "使えません" in Talk(office, "c3").text(code)
    else:
        assert web.memory.drafts


# ---------------------------------------------------------------- all or nothing


def test_partial_create(office: Database) -> None:
    """When the last write fails, no case, no booking and no letter is left; the draft is, to be sent again."""
    talk = Talk(office)
    before = counts(office)
    reply = fill(talk, START["consultation"], REQUEST)
    with office.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON outbox WHEN NEW.key LIKE '%reminder%' "
            "BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    with capture_logs() as logged:
        said = talk.text(confirm(reply))
    assert "turn_failed" in [line["event"] for line in logged]
    assert "申し訳" in said
    assert counts(office) == before | {"case": 1}
    with office.look() as connection:
        assert connection.scalars(select(case.c.kind)).all() == ["fault"]
    with office.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")
    assert "K-00002" in talk.text("送信")
    assert count(office, booking) == 1


def test_dedupe_consultation(office: Database) -> None:
    """The same wish of the same organisation by somebody else: the number is shown, and added to on request."""
    talk = Talk(office)
    talk.say(confirm(fill(talk, START["consultation"], REQUEST)))
    other = Talk(office, "D1", "slack")
    again = REQUEST | {"organisation": "（株）グリーン", "about": "図面も見てほしい", "slot": "1"}
    reply = fill(other, START["consultation"], again)
    assert form_of(reply).asked == "similar"
    assert "K-00001" in field(reply, "similar").label
    other.say("受付中のご相談に書き足す")
    assert "K-00001" in other.text("送信")
    assert count(office, consultation) == 1
    with office.look() as connection:
        assert "図面も見てほしい" in connection.scalars(select(case_note.c.text)).one()
    third = Talk(office, "c3")
    fill(third, START["consultation"], again | {"slot": "none", "wishes": "12/8"})
    third.say("別のご相談として送る")
    assert "K-00002" in third.text("送信")


@pytest.mark.parametrize("withdrawn", [True, False])
def test_withdraw_consent_through_the_chat(office: Database, withdrawn: bool) -> None:
    """Reminders of the seminar stop, letters about the consultation go on; without it both go on."""
    talk = Talk(office)
    talk.say(confirm(fill(talk, START["seminar"], SEAT)))
    talk.say(confirm(fill(talk, START["consultation"], REQUEST)))
    if withdrawn:
        asked = talk.say("お知らせを止めて")
        option = buttons(asked, ChoiceStyle.ASK)[0]
        assert "説明会" in option.label
        assert "同意を取り消しました" in talk.text(Pressed(option.token))
    with books(office, NOON + 17 * DAY, "clock") as opened:
        clock_work.tick(opened, load_notices(), WORDING)
    with office.look() as connection:
        due = connection.scalars(
            select(outbox.c.key).where(outbox.c.state == "due", outbox.c.person == "web:p1")
        ).all()
    # Two seminars have somebody to remind, one of whom is a guest.
    assert any("reminder" in key and key.startswith("seminar") for key in due) is not withdrawn
    assert any(key.startswith("booking:1:reminder") for key in due)


# ---------------------------------------------------------------- one slot, one person


def test_slot_never_given_twice(offices: Database) -> None:
    """Twenty people confirm the same time at once: one has it, nineteen are asked for another."""
    talks = [Talk(offices, f"c{number}") for number in range(RACERS)]
    fill(talks[0], START["consultation"], REQUEST)
    (draft,) = talks[0].memory.drafts
    presses: list[Content] = []
    for talk in talks:
        talk.say(Opened())
        # Another organisation each: nobody is asked about a case that is alike.
        own = replace(draft, key=talk.name, texts={**draft.texts, "organisation": f"{talk.name}社"})
        talk.remember(replace(talk.memory, drafts=(own,)))
        presses.append(confirm(talk.say("ヘルプ")))
    said = at_once(talks, presses)
    assert count(offices, booking) == 1
    assert len([one for one in said if "日時をお取りしました" in one]) == 1
    assert len([one for one in said if "別の日時を選んでください" in one]) == RACERS - 1
    assert count(offices, consultation) == 1


@pytest.mark.parametrize("indexed", [True, False])
def test_slot_never_given_twice_without_the_lock(postgres_database: Database, indexed: bool) -> None:
    """Looking before writing is not enough: two who look at once both book, unless the index forbids it."""
    open_office(postgres_database)
    Talk(postgres_database).say("担当者と話したい")
    if not indexed:
        with postgres_database.begin() as connection:
            connection.exec_driver_sql("DROP INDEX uq_booking_slot_id")
    gate = threading.Barrier(2)

    def book(number: int) -> bool:
        try:
            with books(postgres_database, NOON, "person:web:p") as opened:
                slot = opened.consultations.free()[0]
                assert not opened.consultations.taken(slot.id)
                gate.wait()
                to = Recipient(0, "web:p", f"p{number}@example.jp", Lang.JA)
                opened.consultations.book(slot, "K-00001", to, "山田")
        except IntegrityError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(book, range(2))) == [not indexed, True]
    assert count(postgres_database, booking) == (1 if indexed else 2)


# ---------------------------------------------------------------- without forms


def test_a11y_text_alternative() -> None:
    """Every dialog is walked to its receipt in typed text by `test_dialogs`."""
    assert {path.dialog for path in PATHS} == {dialog.name for dialog in DIALOGS}
