"""Airflow's tasks submit a month to a cluster through the official provider."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cakupan.core.errors import InvariantBroken, OperationalError
from e2e.home import Home
from e2e.lists import MEMBERS, WORKERS, people, write_csv
from engines import SPARK_CONF
from spark_cluster import CONF, cluster

ROOT = Path(__file__).resolve().parents[2]
MONTH = "2026-05"
#: The hook of the provider leaves the pipe of its process to the garbage collector.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
FIRST_STEPS = ("--stage", "landing", "--stage", "staging", "--stage", "quality")


def landed(home: Home, folder: Path) -> Home:
    """A home in which a list and an extract wait to be reconciled."""
    folder.mkdir(exist_ok=True)
    known = people(12)
    workers = [one.as_worker() for one in known]
    members = [one.as_member(MONTH, "64.02", "kemendagri") for one in known[:7]]
    files = (
        write_csv(folder / f"pekerja_rentan_64.02_{MONTH}.csv", WORKERS, workers),
        write_csv(folder / f"bpjs_kepesertaan_64_{MONTH}.csv", MEMBERS, members),
    )
    for file in files:
        home.cli("submit", file).ok()
    home.cli("run", "-m", MONTH, *FIRST_STEPS).ok()
    return home


@pytest.fixture
def run_step(monkeypatch: pytest.MonkeyPatch) -> Callable[..., object]:
    """What the tasks of both month flows call."""
    monkeypatch.syspath_prepend(str(ROOT / "dags"))
    from _steps import run_step

    return run_step


def test_month_submitted_by_airflow_is_the_month_of_duckdb(
    new_home: Callable[..., Home], tmp_path: Path, run_step: Callable[..., object]
) -> None:
    plain = landed(new_home(), tmp_path / "sent")
    plain.cli("run", "-m", MONTH).ok()
    conf = ";".join(f"{name}={value}" for name, value in (*SPARK_CONF, *CONF))
    with cluster(tmp_path, workers=1) as found:
        home = landed(new_home(), tmp_path / "sent").told(
            CAKUPAN_ENGINE="spark",
            CAKUPAN_SPARK_CONF=conf,
            CAKUPAN_SPARK_CONN_ID="spark_kaltim",
            AIRFLOW_CONN_SPARK_KALTIM=json.dumps(
                {"conn_type": "spark", "host": found.master}
            ),
        )
        with home.told_here():
            with pytest.raises(InvariantBroken, match="MONTH_NOT_RECONCILED"):
                run_step("publish", "64", MONTH)
            reconciled = run_step("reconcile", "64", MONTH)
            published = run_step("publish", "64", MONTH)
        assert found.busy() == 1
    assert reconciled["counts"]["registry"] == 12  # type: ignore[index]
    assert published["is_new"] is True  # type: ignore[index]
    assert home.release_files() == plain.release_files()


def test_a_master_that_is_away_is_tried_again(
    new_home: Callable[..., Home], tmp_path: Path, run_step: Callable[..., object]
) -> None:
    """The error has the class by which the retry policy of the flows knows it."""
    home = landed(new_home(), tmp_path / "sent").told(
        CAKUPAN_ENGINE="spark",
        CAKUPAN_SPARK_CONN_ID="spark_kaltim",
        AIRFLOW_CONN_SPARK_KALTIM="spark://127.0.0.1:9",
    )
    with home.told_here(), pytest.raises(OperationalError, match="SPARK_UNREACHABLE"):
        run_step("reconcile", "64", MONTH)
