"""Load a reconciled month: the slice is replaced whole, in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from cakupan.core.context import Context
from cakupan.core.copy import BATCH_ROWS, copy_arrow
from cakupan.core.errors import InvariantBroken
from cakupan.core.month import CoverageMonth
from cakupan.core.schema import core, vault
from cakupan.core.slices import writing
from cakupan.warehouse import shape
from cakupan.warehouse.history import keep_history
from cakupan.warehouse.partitions import Leaf, lock
from cakupan.warehouse.statements import run_file

logger = logging.getLogger(__name__)

STAGE = "warehouse"

#: Of the load only, and of nobody else on the server.
_SESSION = (
    "set local work_mem = '192MB'",
    "set local maintenance_work_mem = '256MB'",
    "set local lock_timeout = '10min'",
)


def load_month(
    context: Context,
    province: str,
    month: CoverageMonth,
    generation: int,
    inputs_hash: str,
    folder: Path,
    snapshot_areas: Iterable[str] | None = None,
) -> dict[str, int]:
    """Put one reconciled month of one province into ``core`` and ``vault``.

    Slices replace what was there. Persons and identities are merged: the earliest month
    a person was seen, and what the latest month knows of the person, whatever the order
    in which months are loaded. The process may die at any point: the warehouse then
    holds the old month, and loading again gives the same as if nothing had happened.

    Args:
        context: settings and the warehouse.
        province: two-digit Kemendagri code.
        month: coverage month.
        generation: what :func:`cakupan.core.slices.claim` gave for stage ``warehouse``.
        inputs_hash: fingerprint kept with the slice.
        folder: one Parquet file per table of :data:`cakupan.warehouse.shape.TABLES`,
            with exactly the columns of the table, persons of this month once each.
        snapshot_areas: areas the extracts of participants cover; see
            :func:`cakupan.warehouse.history.keep_history`.

    Returns:
        Rows by table, as they are in the warehouse for this slice (``persons`` and
        ``identities``: rows of the month that were offered).

    Raises:
        StaleWriter: another run has claimed the slice since; nothing was written.
        InvariantBroken: the files are not one slice, or the grain of a table is not
            unique; nothing was written.
        OperationalError: the database is away or refused the work.
    """
    counts = shape.check(context.settings, province, month, folder)
    with writing(
        context.engine, province, month, STAGE, generation, inputs_hash
    ) as connection:
        for setting in _SESSION:
            connection.execute(sa.text(setting))
        fresh = [
            _fill(connection, Leaf(table, province, month, generation), folder)
            for table in core.PARTITIONED
        ]
        for table in (*core.SLICED, *vault.SLICED):
            if table not in core.PARTITIONED:
                _replace(connection, table, province, month, folder)
        # Persons belong to the province, not to the month: one load at a time.
        lock(connection, f"persons/{province}")
        fresh += _merge_persons(connection, province, month, generation, folder)
        fresh.append(_merge_identities(connection, province, month, generation, folder))
        participation = Leaf(core.participation, province, month, generation)
        fresh += keep_history(
            connection, province, month, generation, participation, snapshot_areas
        )
        lock(connection, "partitions")
        for leaf in fresh:
            leaf.swap(connection)
        _verify(connection, province, month, counts)
    logger.info("%s %s: loaded %s", province, month, counts)
    return counts


def _read(folder: Path, table: sa.Table) -> pa.RecordBatchReader:
    file = pq.ParquetFile(folder / f"{table.name}.parquet", pre_buffer=False)
    return pa.RecordBatchReader.from_batches(
        file.schema_arrow, file.iter_batches(BATCH_ROWS)
    )


def _fill(connection: sa.Connection, leaf: Leaf, folder: Path) -> Leaf:
    """Build the fresh partition from its file, indexes after the rows."""
    leaf.create(connection)
    copy_arrow(
        connection,
        f"{leaf.schema}.{leaf.fresh}",
        _read(folder, leaf.table),
        freeze=True,
    )
    leaf.add_indexes(connection)
    return leaf


def _replace(
    connection: sa.Connection,
    table: sa.Table,
    province: str,
    month: CoverageMonth,
    folder: Path,
) -> None:
    connection.execute(
        table.delete().where(
            table.c.province_code == province, table.c.coverage_month == month.first_day
        )
    )
    copy_arrow(connection, str(table), _read(folder, table))


def _merge_persons(
    connection: sa.Connection,
    province: str,
    month: CoverageMonth,
    generation: int,
    folder: Path,
) -> list[Leaf]:
    leaf = Leaf(core.persons, province, None, generation)
    if not leaf.exists(connection):
        return [_fill(connection, leaf, folder)]
    connection.execute(
        sa.text("create temp table staged_persons (like core.persons) on commit drop")
    )
    copy_arrow(connection, "pg_temp.staged_persons", _read(folder, core.persons))
    connection.execute(sa.text("analyze staged_persons"))
    run_file(
        connection,
        "persons",
        {"province_code": province, "coverage_month": month.first_day},
    )
    return []


def _merge_identities(
    connection: sa.Connection,
    province: str,
    month: CoverageMonth,
    generation: int,
    folder: Path,
) -> Leaf:
    """Rows of the month and, of earlier loads, what the month does not know better."""
    leaf = Leaf(vault.identities, province, None, generation)
    leaf.create(connection)
    fresh = f"{leaf.schema}.{leaf.fresh}"
    copy_arrow(connection, fresh, _read(folder, vault.identities), freeze=True)
    if leaf.exists(connection):
        connection.execute(sa.text(f"analyze {fresh}"))
        connection.execute(
            sa.text(f"create temp view fresh_identities as select * from {fresh}")
        )
        run_file(
            connection,
            "identities",
            {"province_code": province, "coverage_month": month.first_day},
        )
        connection.execute(sa.text("drop view fresh_identities"))
    leaf.add_indexes(connection)
    return leaf


def _verify(
    connection: sa.Connection,
    province: str,
    month: CoverageMonth,
    counts: dict[str, int],
) -> None:
    """Count the slice again, as a reader finds it."""
    for table in (*core.SLICED, *vault.SLICED):
        found = connection.scalar(
            sa.select(sa.func.count())
            .select_from(table)
            .where(
                table.c.province_code == province,
                table.c.coverage_month == month.first_day,
            )
        )
        if found != counts[str(table.name)]:
            raise InvariantBroken(
                "LOAD_INCOMPLETE",
                f"{table} holds {found} rows of the slice instead of "
                f"{counts[str(table.name)]}.",
                "Nothing was written. Load the month again; report it if it stays.",
            )
