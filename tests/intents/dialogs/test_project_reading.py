"""Recording a month in a conversation: what was recorded meanwhile, what looks odd, and what belongs to whom."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from intents.desk.projects.items import ItemKind, MonitoringItem, Reading
from intents.messages import Choices, Pressed, Reply
from storage.audit import lines
from storage.books import books
from storage.database import Database
from tests.kit import NOON
from tests.stage import Stage
from tests.stage_projects import DECEMBER, month_asked, monthly, monthly_letter, pressed
from tests.world import Talk, form_of, office_at


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Database]:
    """An open office."""
    with office_at(tmp_path) as database:
        yield database


def _asked(office: Database) -> tuple[Stage, Reply]:
    """The figure of November is being asked for."""
    stage = Stage(office)
    given = month_asked(stage)
    stage.talk.say("ヘルプ")
    return stage, stage.talk.say(stage.open_letter("project.reading", **given))


def _go(talk: Talk, *words: str) -> str:
    return [talk.text(word) for word in words][-1]


def _record(office: Database, value: str, item: str = "ガス使用量", month: str = "2026-11") -> None:
    """Somebody else records it."""
    with books(office, DECEMBER, "staff:sato") as opened:
        project = opened.projects.find("P-001")
        assert project
        opened.readings.put(project.id, Reading(item=item, month=month, value=value, by="staff:sato"))


def _kept(office: Database) -> dict[tuple[str, str], Reading]:
    with books(office, DECEMBER, "staff:sato") as opened:
        project = opened.projects.find("P-001")
        assert project
        return {(one.item, one.month): one for one in opened.readings.of(project.id)}


def test_nothing_is_recorded_before_it_is_confirmed(office: Database) -> None:
    """The summary shows what will be kept, of which project; then the record says who gave it."""
    stage, _ = _asked(office)
    said = _go(stage.talk, "1,210")
    assert "内容の確認" in said
    assert "P-001 高効率ボイラーの導入" in said
    assert ("ガス使用量", "2026-11") not in _kept(office)
    _go(stage.talk, "送信")
    kept = _kept(office)["ガス使用量", "2026-11"]
    assert (kept.value, kept.doubt.value, kept.by) == ("1210", "", "contact:1")
    told = [one for one in lines(office, "project:P-001") if one.action == "reading_recorded"]
    assert [one.actor for one in told] == ["person:web:p1"]


def test_an_odd_value_that_is_confirmed_keeps_its_doubt(office: Database) -> None:
    """And the receipt says so."""
    stage, _ = _asked(office)
    assert "いつもの月の3倍を超えています" in _go(stage.talk, "12,100")
    said = _go(stage.talk, "この値で記録する", "送信")
    assert "いつもと違う値として印を付けています" in said
    assert _kept(office)["ガス使用量", "2026-11"].doubt.value == "high"


def test_another_value_instead_is_looked_at_as_well(office: Database) -> None:
    """A second odd one is kept with its doubt; what is no value is refused and asked again."""
    stage, _ = _asked(office)
    _go(stage.talk, "12,100")
    assert "次の中からお選びください" in _go(stage.talk, "8 MWh")
    _go(stage.talk, "-3", "送信")
    kept = _kept(office)["ガス使用量", "2026-11"]
    assert (kept.value, kept.doubt.value) == ("-3", "negative")


def test_what_was_recorded_meanwhile_is_not_written_over(office: Database) -> None:
    """Neither between the question and the answer, nor between the answer and its confirmation."""
    stage, _ = _asked(office)
    _record(office, "1,190".replace(",", ""))
    said = _go(stage.talk, "1,210")
    assert "「ガス使用量」は 1,190 m3 と記録されています" in said
    assert not stage.talk.memory.drafts
    assert _kept(office)["ガス使用量", "2026-11"].value == "1190"


def test_what_was_recorded_before_the_confirmation_stands(office: Database) -> None:
    """The press of the summary finds it and says what stands there."""
    stage, _ = _asked(office)
    _go(stage.talk, "1,210")
    _record(office, "1190")
    assert "1,190 m3 と記録されています" in _go(stage.talk, "送信")
    assert _kept(office)["ガス使用量", "2026-11"].value == "1190"


def test_the_letters_button_leads_on_when_its_item_is_there(office: Database) -> None:
    """Pressed again it offers what is still missing, and to correct what stands there."""
    stage = Stage(office)
    monthly(stage)
    monthly_letter(stage)
    button = pressed(stage, "nudge:1:", "数値を入力する")
    assert isinstance(button, Pressed)
    _record(office, "1190")
    reply = stage.talk.say(button)
    labels = [one.label for part in reply.parts if isinstance(part, Choices) for one in part.options]
    assert labels == ["2026年11月の「検針票」を記録する", "「ガス使用量」を直す"]
    assert "いまの記録は 1,190 m3" in _go(stage.talk, "2")
    said = _go(stage.talk, "1,180", "送信")
    assert "1,180 m3 に直しました" in said
    changed = [one for one in lines(office, "project:P-001") if one.action == "reading_corrected"]
    assert [one.before for one in changed] == [{"value": "1190", "doubt": ""}]


def test_an_item_that_is_no_longer_there_is_not_asked_for(office: Database) -> None:
    """Whatever an old letter's button says."""
    stage = Stage(office)
    given = month_asked(stage)
    stage.talk.say("ヘルプ")
    for odd in ({"item": "電力量"}, {"place": "99"}, {"month": ""}):
        letter = stage.open_letter("project.reading", **(given | odd))
        assert "もう記録の対象ではありません" in stage.talk.text(letter)
    assert not stage.talk.memory.drafts


