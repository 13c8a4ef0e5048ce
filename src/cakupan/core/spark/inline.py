"""Small tables of the driver as part of the query: no job has to fetch them.

Spark also sees what is in them, or that nothing is, and plans less. Pseudonyms and keys
are never written into a query; tables that hold them are sent as rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlglot import exp

from cakupan.core.spark.dialect import literal
from cakupan.core.spark.types import spark_type

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_ROWS = 500
_PLAIN = frozenset(
    {"VARCHAR", "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "DATE", "DOUBLE"}
)


def relation(rows: pa.Table, types: Mapping[str, str]) -> exp.Select | None:
    """A query that gives the rows; None for a table that has to be sent.

    Args:
        rows: of the table.
        types: of its columns, as DuckDB describes them.
    """
    columns = [f"c{at}" for at in range(len(types))]
    kinds = [exp.DataType.build(spark_type(kind), "spark") for kind in types.values()]
    if not rows.num_rows:
        empty = [
            exp.alias_(exp.cast(exp.Null(), kind), name, quoted=True)
            for name, kind in zip(types, kinds, strict=True)
        ]
        return exp.select(*empty).where(exp.false())
    is_plain = all(
        kind in _PLAIN or kind.startswith("DECIMAL(") for kind in types.values()
    )
    if rows.num_rows > _MOST_ROWS or not is_plain:
        return None
    written = [
        exp.Tuple(expressions=[literal(value) for value in row.values()])
        for row in rows.to_pylist()
    ]
    values = exp.Values(
        expressions=written,
        alias=exp.TableAlias(
            this=exp.to_identifier("given"),
            columns=[exp.to_identifier(column) for column in columns],
        ),
    )
    selected = [
        exp.alias_(exp.cast(exp.column(column), kind), name, quoted=True)
        for column, name, kind in zip(columns, types, kinds, strict=True)
    ]
    return exp.select(*selected).from_(values)
