"""A nudge to its end: in a real browser and before the Slack emulator it is answered "somebody else now"."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from bot.clock import now
from bot.demo_projects import OWNER, TOLD
from intents.desk.projects.records import Role
from intents.messages import RunCommand
from storage.books import books
from tests.e2e.axe import findings
from tests.e2e.demo_office import DemoOffice, demo_office
from tests.e2e.dialog_pages import Chat
from tests.e2e.test_slack import ALONE, EMULATOR, ROOT

PORT = 8183
pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoOffice]:
    """The product as `make run` starts it."""
    with demo_office(tmp_path_factory.mktemp("demo"), PORT) as running:
        yield running


def _link(office: DemoOffice, mail: str) -> str:
    with books(office.database, now(), "staff:e2e") as opened:
        contact = opened.contacts.by_mail(mail)
        assert contact
        given = {"contact": str(contact.id)}
        return f"{office.url}press/{opened.links.issue(RunCommand('my.projects', given=given))}"


def _owner(office: DemoOffice) -> str:
    with books(office.database, now(), "staff:e2e") as opened:
        project = opened.projects.find(TOLD)
        assert project
        duty = next(one for one in opened.contacts.duties([project.id]) if one.role is Role.OWNER)
        contact = opened.contacts.by_id(duty.contact)
        assert contact
        return contact.mail


@pytest.mark.parametrize("width", [1280, 390])
def test_a_succession_in_the_browser(visitor: BrowserContext, office: DemoOffice, width: int) -> None:
    """The link shows the nudge; the owner says that somebody else looks after it; the new one sees the project."""
    page = visitor.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    before, after = _owner(office), f"next{width}@example.jp"
    page.goto(_link(office, before))
    page.get_by_role("button", name=re.compile("案件と期限")).click()
    chat = Chat(page)
    first = page.locator(".message").last
    if before == OWNER:
        expect(first).to_contain_text("期限と手続きのお知らせ")
    else:
        expect(first).to_contain_text(TOLD)
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="担当者が変わった").last.click()
    expect(chat.form).to_have_count(1)
    chat.say("分かる")
    chat.say("はい")
    chat.say("後任花子")
    chat.say(after)
    chat.say("送信")
    expect(page.locator(".message").last).to_contain_text("後任花子様に変更しました")
    assert _owner(office) == after


@pytest.mark.parametrize("mode", ["events", "socket"])
def test_a_nudge_in_slack(mode: str, tmp_path: Path) -> None:
    """A direct message with buttons, one only; the succession runs to its end in words."""
    command = [*ALONE, sys.executable, "-m", "tests.e2e.slack_nudge", str(EMULATOR), mode, str(tmp_path)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=150)
    assert run.returncode == 0, run.stderr
    done = json.loads(run.stdout.splitlines()[-1])
    assert all(done.values()), done
