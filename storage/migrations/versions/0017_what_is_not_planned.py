"""Looking for what has to be planned costs the same however many projects there are.

Every look of the clock went through all projects. Mostly none has changed, none was planned by another almanac, and
none is to be planned again today: each of that is the end of an index.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None
CHANGED = sa.text("planned_version <> version")


def upgrade() -> None:
    """Puts them there."""
    op.create_index("ix_project_changed", "project", ["id"], sqlite_where=CHANGED, postgresql_where=CHANGED)
    op.create_index("ix_project_planned_by_replan_on", "project", ["planned_by", "replan_on"])


def downgrade() -> None:
    """Takes it back."""
    op.drop_index("ix_project_planned_by_replan_on", "project")
    op.drop_index("ix_project_changed", "project")
