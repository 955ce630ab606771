"""What happens around a conversation about projects: who looks after what, the nudge that comes, the letters' buttons."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import select

from bot.schedule import do_due
from intents.desk.clock_work import areas
from intents.desk.consultations import Pen
from intents.desk.nudges.setting import setting_of
from intents.desk.projects.items import ItemKind, MonitoringItem, Reading
from intents.desk.projects.records import NewProject, Role, Round
from intents.messages import Choices, Content, Pressed
from intents.notices import load_notices
from storage.books import books
from storage.codec import unpack_reply
from storage.contact_codes import StoredCodes
from storage.tables import contact_code, outbox
from tests.kit import NOON
from tests.stage import Event, Stage
from tests.world import WORDING

# Ninety days before it is the day on which every conversation takes place.
CUTOFF = date(2027, 2, 22)
# Far enough for every step on the way.
LATER = date(2027, 9, 1)
OWNER, SECOND = "yamada@factory.example", "suzuki@factory.example"
TITLES = {"P-001": "高効率ボイラーの導入", "P-002": "太陽光発電設備の導入"}


def registered(stage: Stage, *project_ids: str, linked: bool = True) -> int:
    """Projects of one person, with a second contact, on the way to round 60; gives the row of the person."""
    with books(stage.database, NOON, "staff:sato") as opened:
        opened.calendars.put_round(Round(60, None, CUTOFF))
        owner = opened.contacts.put("山田", OWNER, "株式会社試験工業")
        second = opened.contacts.put("鈴木", SECOND, "株式会社試験工業")
        for id_ in project_ids:
            new = NewProject(
                project_id=id_,
                title=TITLES[id_],
                organisation="株式会社試験工業",
                prefecture="茨城県",
                methodology="EN-S-001",
                registration_date=date(2026, 2, 1),
                cp_start=date(2026, 2, 1),
                target_round=60,
            )
            added = opened.projects.add(new)
            opened.contacts.give(added.id, owner.id, Role.OWNER)
            opened.contacts.give(added.id, second.id, Role.SECOND)
        if linked:
            opened.contacts.save(replace(owner, person=f"{stage.here}:p1"))
        return owner.id


def tick(stage: Stage) -> None:
    """The clock, at the moment of the conversation."""
    setting = setting_of(stage.talk.line.mind.current().edition)
    do_due(stage.database, stage.talk.line.clock, Pen(load_notices(), WORDING), areas(setting))


def one_project(stage: Stage) -> None:
    """Whoever talks here looks after one project."""
    registered(stage, "P-001")


def two_projects(stage: Stage) -> None:
    """Whoever talks here looks after two projects."""
    registered(stage, "P-001", "P-002")


def unknown_owner(stage: Stage) -> None:
    """Somebody looks after a project, and nobody knows yet that it is whoever talks here."""
    registered(stage, "P-001", linked=False)


def pressed(stage: Stage, key: str, label: str) -> Content:
    """A button of the newest letter whose key begins so."""
    with stage.database.look() as connection:
        query = select(outbox.c.body).where(outbox.c.key.startswith(key)).order_by(outbox.c.id.desc())
        body = connection.scalar(query.limit(1))
    assert body is not None, f"no letter {key}"
    options = [
        option
        for part in unpack_reply(body).parts
        if isinstance(part, Choices)
        for option in part.options
        if option.label == label
    ]
    assert options, f"the letter {key} has no button {label}"
    return Pressed(options[0].token)


def _presses(key: str, label: str) -> Event:
    return lambda stage: pressed(stage, key, label)


ITEMS = (
    MonitoringItem("ガス使用量", ItemKind.FIGURE, "m3", "2026-07"),
    MonitoringItem("検針票", ItemKind.DOCUMENT, "", "2026-10"),
)
# Of the months before, one figure is missing.
GAS = (("2026-07", "1180"), ("2026-08", "1205"), ("2026-10", "1150"))
# A working day on which the record of November is asked for.
DECEMBER = datetime(2026, 12, 4, 1, 30, tzinfo=UTC)


def monthly(stage: Stage) -> None:
    """Whoever talks here looks after a project that records a figure and a paper every month."""
    registered(stage, "P-001")
    with books(stage.database, NOON, "staff:sato") as opened:
        project = opened.projects.find("P-001")
        assert project
        opened.projects.put_items(project.id, ITEMS)
        kept = [Reading(item="ガス使用量", month=month, value=value) for month, value in GAS]
        for one in (*kept, Reading(item="検針票", month="2026-10", value="検針票10月.pdf")):
            opened.readings.put(project.id, one)
    tick(stage)


def monthly_letter(stage: Stage) -> None:
    """The notice of the month comes."""
    stage.talk.line = replace(stage.talk.line, clock=lambda: DECEMBER)
    tick(stage)


def month_asked(stage: Stage) -> dict[str, str]:
    """The figure of November is missing; its button says which it is."""
    monthly(stage)
    stage.talk.line = replace(stage.talk.line, clock=lambda: DECEMBER)
    with books(stage.database, NOON, "staff:sato") as opened:
        project = opened.projects.find("P-001")
        assert project
        return {"place": str(project.id), "month": "2026-11", "item": "ガス使用量"}


def round_to_choose(stage: Stage) -> dict[str, str]:
    """Another round can be chosen for the project of whoever talks here."""
    registered(stage, "P-001")
    with books(stage.database, NOON, "staff:sato") as opened:
        opened.calendars.put_round(Round(61, None, LATER))
        project = opened.projects.find("P-001")
        assert project
        return {"place": str(project.id)}


def two_rounds(stage: Stage) -> None:
    """The same, in a conversation."""
    round_to_choose(stage)


def code_came(stage: Stage) -> dict[str, str]:
    """A code is on its way to whoever talks here; it is 123456."""
    owner = registered(stage, "P-001", linked=False)
    stage.talk.say("ヘルプ")
    with stage.database.begin() as connection:
        codes = StoredCodes(connection, stage.database, 1, f"{stage.here}:p1", NOON)
        codes.issue(owner)
        known = codes._digest("123456")
        connection.execute(contact_code.update().values(digest=known))
    return {}


EVENTS: Mapping[str, Event] = {
    "（案件 P-001 の担当者である）": one_project,
    "（案件 P-001 と P-002 の担当者である）": two_projects,
    "（案件 P-001 の担当者だが、この会話はまだ知られていない）": unknown_owner,
    "（案件 P-001 の担当者で、申請締切は第60回と第61回がある）": two_rounds,
    "（案件 P-001 の担当者で、毎月ガス使用量と検針票を記録している）": monthly,
    "（12月4日の朝、毎月のお知らせが届く）": monthly_letter,
    "（お知らせの「数値を入力する」を押す）": _presses("nudge:1:", "数値を入力する"),
    "（期限のお知らせが届く）": tick,
    "（お知らせの「完了」を押す）": _presses("nudge", "完了"),
    "（お知らせの「対応中」を押す）": _presses("nudge", "対応中"),
    "（お知らせの「延期」を押す）": _presses("nudge", "延期"),
    "（お知らせの「担当者が変わった」を押す）": _presses("nudge", "担当者が変わった"),
    "（お知らせの「相談する」を押す）": _presses("nudge", "相談する"),
    "（お知らせの「止める」を押す）": _presses("nudge", "止める"),
    "（お知らせの「案件と期限を見る」を押す）": _presses("nudge", "案件と期限を見る"),
    "（第二連絡先が「私が引き継ぎました」を押す）": _presses("succession", "私が引き継ぎました"),
    "（第二連絡先が「担当者は変わっていません」を押す）": _presses("succession", "担当者は変わっていません"),
    "（後任が「案件と期限を見る」を押す）": _presses("taken-over", "案件と期限を見る"),
    "（後任が「私の担当ではありません」を押す）": _presses("taken-over", "私の担当ではありません"),
}
