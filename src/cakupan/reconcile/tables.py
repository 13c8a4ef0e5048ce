"""Writing reconciled tables exactly as the warehouse schema says they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import sqlalchemy as sa
import yaml

from cakupan.core.engine import Session
from cakupan.core.errors import InvariantBroken, OperationalError
from cakupan.core.lake import quoted_path, sql_text
from cakupan.core.schema import core, vault

STAGE = "04_reconcile"

#: What reconcile hands over: one Parquet file each, named after the table.
OUTPUTS: tuple[sa.Table, ...] = (
    *core.SLICED,
    core.persons,
    vault.identities,
    *vault.SLICED,
)


@contextmanager
def lake_errors() -> Iterator[None]:
    """Turn errors of DuckDB into ours, without their text (it quotes values).

    Raises:
        InvariantBroken: a value does not fit the type of its column.
        OperationalError: memory or disk is short, or a file cannot be read.
    """
    try:
        yield
    except (duckdb.ConversionException, duckdb.OutOfRangeException):
        raise InvariantBroken(
            "RECONCILED_VALUE_OUT_OF_RANGE",
            "An accepted value does not fit its column in the warehouse.",
            "The suite of a dataset lets a number through that it should not.",
        ) from None
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        raise OperationalError(
            "LAKE_FAILED",
            f"Reconciling stopped: {type(error).__name__}.",
            "Check free disk space below CAKUPAN_HOME and CAKUPAN_MEMORY_LIMIT.",
        ) from None


def duckdb_type(kind: Any) -> str:
    """The DuckDB type in which a column of the warehouse is written to Parquet.

    Raises:
        TypeError: a kind of column reconcile does not write.
    """
    if isinstance(kind, sa.Numeric):
        return f"decimal({kind.precision}, {kind.scale})"
    for known, name in (
        (sa.Uuid, "uuid"),
        (sa.Text, "varchar"),
        (sa.Boolean, "boolean"),
        (sa.Date, "date"),
        (sa.SmallInteger, "smallint"),
        (sa.Integer, "integer"),
    ):
        if isinstance(kind, known):
            return name
    raise TypeError(f"no DuckDB type for {kind!r}")


def order_of(table: str) -> tuple[str, ...]:
    """Columns that put the rows of a table into the one order they are written in."""
    return tuple(yaml.safe_load(sql_text(STAGE, table, "table.yml"))["order"])


def write_table(connection: Session, table: sa.Table, target: Path) -> int:
    """Write one relation of the session, named like the table, as Parquet.

    Columns, their order and their types are those of the schema; rows are in the order
    of ``table.yml``, so the same rows give the same bytes.

    Args:
        connection: session in which ``load.sql`` of the table has run.
        table: table of the warehouse schema.
        target: file to write.

    Returns:
        Number of rows.

    Raises:
        InvariantBroken: a column that must have a value has none in some row.
    """
    columns = ", ".join(
        f'"{column.name}"::{duckdb_type(column.type)} as "{column.name}"'
        for column in table.columns
    )
    order = ", ".join(f'"{name}" nulls first' for name in order_of(table.name))
    source = f"select {columns} from {table.name}"
    if order:
        source += f" order by {order}"
    connection.execute(
        f"copy ({source}) to {quoted_path(target)} (format parquet, compression zstd)"
    )
    return _checked_count(connection, table, target)


def _checked_count(connection: Session, table: sa.Table, written: Path) -> int:
    required = [column.name for column in table.columns if not column.nullable]
    counts = ", ".join(f'count("{name}")' for name in required)
    found = connection.execute(
        f"select count(*), {counts} from read_parquet({quoted_path(written)})"
    ).fetchone()
    total, *present = found or (0,)
    missing = [
        name for name, count in zip(required, present, strict=True) if count != total
    ]
    if missing:
        raise InvariantBroken(
            "RECONCILED_VALUE_MISSING",
            f"Reconciled table {table.name} lacks values in {', '.join(missing)}.",
            "The contract of a dataset lets a row through that it should not.",
        )
    return int(total)
