"""A session on Spark is a session of DuckDB: what names stand for, what days are apart."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from cakupan.core.engine import Session
from cakupan.core.errors import OperationalError
from cakupan.core.lake import session
from cakupan.core.settings import Settings
from engines import on_spark


@pytest.fixture
def spark(tmp_path: Path) -> Iterator[Session]:
    with session(on_spark(Settings(home=tmp_path))) as opened:
        yield opened


def test_views_read_what_a_name_stands_for_now(spark: Session) -> None:
    spark.register("given", pa.table({"a": [1, 2]}))
    spark.execute("create temp table t as from given where a = 1")
    spark.execute("create temp view v as select a + 1 as b from t")
    spark.execute("create temp view w as select b from v")
    assert spark.execute("from w").fetchall() == [(2,)]
    spark.execute("create or replace temp table t as from given")
    assert spark.execute("from w order by b").fetchall() == [(2,), (3,)]
    spark.execute("insert into t select a + 7 from given where a = 2")
    assert spark.execute("from w order by b").fetchall() == [(2,), (3,), (10,)]
    # a view nobody asks for may have lost what it read
    spark.execute("create or replace temp table t as select a as other from given")
    spark.execute("create or replace temp view v as select other as b from t")
    assert spark.execute("from w order by b").fetchall() == [(1,), (2,)]


def test_what_is_dropped_is_gone(spark: Session) -> None:
    spark.register("given", pa.table({"a": [1, 2]}))
    spark.execute("create temp table t as from given where a = 1")
    spark.execute("create temp table u as select a + 1 as b from t")
    spark.execute("drop table t")
    assert spark.execute("from u").fetchall() == [(2,)]
    with pytest.raises(duckdb.CatalogException, match="t does not exist"):
        spark.execute("from t")


def test_whole_years_and_months(spark: Session) -> None:
    """Who was born on 29 February is a year older on the last day of February."""
    born = [dt.date(2004, 2, day) for day in (27, 28, 29)] + [dt.date(2025, 2, 28)]
    ends = [dt.date(2026, 2, 27), dt.date(2026, 2, 28), dt.date(2024, 2, 28)]
    days = pa.table(
        {
            "born": [one for one in born for _ in ends],
            "month_end": ends * len(born),
        }
    )
    query = (
        "select born, month_end, date_sub('year', born, month_end) as years, "
        "date_sub('month', born, month_end) as months from days order by all"
    )
    spark.register("days", days)
    with duckdb.connect() as connection:
        connection.register("days", days)
        expected = connection.execute(query).fetchall()
    assert spark.execute(query).fetchall() == expected


def test_what_is_made_is_given_back(tmp_path: Path) -> None:
    """A worker of Airflow may run one month after the other in one Java."""
    lake: Any
    with session(on_spark(Settings(home=tmp_path))) as lake:
        lake.register("given", pa.table({"a": [1]}))
        for _ in range(3):
            lake.execute("create or replace temp table t as from given")
            lake.execute("create or replace temp view v as from t")
        assert lake.execute("from v").fetchall() == [(1,)]
        assert lake.spark.sql("show views").count()
    assert not lake.spark.sql("show views").count()
    assert not lake.spark.sparkContext._jsc.getPersistentRDDs()


def test_the_disk_is_given_back_with_the_session(
    tmp_path: Path, spark_scratch: Path
) -> None:
    """Ten times a province leave 45 GB that nobody needs while the rows are loaded."""

    def shuffled() -> int:
        return sum(1 for _ in spark_scratch.rglob("shuffle_*.data"))

    lake: Any
    with session(on_spark(Settings(home=tmp_path))) as lake:
        lake.register("given", pa.table({"a": list(range(1000))}))
        lake.execute("create temp table t as select a % 7 as b from given group by all")
        assert lake.execute("select count(*) from t").fetchall() == [(7,)]
        assert shuffled()
    for _ in range(50):
        lake.spark.sparkContext._jvm.System.gc()  # every two minutes by itself
        if not shuffled():
            break
        time.sleep(0.2)  # Spark deletes behind our back
    assert not shuffled()


def test_a_spark_that_died_is_said_to_have_failed(tmp_path: Path) -> None:
    lake: Any
    failed = pytest.raises(OperationalError, match="SPARK_FAILED")
    with failed, session(on_spark(Settings(home=tmp_path))) as lake:
        lake.register("given", pa.table({"a": [1]}))
        lake.execute("create temp table t as from given")
        assert lake.execute("from t").fetchall() == [(1,)]
        lake.spark.sparkContext._jsc.sc().stop()
        lake.execute("from t")
    lake.spark.stop()  # another test gets another one
