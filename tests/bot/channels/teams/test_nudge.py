"""A nudge in Teams: it comes unasked, is answered by its buttons and in words, and a blocked bot is a way that is closed."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import now as clock_now
from intents.desk.books import Recipient
from intents.desk.nudges.linking import link
from intents.desk.nudges.records import Obligation, ObligationState
from intents.desk.office_hours import add_working_days
from intents.desk.projects.records import Project
from knowledge.model import Lang
from storage.letter_hours import at_any_hour
from storage.tables import conversation
from tests.bot.channels.teams.visitor import Visitor, actions, words
from tests.intents.desk.nudges.nudge_world import (
    OWNER,
    SECOND,
    SETTING,
    TOKYO,
    at,
    do,
    enter,
    letters,
    look,
    put_round,
    tick,
)


def last_morning() -> datetime:
    """Ten o'clock in Tokyo on the last working day: the house's clock is the real one, and it must be over."""
    today = clock_now().astimezone(TOKYO) - timedelta(hours=11)
    day = add_working_days(SETTING.hours, today.date() + timedelta(days=1), -1)
    return at(day.year, day.month, day.day)


NOW = last_morning()
# Thirty days before a cut-off is one of its notices.
CUTOFF = NOW.date() + timedelta(days=30)


def until(found: Callable[[], Any]) -> Any:
    """What is found within ten seconds."""
    for _ in range(500):
        if result := found():
            return result
        time.sleep(0.02)
    raise AssertionError("it did not happen")


@pytest.fixture
def project(visitor: Visitor) -> Project:
    """A project of the visitor, who is known in Teams; its cut-off comes near."""
    visitor.say("モニタリング報告書の期限は？")
    database = visitor.house.database
    put_round(database, NOW, 60, CUTOFF)
    found = enter(database, NOW, target_round=60)
    with database.look() as connection:
        here = connection.scalar(select(conversation.c.id)) or 0
    person = "teams:" + visitor.house.settings.teams_tenant + ":aad-u1"

    def show(opened: Any) -> None:
        contact = opened.contacts.by_mail(OWNER)
        link(opened, contact, Recipient(here, person, "", Lang.JA), "code")

    do(database, NOW, show)
    return found


def nudge(visitor: Visitor) -> None:
    """The clock plans, and then writes; what it wrote leaves at whatever hour the tests run."""
    for minute in (0, 1):
        tick(visitor.house.database, NOW + timedelta(minutes=minute))
    with visitor.house.database.begin() as connection:
        at_any_hour(connection)


def known(visitor: Visitor, project: Project) -> tuple[Obligation, ...]:
    """The obligations of the project as they stand."""
    return look(visitor.house.database, NOW, lambda opened: opened.obligations.of_projects([project.id]))


def test_a_nudge_comes_unasked_and_its_button_settles_it(visitor: Visitor, project: Project) -> None:
    """In the chat that the person has with the desk; what is pressed is answered below."""
    before = len(visitor.cards())
    nudge(visitor)
    card = visitor.next_card(before)
    assert "P-001" in words(card)
    labels = [one["title"] for one in actions(card)]
    assert {"対応中", "完了", "延期", "担当者が変わった", "相談する", "止める"} <= set(labels)
    visitor.press(card, "完了")
    until(lambda: ObligationState.DONE in {one.state for one in known(visitor, project)})


def test_whoever_took_the_desk_out_is_written_to_by_mail_until_they_write(
    visitor: Visitor, project: Project
) -> None:
    """Nobody is asked after: their account is still there. A message of theirs opens the way again."""
    database = visitor.house.database

    def teams() -> str:
        found = look(database, NOW, lambda opened: opened.contacts.by_mail(OWNER))
        return found.teams if found else "?"

    visitor.send(visitor.message("", type="installationUpdate", action="remove"))
    case = until(lambda: look(database, NOW, lambda opened: opened.cases.about(project.subject)))
    assert "Microsoft Teams" in case.summary
    nudge(visitor)
    assert {one.channel for one in letters(database)} == {"mail"}
    assert teams() == ""
    visitor.say("モニタリング報告書の期限は？")
    assert teams().endswith(":aad-u1")


def test_a_nudge_is_answered_in_words(visitor: Visitor, project: Project) -> None:
    """As everywhere."""
    before = len(visitor.cards())
    nudge(visitor)
    visitor.next_card(before)
    assert words(visitor.say("まだです"))
    until(lambda: "working" in {one.answer for one in known(visitor, project)})


def test_whoever_blocked_the_bot_is_written_to_by_mail_and_asked_after(
    visitor: Visitor, project: Project
) -> None:
    """Teams says that nobody is there: the letter goes the next way."""
    refused = {"error": {"code": "ForbiddenOperationException", "message": "blocked"}}
    visitor.connector.refusals["a:u1"] = (403, refused)
    database = visitor.house.database
    nudge(visitor)
    until(lambda: [one for one in letters(database) if one.channel == "teams" and one.state == "parked"])
    assert [one for one in letters(database) if one.channel == "mail" and one.state == "due"]
    tick(database, NOW + timedelta(hours=1))
    (asked,) = letters(database, "succession:")
    assert asked.address["mail"] == SECOND
    assert look(database, NOW, lambda opened: opened.successions.of_project(1))
