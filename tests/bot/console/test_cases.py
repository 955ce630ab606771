"""One case: its page, what is done to it, and what happens when somebody was quicker."""

import time

from starlette.testclient import TestClient

from bot.wiring import House
from intents.desk.case_records import Case, CaseOutcome, CaseState
from intents.desk.case_rules import CaseAct
from storage import audit
from storage.books import books
from tests.bot.console.conftest import Browser
from tests.bot.console.office import DISPLAY, STAFF, hidden, new_case, post

TEXT = "お問い合わせありがとうございます"


def _case(house: House, number: str) -> Case:
    with books(house.database, house.clock(), "staff:terminal") as opened:
        found = opened.cases.find(number)
    assert found is not None
    return found


def _notes(house: House, number: str) -> list[str]:
    case = _case(house, number)
    with books(house.database, house.clock(), "staff:terminal") as opened:
        return [note.text for note in opened.cases.notes(case)]


def _do(browser: TestClient, number: str, act: CaseAct, **fields: str) -> int:
    page = browser.get(f"/console/cases/{number}").text
    fields = {"csrf": hidden(page, "csrf"), "version": hidden(page, "version")} | fields
    return int(browser.post(f"/console/cases/{number}/{act}", data=fields).status_code)


def test_the_reply_box_comes_first_and_says_who_reads_it(house: House, desk: TestClient) -> None:
    """A reply and an internal note are two forms with two buttons, and neither can be taken for the other."""
    page = desk.get(f"/console/cases/{new_case(house).number}").text
    reply, note = page.index("依頼者に返事を送る"), page.index("内部メモを残す")
    assert reply < note
    assert "読む人: 緑川（メール）" in page[:reply]
    assert "職員だけ。依頼者には送られません" in page[reply:note]


def test_every_act_by_its_form(house: House, desk: TestClient) -> None:
    """From taking to closing and again: each form does what its button says."""
    number, other = new_case(house).number, new_case(house, "別のこと").number
    assert _do(desk, number, CaseAct.TAKE) == 303
    assert _do(desk, number, CaseAct.REPLY, text=TEXT) == 303
    assert _do(desk, number, CaseAct.ASK_BACK, text="何台ですか") == 303
    assert _case(house, number).state is CaseState.WAITING
    assert _do(desk, number, CaseAct.NOTE, text="電話した") == 303
    assert _do(desk, number, CaseAct.STEP_BACK) == 303
    assert _do(desk, number, CaseAct.SET_DATE, date_kind="committee", day="3日後") == 303
    assert _do(desk, number, CaseAct.APPOINT, day="明日", time="14:00") == 303
    assert _do(desk, number, CaseAct.REROUTE, desk="forest") == 303
    assert _do(desk, number, CaseAct.ASSIGN, to=STAFF["desk"]) == 303
    assert _do(desk, number, CaseAct.SPLIT, summary="もう一つ") == 303
    assert _do(desk, other, CaseAct.MERGE, into=number) == 303
    assert _do(desk, number, CaseAct.PUT_BACK, reason="休みます") == 303
    assert _do(desk, number, CaseAct.FINISH, outcome="answered", text="以上です") == 303
    assert _do(desk, number, CaseAct.REOPEN) == 303
    assert _do(desk, number, CaseAct.REFER, text="別の窓口です") == 303
    assert _case(house, number).outcome is CaseOutcome.REFERRED
    page = desk.get(f"/console/cases/{number}").text
    for told in (TEXT, "内部メモ・職員だけ", "返事・依頼者に送信", "面談を決めました", "休みます", other):
        assert told in page


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(house: House, desk: TestClient) -> None:
    """Each field keeps what was typed; nothing was done."""
    number = new_case(house).number
    page = desk.get(f"/console/cases/{number}").text
    fields = {"csrf": hidden(page, "csrf"), "version": "1", "day": "そのうち", "time": "14:00", "text": TEXT}
    answer = desk.post(f"/console/cases/{number}/appoint", data=fields)
    assert answer.status_code == 422
    assert 'id="appoint-day-error"' in answer.text
    assert 'value="そのうち"' in answer.text
    assert TEXT in answer.text
    assert _case(house, number).version == 1


