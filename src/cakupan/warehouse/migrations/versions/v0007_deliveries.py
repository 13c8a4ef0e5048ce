"""Deliveries: which report was mailed to whom, once.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

from alembic import op

from cakupan.warehouse.additions import add_missing

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables, columns and views."""
    add_missing(op.get_bind())


def downgrade() -> None:
    """Released rows are kept for good; restore a backup instead."""
    raise NotImplementedError
