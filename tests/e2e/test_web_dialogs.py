"""Dialogs in a real browser: seminar seats, consultation, letters; keyboard, phone, no script, axe-core."""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from icalendar import Event
from playwright.sync_api import Browser, BrowserContext, Page, expect

from intents.desk.seats import SeatState
from tests.e2e.axe import findings
from tests.e2e.demo_office import DemoOffice, demo_office
from tests.e2e.dialog_pages import SIGN_UP, Chat

PORT = 8179
SEMINAR = "J-クレジット制度と活用セミナー"
ASIDE = "定員は何人ですか"
CONSULTATION = {
    "consent": "1",
    "stage": "2",
    "prefecture": "2",
    "organisation": "鍵盤工業株式会社",
    "industry": "3",
    "about": "ボイラーの更新について相談したい",
    "meeting": "1",
    "slot": "2",
    "wishes": "来週火曜の午後",
    "name": "鍵盤 花子",
    "mail": "keys@example.jp",
}

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoOffice]:
    """The product as `make run` starts it."""
    with demo_office(tmp_path_factory.mktemp("demo"), PORT) as running:
        yield running


def _chat(visitor: BrowserContext, office: DemoOffice) -> Chat:
    return Chat(visitor.new_page()).open(office.url)


def _registering(visitor: BrowserContext, office: DemoOffice, title: str = SEMINAR) -> Chat:
    """A visitor before the empty sign-up form of a seminar."""
    chat = _chat(visitor, office)
    chat.say("説明会の一覧")
    chat.press(title)
    expect(chat.form).to_have_count(1)
    return chat


def _waiting(visitor: BrowserContext, office: DemoOffice, title: str, mail: str) -> tuple[Chat, str, str]:
    """Somebody who waits for the one seat of a seminar: their page, their registration, and who has the seat."""
    guest = office.full_seminar(title)
    chat = _registering(visitor, office, title)
    chat.sign_up(mail=mail, party="1名")
    receipt = chat.confirm()
    expect(receipt).to_contain_text("空席待ち")
    found = re.search(r"R-\d+", receipt.inner_text())
    assert found
    return chat, found[0], guest


# ---------------------------------------------------------------- from the list to the calendar


def test_a_seat_from_the_list_to_the_calendar(visitor: BrowserContext, office: DemoOffice) -> None:
    """With two wrong fields on the way, up to the file for the visitor's own calendar."""
    chat = _registering(visitor, office)
    chat.sign_up(party="6名", mail="taro @example.jp")
    for name in ("party", "mail"):
        expect(chat.field(name)).to_have_attribute("aria-invalid", "true")
        expect(chat.error(name)).to_be_visible()
    expect(chat.error("party")).to_contain_text("1から5")
    expect(chat.error("mail")).to_contain_text("空白")
    expect(chat.field("party")).to_be_focused()
    assert (chat.value("party"), chat.value("mail")) == ("6名", "taro @example.jp")
    assert chat.value("organisation") == SIGN_UP["organisation"]
    assert chat.value("name") == SIGN_UP["name"]
    chat.fill({"party": "2名", "mail": "calendar@example.jp"})
    check = chat.send_on()
    expect(check.locator("h2")).to_be_focused()
    expect(check).to_contain_text("calendar@example.jp")
    receipt = chat.confirm()
    expect(receipt.locator("h2").first).to_be_focused()
    with chat.page.expect_download() as download:
        receipt.locator(".download").click()
    (event,) = Event.from_ical(Path(download.value.path()).read_bytes()).walk("VEVENT")
    assert isinstance(event, Event)
    assert str(event["SUMMARY"]).startswith(SEMINAR)
    assert event.duration == timedelta(hours=2)


def test_an_unanswered_choice_is_an_error_of_its_group(visitor: BrowserContext, office: DemoOffice) -> None:
    """What has several boxes is marked as a whole, and its first box gets the focus."""
    chat = _registering(visitor, office)
    chat.field("consent").check()
    chat.fill(SIGN_UP)
    chat.choose("wants_consultation", "いいえ")
    chat.send_on()
    group = chat.form.get_by_role("radiogroup", name="参加方法")
    expect(group).to_have_attribute("aria-invalid", "true")
    expect(chat.error("way")).to_be_visible()
    expect(chat.field("way")).to_be_focused()


def test_a_double_press_sends_one_form(visitor: BrowserContext, office: DemoOffice) -> None:
    """A nervous finger gets one reply to a form, and one receipt."""
    chat = _registering(visitor, office)
    chat.sign_up(mail="double@example.jp", party="")
    chat.fill({"party": "1名"})
    chat.answered(chat.form.locator("button.primary").dblclick)
    chat.answered(chat.page.locator(".confirm button.primary").last.dblclick)
    chat.page.wait_for_timeout(400)
    expect(chat.page.get_by_text("席をお取りしました")).to_have_count(1)


# ---------------------------------------------------------------- not losing one's place


