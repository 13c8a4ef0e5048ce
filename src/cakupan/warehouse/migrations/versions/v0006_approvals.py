"""Approvals: what was decided about a release, and by whom.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

from alembic import op

from cakupan.warehouse.statements import run_beside

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and columns."""
    run_beside(op.get_bind(), __file__)


def downgrade() -> None:
    """Released rows are kept for good; restore a backup instead."""
    raise NotImplementedError