def test_somebody_was_quicker_and_the_text_is_still_there(
    house: House, desk: TestClient, signed_in: Browser
) -> None:
    """Refused with the reason, although the form would not be there any more: it is, with what was typed."""
    number = new_case(house).number
    page = desk.get(f"/console/cases/{number}").text
    assert post(signed_in(STAFF["editor"]), f"/console/cases/{number}/take").status_code == 303
    for version in ("1", "2"):
        fields = {"csrf": hidden(page, "csrf"), "version": version, "text": TEXT}
        answer = desk.post(f"/console/cases/{number}/reply", data=fields)
        assert answer.status_code == 409
        assert f"{TEXT}</textarea>" in answer.text
        assert ("変わりました" if version == "1" else DISPLAY[STAFF["editor"]]) in answer.text
    assert _notes(house, number) == []


def test_sent_twice_with_one_page_is_answered_once(house: House, desk: TestClient) -> None:
    """A second press, or a second window, is shown what has been sent meanwhile."""
    number = new_case(house).number
    page = desk.get(f"/console/cases/{number}").text
    fields = {"csrf": hidden(page, "csrf"), "version": "1", "text": TEXT}
    assert [desk.post(f"/console/cases/{number}/reply", data=fields).status_code for _ in (1, 2)] == [
        303,
        409,
    ]
    assert _notes(house, number) == [TEXT]


def test_similar_cases_are_shown_with_a_way_to_merge(house: House, desk: TestClient) -> None:
    """Of the same organisation, however it is written; merged ones lead to where they went."""
    first, second = new_case(house).number, new_case(house, "もう一度", "みどり(株)").number
    page = desk.get(f"/console/cases/{first}").text
    assert f'name="into" value="{second}"' in page
    assert _do(desk, first, CaseAct.MERGE, into=second) == 303
    assert f'href="/console/cases/{second}"' in desk.get(f"/console/cases/{first}").text
    assert f'href="/console/cases/{first}"' in desk.get(f"/console/cases/{second}").text


def test_looking_leaves_one_line(house: House, desk: TestClient, signed_in: Browser) -> None:
    """Each person's look is one line, however often they reload within ten minutes."""
    number = new_case(house).number
    for browser in (desk, desk, signed_in(STAFF["reader"])):
        assert browser.get(f"/console/cases/{number}").status_code == 200
    looks = [line for line in audit.lines(house.database, f"case:{number}") if line.action == "read"]
    assert [(line.actor, line.reason) for line in looks] == [
        ("staff:dai", "console"),
        ("staff:rina", "console"),
    ]


def test_what_people_typed_is_never_markup(house: House, desk: TestClient) -> None:
    """Neither in the queue nor on the page of the case."""
    evil = "\"'><script>alert(1)</script>"
    number = new_case(house, evil, evil, name=evil).number
    _do(desk, number, CaseAct.NOTE, text=evil)
    for path in ("/console", f"/console/cases/{number}", "/console/organisations"):
        assert "<script>alert" not in desk.get(path).text


def test_from_a_question_in_the_chat_to_the_reply_and_back(desk: TestClient, visitor: TestClient) -> None:
    """What nothing answers becomes a case; the reply from the console is seen in the chat."""
    asked = visitor.post("/api/chat", json={"text": "蓄熱レンガの劣化はどう扱いますか"}).json()
    assert "K-00001" in asked["reply"]["text"]
    assert _do(desk, "K-00001", CaseAct.REPLY, text=TEXT) == 303
    page = ""
    for _ in range(100):
        page = visitor.get("/").text
        if TEXT in page:
            break
        time.sleep(0.05)
    assert TEXT in page
    again = visitor.post("/api/chat", json={"text": "ありがとうございます"}).json()
    assert again["reply"]["text"]
    assert "ありがとうございます" in desk.get("/console/cases/K-00001").text


def test_a_database_that_is_down_loses_nothing(house: House, desk: TestClient) -> None:
    """503, with what was typed on the page, to be sent again; what only reads goes on."""
    number = new_case(house).number
    page = desk.get(f"/console/cases/{number}").text
    fields = {"csrf": hidden(page, "csrf"), "version": "1", "text": TEXT}
    with house.database.begin():
        answer = desk.post(f"/console/cases/{number}/reply", data=fields)
        assert answer.status_code == 503
        assert f"{TEXT}</textarea>" in answer.text
        assert f'action="/console/cases/{number}/reply"' in answer.text
        assert answer.headers["retry-after"]
        assert desk.get("/console").status_code == 200
    kept = {name: hidden(answer.text, name) for name in ("csrf", "version")}
    assert desk.post(f"/console/cases/{number}/reply", data=kept | {"text": TEXT}).status_code == 303
