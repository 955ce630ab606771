"""The record of changes: its newest lines, and whether it is as it was written."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from bot.console.visit import Visit
from storage.audit import AuditLine, Verdict, lines, verify

SHOWN = 200


def show(visit: Visit) -> Response:
    """The newest lines, of everything or about one subject."""
    return _page(visit, None)


def check(visit: Visit) -> Response:
    """Reads the whole chain and says whether each line is the one that was written."""
    return _page(visit, verify(visit.database, visit.sent.one("noted").strip().lower()))


def _page(visit: Visit, verdict: Verdict | None) -> Response:
    subject = visit.asked("subject")
    found = lines(visit.database, subject, SHOWN)
    names = {
        "lines": [(line, _changed(line)) for line in reversed(found)],
        "subject": subject,
        "verdict": _said(visit, verdict) if verdict else "",
        "fine": verdict is not None and verdict.ok,
    }
    return visit.page("audit.html.j2", names)


def _said(visit: Visit, verdict: Verdict) -> str:
    if verdict.ok:
        return visit.word("audit.fine", lines=verdict.lines, digest=verdict.digest)
    said = visit.word(f"audit.{verdict.fault}", line=verdict.line, lines=verdict.lines)
    return f"{said} {visit.word('audit.restore')}"


def _changed(line: AuditLine) -> str:
    """What was there before and what is there now, in one line."""
    before, after = _told(line.before), _told(line.after)
    return f"{before} → {after}" if before and after else before or after


def _told(values: Mapping[str, Any] | None) -> str:
    return ", ".join(
        f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in (values or {}).items()
    )
