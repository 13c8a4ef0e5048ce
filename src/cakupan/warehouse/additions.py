"""Bring an older warehouse up to the schema by adding: tables, columns, views, comments.

A revision whose changes only add runs :func:`add_missing`; it does the same from every
older state, and nothing where nothing is missing. Whatever takes away or changes a type
is written out in its revision.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from cakupan.core.schema import metadata
from cakupan.warehouse import guards, roles, views

#: What rows loaded earlier get in a new column that must have a value. Their months are
#: computed again with the next run, as the version of the program has changed.
_UNTIL_LOADED_AGAIN = {
    sa.Text: "tidak_diketahui",
    sa.Boolean: "false",
    sa.Integer: "0",
}


def add_missing(connection: sa.Connection) -> None:
    """Create the tables and columns the schema has and the warehouse lacks.

    Views are made again, roles are granted what is new, comments are written anew.
    """
    operations = Operations(MigrationContext.configure(connection))
    inspector = sa.inspect(connection)
    present = {
        f"{schema}.{name}": {
            column["name"] for column in inspector.get_columns(name, schema)
        }
        for schema in {table.schema for table in metadata.sorted_tables}
        for name in inspector.get_table_names(schema)
    }
    metadata.create_all(connection, checkfirst=True)
    views.drop(connection)
    for table in metadata.sorted_tables:
        known = present.get(str(table))
        if known is None:
            continue
        for column in table.columns:
            if column.name not in known:
                _add_column(operations, table, column)
        operations.create_table_comment(
            str(table.name), table.comment, schema=table.schema
        )
    guards.create(connection)
    views.create(connection)
    roles.create(connection)
    roles.grant(connection)


def _add_column(
    operations: Operations, table: sa.Table, column: sa.Column[object]
) -> None:
    name, schema = str(table.name), table.schema
    default = None
    if not column.nullable:
        default = next(
            value
            for kind, value in _UNTIL_LOADED_AGAIN.items()
            if isinstance(column.type, kind)
        )
    operations.add_column(
        name,
        sa.Column(
            column.name,
            column.type,
            nullable=column.nullable,
            server_default=default,
            comment=column.comment,
        ),
        schema=schema,
    )
    if default is not None:
        operations.alter_column(name, column.name, server_default=None, schema=schema)
