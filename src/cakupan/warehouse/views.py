"""The views of ``mart`` and the Indonesian comments that metadata cannot hold.

A view ``mart.monthly_x`` shows the current release of ``mart.monthly_x_history``; its
columns and comments are those of that table. The other views are written out below
``include/sql/05_warehouse``.
"""

from __future__ import annotations

import sqlalchemy as sa
from psycopg import sql

from cakupan.core.lake import sql_text
from cakupan.core.schema import metadata
from cakupan.core.schema.mart import PUBLISHED
from cakupan.warehouse import comments

#: Views with a folder of their own and their schema, in the order they are made.
WRITTEN = {
    "areas": "mart",
    "area_paths": "core",
    "releases": "mart",
    "freshness": "mart",
    "departures": "core",
    "monthly_findings": "mart",
    "coverage_in_areas_then": "mart",
    "coverage_in_areas_now": "mart",
    "protection_in_areas_then": "mart",
    "protection_in_areas_now": "mart",
    "data_dictionary": "mart",
}


def create(connection: sa.Connection) -> None:
    """Make or replace every view of ``mart`` and its comments."""
    for name, table in PUBLISHED.items():
        columns = [column.name for column in table.columns]
        comments.execute(connection, _current_release(name, str(table.name), columns))
        grain = str(table.comment).replace("per rilis, ", "per bulan, ")
        comment = f"{grain}. Hanya rilis yang berlaku"
        _comment(connection, "mart", name, comment, comments.of_columns(table))
    for name, schema in WRITTEN.items():
        connection.execute(sa.text(sql_text("05_warehouse", name, "create.sql")))
        comment = comments.texts()["views"][name]["comment"]
        _comment(connection, schema, name, comment, column_comments(name))


def drop(connection: sa.Connection) -> None:
    """Drop every view that :func:`create` makes, so that columns may be added."""
    made = {**dict.fromkeys(PUBLISHED, "mart"), **WRITTEN}
    for name in reversed(made):
        comments.execute(
            connection,
            sql.SQL("drop view if exists {}").format(sql.Identifier(made[name], name)),
        )


def column_comments(view: str) -> dict[str, str]:
    """Comments by column of one of :data:`WRITTEN`, in no particular order."""
    text = comments.texts()["views"][view]
    like = metadata.tables[text["like"]] if "like" in text else None
    known = comments.of_columns(like) if like is not None else {}
    return known | dict(text.get("columns", {}))


def described() -> dict[str, tuple[str, str, dict[str, str]]]:
    """Every view: what it shows, the table it is like ("" for none), columns it adds."""
    found: dict[str, tuple[str, str, dict[str, str]]] = {
        f"mart.{name}": ("Hanya rilis yang berlaku", str(table), {})
        for name, table in PUBLISHED.items()
    }
    for name, schema in WRITTEN.items():
        text = comments.texts()["views"][name]
        added = text.get("columns", {})
        found[f"{schema}.{name}"] = (text["comment"], text.get("like", ""), added)
    return found


def _current_release(view: str, table: str, columns: list[str]) -> sql.Composed:
    return sql.SQL(
        "create or replace view mart.{view} as select {columns} from mart.{table} as h "
        "inner join ops.current_releases as c on h.release_id = c.release_id"
    ).format(
        view=sql.Identifier(view),
        table=sql.Identifier(table),
        columns=sql.SQL(", ").join(sql.Identifier("h", name) for name in columns),
    )


def _comment(
    connection: sa.Connection,
    schema: str,
    view: str,
    text: str,
    columns: dict[str, str],
) -> None:
    present = sa.inspect(connection).get_columns(view, schema)
    comments.on_relation(
        connection,
        "view",
        sql.Identifier(schema, view),
        text,
        {name: columns[name] for name in sorted(one["name"] for one in present)},
    )
