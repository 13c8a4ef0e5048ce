"""Comments in the database: what every schema, table, view and column is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa
import yaml
from psycopg import sql

from cakupan.core.resources import include
from cakupan.core.schema import metadata


@cache
def texts() -> dict[str, Any]:
    """Comments that metadata cannot hold: of ``schemas`` and of ``views``."""
    loaded: dict[str, Any] = yaml.safe_load(
        include("sql", "05_warehouse", "views.yml").read_text("utf-8")
    )
    return loaded


def write(connection: sa.Connection) -> None:
    """Comment the schemas and every table of the metadata."""
    for name, text in texts()["schemas"].items():
        statement = sql.SQL("comment on schema {} is {}")
        execute(connection, statement.format(sql.Identifier(name), text))
    for table in metadata.sorted_tables:
        on_relation(
            connection,
            "table",
            sql.Identifier(str(table.schema), str(table.name)),
            table.comment or "",
            of_columns(table),
        )


def of_columns(table: sa.Table) -> dict[str, str]:
    """Comments by column."""
    return {column.name: column.comment or "" for column in table.columns}


def on_relation(
    connection: sa.Connection,
    kind: str,
    name: sql.Identifier,
    text: str,
    columns: Mapping[str, str],
) -> None:
    """Comment a ``table`` or ``view`` and its columns."""
    on_columns = [
        sql.SQL("comment on column {}.{} is {}").format(
            name, sql.Identifier(column), comment
        )
        for column, comment in columns.items()
    ]
    on_itself = sql.SQL("comment on {} {} is {}").format(sql.SQL(kind), name, text)
    execute(connection, sql.SQL("; ").join([on_itself, *on_columns]))


def execute(connection: sa.Connection, statement: sql.Composed) -> None:
    """DDL takes no bound parameters; psycopg quotes names and texts itself."""
    driver = connection.connection.driver_connection
    connection.exec_driver_sql(statement.as_string(driver).replace("%", "%%"))
