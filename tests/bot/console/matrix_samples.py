"""One request for each line of the table of rights: where it goes and what it carries, whoever sends it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.testclient import TestClient

from bot.console.rights import Right
from tests.bot.console.office import hidden

ROLES = ("none", "reader", "desk", "editor", "admin")
# What stands for each place of an address, by the page; everything is there.
PLACES: Mapping[str, Mapping[str, str]] = {
    "login.ask": {"token": "x"},
    "login.use": {"token": "x"},
    "case": {"number": "K-00001"},
    "case.act": {"number": "K-00001", "act": "note"},
    "project.template": {"kind": "xlsx"},
    "project": {"id": "P-1"},
    "project.do": {"id": "P-1", "act": "marks"},
    "project.nudge": {"id": "P-1", "act": "mute"},
    "outreach.call": {"week": "2026-01-05"},
    "calendar.do": {"act": "round"},
    "calendar.rule": {"rule": "DL-10"},
    "seminar": {"number": "S-0001"},
    "seminar.do": {"number": "S-0001", "act": "open"},
    "organisation": {"key:path": "みどり"},
    "exports.make": {"table": "cases"},
    "gaps.decide": {"id": "1", "act": "publish"},
    "people.change": {"name": "rina"},
    "people.link": {"name": "rina"},
    "nothing": {"rest:path": "secret"},
    "nothing.post": {"rest:path": "secret"},
}
FIELDS: Mapping[str, Mapping[str, str]] = {
    "case.act": {"text": "見ました"},
    "exports.make": {"kind": "csv"},
    "project.export": {"kind": "csv"},
    "project.nudge": {"one": "1"},
    "outreach.call": {"project": "1"},
    "calendar.do": {"number": "60"},
    "calendar.rule": {"switch": "on", "seen": "off"},
    "gaps.draft": {"decision": "answered"},
    "gaps.propose": {"decision": "answered", "entry": "x"},
    "people.change": {"display": "里奈", "role": "reader", "active": "1"},
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A request."""

    right: Right
    path: str
    fields: Mapping[str, str] = field(default_factory=dict)

    def status(self, browser: TestClient, word: str) -> int:
        """What the app answers; a POST carries the word of the session."""
        if self.right.method == "GET":
            return int(browser.get(self.path, params=dict(self.fields)).status_code)
        return int(browser.post(self.path, data={"csrf": word, **self.fields}).status_code)


def sample(right: Right) -> Sample:
    """The request of a line."""
    path = right.path
    for name, value in PLACES.get(right.name, {}).items():
        path = path.replace(f"{{{name}}}", value)
    return Sample(right, path, FIELDS.get(right.name, {}))


def word_of(browser: TestClient) -> str:
    """The word of a browser's session; nonsense for a stranger."""
    page = browser.get("/console")
    return hidden(page.text, "csrf") if page.status_code == 200 else "nonsense"
