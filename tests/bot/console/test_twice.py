"""The same form twice: what its text did is done once, and nobody is told that nothing happened."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from bot.wiring import House
from storage.books import books
from storage.tables import outbox
from tests.bot.console.office import hidden, new_case

TEXT = "お問い合わせありがとうございます"
OTHER = "もう一つお伝えします"


def _form(browser: TestClient, number: str, act: str) -> dict[str, str]:
    """The hidden fields of the form of an act."""
    page = browser.get(f"/console/cases/{number}").text
    return _hidden(page, number, act)


def _hidden(page: str, number: str, act: str) -> dict[str, str]:
    form = page.partition(f'action="/console/cases/{number}/{act}"')[2].partition("</form>")[0]
    return {name: hidden(form, name) for name in ("csrf", "version", "reference")}


def _notes(house: House, number: str) -> list[str]:
    with books(house.database, house.clock(), "staff:terminal") as opened:
        case = opened.cases.find(number)
        assert case is not None
        return [note.text for note in opened.cases.notes(case)]


def _letters(house: House) -> int:
    with house.database.look() as connection:
        return connection.scalar(select(func.count()).where(outbox.c.channel == "mail")) or 0


@pytest.mark.parametrize(("act", "letters"), [("reply", 1), ("ask_back", 1), ("note", 0), ("appoint", 1)])
def test_one_form_is_one_text_however_often_it_is_sent(
    house: House, desk: TestClient, act: str, letters: int
) -> None:
    """Each press ends on the page that says it is done; one text, one letter."""
    number = new_case(house).number
    fields = _form(desk, number, act) | {"text": TEXT, "day": "明日", "time": "14:00"}
    answers = [desk.post(f"/console/cases/{number}/{act}", data=fields) for _ in range(3)]
    assert [one.status_code for one in answers] == [303] * 3
    assert {one.headers["location"] for one in answers} == {f"/console/cases/{number}?done={act}"}
    assert _notes(house, number) == [TEXT]
    # An appointment has a letter for the day before as well, where there is one.
    assert letters <= _letters(house) <= letters * 2


@pytest.mark.parametrize("named", [True, False])
def test_five_presses_at_once(house: House, desk: TestClient, named: bool) -> None:
    """With the name of the form all are told that it is done; without it, four are told that it was not."""
    number = new_case(house).number
    fields = _form(desk, number, "reply") | {"text": TEXT} | ({} if named else {"reference": ""})
    with ThreadPoolExecutor(5) as pool:
        sent = [pool.submit(desk.post, f"/console/cases/{number}/reply", data=fields) for _ in range(5)]
    found = sorted(one.result().status_code for one in sent)
    assert found == ([303] * 5 if named else [303, 409, 409, 409, 409])
    assert _notes(house, number) == [TEXT]
    assert _letters(house) == 1


@pytest.mark.parametrize("act", ["reply", "note"])
def test_another_text_from_the_same_page_is_not_taken_for_the_first(
    house: House, desk: TestClient, act: str
) -> None:
    """Back in the browser and written anew: refused with the text kept, and the next press sends it."""
    number = new_case(house).number
    path, fields = f"/console/cases/{number}/{act}", _form(desk, number, act)
    assert desk.post(path, data=fields | {"text": TEXT}).status_code == 303
    refused = desk.post(path, data=fields | {"text": OTHER})
    assert refused.status_code == 409
    assert f"{OTHER}</textarea>" in refused.text
    again = _hidden(refused.text, number, act)
    assert again["reference"] != fields["reference"]
    assert desk.post(path, data=again | {"text": OTHER}).status_code == 303
    assert _notes(house, number) == [TEXT, OTHER]


def test_a_name_that_no_page_gave_is_none(house: House, desk: TestClient) -> None:
    """Nobody can take the place of a message from a channel."""
    number = new_case(house).number
    fields = _form(desk, number, "note") | {"text": TEXT}
    for reference in ("slack:C1:1", "x" * 500, "console:T-x:note"):
        assert (
            desk.post(f"/console/cases/{number}/note", data=fields | {"reference": reference}).status_code
            == 303
        )
    assert len(_notes(house, number)) == 3


def test_the_same_appointment_twice_is_one(house: House, desk: TestClient) -> None:
    """Without a word of its own there is nothing new to tell; another time is."""
    number = new_case(house).number
    for _ in range(2):
        fields = _form(desk, number, "appoint") | {"day": "明日", "time": "14:00"}
        assert desk.post(f"/console/cases/{number}/appoint", data=fields).status_code == 303
    first = _letters(house)
    fields = _form(desk, number, "appoint") | {"day": "明日", "time": "15:00"}
    assert desk.post(f"/console/cases/{number}/appoint", data=fields).status_code == 303
    assert _letters(house) > first
