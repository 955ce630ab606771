"""Registering and changing a registration where something is not as it was, or is somebody else's."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from intents.desk import consultations, seminars, seminars_staff
from intents.desk.consultations import Pen
from intents.desk.seminar_buttons import letters_with_buttons
from intents.desk.seminar_letters import SeminarLetters
from intents.desk.seminar_records import NewSeminar, Registration, SeminarKind, SeminarState
from intents.messages import Form, Submitted
from intents.notices import load_notices
from knowledge.model import Lang
from storage.books import StoredBooks, books
from storage.database import Database
from tests.kit import NOON
from tests.world import DAY, WORDING, Talk, form_of, office_at

SEAT = "説明会に申し込みます|はい|制度と活用セミナー|オンライン|1|個人|山田|{}|なし|なし|なし|いいえ|送信"
SECRET = "未発表の会"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Database]:
    """An open office."""
    with office_at(tmp_path) as database:
        yield database


def _go(talk: Talk, words: str) -> str:
    return [talk.text(word) for word in words.split("|")][-1]


def _seated(office: Database, name: str = "c1", mail: str = "a@example.jp") -> Talk:
    talk = Talk(office, name)
    assert "席をお取りしました" in _go(talk, SEAT.format(mail))
    return talk


def _give_up(office: Database, number: str) -> None:
    with books(office, NOON, "person:mail:x") as opened:
        seminars.cancel(opened, _letters(opened), number)


def _letters(opened: StoredBooks) -> SeminarLetters:
    return letters_with_buttons(opened.links, load_notices(), WORDING)


def _find(office: Database, number: str) -> Registration:
    with books(office, NOON, "clock") as opened:
        found = opened.seminars.registration(number)
    assert found
    return found


def test_everything_that_was_typed_can_be_changed(office: Database) -> None:
    """What stands there is shown, what is left out stays."""
    talk = _seated(office)
    form = form_of(talk.say("申込みを変更したい"))
    form = form_of(talk.say(Submitted(form.token, {"registration": "R-00002"})))
    assert "山田" in next(one.label for one in form.fields if one.name == "name")
    said = {"name": "山田花子", "mail": "b@example.jp", "phone": "03-1234-5678", "wants_consultation": "yes"}
    blank = dict.fromkeys(("party", "way", "question", "organisation"), "")
    talk.say(Submitted(form.token, said | blank))
    assert "個別相談を申し込む" in talk.text("送信")
    one = _find(office, "R-00002")
    assert (one.name, one.mail, one.organisation, one.party) == ("山田花子", "b@example.jp", "個人", 1)
    assert (one.phone.replace("-", ""), one.wants_consultation) == ("0312345678", True)


def test_an_address_of_another_registration_is_refused(office: Database) -> None:
    """The question is asked again; nothing is said about the other one."""
    _seated(office, "c1", "a@example.jp")
    with books(office, NOON, "staff:t") as opened:
        first = opened.seminars.registration("R-00002")
        assert first
        opened.seminars.update(replace(first, person="web:other"))
    talk = _seated(office, "c2", "b@example.jp")
    talk.say("申込みを変更したい")
    said = {"registration": "R-00003", "mail": "A@example.jp"}
    blank = dict.fromkeys(
        ("party", "way", "question", "organisation", "name", "phone", "wants_consultation"), ""
    )
    talk.say(Submitted(form_of(talk.say("ヘルプ")).token, said | blank))
    reply = talk.say("送信")
    assert form_of(reply).asked == "mail"
    assert _find(office, "R-00003").mail == "b@example.jp"


@pytest.mark.parametrize("order", ["申込みを変更したい", "セミナーをキャンセルしたい"])
def test_a_dialog_ends_when_its_registration_has_ended(office: Database, order: str) -> None:
    """One sentence that says why, and no question from an empty list."""
    talk = _seated(office)
    talk.say(order)
    _give_up(office, "R-00002")
    reply = talk.say("R-00002")
    assert not any(isinstance(part, Form) for part in reply.parts)
    assert not talk.memory.drafts
    assert "取り消し済み" in talk.text(order)


def test_a_dialog_ends_when_its_seminar_is_called_off(office: Database) -> None:
    """At the next thing that is said."""
    talk = _seated(office)
    _go(talk, "申込みを変更したい|R-00002|2")
    with books(office, NOON, "staff:t") as opened:
        seminars_staff.cancel_seminar(opened, _letters(opened), "S-0001")
    assert "中止になりました" in talk.text("オンライン")
    assert not talk.memory.drafts


@pytest.mark.parametrize("order", ["予約した相談の日時を変えたい", "相談の予約をキャンセルしたい"])
def test_a_dialog_ends_when_its_booking_has_ended(office: Database, order: str) -> None:
    """The same for the time of a consultation."""
    talk = Talk(office)
    _go(
        talk,
        "個別相談を申し込みます|はい|1|埼玉|個人|なし|製造|なし|費用|オンライン|1|山田|a@example.jp|なし|送信",
    )
    assert any(isinstance(part, Form) for part in talk.say(order).parts)
    with books(office, NOON, "person:mail:x") as opened:
        consultations.cancel(opened, Pen(load_notices(), WORDING), "B-00001")
    assert talk.text("B-00001") == WORDING.say("consultation.no_bookings", Lang.JA)
    assert not talk.memory.drafts


def test_another_registration_is_asked_for_by_name(office: Database) -> None:
    """Where one is left, the dialog goes on with it, and does not choose it by itself."""
    talk = _seated(office)
    small = SEAT.replace("制度と活用セミナー|オンライン", "計画書づくり講座").replace(
        "なし|なし|なし", "なし|なし"
    )
    assert "空席待ち" in _go(talk, small.format("a@example.jp"))
    _go(talk, "申込みを変更したい|R-00002")
    _give_up(office, "R-00002")
    assert form_of(talk.say("2")).asked == "registration"


@pytest.mark.parametrize(
    ("kind", "state", "days", "said"),
    [
        (SeminarKind.SEMINAR, SeminarState.DRAFT, 9, ""),
        (SeminarKind.MEETING, SeminarState.OPEN, 9, ""),
        (SeminarKind.SEMINAR, SeminarState.CLOSED, 9, "締め切りました"),
        (SeminarKind.SEMINAR, SeminarState.CANCELLED, 9, "中止になりました"),
        (SeminarKind.SEMINAR, SeminarState.HELD, -9, "始まったか終わりました"),
        (SeminarKind.SEMINAR, SeminarState.OPEN, -9, "始まったか終わりました"),
    ],
)
def test_only_what_was_announced_is_named(
    office: Database, kind: SeminarKind, state: SeminarState, days: int, said: str
) -> None:
    """A number that somebody makes up shows no title of a draft or of a meeting."""
    starts = NOON + days * DAY
    with books(office, NOON, "staff:t") as opened:
        new = NewSeminar(
            title=SECRET,
            kind=kind,
            state=state,
            starts_at=starts,
            ends_at=starts + timedelta(hours=1),
            capacity=9,
        )
        number = opened.seminars.add(new).number
    talk = Talk(office)
    talk.say("説明会に申し込みます")
    form = form_of(talk.say("はい"))
    answer = talk.text(Submitted(form.token, {"seminar": number}))
    assert (SECRET in answer) is bool(said)
    assert said in answer


def test_an_address_tells_nothing_about_its_owner(office: Database) -> None:
    """Who types it in another conversation learns that there is a registration, and where its details are."""
    mine = _seated(office)
    assert "R-00002" in _go(mine, SEAT.format("A+x@example.jp"))
    with books(office, NOON, "staff:t") as opened:
        one = opened.seminars.registration("R-00002")
        assert one
        opened.seminars.update(replace(one, person="web:other", party=3))
    said = _go(Talk(office, "c2"), SEAT.format("a@example.jp"))
    assert "すでに申込みがあります" in said
    assert "控えのメール" in said
    assert not [word for word in ("R-00002", "3", "決まって", "https://") if word in said]
