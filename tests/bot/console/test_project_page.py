"""One project in the console: what it shows to whom, and its forms: wrong, stale, twice, and done."""

import re
from datetime import date
from pathlib import Path

import pytest
from httpx import Response
from starlette.testclient import TestClient

from bot.wiring import House
from intents.desk.projects import people, register
from intents.desk.projects.items import ItemKind, MonitoringItem
from intents.desk.projects.records import (
    Certification,
    Contact,
    Instrument,
    Period,
    Project,
    ProjectState,
    Role,
    Round,
    Scheme,
)
from storage import audit
from storage.books import books
from tests.bot.console.conftest import Browser
from tests.bot.console.office import STAFF, hidden, new_project, standing

PATH = "/console/projects/P-1"
FACTS = {
    "title": "空調の更新",
    "organisation": "株式会社みどり",
    "prefecture": "栃木県",
    "methodology": "EN-S-2",
    "scheme": "programme",
    "is_forest": "no",
    "expected_t": "1,234t",
}


@pytest.fixture
def house(tmp_path: Path, migrated_file: Path) -> House:
    """A house in which it is noon on the day of the first edition, whenever this runs."""
    return standing(tmp_path, migrated_file)


def _form(page: str, act: str, contact: int = 0) -> dict[str, str]:
    """The hidden fields of a form."""
    forms = page.split(f'action="{PATH}/{act}"')[1:]
    form = next(one.partition("</form>")[0] for one in forms if not contact or f'value="{contact}"' in one)
    return dict(re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)"', form))


def _send(desk: TestClient, act: str, fields: dict[str, str], contact: int = 0) -> Response:
    form = _form(desk.get(PATH).text, act, contact)
    answer: Response = desk.post(f"{PATH}/{act}", data=form | fields)
    return answer


def _project(house: House) -> Project:
    with books(house.database, house.clock(), "staff:terminal") as opened:
        return register.find(opened, "P-1")


def _staff(house: House) -> dict[Role, Contact]:
    with books(house.database, house.clock(), "staff:terminal") as opened:
        current = opened.contacts.duties([register.find(opened, "P-1").id])
        known = {one.id: one for one in opened.contacts.of({one.contact for one in current})}
    return {one.role: known[one.contact] for one in current}


def test_the_page_tells_what_is_known(house: House, desk: TestClient) -> None:
    """Facts, what is not confirmed, what contradicts, dates with how they were counted, people and their history."""
    new_project(
        house,
        registration_application_date=date(2022, 12, 1),
        registration_date=date(2022, 11, 24),
        cp_start=date(2021, 12, 1),
        cp_end=date(2029, 11, 30),
    )
    with books(house.database, house.clock(), "staff:terminal") as opened:
        register.certify(opened, "P-1", Certification(date(2022, 12, 10), 53))
        register.add_period(opened, "P-1", Period(date(2022, 1, 1), date(2022, 3, 31)))
        register.add_instrument(opened, "P-1", Instrument("電力量計", date(2027, 3, 31)))
        register.add_item(opened, "P-1", MonitoringItem("電力量", ItemKind.FIGURE, "kWh", "2022-04"))
    page = desk.get(PATH).text
    for said in (
        "ボイラーの更新",
        "登録日が登録申請日より前です",
        "要確認の項目: 登録申請日・登録日",
        "2022-12-10",
        "電力量計",
        "電力量 (kWh)",
        "aoi@example.jp",
        "認証対象期間の終了",
        "2029年11月30日",
        "数え方と根拠",
        "DL-03",
    ):
        assert said in page, said
    assert [line.action for line in audit.lines(house.database, "project:P-1")][-1] == "read"


def test_readers_get_no_addresses_and_no_forms(house: House, signed_in: Browser) -> None:
    """Of an address the first letter and the domain; nothing to press."""
    new_project(house)
    page = signed_in(STAFF["reader"]).get(PATH).text
    assert "aoi@example.jp" not in page
    assert "a…@example.jp" in page
    assert f'action="{PATH}' not in page


