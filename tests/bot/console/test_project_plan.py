"""The way to a round and the record of each month on a project's page."""

from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.wiring import House
from intents.desk.projects.items import Doubt, ItemKind, MonitoringItem, Reading
from intents.desk.projects.records import Round
from storage.books import books
from tests.bot.console.office import new_project, standing

PATH = "/console/projects/P-1"


@pytest.fixture
def house(tmp_path: Path, migrated_file: Path) -> House:
    """A house in which it is noon on the day of the first edition, whenever this runs."""
    return standing(tmp_path, migrated_file)


def _rounds(house: House) -> None:
    with books(house.database, house.clock(), "staff:terminal") as opened:
        opened.calendars.put_round(Round(60, None, date(2027, 2, 22)))
        opened.calendars.put_round(Round(61, None, date(2027, 9, 1)))


def test_the_plan_stands_on_the_page(house: House, desk: TestClient) -> None:
    """Each step with its day, what is left and how it was counted; in both languages."""
    _rounds(house)
    new_project(house, "P-1", target_round=60)
    page = desk.get(PATH).text
    section = page[page.index('id="plan"') : page.index('id="nudges"')]
    assert "第60回に向けた段取り（申請締切 2027年2月22日）" in section
    assert section.count("<tr>") == 6
    assert "110営業日前" in section
    assert "目安どおりに進められる最初の回は第61回" in section
    assert "制度の規則ではありません" in section
    assert "110 working days before the cut-off" in desk.get(f"{PATH}?lang=en").text


def test_without_a_round_or_items_there_is_neither(house: House, desk: TestClient) -> None:
    """And what cannot be planned says why."""
    _rounds(house)
    new_project(house, "P-1")
    page = desk.get(PATH).text
    assert 'id="plan"' not in page
    assert 'id="months"' not in page
    with books(house.database, house.clock(), "staff:terminal") as opened:
        opened.calendars.put_round(Round(62))
    new_project(house, "P-2", target_round=62)
    page = desk.get("/console/projects/P-2").text
    assert "第62回の申請締切が入力されていません" in page[page.index('id="plan"') :]


def test_months_stand_on_the_page(house: House, desk: TestClient) -> None:
    """The newest first, with what is missing and what looked odd; what people typed is shown as text."""
    new_project(house, "P-1")
    with books(house.database, house.clock(), "staff:terminal") as opened:
        project = opened.projects.find("P-1")
        assert project
        items = (
            MonitoringItem("電力量", ItemKind.FIGURE, "kWh", "2026-08"),
            MonitoringItem("検針票", ItemKind.DOCUMENT, "", "2026-10"),
        )
        opened.projects.put_items(project.id, items)
        kept = (
            Reading(item="電力量", month="2026-08", value="1200"),
            Reading(item="電力量", month="2026-10", value="9000", doubt=Doubt.HIGH),
            Reading(item="検針票", month="2026-10", value="<b>10月</b>.pdf"),
        )
        for one in kept:
            opened.readings.put(project.id, one)
    page = desk.get(PATH).text
    section = page[page.index('id="months"') : page.index('id="nudges"')]
    assert [section.index(month) for month in (">2026-10<", ">2026-09<", ">2026-08<")] == sorted(
        section.index(month) for month in (">2026-10<", ">2026-09<", ">2026-08<")
    )
    assert "まだ記録のない月: 2026-09" in section
    assert "9000 要確認" in section
    assert section.count("未記録") == 1
    assert "&lt;b&gt;10月&lt;/b&gt;.pdf" in section
