"""Fast loading: Arrow data into a PostgreSQL table by binary COPY.

2 M participation rows of 22 columns into a fresh table on 2 cores: COPY of CSV 4.8 s,
binary COPY as here 2.9 s, of which the server needs 2.2 s.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import psycopg
import pyarrow as pa
import sqlalchemy as sa
from psycopg import sql
from psycopg.copy import QueuedLibpqWriter

from cakupan.core.database import database_errors
from cakupan.core.errors import InvariantBroken
from cakupan.core.pgbinary import (
    HEADER,
    TRAILER,
    FieldType,
    encode_batch,
    field_type,
)

#: Rows encoded at once: about 5 MB, so a large table streams in bounded memory.
BATCH_ROWS = 25_000

_COLUMNS = sa.text(
    """
    select
        attributes.attname as name,
        attributes.atttypid::integer as type_id,
        attributes.atttypmod as modifier
    from pg_catalog.pg_attribute as attributes
    where
        attributes.attrelid = cast(:table as regclass)
        and attributes.attnum > 0
        and not attributes.attisdropped
    order by attributes.attnum
    """
)


def copy_arrow(
    connection: sa.Connection,
    table: str,
    data: pa.Table | pa.RecordBatchReader,
    columns: Sequence[str] | None = None,
    *,
    freeze: bool = False,
) -> int:
    """Append Arrow data to a table, within the transaction of the connection.

    NULL and empty text stay apart. UUIDs may be 16 bytes or text. Columns are matched
    by name; others of the table take their default.

    Args:
        connection: SQLAlchemy connection to the warehouse.
        table: ``schema.table``, an identifier of ours (``pg_temp.x`` for a temporary).
        data: a table, or a reader that is consumed batch by batch.
        columns: which columns of ``data``, default all.
        freeze: mark the rows as visible to all at once; only for a table made in this
            transaction.

    Returns:
        Number of rows written.

    Raises:
        InvariantBroken: a column is unknown to the table, a value does not fit it, or
            a constraint does not hold.
        OperationalError: the database is away or refused the rows.
    """
    names = list(columns) if columns is not None else list(data.schema.names)
    with database_errors():
        fields = _fields(connection, table, names)
        raw = connection.connection.driver_connection
        if not isinstance(raw, psycopg.Connection):
            raise TypeError("copy_arrow needs a psycopg connection")
        statement = sql.SQL("copy {} ({}) from stdin (format binary{})").format(
            sql.Identifier(*table.split(".")),
            sql.SQL(", ").join(map(sql.Identifier, names)),
            sql.SQL(", freeze") if freeze else sql.SQL(""),
        )
        count = 0
        with (
            raw.cursor() as cursor,
            cursor.copy(statement, writer=QueuedLibpqWriter(cursor)) as copy,
        ):
            copy.write(HEADER)
            for batch in _batches(data, names):
                copy.write(memoryview(encode_batch(batch, fields)))
                count += len(batch)
            copy.write(TRAILER)
        return count


def _fields(
    connection: sa.Connection, table: str, names: Sequence[str]
) -> list[FieldType]:
    known = {row.name: row for row in connection.execute(_COLUMNS, {"table": table})}
    missing = [name for name in names if name not in known]
    if missing:
        raise InvariantBroken(
            "COLUMN_UNKNOWN",
            f"Table {table} has no column {', '.join(missing)}.",
            "The data and the schema come from different versions of the program.",
        )
    return [
        field_type(name, known[name].type_id, known[name].modifier) for name in names
    ]


def _batches(
    data: pa.Table | pa.RecordBatchReader, names: Sequence[str]
) -> Iterator[pa.RecordBatch]:
    batches = data.to_batches() if isinstance(data, pa.Table) else data
    for batch in batches:
        wanted = batch.select(list(names))
        for start in range(0, len(wanted), BATCH_ROWS):
            yield wanted.slice(start, BATCH_ROWS)