def test_a_side_question_keeps_what_was_entered(visitor: BrowserContext, office: DemoOffice) -> None:
    """The answer comes, then the form with everything that was entered and never sent, also what was mended."""
    chat = _registering(visitor, office)
    chat.sign_up(party="6名", mail="aside @example.jp")
    chat.fill({"party": "3名"})
    chat.form.locator("summary").click()
    chat.fill({"organisation": "改名工業株式会社", "phone": "048-600-0000"})
    answer = chat.say(ASIDE)
    expect(answer.locator(".sources")).to_have_count(1)
    expect(chat.form.locator(".kept")).to_be_visible()
    assert chat.value("party") == "3名"
    assert chat.value("organisation") == "改名工業株式会社"
    assert chat.value("phone") == "048-600-0000"
    assert chat.value("mail") == "aside @example.jp"
    expect(chat.page.locator("#text")).to_be_focused()
    chat.say(ASIDE)
    assert chat.value("party") == "3名"


def test_a_side_question_before_anything_was_sent(visitor: BrowserContext, office: DemoOffice) -> None:
    """Also boxes and choices of a form that was never sent stay."""
    chat = _registering(visitor, office)
    chat.field("consent").check()
    chat.choose("way", "会場")
    chat.fill({"name": "途中 の人"})
    chat.say(ASIDE)
    expect(chat.field("consent")).to_be_checked()
    expect(chat.form.get_by_label("会場")).to_be_checked()
    assert chat.value("name") == "途中 の人"


def test_reload_mid_dialog(visitor: BrowserContext, office: DemoOffice) -> None:
    """After a reload and in a second tab: the same dialog, no second greeting, and the form there works."""
    chat = _registering(visitor, office)
    chat.sign_up(party="6名", mail="reload@example.jp")
    count = chat.replies.count()
    chat.page.reload()
    other = _chat(visitor, office)
    for page in (chat, other):
        expect(page.replies).to_have_count(count)
        expect(page.page.get_by_text("こんにちは。")).to_have_count(1)
        expect(page.form).to_have_count(1)
        assert (page.value("party"), page.value("mail")) == ("6名", "reload@example.jp")
    other.fill({"party": "1名"})
    other.send_on()
    expect(other.confirm()).to_contain_text("席をお取りしました")
    expect(chat.reply).to_contain_text("席をお取りしました")
    expect(chat.form).to_have_count(0)


# ---------------------------------------------------------------- other ways to the same end


def test_a_consultation_by_keyboard_alone(visitor: BrowserContext, office: DemoOffice) -> None:
    """Tab, Space, arrows and Enter lead from the question box to the receipt."""
    chat = _chat(visitor, office)
    chat.page.keyboard.type("個別相談を申し込みたい")
    chat.answered(lambda: chat.page.keyboard.press("Enter"))
    chat.tab_to("e.name === 'f.consent'", "Shift+Tab")
    chat.fill_by_keyboard(CONSULTATION)
    for _ in range(3):
        if not chat.form.count():
            break
        # The focus is at the first field that is open.
        assert chat.at("Boolean(e.closest('form.dialog > .field'))")
        chat.fill_by_keyboard(CONSULTATION)
    expect(chat.reply.locator("h2")).to_be_focused()
    chat.tab_to("e.matches('.confirm .primary')", times=3)
    receipt = chat.answered(lambda: chat.page.keyboard.press("Enter"))
    expect(receipt).to_contain_text(re.compile(r"K-\d+"))
    expect(receipt.locator(".appointment")).to_have_count(1)


def test_a_seat_without_script(browser: Browser, office: DemoOffice) -> None:
    """A browser without script reads the errors at their fields and gets the receipt."""
    context = browser.new_context(java_script_enabled=False, locale="ja-JP")
    chat = Chat(context.new_page()).open(office.url)
    chat.page.fill("#text", "説明会の一覧")
    chat.page.click("#ask button")
    chat.reply.get_by_role("button", name=SEMINAR).click()
    chat.field("consent").check()
    chat.choose("way", "会場")
    chat.choose("wants_consultation", "いいえ")
    chat.fill(SIGN_UP | {"party": "6名", "mail": "noscript@example.jp"})
    chat.form.locator("button.primary").click()
    expect(chat.error("party")).to_be_visible()
    assert chat.value("mail") == "noscript@example.jp"
    chat.fill({"party": "1名"})
    chat.form.locator("button.primary").click()
    chat.reply.locator(".confirm button.primary").click()
    expect(chat.reply).to_contain_text("席をお取りしました")
    expect(chat.reply.locator(".download")).to_be_visible()
    context.close()


