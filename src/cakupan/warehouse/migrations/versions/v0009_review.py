"""Review: pairs in doubt, both sides of them, and what stewards decided.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

from alembic import op

from cakupan.warehouse.statements import run_beside

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and columns."""
    run_beside(op.get_bind(), __file__)


def downgrade() -> None:
    """Released rows are kept for good; restore a backup instead."""
    raise NotImplementedError
