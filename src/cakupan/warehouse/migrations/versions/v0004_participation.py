"""Participation as validity ranges; who is not in the next snapshot any more.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Its tables came with revision 0002."""


def downgrade() -> None:
    """Released rows are kept for good; restore a backup instead."""
    raise NotImplementedError
