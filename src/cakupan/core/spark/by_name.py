"""``union all by name``, which Spark SQL lacks, with its columns written out."""

from __future__ import annotations

import duckdb
from sqlglot import exp


def described(connection: duckdb.DuckDBPyConnection, query: exp.Expr) -> dict[str, str]:
    """Columns of a query and their types."""
    rows = connection.execute(f"describe {query.sql(dialect='duckdb')}").fetchall()
    return {str(row[0]): str(row[1]) for row in rows}


def spelled_out(query: exp.Expr, connection: duckdb.DuckDBPyConnection) -> exp.Expr:
    """The query with every ``by name`` replaced by lists of columns.

    Args:
        query: without parameters.
        connection: session that knows its relations.
    """
    for union in list(query.find_all(exp.Union)):
        if not union.args.get("by_name"):
            continue
        columns = described(connection, standing_alone(union, union))
        for side in ("this", "expression"):
            part = union.args[side]
            have = described(connection, standing_alone(union, part))
            union.set(side, _select(part, columns, have))
        union.set("by_name", None)
    return query


def _select(
    part: exp.Query, columns: dict[str, str], have: dict[str, str]
) -> exp.Select:
    known = {name.lower() for name in have}
    listed = [
        exp.alias_(
            exp.cast(
                exp.column(name, quoted=True) if name.lower() in known else exp.Null(),
                exp.DataType.build(kind, "duckdb"),
            ),
            name,
            quoted=True,
        )
        for name, kind in columns.items()
    ]
    return exp.select(*listed).from_(part.copy().subquery("part"))


def standing_alone(place: exp.Expr, part: exp.Expr) -> exp.Expr:
    """A part of a query on its own, with the CTEs it may name where it stands."""
    before: list[exp.Expr] = []
    node: exp.Expr | None = place
    while node is not None:
        if isinstance(node, exp.CTE) and node.parent is not None:
            before = [*node.parent.expressions[: node.index or 0], *before]
            node = node.parent.parent
        else:
            own = node.args.get("with_")
            before = [*(own.expressions if own is not None else ()), *before]
        node = node.parent if node is not None else None
    part = part.copy()
    if before:
        part.set("with_", exp.With(expressions=[one.copy() for one in before]))
    return part
