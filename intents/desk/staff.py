"""Who joins the office, changes and leaves: each is written down with one line in the audit.

Raises Refused before anything is written; `value` names what was typed.
"""

import re
from dataclasses import fields, replace
from typing import Any

from intents.desk.refused import Refused
from intents.desk.staff_books import StaffBooks, StaffMember

# What acts where no member of staff has signed in, and the word for one's own cases.
RESERVED = frozenset({"terminal", "me", "demo"})
_SHAPES = {
    "name": re.compile(r"[a-z0-9][a-z0-9_-]{0,39}"),
    "display": re.compile(r"\S(?:.{0,58}\S)?"),
    "slack": re.compile(r"(?:[TE][A-Z0-9]+:[UW][A-Z0-9]+)?"),
    "teams": re.compile(r"(?:[^\s:]{1,60}:\S{1,100})?"),
    "mail": re.compile(r"(?:[^@\s]+@[^@\s]+)?"),
}
_LONGEST = {"slack": 100, "teams": 100, "mail": 254}


def add(books: StaffBooks, member: StaffMember) -> StaffMember:
    """Writes a new member down.

    Refused: name_taken, name_reserved, <field>_wrong, slack_taken, teams_taken.
    """
    _check(books, member)
    if member.name in RESERVED:
        raise Refused("name_reserved", value=member.name)
    if books.staff.by_name(member.name):
        raise Refused("name_taken", value=member.name)
    added = books.staff.add(member)
    books.audit.note(added.actor, "added", after=_told(added))
    return added


def change(books: StaffBooks, name: str, **changes: Any) -> StaffMember:
    """Changes what is given of a member, by the names of its fields; nothing changed leaves no line.

    Refused: no_such_staff, <field>_wrong, slack_taken, teams_taken.
    """
    before = find(books, name)
    after = replace(before, **changes)
    _check(books, after)
    if after != before:
        books.staff.save(after)
        old, new = _told(before), _told(after)
        differs = [field for field in old if old[field] != new[field]]
        books.audit.note(
            after.actor,
            "changed" if after.active or not before.active else "removed",
            before={field: old[field] for field in differs},
            after={field: new[field] for field in differs},
        )
    return after


def remove(books: StaffBooks, name: str) -> StaffMember:
    """Ends somebody's access; their name stays in the record. Refused: no_such_staff."""
    return change(books, name, active=False)


def login(books: StaffBooks, name: str) -> str:
    """The token of a link with which they sign in once. Refused: no_such_staff, staff_inactive."""
    member = find(books, name)
    if not member.active:
        raise Refused("staff_inactive", value=name)
    books.audit.note(member.actor, "login_issued")
    return books.staff.issue_login(member)


def find(books: StaffBooks, name: str) -> StaffMember:
    """The member of that handle. Refused: no_such_staff."""
    if member := books.staff.by_name(name):
        return member
    raise Refused("no_such_staff", value=name)


def _check(books: StaffBooks, member: StaffMember) -> None:
    for field, shape in _SHAPES.items():
        value = str(getattr(member, field))
        if not shape.fullmatch(value) or len(value) > _LONGEST.get(field, len(value)):
            raise Refused(f"{field}_wrong", value=value)
    for field in ("slack", "teams"):
        value = getattr(member, field)
        holders = [one for one in books.staff.all() if value and getattr(one, field) == value]
        if other := next((one for one in holders if one.name != member.name), None):
            raise Refused(f"{field}_taken", value=value, name=other.name)


def _told(member: StaffMember) -> dict[str, object]:
    values = {field.name: getattr(member, field.name) for field in fields(member)}
    return {name: value for name, value in values.items() if name not in ("id", "name")}
