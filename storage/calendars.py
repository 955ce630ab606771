"""The dates and settings that staff enter, within one transaction; fulfils `intents.desk.projects.books.Calendars`.

Every date is counted with all of them, and they hardly ever change: each process keeps what it read last. Whatever is
entered gives them another stamp in the same transaction, so that what is kept is never older than what is there.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Row, and_, delete, insert, select, update

from intents.desk.projects.records import Entered, Round, Window, WindowKind
from storage.database import Database
from storage.projects import COUNTED
from storage.tables import calendar_head, committee_round, rule_setting, support_window

HEAD = 1
_STAMP = select(calendar_head.c.stamp).where(calendar_head.c.id == HEAD)
_ROUNDS = select(committee_round.c.number, committee_round.c.held_on, committee_round.c.cutoff).order_by(
    committee_round.c.number
)
_WINDOWS = select(support_window).order_by(support_window.c.year.desc(), support_window.c.id.desc())
_SETTINGS = select(rule_setting).order_by(rule_setting.c.rule, rule_setting.c.name)


# What each database gave last, and under which stamp it stood.
_read_last: WeakKeyDictionary[Database, tuple[str, Entered]] = WeakKeyDictionary()


class StoredCalendars:
    """Committee rounds, windows and the settings of rules; `actor` is who enters them."""

    def __init__(self, connection: Connection, database: Database, now: datetime, actor: str) -> None:
        self._connection, self._database, self._now, self._actor = connection, database, now, actor
        self._seen: Entered | None = None

    def entered(self) -> Entered:
        """All of it at once; the same one again as long as nothing changes."""
        if self._seen is None:
            stamp = self._connection.execute(_STAMP).scalar_one()
            known, last = _read_last.get(self._database, ("", None))
            self._seen = last if last and known == stamp else self._read()
            _read_last[self._database] = stamp, self._seen
        return self._seen

    def _read(self) -> Entered:
        settings: dict[str, dict[str, str]] = defaultdict(dict)
        for row in self._connection.execute(_SETTINGS):
            settings[row.rule][row.name] = row.value
        rounds = tuple(Round(*row) for row in self._connection.execute(_ROUNDS))
        return Entered(rounds, tuple(map(_window, self._connection.execute(_WINDOWS))), dict(settings))

    def hold(self) -> None:
        """Nobody else enters anything until the transaction ends; what is read afterwards is what there is."""
        self._seen = None
        # Whoever writes builds on what is there, not on what was kept.
        _read_last.pop(self._database, None)
        self._connection.execute(self._database.for_update(_STAMP))

    def _changes(self) -> None:
        self._seen = None
        self._connection.execute(update(calendar_head).values(stamp=uuid4().hex))

    # ------------------------------------------------ rounds

    def rounds(self) -> tuple[Round, ...]:
        """All rounds, by number."""
        return self.entered().rounds

    def put_round(self, round_: Round) -> None:
        """Writes a round down, or what has changed about it."""
        self._changes()
        table = committee_round
        values = dataclasses.asdict(round_) | {"changed_at": self._now}
        known = update(table).where(table.c.number == round_.number).values(values)
        if not self._connection.execute(known).rowcount:
            self._connection.execute(insert(table).values(values))

    # ------------------------------------------------ windows

    def windows(self) -> tuple[Window, ...]:
        """All windows, the newest year first."""
        return self.entered().windows

    def add_window(self, window: Window) -> Window:
        """Writes a new window down (its `id` is given here); raises ValueError when it is there already."""
        self._changes()
        table, row = support_window, self._values(window)
        new = self._database.insert_new(table, [row])
        if not self._connection.execute(new, execution_options=COUNTED).rowcount:
            raise ValueError(f"window {window.name} of {window.year} is there already")
        same = and_(table.c.kind == row["kind"], table.c.year == window.year, table.c.name == window.name)
        return _window(self._connection.execute(select(table).where(same)).one())

    def save_window(self, window: Window) -> None:
        """Writes a window down as it is now."""
        self._changes()
        mine = update(support_window).where(support_window.c.id == window.id)
        self._connection.execute(mine.values(self._values(window)))

    def _values(self, window: Window) -> dict[str, object]:
        fields = {field.name: getattr(window, field.name) for field in dataclasses.fields(Window)}
        del fields["id"]
        lists = {"levels": list(window.levels), "warned": list(window.warned)}
        return fields | lists | {"kind": window.kind.value, "changed_at": self._now}

    # ------------------------------------------------ settings

    def settings(self) -> Mapping[str, Mapping[str, str]]:
        """What the office entered, by rule and name; `enabled` is `yes` or `no`."""
        return self.entered().settings

    def put_setting(self, rule: str, name: str, value: str) -> None:
        """Enters a setting; an empty value takes it back."""
        self._changes()
        table = rule_setting
        mine = and_(table.c.rule == rule, table.c.name == name)
        if not value:
            self._connection.execute(delete(table).where(mine))
            return
        values = {"rule": rule, "name": name, "value": value, "by": self._actor, "at": self._now}
        if not self._connection.execute(update(table).where(mine).values(values)).rowcount:
            self._connection.execute(insert(table).values(values))


def _window(row: Row[Any]) -> Window:
    values = row._asdict()
    del values["changed_at"]
    shaped = {"kind": WindowKind(row.kind), "levels": tuple(row.levels), "warned": tuple(row.warned)}
    return Window(**(values | shaped))
