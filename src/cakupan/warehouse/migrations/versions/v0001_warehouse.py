"""The warehouse: schemas, tables, roles, grants, guards and views.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

from alembic import op

from cakupan.warehouse.statements import run_beside

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build the tables."""
    run_beside(op.get_bind(), __file__)


def downgrade() -> None:
    """There is nothing before the first revision; drop the database instead."""
    raise NotImplementedError
