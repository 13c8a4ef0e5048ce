"""Tries: how often the processing of a file was begun.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

from alembic import op

from cakupan.warehouse.statements import run_beside

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and columns."""
    run_beside(op.get_bind(), __file__)


def downgrade() -> None:
    """Released rows are kept for good; restore a backup instead."""
    raise NotImplementedError
