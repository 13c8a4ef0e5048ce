"""The same case on DuckDB and on Spark: what comes out must be the same bytes.

With ``CAKUPAN_TEST_ENGINE=spark`` (``make test-spark``) every golden case runs on both
engines. One Java process serves a whole test process.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cakupan.core.errors import CakupanError
from cakupan.core.settings import Settings

T = TypeVar("T")

IS_SPARK = os.environ.get("CAKUPAN_TEST_ENGINE") == "spark"

#: Small cases: code made for each plan, planning again and sending tables around cost
#: more than they save. One Java serves hundreds of cases, so its own compiler pays.
SPARK_CONF = (
    ("spark.driver.extraJavaOptions", "-XX:+UseSerialGC"),
    ("spark.sql.adaptive.enabled", "false"),
    ("spark.sql.autoBroadcastJoinThreshold", "-1"),
    ("spark.sql.codegen.factoryMode", "NO_CODEGEN"),
    ("spark.sql.codegen.wholeStage", "false"),
    ("spark.sql.shuffle.partitions", "1"),
)


def on_spark(settings: Settings, master: str = "local[2]") -> Settings:
    """The same settings for Spark, whatever the size of a file."""
    return replace(
        settings,
        engine="spark",
        spark_master=master,
        spark_conf=SPARK_CONF,
        spark_file_rows=0,
    )


def content_below(folder: Path) -> dict[str, bytes]:
    """What every Parquet file of a folder holds: names, types, rows in their order.

    Whether a column is declared never to be NULL is left out: DuckDB declares what the
    plan of its query happens to know, and the files of a release do not say it.
    """
    found = {}
    for path in sorted(folder.glob("*.parquet")):
        table = pq.read_table(path).combine_chunks()
        plain = [field.with_nullable(True) for field in table.schema]
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, pa.schema(plain)) as stream:
            stream.write_table(
                pa.Table.from_arrays(table.columns, schema=pa.schema(plain))
            )
        found[path.name] = sink.getvalue().to_pybytes()
    return found


@contextmanager
def _spark_opened(*, is_wanted: bool) -> Iterator[None]:
    """A case that never reached Spark would agree with itself."""
    from cakupan.core.spark import session

    with patch.object(session, "spark_lake", wraps=session.spark_lake) as opened:
        try:
            yield
        finally:
            assert opened.called or not is_wanted, "no session on Spark was opened"


def run_on_engines(
    settings: Settings,
    target: Path,
    run: Callable[[Settings, Path], T],
    *,
    is_spark: bool = IS_SPARK,
    same_files: tuple[str, ...] = (),
    is_opened: bool = True,
) -> T:
    """Run on DuckDB and, where asked for, on Spark; the result, or error, of DuckDB.

    Args:
        settings: for DuckDB.
        target: folder the run writes to.
        run: what is run; writes Parquet files to the folder it is given.
        is_spark: whether Spark runs it too and must agree to the byte, in its errors too.
        same_files: files that are to be the same as they lie there, where they are written.
        is_opened: whether every run has rows, and so opens a session on Spark.
    """
    other = target.with_name(f"{target.name}-spark")
    if is_spark:
        other.mkdir(exist_ok=True)
    try:
        expected = run(settings, target)
    except CakupanError as error:
        if is_spark:
            with (
                pytest.raises(type(error), match=re.escape(str(error))),
                _spark_opened(is_wanted=is_opened),
            ):
                run(on_spark(settings), other)
        raise
    if is_spark:
        with _spark_opened(is_wanted=is_opened):
            found = run(on_spark(settings), other)
        assert found == expected
        mine, theirs = content_below(target), content_below(other)
        assert mine.keys() == theirs.keys()
        differing = [name for name, data in mine.items() if theirs[name] != data]
        assert not differing, f"Spark found something else: {', '.join(differing)}"
        for name in same_files:
            one, two = target / name, other / name
            assert one.exists() == two.exists()
            assert not one.exists() or one.read_bytes() == two.read_bytes(), name
    return expected
