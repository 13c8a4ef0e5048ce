"""A standalone cluster of two workers on this machine, one of which dies in mid-run."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from cakupan.core.settings import Settings
from engines import content_below
from spark_cluster import cluster, wait_for
from spark_month import run

TESTS = Path(__file__).resolve().parents[1]


@pytest.mark.slow
def test_one_of_two_workers_dies(tmp_path: Path) -> None:
    run(Settings(home=tmp_path / "home"), tmp_path / "duckdb")
    spark = tmp_path / "spark"
    with ExitStack() as stack:
        found = stack.enter_context(cluster(tmp_path))
        log = stack.enter_context((tmp_path / "month.log").open("wb"))
        month = subprocess.Popen(
            [sys.executable, "-m", "spark_month", found.master, str(spark)],
            env={
                **os.environ,
                "PYTHONPATH": f"{TESTS}:{os.environ.get('PYTHONPATH', '')}",
            },
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        stack.callback(month.kill)
        half_done = spark / "out" / "denominators.parquet"
        wait_for(
            "work on both workers",
            lambda: (
                (half_done.exists() and found.busy() == 2) or month.poll() is not None
            ),
            900,
        )
        assert month.poll() is None, (tmp_path / "month.log").read_text("utf-8")[-3000:]
        found.lose(0)
        status = month.wait(900)
        assert status == 0, (tmp_path / "month.log").read_text("utf-8")[-3000:]
    for part in ("out", "marts"):
        expected = content_below(tmp_path / "duckdb" / part)
        assert content_below(spark / part) == expected
