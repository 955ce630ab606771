"""A project's obligations on its page: who was told, what staff note from the telephone, links, and the outreach list."""

import re
from datetime import date, datetime, time, timedelta

from starlette.testclient import TestClient

from bot.clock import TOKYO
from bot.schedule import do_due
from bot.wiring import House
from intents.desk.clock_work import areas
from intents.desk.consultations import Pen
from intents.desk.nudges.records import Obligation, ObligationState
from intents.desk.nudges.setting import setting_of
from intents.desk.nudges.timing import monday
from intents.desk.office_hours import add_working_days
from intents.desk.projects.records import Round
from intents.notices import load_notices
from storage import audit
from storage.books import books
from tests.bot.console.conftest import Browser
from tests.bot.console.office import STAFF, new_project, post


def _noon(house: House) -> datetime:
    """Noon of the last working day: the pages live in the present, and nudges leave on working days only."""
    hours = setting_of(house.live.current().edition).hours
    day = add_working_days(hours, house.clock().astimezone(TOKYO).date(), -1)
    return datetime.combine(day, time(12), TOKYO)


def _told(house: House) -> date:
    """A project on its way to a round whose owner was told on the last working day; gives the cut-off."""
    noon = _noon(house)
    cutoff = noon.date() + timedelta(days=90)
    with books(house.database, noon, "staff:terminal") as opened:
        opened.calendars.put_round(Round(60, None, cutoff))
    registered = noon.date() - timedelta(days=690)
    new_project(house, "P-1", target_round=60, registration_date=registered, methodology="EN-S-001")
    setting = setting_of(house.live.current().edition)
    do_due(house.database, lambda: noon, Pen(load_notices(), house.wording), areas(setting))
    return cutoff


def _cutoff(house: House) -> Obligation:
    with books(house.database, house.clock(), "x") as opened:
        project = opened.projects.find("P-1")
        assert project
        return next(one for one in opened.obligations.of_projects([project.id]) if one.rule == "DL-08")


def test_the_page_shows_who_was_told(house: House, desk: TestClient) -> None:
    """The obligation, the step, the person, how the letter stands, and the next notice."""
    cutoff = _told(house)
    page = desk.get("/console/projects/P-1").text
    section = page[page.index('id="nudges"') :]
    assert f"{cutoff.year}年{cutoff.month}月{cutoff.day}日" in section
    assert re.search(r"青井: d90 – 送信待ち", section)
    assert re.search(r"次のお知らせ \d{4}-\d\d-\d\d", section)
    assert "登録から22か月" in section


def test_what_was_heard_on_the_telephone_is_noted(house: House, desk: TestClient) -> None:
    """Done, taken back, in progress, stopped: each in the name of whoever noted it."""
    _told(house)
    one = _cutoff(house)
    for act, state, answer in (
        ("done", ObligationState.DONE, "done"),
        ("reopen", ObligationState.OPEN, ""),
        ("working", ObligationState.OPEN, "working"),
        ("stop", ObligationState.STOPPED, "stop"),
    ):
        sent = post(desk, f"/console/projects/P-1/nudges/{act}", "/console/projects/P-1", one=str(one.id))
        assert sent.status_code == 303
        now = _cutoff(house)
        assert (now.state, now.answer) == (state, answer)
    noted = [line for line in audit.lines(house.database, "project:P-1") if line.action == "nudge_working"]
    assert [line.actor for line in noted] == [f"staff:{STAFF['desk']}"]


def test_nothing_is_noted_from_another_page(house: House, desk: TestClient) -> None:
    """An obligation belongs to its project, a person to theirs; what is not there is not there."""
    _told(house)
    new_project(house, "P-2")
    one = str(_cutoff(house).id)
    assert (
        post(desk, "/console/projects/P-2/nudges/done", "/console/projects/P-2", one=one).status_code == 404
    )
    for act, value in (("mute", "999"), ("explode", one), ("done", "x")):
        sent = post(desk, f"/console/projects/P-1/nudges/{act}", "/console/projects/P-1", one=value)
        assert sent.status_code == 404
    assert _cutoff(house).state is ObligationState.OPEN


def test_a_link_makes_a_chat_theirs(house: House, desk: TestClient, visitor: TestClient) -> None:
    """Staff pass it on; whoever opens it sees the projects and the notice that waits for an answer."""
    _told(house)
    with books(house.database, house.clock(), "x") as opened:
        owner = opened.contacts.by_mail("aoi@example.jp")
        assert owner
    shown = post(desk, "/console/projects/P-1/nudges/link", "/console/projects/P-1", one=str(owner.id)).text
    found = re.search(r"/press/([\w-]+)", shown)
    assert found
    assert "案件と期限を見る" in visitor.get(f"/press/{found[1]}").text
    said = visitor.post("/api/chat", json={"action": found[1]}).json()
    words = str(said)
    assert "P-1" in words
    assert "申請締切まで90日" in words
    with books(house.database, house.clock(), "x") as opened:
        owner = opened.contacts.by_mail("aoi@example.jp")
        assert owner
        assert owner.person.startswith("web:")
    assert "link_issued" in [line.action for line in audit.lines(house.database, f"contact:{owner.id}")]


def test_muting_and_back(house: House, desk: TestClient) -> None:
    """On the telephone somebody may ask for no more notices, and later for them again."""
    _told(house)
    with books(house.database, house.clock(), "x") as opened:
        owner = opened.contacts.by_mail("aoi@example.jp")
        assert owner
    for act, muted in (("mute", True), ("resume", False)):
        post(desk, f"/console/projects/P-1/nudges/{act}", "/console/projects/P-1", one=str(owner.id))
        with books(house.database, house.clock(), "x") as opened:
            now = opened.contacts.by_id(owner.id)
            assert now
            assert now.muted is muted


def test_the_outreach_list(house: House, desk: TestClient, signed_in: Browser) -> None:
    """This week's projects with reasons and whom to call; a call is noted; readers see no address."""
    week = monday(_noon(house))
    here = f"/console/outreach?week={week}"
    assert "この週の一覧はありません" in desk.get(here).text
    _told(house)
    page = desk.get(here).text
    assert "登録から22か月" in page
    assert "aoi@example.jp" in page
    assert "aoi@example.jp" not in signed_in(STAFF["reader"]).get(here).text
    with books(house.database, house.clock(), "x") as opened:
        project = opened.projects.find("P-1")
        assert project
    sent = post(
        desk, f"/console/outreach/{week}", "/console/outreach", project=str(project.id), outcome="留守"
    )
    assert sent.status_code == 303
    assert "留守" in desk.get(here).text
    assert post(desk, "/console/outreach/2026-13-99", "/console/outreach", project="1").status_code == 404
