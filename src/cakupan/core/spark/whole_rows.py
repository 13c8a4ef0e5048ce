"""``row(*columns(*))``, which Spark SQL lacks, with its columns written out."""

from __future__ import annotations

import duckdb
from sqlglot import exp

from cakupan.core.spark.by_name import described, standing_alone


def spelled_out(query: exp.Expr, connection: duckdb.DuckDBPyConnection) -> exp.Expr:
    """The query with every row of all columns as a tuple of them.

    Args:
        query: without parameters.
        connection: session that knows its relations.

    Raises:
        TypeError: ``columns(...)`` stands somewhere else.
    """
    for columns in list(query.find_all(exp.Columns)):
        row, select = columns.parent, columns.find_ancestor(exp.Select)
        is_row = isinstance(row, exp.Anonymous) and row.name.lower() == "row"
        is_all = isinstance(columns.this, exp.Star)
        if row is None or select is None or not is_row or not is_all:
            raise TypeError("columns() is understood inside row() only")
        everything = exp.select(columns.this.copy())
        for part in ("from_", "joins"):
            given = select.args.get(part)
            everything.set(part, _copy(given))
        names = described(connection, standing_alone(select, everything))
        listed = [exp.column(name, quoted=True) for name in names]
        row.replace(exp.Tuple(expressions=listed))
    return query


def _copy(part: exp.Expr | list[exp.Expr] | None) -> exp.Expr | list[exp.Expr] | None:
    if isinstance(part, list):
        return [one.copy() for one in part]
    return None if part is None else part.copy()
