"""The Home tab of a member: what they have with the office, each with its buttons, and the way back to it."""

import json
import time
from dataclasses import replace
from datetime import timedelta

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View as SlackView

from bot.channels.slack.blocks import home_page
from intents.desk.books import Recipient
from intents.desk.projects.records import NewProject, Role
from intents.desk.seminar_buttons import letters_with_buttons
from intents.desk.seminar_records import NewSeminar, SignUp, Ways
from intents.desk.seminars import sign_up
from intents.messages import Choice, Choices, Heading, Reply
from intents.notices import load_notices
from knowledge.model import Lang
from knowledge.wording import load_wording
from storage.books import books
from tests.bot.channels.slack.visitor import View, Visitor
from tests.intents.desk.case_world import SATO
from tests.kit import NOON

WORDING = load_wording()
ME = "slack:T1:U1"


def _words(name: str) -> str:
    return WORDING.say(f"mine.{name}", Lang.JA)


def _opened(visitor: Visitor) -> list[View]:
    """What the tab shows once it was opened."""
    before = len(visitor.slack.called("views.publish"))
    visitor.event(type="app_home_opened", user=visitor.user, tab="home")
    return _published(visitor, before)


def _published(visitor: Visitor, before: int) -> list[View]:
    """What the tab shows next, within Slack's limits."""
    for _ in range(500):
        if len(shown := visitor.slack.called("views.publish")) > before:
            view = json.loads(shown[-1]["view"]) if isinstance(shown[-1]["view"], str) else shown[-1]["view"]
            SlackView(**view).validate_json()
            assert len(Block.parse_all(view["blocks"])) == len(view["blocks"]) <= 100
            blocks: list[View] = view["blocks"]
            return blocks
        time.sleep(0.01)
    raise AssertionError("nothing was published")


def _pressed(visitor: Visitor, blocks: list[View], label: str) -> list[View]:
    """Presses a button of the tab that brings no form, and gives what the tab shows then."""
    before = len(visitor.slack.called("views.publish"))
    visitor.press(_button(blocks, label), view={"type": "home"})
    return _published(visitor, before)


def _button(blocks: list[View], label: str) -> View:
    elements = [one for block in blocks if block["type"] == "actions" for one in block["elements"]]
    found: View = next(one for one in elements if one["text"]["text"] == label)
    return found


def _heads(blocks: list[View]) -> list[str]:
    return [block["text"]["text"] for block in blocks if block["type"] == "header"]


def _text(blocks: list[View]) -> str:
    return json.dumps(blocks, ensure_ascii=False)


def _busy(visitor: Visitor) -> None:
    """A request, a seat and a project of this member."""
    database = visitor.house.database
    soon = visitor.house.clock() + timedelta(days=20)
    with books(database, NOON, "staff:sato") as opened:
        new = NewSeminar(
            title="制度の入門",
            starts_at=soon,
            ends_at=soon + timedelta(hours=1),
            capacity=9,
            ways=Ways.ONLINE,
        )
        number = opened.seminars.add(new).number
        letters = letters_with_buttons(opened.links, load_notices(), WORDING)
        to = Recipient(0, ME, "", Lang.JA)
        sign_up(opened, letters, number, SignUp(to=to, name="山田", organisation="試験工業"))
        owner = opened.contacts.put("山田", "yamada@factory.example", "株式会社試験工業")
        project = NewProject(
            project_id="P-001",
            title="ボイラーの更新",
            organisation="株式会社試験工業",
            prefecture="茨城県",
            methodology="EN-S-001",
        )
        opened.contacts.give(opened.projects.add(project).id, owner.id, Role.OWNER)
        opened.contacts.save(replace(owner, person=ME))


def test_an_empty_page_says_so_and_what_can_be_begun(visitor: Visitor) -> None:
    """A request, a seat, a project; and the topics to ask about."""
    blocks = _opened(visitor)
    assert _heads(blocks) == []
    assert _words("home_empty") in _text(blocks)
    assert _button(blocks, WORDING.say("seminar.consult_instead", Lang.JA))
    assert _button(blocks, _words("home_link"))


def test_everything_that_a_member_has_stands_there(visitor: Visitor) -> None:
    """Under a title each, with the buttons that change it."""
    visitor.say("担当の人と話したい")
    _busy(visitor)
    blocks = _opened(visitor)
    titles = [_words(name) for name in ("home_cases", "home_seats", "home_projects")]
    assert [one for one in _heads(blocks) if one in titles] == titles
    assert {"K-00001", "制度の入門"} <= set(_heads(blocks))
    assert any(one.startswith("P-001") for one in _heads(blocks))
    assert _button(blocks, WORDING.say("seminar.cancel", Lang.JA))
    assert _words("home_empty") not in _text(blocks)


def test_from_what_was_done_there_is_a_way_back(visitor: Visitor) -> None:
    """What was looked at would else be gone until the tab is opened again."""
    _busy(visitor)
    blocks = _pressed(visitor, _opened(visitor), WORDING.say("seminar.see_list", Lang.JA))
    assert _words("home_seats") not in _heads(blocks)
    assert _words("home_seats") in _heads(_pressed(visitor, blocks, _words("home_back")))


def test_a_dialog_under_way_is_gone_on_with(visitor: Visitor) -> None:
    """It stands below the lists when the tab is opened again; its own steps lead out of it."""
    _busy(visitor)
    started = _pressed(visitor, _opened(visitor), WORDING.say("seminar.consult_instead", Lang.JA))
    assert not any(one["text"]["text"] == _words("home_back") for one in _buttons(started))
    again = _opened(visitor)
    assert _words("home_seats") in _heads(again)
    assert any(one["action_id"].startswith("form:") for one in _buttons(again))


def _buttons(blocks: list[View]) -> list[View]:
    return [one for block in blocks if block["type"] == "actions" for one in block["elements"]]


def test_staff_see_their_queue(visitor: Visitor) -> None:
    """As before, and nothing of what members see."""
    with books(visitor.house.database, NOON, "staff:terminal") as opened:
        opened.staff.add(SATO)
    assert _heads(_opened(visitor))[0] == WORDING.say("cases.list_mine", Lang.JA)


def test_more_than_a_page_says_where_the_rest_is() -> None:
    """A hundred blocks are what Slack shows."""
    parts = [part for n in range(60) for part in (Heading(str(n)), Choices("", (Choice("x", f"t{n}"),)))]
    blocks = home_page(Reply(tuple(parts), Lang.JA), WORDING)
    assert (len(blocks), blocks[-1]["text"]["text"]) == (100, WORDING.say("slack.home_more", Lang.JA))
    assert len(home_page(Reply(tuple(parts[:100]), Lang.JA), WORDING)) == 100
