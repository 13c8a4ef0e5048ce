"""Approvals: what was decided about a release, and by whom.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cakupan.warehouse.additions import add_missing

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; what was published before was released without an approval."""
    connection = op.get_bind()
    add_missing(connection)
    connection.execute(
        sa.text(
            "insert into ops.release_decisions"
            " (release_id, decision, decided_at, channel, content_sha256)"
            " select release_id, 'not_required', released_at, 'migration',"
            " content_sha256 from ops.releases as r where not exists (select 1"
            " from ops.release_decisions as d where d.release_id = r.release_id)"
            " order by released_at, release_id"
        )
    )


def downgrade() -> None:
    """Released rows are kept for good; restore a backup instead."""
    raise NotImplementedError
