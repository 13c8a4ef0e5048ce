"""Money: budgets, pledges, policies, payments, claims, Dukcapil matches; their marts.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

from alembic import op

from cakupan.warehouse.statements import run_beside

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and columns."""
    run_beside(op.get_bind(), __file__)


def downgrade() -> None:
    """Released rows are kept for good; restore a backup instead."""
    raise NotImplementedError
