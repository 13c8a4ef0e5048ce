"""Writing a relation of the session as a table of the warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa

from cakupan.core.errors import InvariantBroken, OperationalError
from cakupan.core.resources import include
from cakupan.core.schema import core
from cakupan.reconcile.tables import (
    OUTPUTS,
    duckdb_type,
    lake_errors,
    order_of,
    write_table,
)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    found = duckdb.connect()
    yield found
    found.close()


def test_every_column_handed_over_has_a_type() -> None:
    kinds = {duckdb_type(column.type) for table in OUTPUTS for column in table.columns}
    assert kinds == {
        "boolean", "date", "decimal(18, 0)", "decimal(18, 2)", "decimal(18, 4)",
        "decimal(5, 2)", "decimal(6, 5)", "integer", "smallint", "uuid", "varchar",
    }  # fmt: skip
    with pytest.raises(TypeError):
        duckdb_type(sa.LargeBinary())


def test_every_sql_folder_says_what_it_is() -> None:
    folder = include("sql", "04_reconcile")
    names = [path.name for path in folder.iterdir() if path.is_dir()]
    assert {table.name for table in OUTPUTS} <= set(names)
    for name in names:
        text = (folder / name / "load.sql").read_text("utf-8")
        for word in ("table:", "grain:", "inputs:", "params:", "re-run:"):
            assert f"-- {word}" in text, (name, word)


def _targets(connection: duckdb.DuckDBPyConnection, source: str) -> None:
    connection.execute(
        "create or replace view targets as select date '2026-09-01' as coverage_month, "
        "'64' as province_code, '64.02' as area_code, 2026 as target_year, "
        f"'BPU' as segment, 'orang' as unit, 100 as value, {source} as source, "
        "null as submission_id, 'not handed over' as surplus"
    )


def test_only_the_columns_of_the_schema_are_written(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    _targets(connection, "'Contoh'")
    target = tmp_path / "it's.parquet"
    assert write_table(connection, core.targets, target) == 1
    found = connection.read_parquet(str(target)).columns
    assert found == [column.name for column in core.targets.columns]


def test_a_missing_value_is_named_by_column(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    _targets(connection, "null")
    with pytest.raises(InvariantBroken, match="lacks values in source") as caught:
        write_table(connection, core.targets, tmp_path / "targets.parquet")
    assert caught.value.code == "RECONCILED_VALUE_MISSING"


def test_an_order_is_part_of_what_a_table_is() -> None:
    assert order_of("registry") == ("area_code", "worker_group", "person_id")
    assert order_of("persons") == ()


def test_errors_of_the_engine_lose_their_text(tmp_path: Path) -> None:
    with pytest.raises(InvariantBroken) as broken, lake_errors():
        duckdb.sql("select cast('6402014107850001' as smallint)").fetchall()
    assert "6402014107850001" not in str(broken.value)
    assert broken.value.__suppress_context__
    with pytest.raises(OperationalError, match="LAKE_FAILED"), lake_errors():
        duckdb.read_parquet(str(tmp_path / "6402014107850001.parquet"))