EDITS: tuple[tuple[str, dict[str, str], str, object], ...] = (
    ("facts", FACTS, "scheme", Scheme.PROGRAMME),
    ("facts", FACTS, "methodology", "EN-S-002"),
    ("dates", {"cp_start": "R3.12.1", "cp_end": "2029/11/30"}, "cp_end", date(2029, 11, 30)),
    ("marks", {"unverified": "cp_end"}, "unverified", frozenset({"cp_end"})),
    ("round", {"target_round": "60"}, "target_round", 60),
    ("state", {"state": "paused", "why": "休止"}, "state", ProjectState.PAUSED),
    ("certify", {"applied_on": "2022-10-03", "tonnes": "47"}, "certified", True),
    (
        "period",
        {"begins_on": "2022-4-1", "ends_on": "2023-3-31"},
        "periods",
        (Period(date(2022, 4, 1), date(2023, 3, 31)),),
    ),
    (
        "instrument",
        {"name": "計", "valid_until": "2027-3-31"},
        "instruments",
        (Instrument("計", date(2027, 3, 31)),),
    ),
)


@pytest.mark.parametrize(("act", "fields", "name", "value"), EDITS)
def test_a_form_pressed_twice_does_its_work_once(
    house: House, desk: TestClient, act: str, fields: dict[str, str], name: str, value: object
) -> None:
    """Both presses are told that it is done; the second changes nothing and leaves no line."""
    new_project(house)
    with books(house.database, house.clock(), "staff:terminal") as opened:
        opened.calendars.put_round(Round(60))
    form = _form(desk.get(PATH).text, act) | fields
    answers = [desk.post(f"{PATH}/{act}", data=form) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303], answers[-1].text
    assert answers[0].headers["location"] == f"{PATH}?done=project_{act}"
    found = _project(house)
    assert getattr(found, name) == value
    # One for the project, one for its owner, one for the change.
    assert found.version == 3
    changed = [line for line in audit.lines(house.database, "project:P-1") if line.actor == "staff:dai"]
    assert [line.action for line in changed if line.action != "read"] != []
    assert len([line for line in changed if line.action != "read"]) == 1
    assert "保存しました" in desk.get(answers[0].headers["location"]).text


def test_what_somebody_else_changed_is_shown_beside_what_was_typed(house: House, desk: TestClient) -> None:
    """Nothing is lost and nothing overwritten unseen; the next press does it."""
    new_project(house)
    form = _form(desk.get(PATH).text, "facts")
    with books(house.database, house.clock(), "staff:other") as opened:
        register.change(opened, "P-1", title="ほかの人の名前", prefecture="群馬県")
    answer = desk.post(f"{PATH}/facts", data=form | FACTS)
    assert answer.status_code == 409
    assert "ほかの人が変更しました" in answer.text
    assert 'value="空調の更新"' in answer.text
    for said in ("いま保存されている内容: ほかの人の名前", "いま保存されている内容: 群馬県"):
        assert said in answer.text
    assert _project(house).title == "ほかの人の名前"
    again = _form(answer.text, "facts")
    assert desk.post(f"{PATH}/facts", data=again | FACTS).status_code == 303
    assert _project(house).title == "空調の更新"


WRONG = (
    ("facts", FACTS | {"title": ""}, "title", 422),
    ("facts", FACTS | {"expected_t": "lots"}, "expected_t", 422),
    ("dates", {"cp_end": "2029-02-30"}, "cp_end", 422),
    ("certify", {"applied_on": "2022-10-03", "listed_on": "2022-10-01"}, "listed_on", 409),
    ("period", {"begins_on": "2022-10-03", "ends_on": "2022-10-01"}, "ends_on", 409),
    ("instrument", {"name": "計"}, "valid_until", 422),
    ("item", {"name": "電力", "kind": "figure", "since": "soon"}, "since", 422),
    ("owner", {"contact_email": "x"}, "contact_email", 422),
    ("owner", {"contact_name": "", "contact_email": ""}, "contact_name", 409),
    (
        "second",
        {"second_contact_name": "青井", "second_contact_email": "aoi@example.jp"},
        "second_contact_email",
        409,
    ),
)


