"""Money: budgets, pledges, policies, payments, claims, Dukcapil matches; their marts.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cakupan.warehouse import views
from cakupan.warehouse.additions import add_missing

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables, columns and views; amounts of discrepancies take the sen."""
    connection = op.get_bind()
    views.drop(connection)
    for table in ("core.discrepancies", "mart.monthly_discrepancies_history"):
        connection.execute(
            sa.text(f"alter table {table} alter column rupiah type numeric(18, 2)")
        )
    add_missing(connection)


def downgrade() -> None:
    """Released rows are kept for good; restore a backup instead."""
    raise NotImplementedError
