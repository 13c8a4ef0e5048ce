"""Is a folder of reconciled tables fit to load? Asked of the files, with DuckDB."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import sqlalchemy as sa

from cakupan.core.errors import InvariantBroken
from cakupan.core.lake import quoted_path, session
from cakupan.core.month import CoverageMonth
from cakupan.core.schema import core, vault
from cakupan.core.settings import Settings

TABLES = (*core.SLICED, core.persons, vault.identities)


def check(
    settings: Settings, province: str, month: CoverageMonth, folder: Path
) -> dict[str, int]:
    """Check that the files are those of one slice.

    Args:
        settings: memory limit and scratch folder.
        province: province every row must name.
        month: month every row of a sliced table must name.
        folder: one Parquet file per table of :data:`TABLES`.

    Returns:
        Rows by table.

    Raises:
        InvariantBroken: a file is missing, has other columns than its table, holds rows
            of another slice, or a person in use is not among the persons.
    """
    counts = {}
    for table in TABLES:
        path = _file(folder, table)
        with pq.ParquetFile(path) as file:
            counts[str(table.name)] = file.metadata.num_rows
            found = set(file.schema_arrow.names)
        wanted = {column.name for column in table.columns}
        if found != wanted:
            differing = ", ".join(sorted(found ^ wanted))
            raise InvariantBroken(
                "TABLE_SHAPE",
                f"{path.name} lacks or adds columns: {differing}.",
                "Reconcile the month again with this version of the program.",
            )
    with session(settings) as connection:
        for table in TABLES:
            is_sliced = "coverage_month" in table.columns
            strangers = connection.execute(
                f"select count(*) from {quoted_path(_file(folder, table))} where "
                "province_code is distinct from $province"
                + (" or coverage_month is distinct from $month" if is_sliced else ""),
                {"province": province}
                | ({"month": month.first_day} if is_sliced else {}),
            ).fetchone()
            if strangers != (0,):
                raise InvariantBroken(
                    "SLICE_MIXED",
                    f"{table.name}.parquet holds rows of another province or month.",
                    "Reconcile the month again.",
                )
        persons = quoted_path(_file(folder, core.persons))
        for table in (core.registry, core.participation, vault.identities):
            unknown = connection.execute(
                f"select count(*) from {quoted_path(_file(folder, table))} as used "
                f"anti join {persons} as persons using (person_id)"
            ).fetchone()
            if unknown != (0,):
                raise InvariantBroken(
                    "PERSON_UNKNOWN",
                    f"{table.name}.parquet names persons that persons.parquet lacks.",
                    "Reconcile the month again.",
                )
    return counts


def _file(folder: Path, table: sa.Table) -> Path:
    path = folder / f"{table.name}.parquet"
    if not path.is_file():
        raise InvariantBroken(
            "TABLE_MISSING", f"{path.name} is missing.", "Reconcile the month again."
        )
    return path
