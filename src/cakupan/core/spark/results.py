"""Rows of Spark on the driver: typed, named and put in order by DuckDB."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pyarrow as pa
from sqlglot import exp


def without_order(
    query: exp.Query, types: Mapping[str, str]
) -> tuple[exp.Query, exp.Order | None]:
    """The query, and the order that the driver can put its result in.

    Args:
        query: of DuckDB SQL.
        types: of its columns.
    """
    query = query.copy()
    order = query.args.get("order")
    if order is None or not _is_of_the_result(order, types) or _cut(query):
        return query, None
    query.set("order", None)
    return query, order


def on_driver(
    driver: duckdb.DuckDBPyConnection,
    rows: pa.Table,
    types: Mapping[str, str],
    order: exp.Order | None,
) -> tuple[exp.Select, duckdb.DuckDBPyConnection]:
    """A query over the rows, and the connection that knows them.

    Args:
        driver: session of DuckDB.
        rows: as Spark gave them; columns by position.
        types: names and types they are to have.
        order: of the result.
    """
    connection = driver.cursor()
    connection.register("collected", _plain(rows))
    columns = [
        exp.alias_(
            exp.cast(exp.column(f"c{at}"), exp.DataType.build(kind, "duckdb")),
            name,
            quoted=True,
        )
        for at, (name, kind) in enumerate(types.items())
    ]
    selected = exp.select(*columns).from_("collected")
    if order is not None:
        selected = exp.select("*").from_(selected.subquery("typed"))
        selected.set("order", order.copy())
    return selected, connection


def _plain(rows: pa.Table) -> pa.Table:
    """Columns by position; what Spark knows never to be NULL is not told."""
    fields = [
        field.with_name(f"c{at}").with_nullable(True)
        for at, field in enumerate(rows.schema)
    ]
    return pa.Table.from_arrays(rows.columns, schema=pa.schema(fields))


def _cut(query: exp.Expr) -> bool:
    return bool(query.args.get("limit") or query.args.get("offset"))


def _is_of_the_result(order: exp.Order, types: Mapping[str, str]) -> bool:
    names = {name.lower() for name in types}
    return all(
        isinstance(one.this, exp.Column)
        and not one.this.table
        and (one.this.name.lower() in names or one.this.name.lower() == "all")
        for one in order.expressions
    )
