"""Cases get an owner, a promise, dates and what came of them; notes say who may read them; letters may be cards."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from intents.desk.routing import desk_of
from intents.readers.organisation_key import organisation_key
from storage.case_rows import searchable

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)
FAR = datetime(9999, 1, 1, tzinfo=UTC)
UNSHOWN = sa.text("version > shown_version")
CLOSED = ("done", "not_for_us")
BATCH = 500
_TEXTS = {
    "mail": 254,
    "name": 100,
    "organisation": 200,
    "organisation_key": 200,
    "prefecture": 20,
    "topic": 60,
    "methodology": 60,
    "about": 60,
    "owner": 40,
    "talking": 40,
}
_INDEXES = {
    "ix_case_open_due_at_id": ["open", "due_at", "id"],
    "ix_case_open_closed_at_id": ["open", "closed_at", "id"],
    "ix_case_owner_open": ["owner", "open"],
    "ix_case_person_talking": ["person", "talking"],
    "ix_case_organisation_key": ["organisation_key"],
    "ix_case_about_open": ["about", "open"],
}


def upgrade() -> None:
    """Fills the new columns of the cases that are there from what is known about each."""
    _cases()
    _fill()
    with op.batch_alter_table("case_note") as batch:
        batch.add_column(sa.Column("kind", sa.String(10), nullable=False, server_default="said"))
        batch.add_column(sa.Column("reference", sa.String(200)))
        batch.add_column(sa.Column("trace", sa.String(60), nullable=False, server_default=""))
        batch.create_unique_constraint("uq_case_note_reference", ["reference"])
    op.add_column("outbox", sa.Column("subject", sa.String(60)))
    op.create_index("ix_outbox_subject_channel_place", "outbox", ["subject", "channel", "place"])
    op.create_index("ix_outbox_reference", "outbox", ["reference"])


def _cases() -> None:
    with op.batch_alter_table("case") as batch:
        batch.alter_column("conversation_id", existing_type=sa.Integer(), nullable=True)
        batch.alter_column("event", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("lang", sa.String(2), nullable=False, server_default="ja"))
        for name, length in _TEXTS.items():
            batch.add_column(sa.Column(name, sa.String(length), nullable=False, server_default=""))
        batch.add_column(sa.Column("desk", sa.String(20), nullable=False, server_default="general"))
        for name in ("promised_by", "next_at", "due_at", "closed_at", "changed_at"):
            batch.add_column(sa.Column(name, MOMENT))
        batch.add_column(sa.Column("next_kind", sa.String(20)))
        batch.add_column(sa.Column("open", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch.add_column(sa.Column("outcome", sa.String(20)))
        batch.add_column(
            sa.Column("merged_into", sa.Integer(), sa.ForeignKey("case.id", name="fk_case_merged_into"))
        )
        batch.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("shown_version", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("shown_note", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("search", sa.Text(), nullable=False, server_default=""))
        batch.drop_index("ix_case_person")
    for index, columns in _INDEXES.items():
        op.create_index(index, "case", columns)
    op.create_index("ix_case_unshown", "case", ["id"], sqlite_where=UNSHOWN, postgresql_where=UNSHOWN)


# ------------------------------------------------ what is known of the cases that are there


def _table(name: str, *columns: str, **typed: sa.types.TypeEngine[Any]) -> sa.TableClause:
    return sa.table(name, *map(sa.column, columns), *(sa.column(one, kind) for one, kind in typed.items()))


_CASE = _table(
    "case",
    *("id", "conversation_id", "state", "summary", "lang", *_TEXTS, "desk", "next_kind"),
    *("open", "shown_version", "search"),
    next_at=MOMENT,
    due_at=MOMENT,
    changed_at=MOMENT,
)


def _fill() -> None:
    """The office has these cases already, which is no news: rooms and clock stay quiet until something happens."""
    now = _now()
    conversation = _table("conversation", "id", "lang")
    mine = conversation.c.id == _CASE.c.conversation_id
    lang = sa.select(conversation.c.lang).where(mine).scalar_subquery()
    op.execute(
        sa.update(_CASE).values(
            lang=sa.func.coalesce(lang, "ja"),
            changed_at=sa.bindparam("now", now, type_=MOMENT),
            shown_version=1,
            open=_CASE.c.state.not_in(CLOSED),
        )
    )
    known: dict[int, dict[str, Any]] = {}
    _applications(known)
    _requests(known)
    _bookings(known, now)
    for rows in _batches():
        _write({id_: _values(state, summary, known.get(id_, {})) for id_, state, summary in rows})
    with op.batch_alter_table("case") as batch:
        batch.alter_column("due_at", existing_type=MOMENT, nullable=False)
        batch.alter_column("changed_at", existing_type=MOMENT, nullable=False)


def _now() -> datetime:
    return _utc(op.get_bind().execute(sa.select(sa.func.current_timestamp(type_=MOMENT))).scalar_one())


def _utc(moment: datetime) -> datetime:
    """SQLite forgets the zone."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _batches() -> Iterator[list[tuple[int, str, str]]]:
    last, bind = 0, op.get_bind()
    columns = sa.select(_CASE.c.id, _CASE.c.state, _CASE.c.summary).order_by(_CASE.c.id).limit(BATCH)
    while rows := [tuple(row) for row in bind.execute(columns.where(_CASE.c.id > last))]:
        last = rows[-1][0]
        yield rows