@pytest.mark.parametrize(("act", "fields", "at", "status"), WRONG)
def test_what_is_wrong_stands_at_its_field(
    house: House, desk: TestClient, act: str, fields: dict[str, str], at: str, status: int
) -> None:
    """The form is open with what was typed, and nothing was written."""
    new_project(house)
    before = _project(house)
    answer = _send(desk, act, fields)
    assert answer.status_code == status
    assert f'id="{act}-{at}-error"' in answer.text
    assert re.search(rf'<details class="way {act}" open>', answer.text)
    assert _project(house) == before


def test_people_come_go_and_are_remembered(house: House, desk: TestClient) -> None:
    """A successor takes over, the one before stays as a former one; addresses stay out of the record."""
    new_project(house)
    assert (
        _send(
            desk, "owner", {"contact_name": "赤井", "contact_email": "aka@example.jp", "why": "異動"}
        ).status_code
        == 303
    )
    found = _staff(house)
    assert (found[Role.OWNER].name, found[Role.FORMER].name) == ("赤井", "青井")
    assert (
        _send(
            desk, "second", {"second_contact_name": "黄井", "second_contact_email": "ki@example.jp"}
        ).status_code
        == 303
    )
    assert _send(desk, "end", {"role": "owner"}).status_code == 303
    assert set(_staff(house)) == {Role.SECOND, Role.FORMER}
    page = desk.get(PATH).text
    assert "異動" in page
    told = str([(one.before, one.after) for one in audit.lines(house.database, "project:P-1")])
    assert "example.jp" not in told
    assert "赤井" not in told


def test_how_somebody_is_reached(house: House, desk: TestClient) -> None:
    """Ways in their order, language, zone; somebody else's address is refused; whoever left can come back."""
    new_project(house)
    person = _staff(house)[Role.OWNER]
    fields = {
        "contact_name": "青井 花",
        "contact_email": "hana@example.jp",
        "lang": "en",
        "zone": "Europe/Berlin",
        "ways": "slack, mail",
        "slack": "T1:U1",
        "muted": "yes",
    }
    assert _send(desk, "person", fields | {"zone": "Mars"}, person.id).status_code == 409
    form = _form(desk.get(PATH).text, "person", person.id)
    for _ in range(2):
        assert desk.post(f"{PATH}/person", data=form | fields).status_code == 303
    found = _staff(house)[Role.OWNER]
    assert (found.name, found.mail, found.lang, found.zone) == (
        "青井 花",
        "hana@example.jp",
        "en",
        "Europe/Berlin",
    )
    assert (found.ways, found.slack, found.muted) == (("slack", "mail"), "T1:U1", True)
    for act, gone in (("bounced", True), ("reachable", False), ("left", True)):
        assert _send(desk, act, {}, person.id).status_code == 303
        one = _staff(house)[Role.OWNER]
        assert bool(one.bounced_at or one.gone_at) is gone
    stale = desk.post(f"{PATH}/person", data=form | fields | {"lang": "ja"})
    assert stale.status_code == 409
    assert "いま保存されている内容" in stale.text


def test_nobody_is_changed_from_the_page_of_another_project(house: House, desk: TestClient) -> None:
    """A number that was guessed leads nowhere."""
    new_project(house)
    with books(house.database, house.clock(), "staff:terminal") as opened:
        other = opened.contacts.put("他人", "other@example.jp", "x")
    word = hidden(desk.get(PATH).text, "csrf")
    answer = desk.post(f"{PATH}/left", data={"csrf": word, "contact": str(other.id)})
    assert answer.status_code == 404
    assert desk.post(f"{PATH}/unknown", data={"csrf": word}).status_code == 404
    with books(house.database, house.clock(), "staff:terminal") as opened:
        assert people.find(opened, other.id).gone_at is None


def test_an_organisation_shows_its_projects(house: House, desk: TestClient) -> None:
    """However its legal form is written."""
    new_project(house, organisation="みどり（株）")
    page = desk.get("/console/organisations/みどり").text
    assert "/console/projects/P-1" in page
    assert "認証実績なし" in page


def test_it_speaks_english(house: House, desk: TestClient) -> None:
    """Everything that is ours, in the other language."""
    new_project(house, cp_start=date(2021, 12, 1))
    page = desk.get(f"{PATH}?lang=en").text
    for said in (
        "Monitoring periods",
        "never certified",
        "How it was counted",
        "Change the dates",
        "In charge",
    ):
        assert said in page, said
