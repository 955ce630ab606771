"""What a person does with a dialog on the page: fill in, send on, go by keyboard."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

SIGN_UP = {
    "organisation": "試験工業株式会社",
    "name": "山田 太郎",
    "mail": "taro@example.jp",
    "party": "2名",
}


@dataclass(frozen=True, slots=True)
class Chat:
    """The page of one visitor."""

    page: Page

    @property
    def replies(self) -> Locator:
        """Everything that the desk said."""
        return self.page.locator("article.desk[data-id]")

    @property
    def reply(self) -> Locator:
        """What the desk said last."""
        return self.replies.last

    @property
    def form(self) -> Locator:
        """The form that can be filled in; there is one at most."""
        return self.page.locator("form.dialog")

    def open(self, url: str) -> "Chat":
        """Opens the chat and waits for the greeting."""
        self.page.goto(url)
        expect(self.replies.first).to_be_visible()
        return self

    def answered(self, act: Callable[[], None]) -> Locator:
        """Does something and gives the reply to it."""
        before = self.replies.count()
        act()
        expect(self.replies).to_have_count(before + 1)
        return self.reply

    def say(self, text: str) -> Locator:
        """Types something into the box and sends it."""
        self.page.fill("#text", text)
        return self.answered(lambda: self.page.click("#ask button"))

    def press(self, label: str) -> Locator:
        """Presses a button of the last reply."""
        return self.answered(self.reply.get_by_role("button", name=label).first.click)

    def field(self, name: str) -> Locator:
        """The control of a question, the first of several."""
        return self.form.locator(f"[name='f.{name}']:not([type=hidden])").first

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.field(name).input_value()

    def fill(self, values: Mapping[str, str]) -> None:
        """Types into fields."""
        for name, text in values.items():
            self.field(name).fill(text)

    def choose(self, name: str, label: str) -> None:
        """Takes one answer of a question."""
        fieldset = self.form.locator("fieldset", has=self.page.locator(f"[name='f.{name}']"))
        fieldset.get_by_label(label).check()

    def sign_up(self, **changes: str) -> Locator:
        """Fills in the sign-up form of a seminar in both ways and sends it on."""
        self.field("consent").check()
        if self.field("way").count():
            self.choose("way", "オンライン")
        self.choose("wants_consultation", "いいえ")
        self.fill(SIGN_UP | changes)
        return self.send_on()

    def send_on(self) -> Locator:
        """Sends the form."""
        return self.answered(self.form.locator("button.primary").click)

    def confirm(self) -> Locator:
        """Confirms what is shown."""
        return self.answered(self.page.locator(".confirm button.primary").last.click)

    def error(self, name: str) -> Locator:
        """What is said to be wrong with a field, found as a screen reader finds it."""
        ids = (self.field(name).get_attribute("aria-describedby") or "").split()
        return self.page.locator(f"#{ids[-1]}.error") if ids else self.page.locator("#none")

    # ------------------------------------------------ keyboard only

    def active(self, script: str) -> str:
        """What the focused element says of itself."""
        return str(self.page.evaluate(f"(() => {{ const e = document.activeElement; return {script}; }})()"))

    def at(self, script: str) -> bool:
        """Whether this is true of the focused element."""
        return self.active(script) == "True"

    def tab_to(self, script: str, key: str = "Tab", times: int = 60) -> None:
        """Presses a key until the focused element is the wanted one."""
        for _ in range(times):
            if self.at(script):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"never reached: {script}; stopped at {self.active('e.outerHTML')}")

    def fill_by_keyboard(self, values: Mapping[str, str]) -> Locator:
        """Goes through the form from its first field and sends it on with Enter.

        A number chooses the answer at that place; all else is typed.
        """
        self.tab_to("Boolean(e.closest('form.dialog') && e.name)", "Shift+Tab")
        for _ in range(60):
            name, kind = self.active("e.name").removeprefix("f."), self.active("e.type")
            if kind == "submit":
                return self.answered(lambda: self.page.keyboard.press("Enter"))
            if name in values:
                self._enter(kind, values[name])
            self.page.keyboard.press("Tab")
        raise AssertionError("the form has no end")

    def _enter(self, kind: str, value: str) -> None:
        keys = self.page.keyboard
        if kind in ("checkbox", "radio"):
            keys.press("Space")
            for _ in range(int(value or 1) - 1):
                keys.press("ArrowDown")
        elif kind == "select-one":
            for _ in range(int(value)):
                keys.press("ArrowDown")
        else:
            keys.type(value)
