"""History: what a correction moved.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

from alembic import op

from cakupan.warehouse.additions import add_missing

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables, columns and views."""
    add_missing(op.get_bind())


def downgrade() -> None:
    """Released rows are kept for good; restore a backup instead."""
    raise NotImplementedError