def test_a_phone_covers_nothing(browser: Browser, office: DemoOffice) -> None:
    """At 390 pixels nothing scrolls sideways and the foot hides no field that has the focus."""
    context = browser.new_context(viewport={"width": 390, "height": 700}, locale="ja-JP")
    chat = _registering(context, office)
    for step in ("form", "errors"):
        if step == "errors":
            chat.sign_up(party="6名", mail="phone @example.jp")
        assert chat.page.evaluate("document.documentElement.scrollWidth") <= 390
        assert _hidden(chat.page) == []
        # Without the room that the page keeps for the foot, fields do end up behind it.
        assert step == "errors" or _hidden(chat.page, room="0")
    chat.fill({"party": "1名", "mail": "phone@example.jp"})
    chat.send_on()
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= 390
    chat.confirm()
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def _hidden(page: Page, room: str = "") -> list[str]:
    """The controls of the form that the foot or the edge hides while they have the focus, reached by Tab."""
    page.evaluate(
        "(room) => { const style = document.documentElement.style;"
        " style.scrollBehavior = 'auto'; style.scrollPadding = room; }",
        room,
    )
    page.evaluate("document.querySelector('form.dialog').scrollIntoView()")
    page.locator("form.dialog :is(summary, input:not([type=hidden]))").first.focus()
    hidden = []
    for _ in range(40):
        where = page.evaluate(
            "() => { const e = document.activeElement, box = e.getBoundingClientRect();"
            " return e.closest('form.dialog') ? [e.name || e.tagName, box.top,"
            " document.querySelector('.foot').getBoundingClientRect().top - box.bottom] : null; }"
        )
        if where is None:
            break
        if where[1] < 0 or where[2] < 0:
            hidden.append(str(where))
        page.keyboard.press("Tab")
    return hidden


# ---------------------------------------------------------------- letters


def test_an_offered_seat_comes_into_the_open_page(visitor: BrowserContext, office: DemoOffice) -> None:
    """When a seat comes free, the letter appears by itself, and its button takes the seat."""
    chat, number, guest = _waiting(visitor, office, "空席待ちの講座", "stream@example.jp")
    chat.say("個別相談を申し込む")
    chat.fill({"name": "別の 手続き"})
    before = chat.replies.count()
    office.free(guest)
    offer = chat.page.locator("article.desk[data-event='0']").last
    expect(offer.get_by_role("button", name="参加する")).to_be_visible(timeout=15_000)
    expect(chat.replies).to_have_count(before + 1)
    assert office.state(number) is SeatState.OFFERED
    # A letter answers nothing: the form that is being filled in stays as it is.
    assert chat.value("name") == "別の 手続き"
    chat.answered(offer.get_by_role("button", name="参加する").click)
    expect(chat.page.get_by_text("席が決まりました").first).to_be_visible()
    assert office.state(number) is SeatState.CONFIRMED


def test_a_letter_s_link_asks_first(visitor: BrowserContext, browser: Browser, office: DemoOffice) -> None:
    """Opening the link changes nothing, however often it is done; pressing takes the seat."""
    _, number, guest = _waiting(visitor, office, "手紙の講座", "letter@example.jp")
    office.free(guest)
    token, _ = office.letter_token(number)
    reader = browser.new_context(locale="ja-JP")
    page = reader.new_page()
    for _ in range(2):
        page.goto(f"{office.url}press/{token}")
    assert office.state(number) is SeatState.OFFERED
    assert office.letter_token(number) == (token, False)
    page.locator("button.primary").click()
    expect(page.get_by_text("席が決まりました").first).to_be_visible()
    assert office.state(number) is SeatState.CONFIRMED
    reader.close()


# ---------------------------------------------------------------- accessibility


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a11y_web_of_dialogs(browser: Browser, office: DemoOffice, scheme: Literal["light", "dark"]) -> None:
    """Nothing serious in the form, the form with errors, the check page, the receipt, the page of a letter's link."""
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce", locale="ja-JP")
    chat = _registering(context, office)
    assert findings(chat.page) == []
    chat.fill(SIGN_UP | {"party": "6名", "mail": f"{scheme} @example.jp"})
    chat.send_on()
    chat.form.locator("summary").click()
    assert findings(chat.page) == []
    chat.sign_up(mail=f"{scheme}@example.jp")
    assert findings(chat.page) == []
    expect(chat.confirm().locator(".appointment")).to_have_count(1)
    assert findings(chat.page) == []
    chat.page.goto(f"{office.url}press/any")
    assert findings(chat.page) == []
    context.close()


def test_the_dialog_s_picture_of_the_readme(visitor: BrowserContext, office: DemoOffice) -> None:
    """The README's picture of a dialog is made from the product itself when asked for."""
    target = os.environ.get("JDESK_DIALOG_PICTURE")
    chat = _registering(visitor, office)
    chat.page.set_viewport_size({"width": 1100, "height": 1010})
    chat.sign_up(party="6名", mail="taro @example.jp")
    expect(chat.field("party")).to_be_focused()
    if target:
        chat.page.mouse.move(0, 0)
        chat.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        chat.page.wait_for_timeout(800)
        chat.page.screenshot(path=target)
