"""What the demo shows of projects: the office's own three of fiscal year 2022, and one whose date is told; put in once.

The clock of the nudge is the last working morning: whoever tries the demo in the evening sees one all the same.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.clock import TOKYO, Clock
from bot.schedule import do_due
from bot.wiring import House
from intents.desk import clock_work
from intents.desk.consultations import Pen
from intents.desk.nudges.setting import Setting, setting_of
from intents.desk.office_hours import add_working_days, is_working_day
from intents.desk.projects.items import ItemKind, MonitoringItem
from intents.desk.projects.records import Certification, NewProject, Project, Role, Round
from intents.messages import RunCommand
from intents.notices import load_notices
from knowledge.model import Lang
from storage.books import StoredBooks, books
from storage.letter_hours import at_any_hour

OWNER, SECOND = "owner@example.jp", "second@example.jp"
TOLD = "D-001"
# Ninety days before a cut-off is a day of notices.
AHEAD, ROUND = timedelta(days=90), 90


def fill_projects(house: House) -> None:
    """Puts the samples in unless there are projects already, and tells what was due on the last working morning."""
    setting = setting_of(house.live.current().edition)
    morning = _morning(setting, house.clock())
    with books(house.database, morning, "staff:demo") as opened:
        if opened.projects.page(0, 1):
            return
        _of_2022(opened, house)
        _told(opened, house, morning.astimezone(TOKYO).date())
    clock: Clock = lambda: morning  # noqa: E731 - a clock that stands
    do_due(house.database, clock, Pen(load_notices(), house.wording), clock_work.areas(setting))
    with house.database.begin() as connection:
        at_any_hour(connection)


def owner_link(house: House, base: str) -> str:
    """The address with which a visitor becomes the owner of the sample project; empty when it is not there."""
    with books(house.database, house.clock(), "staff:demo") as opened:
        contact = opened.contacts.by_mail(OWNER)
        if contact is None:
            return ""
        given = {"contact": str(contact.id)}
        return f"{base}/press/{opened.links.issue(RunCommand('my.projects', given=given))}"


def _morning(setting: Setting, now: datetime) -> datetime:
    today = now.astimezone(TOKYO).date()
    ten = datetime.combine(today, setting.terms.hour, TOKYO)
    if is_working_day(setting.hours, today) and ten <= now:
        return ten
    return datetime.combine(add_working_days(setting.hours, today, -1), setting.terms.hour, TOKYO)


def _of_2022(opened: StoredBooks, house: House) -> None:
    """The projects of the office's public report; what it does not say is left out or marked (see deadlines.md §3–§5)."""
    house_, machine = date(2021, 12, 1), date(2019, 11, 27)
    _add(
        opened, house, "R4-01", "house", "EN-S-039", registered=house_, certified=(date(2022, 10, 3), 52, 47)
    )
    _add(
        opened,
        house,
        "R4-02",
        "machine",
        "EN-S-022",
        registered=machine,
        certified=(date(2022, 11, 25), 53, 290),
    )
    solar = NewProject(
        project_id="R4-03",
        title=_say(house, "project_solar"),
        organisation=_say(house, "company_4"),
        prefecture=_say(house, "prefecture_tokyo"),
        methodology="EN-R-002",
        registration_date=date(2022, 11, 24),
        expected_t=Decimal(45797),
        unverified=frozenset({"registration_date"}),
    )
    opened.projects.add(solar)


def _add(
    opened: StoredBooks,
    house: House,
    id_: str,
    name: str,
    code: str,
    *,
    registered: date,
    certified: tuple[date, int, int],
) -> None:
    new = NewProject(
        project_id=id_,
        title=_say(house, f"project_{name}"),
        organisation=_say(house, "company_2"),
        prefecture=_say(house, "prefecture_tokyo"),
        methodology=code,
        registration_date=registered,
        cp_start=registered,
    )
    project = opened.projects.add(new)
    day, round_, tonnes = certified
    opened.projects.put_certifications(project.id, [Certification(day, round_, Decimal(tonnes))])


def _told(opened: StoredBooks, house: House, today: date) -> None:
    """A boiler on its way to a round whose notice was due this morning, with two people and something to measure."""
    opened.calendars.put_round(Round(ROUND, None, today + AHEAD))
    new = NewProject(
        project_id=TOLD,
        title=_say(house, "project_boiler"),
        organisation=_say(house, "company_2"),
        prefecture=_say(house, "prefecture_saitama"),
        methodology="EN-S-001",
        registration_date=today - timedelta(days=500),
        cp_start=today - timedelta(days=500),
        expected_t=Decimal(120),
        target_round=ROUND,
    )
    project = opened.projects.add(new)
    _people(opened, house, project)
    since = f"{today - timedelta(days=100):%Y-%m}"
    unit = _say(house, "unit_gas")
    opened.projects.put_items(
        project.id, [MonitoringItem(_say(house, "item_gas"), ItemKind.FIGURE, unit, since)]
    )


def _people(opened: StoredBooks, house: House, project: Project) -> None:
    for mail, name, role in ((OWNER, "person", Role.OWNER), (SECOND, "guest", Role.SECOND)):
        contact = opened.contacts.put(_say(house, name), mail, project.organisation)
        opened.contacts.give(project.id, contact.id, role)


def _say(house: House, name: str) -> str:
    return house.wording.say(f"demo.{name}", Lang.JA)
