"""The month on Spark, from the same SQL files, is the month on DuckDB to the byte.

`make test-spark` asks the same of every golden case.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cakupan.core.settings import Settings
from engines import content_below, on_spark
from reconcile_case import extract, membership, reconcile, rentan
from spark_month import run


@pytest.mark.slow
def test_month_with_everything(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    run(settings, tmp_path / "duckdb")
    run(on_spark(settings), tmp_path / "spark")
    for part in ("out", "marts"):
        expected = content_below(tmp_path / "duckdb" / part)
        found = content_below(tmp_path / "spark" / part)
        assert found.keys() == expected.keys()
        assert [name for name in expected if found[name] != expected[name]] == []


def test_nobody_registered(tmp_path: Path) -> None:
    nil = rentan("64.02")
    reconcile(tmp_path, nil, extract(membership(1)), is_spark=True)
