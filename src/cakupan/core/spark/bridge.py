"""Functions that DuckDB computes inside Spark's executors, over batches of rows.

A name is cut and compared by the very code that does it without Spark, so the result is
the same to the last digit. The executors need Python with duckdb and pyarrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import product
from typing import TYPE_CHECKING, Any

import duckdb

from cakupan.core.spark.types import CROSSING, spark_type

if TYPE_CHECKING:
    import pyarrow as pa

#: Tried for arguments, to learn what a function returns.
_ARGUMENTS = ("varchar", "date", "bigint", "boolean")


def returned_type(
    connection: duckdb.DuckDBPyConnection, name: str, arguments: int
) -> str:
    """Type of what a function returns, as DuckDB describes it.

    Raises:
        TypeError: no arguments fit.
    """
    for types in product(_ARGUMENTS, repeat=arguments):
        nulls = ", ".join(f"null::{each}" for each in types)
        try:
            described = connection.execute(f"describe select {name}({nulls}) as value")
        except (duckdb.BinderException, duckdb.ConversionException):
            continue
        return str(described.fetchall()[0][1])
    raise TypeError(f"no arguments fit {name}")


def function(
    name: str,
    arguments: int,
    returns: str,
    macros: Iterable[str],
    tables: Mapping[str, pa.Table],
) -> Callable[..., Any]:
    """A function of Spark over batches of rows.

    Args:
        name: of the function or macro in DuckDB.
        arguments: how many it takes.
        returns: type of DuckDB.
        macros: definitions it needs, in order.
        tables: small tables the macros read.
    """
    from pyspark.sql import functions  # noqa: PLC0415 - an extra

    definitions, relations = tuple(macros), dict(tables)
    columns = [f"c{number}" for number in range(arguments)]
    value = f"{name}({', '.join(columns)})::{CROSSING.get(returns, returns)}"
    query = f"select {value} as value from given"
    own: dict[Any, duckdb.DuckDBPyConnection] = {}

    def computed(*values: pa.Array) -> pa.Array:
        import duckdb as engine  # noqa: PLC0415 - in the executor
        import pyarrow as arrow  # noqa: PLC0415 - in the executor

        # a worker runs many tasks, each with a copy of this function: what holds no rows
        # is opened once for all of them, and a module is what they share
        kept = own if relations else vars(engine).setdefault("cakupan_kept", {})
        connection = kept.get(definitions)
        if connection is None:
            connection = engine.connect(":memory:", config={"threads": "1"})
            for table, rows in relations.items():
                connection.register(f"{table}_sent", rows)
                connection.execute(f"create temp table {table} as from {table}_sent")
            for definition in definitions:
                connection.execute(definition)
            kept[definitions] = connection
        connection.register(
            "given", arrow.table(dict(zip(columns, values, strict=True)))
        )
        found = connection.sql(query).to_arrow_table().column("value")
        return found.combine_chunks()

    # Spark reads the kind of function from its hints; by value nobody needs our code
    computed.__annotations__ = {}
    make: Any = functions.arrow_udf  # type: ignore[attr-defined]
    return make(computed, spark_type(returns))  # type: ignore[no-any-return]
