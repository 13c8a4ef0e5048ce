"""Runs the revisions on the connection ``migrate.upgrade`` hands over."""

from alembic import context

from cakupan.core.schema import metadata
from cakupan.warehouse.migrate import VERSION_TABLE, is_in_metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    version_table_schema="ops",
    include_schemas=True,
    include_name=is_in_metadata,
)
with context.begin_transaction():
    context.run_migrations()
