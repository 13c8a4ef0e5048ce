"""The same case on DuckDB and on Spark: what comes out must be the same bytes.

With ``CAKUPAN_TEST_ENGINE=spark`` (``make test-spark``) every golden case of reconcile and
publish runs on both engines. One Java process serves a whole test process.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from cakupan.core.settings import Settings

T = TypeVar("T")

IS_SPARK = os.environ.get("CAKUPAN_TEST_ENGINE") == "spark"

#: Small cases: compiling code and planning again cost more than they save.
SPARK_CONF = (
    ("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"),
    ("spark.sql.adaptive.enabled", "false"),
    ("spark.sql.codegen.factoryMode", "NO_CODEGEN"),
    ("spark.sql.codegen.wholeStage", "false"),
    ("spark.sql.shuffle.partitions", "1"),
)


def on_spark(settings: Settings, master: str = "local[2]") -> Settings:
    """The same settings for Spark."""
    return replace(settings, engine="spark", spark_master=master, spark_conf=SPARK_CONF)


def content_below(folder: Path) -> dict[str, bytes]:
    """What every Parquet file of a folder holds: names, types, rows in their order.

    Whether a column is declared never to be NULL is left out: DuckDB declares what the
    plan of its query happens to know, and the files of a release do not say it.
    """
    found = {}
    for path in sorted(folder.iterdir()):
        table = pq.read_table(path).combine_chunks()
        plain = [field.with_nullable(True) for field in table.schema]
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, pa.schema(plain)) as stream:
            stream.write_table(
                pa.Table.from_arrays(table.columns, schema=pa.schema(plain))
            )
        found[path.name] = sink.getvalue().to_pybytes()
    return found


def run_on_engines(
    settings: Settings,
    target: Path,
    run: Callable[[Settings, Path], T],
    *,
    is_spark: bool = IS_SPARK,
) -> T:
    """Run on DuckDB and, where asked for, on Spark; the result of DuckDB.

    Args:
        settings: for DuckDB.
        target: folder the run writes to.
        run: what is run; writes Parquet files to the folder it is given.
        is_spark: whether Spark runs it too and must agree to the byte.
    """
    expected = run(settings, target)
    if is_spark:
        other = target.with_name(f"{target.name}-spark")
        other.mkdir()
        found = run(on_spark(settings), other)
        assert found == expected
        mine, theirs = content_below(target), content_below(other)
        assert mine.keys() == theirs.keys()
        differing = [name for name, data in mine.items() if theirs[name] != data]
        assert not differing, f"Spark found something else: {', '.join(differing)}"
    return expected
