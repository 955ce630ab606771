"""Choosing the round that a project aims at: by whoever is in charge, with the way to it, and without a letter about it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from intents.desk.projects.records import Project, Role, Round
from intents.messages import Choices, Reply
from storage.audit import lines
from storage.books import books
from storage.database import Database
from tests.intents.desk.nudges.nudge_world import letters
from tests.kit import NOON
from tests.stage import Stage
from tests.stage_projects import registered, round_to_choose, tick
from tests.world import Talk, office_at


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Database]:
    """An open office."""
    with office_at(tmp_path) as database:
        yield database


def _begin(stage: Stage, given: dict[str, str]) -> Reply:
    stage.talk.say("ヘルプ")
    return stage.talk.say(stage.open_letter("project.target", **given))


def _project(office: Database) -> Project:
    with books(office, NOON, "staff:sato") as opened:
        found = opened.projects.find("P-001")
    assert found
    return found


def _go(talk: Talk, *words: str) -> str:
    return [talk.text(word) for word in words][-1]


def _labels(reply: Reply) -> list[str]:
    return [one.label for part in reply.parts if isinstance(part, Choices) for one in part.options]


def _put_rounds(office: Database, *rounds: Round) -> None:
    with books(office, NOON, "staff:sato") as opened:
        for one in rounds:
            opened.calendars.put_round(one)


def test_the_round_that_was_chosen_is_planned_at_once(office: Database) -> None:
    """With a line in the audit by whoever chose it; no letter tells them that the dates moved."""
    stage = Stage(office)
    given = round_to_choose(stage)
    tick(stage)
    before = letters(office)
    assert [row.person for row in before]
    _begin(stage, given)
    said = _go(stage.talk, "第61回", "送信")
    assert "第61回に向けた段取り（申請締切 2027年9月1日）" in said
    assert _project(office).target_round == 61
    (told,) = (one for one in lines(office, "project:P-001") if one.action == "round_chosen")
    assert (told.actor, told.before, told.after) == (
        "person:web:p1",
        {"target_round": 60},
        {"target_round": 61},
    )
    with books(office, NOON, "staff:sato") as opened:
        open_ = [one for one in opened.obligations.of_projects([1]) if one.state == "open"]
    assert {one.key.partition(":")[2] for one in open_ if one.rule in ("BP-01", "DL-07", "DL-08")} == {"61"}
    tick(stage)
    assert letters(office) == before


def test_it_can_be_taken_back(office: Database) -> None:
    """Then there are no steps any more."""
    stage = Stage(office)
    _begin(stage, round_to_choose(stage))
    said = _go(stage.talk, "まだ決めない", "送信")
    assert "目指す回を決めていないと記録しました" in said
    assert "段取り（" not in said
    assert _project(office).target_round is None


def test_only_rounds_that_lie_ahead_are_offered(office: Database) -> None:
    """Those with a cut-off that is not past; whoever has none cannot give one up."""
    stage = Stage(office)
    given = round_to_choose(stage)
    _put_rounds(office, Round(59, None, date(2026, 11, 23)), Round(62, date(2028, 1, 1), None))
    with books(office, NOON, "staff:sato") as opened:
        project = opened.projects.find("P-001")
        assert project
        opened.projects.save(replace(project, target_round=None))
    _begin(stage, given)
    assert "次の中からお選びください" in _go(stage.talk, "第59回")
    assert "次の中からお選びください" in _go(stage.talk, "まだ決めない")
    _go(stage.talk, "第60回", "送信")
    assert _project(office).target_round == 60


def test_nobody_chooses_for_somebody_elses_project(office: Database) -> None:
    """Neither a stranger, nor the second contact, nor who was in charge formerly."""
    stage = Stage(office)
    given = round_to_choose(stage)
    for role in (None, Role.SECOND, Role.FORMER):
        with books(office, NOON, "staff:sato") as opened:
            opened.contacts.end(1, 1, Role.OWNER)
            if role:
                opened.contacts.give(1, 1, role)
        reply = _begin(stage, given)
        assert not stage.talk.memory.drafts, role
        assert "目指す回を選べるのは、その案件の担当の方です" in str(reply)
    assert "目指す回を変える" not in _labels(stage.talk.say(stage.open_letter("my.projects")))


def test_without_rounds_there_is_nothing_to_choose(office: Database) -> None:
    """It says so, and the list of projects still offers it once there are."""
    stage = Stage(office)
    registered(stage, "P-001")
    _put_rounds(office, Round(60, None, None))
    with books(office, NOON, "staff:sato") as opened:
        project = opened.projects.find("P-001")
        assert project
        opened.projects.save(replace(project, target_round=None))
    reply = _begin(stage, {"place": "1"})
    assert "まだ入力されていません" in str(reply)
    shown = stage.talk.say(stage.open_letter("my.projects"))
    assert "目指す回を選ぶ" in _labels(shown)
    assert "段取り（" not in str(shown)


def test_a_round_that_went_meanwhile_is_asked_again(office: Database) -> None:
    """Its cut-off was taken back between the answer and the confirmation."""
    stage = Stage(office)
    _begin(stage, round_to_choose(stage))
    _go(stage.talk, "第61回")
    _put_rounds(office, Round(61, None, None))
    assert "次の中からお選びください" in _go(stage.talk, "送信")
    assert _project(office).target_round == 60
