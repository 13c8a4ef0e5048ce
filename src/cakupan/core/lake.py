"""DuckDB sessions: the engine of the transforms, bounded in memory and network-free."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from cakupan.core.month import CoverageMonth
from cakupan.core.resources import include
from cakupan.core.scratch import scratch_folder
from cakupan.core.settings import Settings


@contextmanager
def session(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory DuckDB that spills to a scratch folder and forgets everything.

    Time zone is UTC, row order is kept, extensions are never downloaded.
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
    connection: duckdb.DuckDBPyConnection,
    *parts: str,
    parameters: Mapping[str, Any] | None = None,
) -> duckdb.DuckDBPyConnection:
    """Run one SQL file with named parameters (``$name``).

    The file may hold several statements; parameters a statement does not name are left
    out for it, as DuckDB refuses surplus ones.
    """
    result = connection
    for statement in duckdb.extract_statements(sql_text(*parts)):
        given = parameters or {}
        wanted = {name: given[name] for name in statement.named_parameters}
        result = connection.execute(statement, wanted or None)
    return result


def reconciled_prefix(province: str, month: CoverageMonth, fingerprint: str) -> str:
    """Store prefix of the reconciled tables of a month, by what they were made of."""
    return f"lake/reconciled/{province}/{month}/{fingerprint}"


def quoted_path(path: Path) -> str:
    """A path as an SQL string literal, for ``read_parquet`` and ``copy``."""
    return "'" + str(path).replace("'", "''") + "'"


def write_parquet(
    connection: duckdb.DuckDBPyConnection, relation: str, target: Path
) -> None:
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
