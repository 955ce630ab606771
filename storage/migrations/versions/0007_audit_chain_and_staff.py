"""The audit becomes a chain that nobody can rewrite unseen; staff, their links to sign in and their sessions."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)
NOTHING_BEFORE = "0" * 64
BATCH = 500

_LINES = sa.table(
    "audit",
    sa.column("id", sa.Integer),
    sa.column("at", MOMENT),
    sa.column("actor", sa.String),
    sa.column("subject", sa.String),
    sa.column("action", sa.String),
    sa.column("before", sa.JSON),
    sa.column("after", sa.JSON),
    sa.column("reason", sa.Text),
    sa.column("trace", sa.String),
    sa.column("digest", sa.String),
)

# The errors are those of a broken constraint: to try again would not help.
_SQLITE = (
    (
        "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit is append only'); END"
    ),
    (
        "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit is append only'); END"
    ),
    # REPLACE deletes without asking the trigger on DELETE.
    (
        "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit "
        "WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, 'the audit is append only'); END"
    ),
)
_POSTGRESQL = (
    (
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'the audit is append only' USING ERRCODE = 'integrity_constraint_violation'; "
        "END $$"
    ),
    (
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
    ),
)


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def upgrade() -> None:
    """Chains the lines that are there, then forbids to change them; adds the tables of staff."""
    op.add_column("outbox", sa.Column("trace", sa.String(60)))
    op.add_column("audit", sa.Column("trace", sa.String(60), nullable=False, server_default=""))
    op.add_column("audit", sa.Column("digest", sa.String(64)))
    op.create_index("ix_audit_trace", "audit", ["trace"])
    _chain()
    with op.batch_alter_table("audit") as batch:
        batch.alter_column("digest", existing_type=sa.String(64), nullable=False)
    # After the batch: SQLite makes the table anew there, without its triggers.
    for statement in _SQLITE if _on_sqlite() else _POSTGRESQL:
        op.execute(statement)
    _staff()
    _doors()


def _chain() -> None:
    """Numbers the lines without gaps, in their order, and gives each its digest."""
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    count, digest = _chained()
    head = sa.table("audit_head", sa.column("id"), sa.column("lines"), sa.column("digest"))
    op.execute(head.insert().values(id=1, lines=count, digest=digest))


def _chained() -> tuple[int, str]:
    bind = op.get_bind()
    number, digest, last = 0, NOTHING_BEFORE, 0
    while True:
        page = sa.select(_LINES).where(_LINES.c.id > last).order_by(_LINES.c.id).limit(BATCH)
        rows = bind.execute(page).all()
        if not rows:
            return number, digest
        for row in rows:
            number, last = number + 1, row.id
            digest = _digest(digest, row, number)
            mine = _LINES.c.id == row.id
            bind.execute(_LINES.update().where(mine).values(id=number, digest=digest))


def _digest(previous: str, row: sa.Row[Any], number: int) -> str:
    # As storage.audit does it today; a migration stays what it was.
    moment: datetime = row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC)
    line = {
        "id": number,
        "at": moment.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": row.actor,
        "subject": row.subject,
        "action": row.action,
        "before": row.before,
        "after": row.after,
        "reason": row.reason,
        "trace": row.trace,
    }
    canonical = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


def _staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("display", sa.String(60), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("slack", sa.String(100)),
        sa.Column("teams", sa.String(100)),
        sa.Column("mail", sa.String(254), nullable=False, server_default=""),
        sa.Column("desks", sa.JSON(), nullable=False),
        sa.Column("prefectures", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        *(sa.UniqueConstraint(name, name=f"uq_staff_{name}") for name in ("name", "slack", "teams")),
    )


def _doors() -> None:
    of_whom = {
        table: sa.ForeignKey("staff.id", name=f"fk_{table}_staff_id")
        for table in ("staff_login", "staff_session")
    }
    op.create_table(
        "staff_login",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("staff_id", sa.Integer(), of_whom["staff_login"], nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
    )
    op.create_table(
        "staff_session",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("staff_id", sa.Integer(), of_whom["staff_session"], nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
    )
    for table in of_whom:
        for column in ("staff_id", "expires_at"):
            op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    """Forgets staff and the chain; the lines of the audit stay."""
    for table in ("staff_session", "staff_login", "staff"):
        op.drop_table(table)
    if _on_sqlite():
        for name in ("audit_no_replace", "audit_no_delete", "audit_no_update"):
            op.execute(f"DROP TRIGGER {name}")
    else:
        op.execute("DROP TRIGGER audit_append_only ON audit")
        op.execute("DROP FUNCTION audit_refuse()")
        # Lines were numbered by hand: the sequence goes on behind them.
        op.execute(
            "SELECT setval(pg_get_serial_sequence('audit', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM audit), false)"
        )
    op.drop_table("audit_head")
    op.drop_index("ix_audit_trace", "audit")
    with op.batch_alter_table("audit") as batch:
        batch.drop_column("digest")
        batch.drop_column("trace")
    with op.batch_alter_table("outbox") as batch:
        batch.drop_column("trace")