def test_a_month_that_is_not_over_is_refused(office: Database) -> None:
    """By its reason, at the end."""
    stage = Stage(office)
    given = month_asked(stage)
    stage.talk.say("ヘルプ")
    stage.talk.say(stage.open_letter("project.reading", **(given | {"month": "2026-12"})))
    assert "2026-12 はまだ終わっていません" in _go(stage.talk, "1,210", "送信")


def test_a_number_typed_later_is_not_guessed(office: Database) -> None:
    """Within a dialog it is that dialog's answer, and a shown number is that option."""
    stage = Stage(office)
    monthly(stage)
    monthly_letter(stage)
    talk = stage.talk
    assert form_of(talk.say("説明会に申し込みます")).asked
    talk.say("1210")
    assert talk.memory.drafts[-1].dialog == "seminar.register"
    talk.say("やめる")
    assert "内容の確認" in talk.text("1210")
    talk.say("やめる")
    # One option is shown, and one is what it means.
    assert len(talk.memory.options) == 1
    talk.say("1")
    assert talk.memory.drafts[-1].texts["value"] == "1210"


def test_only_who_was_asked_is_heard_so(office: Database) -> None:
    """A number of somebody who looks after nothing is understood as ever."""
    stage = Stage(office)
    monthly(stage)
    with books(office, NOON, "staff:sato") as opened:
        opened.contacts.save(replace(opened.contacts.of([1])[0], person="web:somebody"))
    monthly_letter(stage)
    stage.talk.say("1210")
    assert not stage.talk.memory.drafts


def test_a_project_without_a_unit_asks_for_a_number(office: Database) -> None:
    """In words without brackets that hold nothing."""
    stage = Stage(office)
    given = month_asked(stage)
    with books(office, NOON, "staff:sato") as opened:
        opened.projects.put_items(
            int(given["place"]), [MonitoringItem("台数", ItemKind.FIGURE, "", "2026-07")]
        )
    stage.talk.say("ヘルプ")
    reply = stage.talk.say(stage.open_letter("project.reading", **(given | {"item": "台数"})))
    assert form_of(reply).fields[0].label == "2026年11月の台数"
    assert "「台数」を 12 と記録しました" in _go(stage.talk, "12", "送信")
