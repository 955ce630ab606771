"""The calendar file, read back by icalendar and looked at byte by byte as RFC 5545 asks."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar, Event

from bot.calendar_file import ics
from bot.clock import TOKYO
from intents.messages import Appointment
from tests.kit import NOON

START = datetime(2026, 12, 1, 14, 0, tzinfo=TOKYO)
SLOT = Appointment(
    uid="consultation-7@jdesk",
    sequence=2,
    title="個別相談（Ｊ－クレジット制度）; 補足, 「省エネ」\\設備の更新についてのご相談と今後の進め方の確認"
    * 2,
    starts_at=START,
    ends_at=START + timedelta(hours=1),
    place="さいたま新都心合同庁舎1号館, 5階; 会議室",
    link="https://meet.example.jp/abc?x=1&y=2",
    note="持ち物: なし\n受付番号: C-2026-00007",
)


def _read(file: bytes) -> tuple[Any, Any]:
    calendar = Calendar.from_ical(file)
    assert isinstance(calendar, Calendar)
    (event,) = calendar.walk("VEVENT")
    assert isinstance(event, Event)
    assert not event.errors
    return calendar, event


def _lines(file: bytes) -> list[str]:
    """The content lines, unfolded by hand; raises where the bytes are not as RFC 5545, 3.1, wants them."""
    assert file.endswith(b"\r\n")
    folded = file.removesuffix(b"\r\n").split(b"\r\n")
    assert not [line for line in folded if b"\n" in line or b"\r" in line or len(line) > 75]
    for line in folded:
        line.decode("utf-8")
    lines = b"\r\n".join(folded).replace(b"\r\n ", b"").decode("utf-8").split("\r\n")
    assert not [line for line in lines if not re.match(r"[A-Z-]+(;[A-Z-]+=[^:]*)?:", line)]
    return lines


def test_an_appointment_comes_through_whole() -> None:
    """Every value, Japanese and special signs included, and the alarm one day before."""
    calendar, event = _read(ics(SLOT, "desk@example.jp", NOON))
    assert (calendar["method"], calendar["version"]) == ("PUBLISH", "2.0")
    assert (event["uid"], event["sequence"], event["status"]) == (SLOT.uid, 2, "CONFIRMED")
    assert (event["summary"], event["location"]) == (SLOT.title, SLOT.place)
    assert event["description"] == f"{SLOT.note}\n{SLOT.link}"
    assert (event["url"], event["organizer"]) == (SLOT.link, "mailto:desk@example.jp")
    times: Any = [event.decoded(name) for name in ("dtstart", "dtend", "dtstamp")]
    assert times == [SLOT.starts_at, SLOT.ends_at, NOON]
    (alarm,) = event.walk("VALARM")
    assert alarm.decoded("trigger") == timedelta(days=-1)


def test_the_bytes_are_as_the_standard_wants_them() -> None:
    """CRLF, no line above 75 octets, none cut within a letter, times in UTC, one of each property."""
    lines = _lines(ics(SLOT, "desk@example.jp", NOON))
    assert {"DTSTART:20261201T050000Z", "DTEND:20261201T060000Z", "DTSTAMP:20261124T030000Z"} < set(lines)
    assert "TRIGGER:-P1D" in lines
    (summary,) = (line for line in lines if line.startswith("SUMMARY:"))
    assert "\\;" in summary
    assert "\\," in summary
    assert "\\\\" in summary
    event = lines[lines.index("BEGIN:VEVENT") : lines.index("BEGIN:VALARM")]
    names = [re.split("[:;]", line)[0] for line in event]
    assert len(names) == len(set(names))


def test_a_cancelled_appointment_strikes_out_the_old_one() -> None:
    """The same uid, a higher sequence, CANCEL; nothing rings any more."""
    gone = replace(SLOT, sequence=3, cancelled=True)
    calendar, event = _read(ics(gone, "", NOON))
    _, before = _read(ics(SLOT, "", NOON))
    assert (calendar["method"], event["status"]) == ("CANCEL", "CANCELLED")
    assert event["uid"] == before["uid"]
    assert event["sequence"] > before["sequence"]
    assert not event.walk("VALARM")
    assert "organizer" not in event


NASTY = "x\r\nATTENDEE:mailto:a@b.example\nEND:VEVENT\rBEGIN:VEVENT\x00"


@pytest.mark.parametrize(
    "slot",
    [
        replace(SLOT, uid=NASTY),
        replace(SLOT, title=NASTY),
        replace(SLOT, place=NASTY),
        replace(SLOT, link=f"https://a.example/{NASTY}"),
        replace(SLOT, note=NASTY),
    ],
)
def test_no_value_can_add_a_line(slot: Appointment) -> None:
    """Line breaks and controls in what people typed stay inside their value."""
    lines = _lines(ics(slot, "desk@example.jp\nX-A:b", NOON))
    assert not [line for line in lines if line.startswith(("ATTENDEE", "X-A"))]
    assert lines.count("END:VEVENT") == lines.count("BEGIN:VEVENT") == 1


@pytest.mark.parametrize("link", ["javascript:alert(1)", "https://a b", "", "x"])
def test_a_link_that_nobody_should_follow_is_left_out(link: str) -> None:
    """And the place of a meeting without a room is its link, where that is one."""
    _, event = _read(ics(replace(SLOT, link=link, place=""), "", NOON))
    assert "url" not in event
    assert "location" not in event
    _, online = _read(ics(replace(SLOT, place=""), "", NOON))
    assert online["location"] == SLOT.link