def _write(values: Mapping[int, Mapping[str, Any]]) -> None:
    names = next(iter(values.values()))
    new = {name: sa.bindparam(f"new_{name}", type_=_CASE.c[name].type) for name in names}
    rows = [{"row": id_} | {f"new_{name}": one[name] for name in names} for id_, one in values.items()]
    op.get_bind().execute(sa.update(_CASE).where(_CASE.c.id == sa.bindparam("row")).values(new), rows)


def _applications(known: dict[int, dict[str, Any]]) -> None:
    offset = _table("offset_application", "case_id", "supplier", "prefecture", "name", "mail")
    for row in op.get_bind().execute(sa.select(offset).where(offset.c.case_id.is_not(None))):
        said = {
            "organisation": row.supplier,
            "prefecture": row.prefecture,
            "name": row.name,
            "mail": row.mail,
        }
        known.setdefault(row.case_id, {}).update(said)


def _requests(known: dict[int, dict[str, Any]]) -> None:
    asked = _table("consultation", "case_id", "topic", request=sa.JSON())
    for row in op.get_bind().execute(sa.select(asked)):
        said = {name: row.request.get(name) for name in ("name", "organisation", "mail", "prefecture")}
        methodology = row.topic if row.topic == row.request.get("methodology") else ""
        known.setdefault(row.case_id, {}).update(said | {"topic": row.topic, "methodology": methodology})


def _bookings(known: dict[int, dict[str, Any]], now: datetime) -> None:
    """The next time that each case runs towards; who booked may be all that is known of who asked."""
    booking = _table("booking", "case_id", "slot_id", "state", "name", "mail")
    slot = _table("slot", "id", starts_at=MOMENT)
    ahead = sa.and_(booking.c.state == "booked", slot.c.starts_at > sa.bindparam("now", now, type_=MOMENT))
    columns = sa.select(booking.c.case_id, booking.c.name, booking.c.mail, slot.c.starts_at)
    both = columns.select_from(booking.join(slot, slot.c.id == booking.c.slot_id)).where(ahead)
    for row in op.get_bind().execute(both.order_by(slot.c.starts_at.desc())):
        mine = known.setdefault(row.case_id, {})
        who = {"name": mine.get("name") or row.name, "mail": mine.get("mail") or row.mail}
        mine.update(who | {"next_at": _utc(row.starts_at)})


def _values(state: str, summary: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of one case. Whose it was before a step back is not known, so it is new again."""
    names = ("mail", "name", "organisation", "prefecture", "topic", "methodology")
    texts = {name: str(known.get(name) or "")[: _TEXTS[name]] for name in names}
    key = organisation_key(texts["organisation"])[: _TEXTS["organisation_key"]]
    meets = known.get("next_at") if state not in CLOSED else None
    alone = "new" if state in ("taken", "appointment") else state
    return texts | {
        "organisation_key": key,
        "desk": desk_of(texts["methodology"], texts["topic"]),
        "state": "appointment" if meets else alone,
        "next_at": meets,
        "next_kind": "appointment" if meets else None,
        "due_at": meets or FAR,
        "search": searchable(summary, texts["organisation"], key, texts["name"], texts["methodology"]),
    }


def downgrade() -> None:
    """Forgets what the staff desk knew; cases that nobody asked for in a chat go with it."""
    op.drop_index("ix_outbox_reference", "outbox")
    op.drop_index("ix_outbox_subject_channel_place", "outbox")
    op.drop_column("outbox", "subject")
    ours = 'SELECT id FROM "case" WHERE event IS NULL OR conversation_id IS NULL'
    op.execute(f"DELETE FROM case_note WHERE case_id IN ({ours})")  # noqa: S608 - our own words
    op.execute('UPDATE "case" SET merged_into = NULL')
    op.execute('DELETE FROM "case" WHERE event IS NULL OR conversation_id IS NULL')
    with op.batch_alter_table("case_note") as batch:
        batch.drop_constraint("uq_case_note_reference", type_="unique")
        for name in ("trace", "reference", "kind"):
            batch.drop_column(name)
    for index in (*_INDEXES, "ix_case_unshown"):
        op.drop_index(index, "case")
    with op.batch_alter_table("case") as batch:
        batch.drop_constraint("fk_case_merged_into", type_="foreignkey")
        for name in (
            *("lang", *_TEXTS, "desk", "promised_by", "next_at", "due_at", "closed_at", "changed_at"),
            *(
                "next_kind",
                "open",
                "outcome",
                "merged_into",
                "version",
                "shown_version",
                "shown_note",
                "search",
            ),
        ):
            batch.drop_column(name)
        batch.alter_column("conversation_id", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("event", existing_type=sa.Integer(), nullable=False)
        batch.create_index("ix_case_person", ["person"])
