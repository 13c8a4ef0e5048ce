"""Areas over time: what became of an area, months in areas of then and of now.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

from alembic import op

from cakupan.warehouse.statements import run_beside

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and columns."""
    run_beside(op.get_bind(), __file__)


def downgrade() -> None:
    """Released rows are kept for good; restore a backup instead."""
    raise NotImplementedError
