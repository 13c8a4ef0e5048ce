"""The warehouse: schemas, tables, roles, grants, guards and views.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

from alembic import op

from cakupan.core.schema import metadata
from cakupan.warehouse import guards, roles, views

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build everything in one transaction."""
    connection = op.get_bind()
    views.comment_schemas(connection)
    metadata.create_all(connection, checkfirst=False)
    guards.create(connection)
    views.create(connection)
    roles.create(connection)
    roles.grant(connection)


def downgrade() -> None:
    """There is nothing before the first revision; drop the database instead."""
    raise NotImplementedError
