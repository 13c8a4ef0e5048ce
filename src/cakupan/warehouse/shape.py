"""Is a folder of reconciled tables fit to load? Asked of the files, with DuckDB."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import sqlalchemy as sa

from cakupan.core.errors import InvariantBroken
from cakupan.core.lake import duckdb_session, quoted_path
from cakupan.core.month import CoverageMonth
from cakupan.core.schema import core, vault
from cakupan.core.settings import Settings

TABLES = (*core.SLICED, core.persons, vault.identities, *vault.SLICED)

#: Columns that hold the month of the slice in every row of its files.
_MONTHS = ("coverage_month", "first_seen_month", "last_seen_month")

_AGAIN = "Reconcile the month again."


def check(
    settings: Settings, province: str, month: CoverageMonth, folder: Path
) -> dict[str, int]:
    """Check that the files are those of one slice.

    Args:
        settings: memory limit and scratch folder.
        province: province every row must name.
        month: month every row must name.
        folder: one Parquet file per table of :data:`TABLES`.

    Returns:
        Rows by table.

    Raises:
        InvariantBroken: a file is missing, has other columns than its table, holds rows
            of another slice, repeats a person, or uses one the persons lack.
    """
    counts = {str(table.name): _rows(_file(folder, table), table) for table in TABLES}
    with duckdb_session(settings) as connection:
        for table in TABLES:
            _check_slice(connection, _file(folder, table), table, province, month)
        _check_persons(connection, folder)
    return counts


def _file(folder: Path, table: sa.Table) -> Path:
    path = folder / f"{table.name}.parquet"
    if not path.is_file():
        raise InvariantBroken("TABLE_MISSING", f"{path.name} is missing.", _AGAIN)
    return path


def _rows(path: Path, table: sa.Table) -> int:
    with pq.ParquetFile(path) as file:
        differing = set(file.schema_arrow.names) ^ set(table.columns.keys())
        if differing:
            raise InvariantBroken(
                "TABLE_SHAPE",
                f"{path.name} lacks or adds columns: {', '.join(sorted(differing))}.",
                "Reconcile the month again with this version of the program.",
            )
        return int(file.metadata.num_rows)


def _check_slice(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    table: sa.Table,
    province: str,
    month: CoverageMonth,
) -> None:
    condition = "province_code is distinct from $province"
    parameters: dict[str, object] = {"province": province}
    for name in _MONTHS:
        if name in table.columns:
            condition += f" or {name} is distinct from $month"
            parameters["month"] = month.first_day
    if _count(connection, f"from {quoted_path(path)} where {condition}", parameters):
        raise InvariantBroken(
            "SLICE_MIXED",
            f"{path.name} holds rows of another province or month.",
            _AGAIN,
        )


def _check_persons(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    persons = quoted_path(_file(folder, core.persons))
    for table in (core.persons, vault.identities):
        path = quoted_path(_file(folder, table))
        once = f"select person_id from {path} group by person_id having count(*) > 1"
        if _count(connection, f"from ({once})"):
            raise InvariantBroken(
                "PERSON_REPEATED",
                f"{table.name}.parquet holds a person more than once.",
                _AGAIN,
            )
    for table in (core.registry, core.participation, vault.identities):
        path = quoted_path(_file(folder, table))
        if _count(connection, f"from {path} anti join {persons} using (person_id)"):
            raise InvariantBroken(
                "PERSON_UNKNOWN",
                f"{table.name}.parquet names persons that persons.parquet lacks.",
                _AGAIN,
            )


def _count(
    connection: duckdb.DuckDBPyConnection,
    rows: str,
    parameters: dict[str, object] | None = None,
) -> int:
    found = connection.execute(f"select count(*) {rows}", parameters).fetchone()
    return int(found[0]) if found else 0
