"""Deliveries: which report was mailed to whom, once.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Its table came with revision 0006."""


def downgrade() -> None:
    """Released rows are kept for good; restore a backup instead."""
    raise NotImplementedError
