"""Sessions of the engine that runs the transforms: DuckDB, or Spark beside it.

A session is bounded in memory, network-free (Spark: but for its master) and forgets
everything. The time zone is UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from cakupan.core.engine import Result, Session
from cakupan.core.month import CoverageMonth
from cakupan.core.resources import include
from cakupan.core.scratch import scratch_folder
from cakupan.core.settings import Settings


@contextmanager
def session(settings: Settings) -> Iterator[Session]:
    """A session of the engine that ``CAKUPAN_ENGINE`` names.

    Raises:
        ConfigurationError: Spark or Java is not installed.
        OperationalError: the Spark master does not answer.
    """
    if settings.engine == "duckdb":
        with duckdb_session(settings) as connection:
            yield connection
        return
    from cakupan.core.spark import require_packages  # noqa: PLC0415 - an extra

    require_packages()
    from cakupan.core.spark.session import spark_lake  # noqa: PLC0415 - an extra

    with duckdb_session(settings) as driver, spark_lake(settings, driver) as lake:
        yield lake


@contextmanager
def file_session(settings: Settings, rows: Path) -> Iterator[Session]:
    """A session for the rows of one file.

    A month has many small files and a process for each: Spark takes longer to start than
    they take on DuckDB. From ``spark_file_rows`` rows on it is Spark where
    ``CAKUPAN_ENGINE`` says so; the result is the same.

    Args:
        settings: engine and threshold.
        rows: Parquet file the session is for.

    Raises:
        ConfigurationError: Spark or Java is not installed.
        OperationalError: the Spark master does not answer.
    """
    is_small = (
        settings.engine == "duckdb"
        or pq.read_metadata(rows).num_rows < settings.spark_file_rows
    )
    with (duckdb_session if is_small else session)(settings) as opened:
        yield opened


@contextmanager
def duckdb_session(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory DuckDB that spills to a scratch folder, whatever the engine.

    For what is bounded by one file or one selection. Row order is kept, extensions are
    never downloaded.
    """
    with scratch_folder(settings.work_dir, "duckdb") as spill:
        connection = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": settings.memory_limit,
                "threads": str(settings.threads),
                "temp_directory": str(spill),
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            },
        )
        try:
            connection.execute("set enable_progress_bar = false")
            yield connection
        finally:
            connection.close()


def sql_text(*parts: str) -> str:
    """Text of a file below ``include/sql``."""
    return include("sql", *parts).read_text("utf-8")


def run_sql(
    connection: Session,
    *parts: str,
    parameters: Mapping[str, Any] | None = None,
) -> Result:
    """Run one SQL file with named parameters (``$name``).

    The file may hold several statements; parameters a statement does not name are left
    out for it, as DuckDB refuses surplus ones.
    """
    result: Any = connection
    for statement in duckdb.extract_statements(sql_text(*parts)):
        given = parameters or {}
        wanted = {name: given[name] for name in statement.named_parameters}
        result = connection.execute(statement, wanted or None)
    return result  # type: ignore[no-any-return]  # of either engine


def reconciled_prefix(province: str, month: CoverageMonth, fingerprint: str) -> str:
    """Store prefix of the reconciled tables of a month, by what they were made of."""
    return f"lake/reconciled/{province}/{month}/{fingerprint}"


def quoted_path(path: Path) -> str:
    """A path as an SQL string literal, for ``read_parquet`` and ``copy``."""
    return "'" + str(path).replace("'", "''") + "'"


def write_parquet(connection: Session, relation: str, target: Path) -> None:
    """Write a table or view, in its own order, as one Parquet file.

    Args:
        connection: session the relation lives in.
        relation: its name (an identifier of ours, never input).
        target: file to write.
    """
    connection.execute(
        f"copy (from {relation}) to {quoted_path(target)} "
        "(format parquet, compression zstd)"
    )


def read_often(connection: Session, view: str) -> str:
    """Where the rows of a view are best read several times from.

    Args:
        connection: session the view lives in.
        view: its name (an identifier of ours).

    Returns:
        The view itself on DuckDB. On Spark a table that the executors keep: every query
        would compute the view anew.
    """
    if isinstance(connection, duckdb.DuckDBPyConnection):
        return view
    connection.execute(f"create or replace temp table {view}_kept as from {view}")
    return f"{view}_kept"


def compute_now(connection: Session, *tables: str) -> None:
    """Let Spark compute tables before they are joined; on DuckDB they are.

    Once it knows that a table is small Spark sends it to where the many rows are, instead
    of moving those around.
    """
    if not isinstance(connection, duckdb.DuckDBPyConnection):
        for table in tables:
            connection.execute(f"select count(*) from {table}").fetchall()


def keep_rows(connection: Session, rows: str, name: str, file: Path) -> None:
    """Compute rows once, outside the memory of the session, as view ``name``.

    Args:
        connection: session the rows come from.
        rows: relation, with ``order by`` where it matters (identifiers of ours).
        name: of the view.
        file: scratch Parquet of DuckDB; Spark keeps rows on its executors instead.
    """
    if isinstance(connection, duckdb.DuckDBPyConnection):
        path = quoted_path(file)
        connection.execute(f"copy (from {rows}) to {path} (format parquet)")
        connection.execute(f"create temp view {name} as from read_parquet({path})")
    else:
        connection.execute(f"create temp table {name} as from {rows}")
