"""The flows as Airflow reads them: ids, manuals, settings, weight. No scheduler here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DAGS = ROOT / "dags"
IDS = {
    "ingest_regency_uploads",
    "ingest_bpjs_extracts",
    "reconcile_enrolments",
    "publish_coverage",
    "approve_releases",
    "deliver_reports",
}
#: Waits for a person: bounded by an answer's deadline, and months wait side by side.
QUESTION = "await_approval"
HEAVY = ("great_expectations", "pandas", "duckdb", "pyarrow", "boto3", "splink")

#: Runs in a process of its own: what a parse imports must be seen from a clean start.
READER = """
import json, sys, time
import airflow.sdk, airflow.dag_processing.dagbag as module
before = set(sys.modules)
began = time.process_time()
bag = module.BundleDagBag(sys.argv[1], bundle_path=sys.argv[1], bundle_name="cakupan")
spent = time.process_time() - began
dags = {}
for dag in bag.dags.values():
    dags[dag.dag_id] = {
        "file": dag.fileloc,
        "doc": dag.doc_md or "",
        "title": dag.dag_display_name,
        "tags": sorted(dag.tags),
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "paused": dag.is_paused_upon_creation,
        "schedule": type(dag.timetable).__name__,
        "params": sorted(dag.params),
        "tasks": {
            task.task_id: {
                "retries": task.retries,
                "timeout": task.execution_timeout and
                    task.execution_timeout.total_seconds(),
                "policy": task.retry_policy is not None,
                "doc": task.doc_md or "",
                "rule": getattr(task.trigger_rule, "value", task.trigger_rule),
                "is_mapped": bool(task.is_mapped),
                "label": task.map_index_template if task.is_mapped else None,
                "outlets": [asset.name for asset in task.outlets],
                "downstream": sorted(task.downstream_task_ids),
            }
            for task in dag.tasks
        },
    }
json.dump({
    "dags": dags,
    "errors": bag.import_errors,
    "seconds": spent,
    "new": sorted(name for name in set(sys.modules) - before if "." not in name),
}, sys.stdout)
"""


def _read(folder: Path, home: Path) -> Any:
    environment = {
        **os.environ,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(folder),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "CRITICAL",
    }
    done = subprocess.run(
        [sys.executable, "-c", READER, str(folder)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return _read(DAGS, tmp_path_factory.mktemp("airflow"))


def test_exactly_these_flows_and_no_import_error(parsed: Any) -> None:
    assert parsed["errors"] == {}
    assert set(parsed["dags"]) == IDS


def test_an_empty_folder_gives_no_flow(tmp_path: Path) -> None:
    """The test above cannot pass by finding nothing."""
    empty = tmp_path / "dags"
    empty.mkdir()
    assert _read(empty, tmp_path)["dags"] == {}


def test_a_flow_is_named_like_its_file(parsed: Any) -> None:
    for dag_id, dag in parsed["dags"].items():
        # the ingest flows are built by a function of another file
        assert (DAGS / f"{dag_id}.py").is_file()
        assert Path(dag["file"]).name == f"{dag_id}.py"


def test_the_manual_says_what_an_operator_needs(parsed: Any) -> None:
    for dag in parsed["dags"].values():
        for word in ("**Tujuan.**", "**Satu kali jalan**", "**Masukan.**",
                     "**Keluaran.**", "**Bila merah.**"):  # fmt: skip
            assert word in dag["doc"], dag["title"]
        for task_id in dag["tasks"]:
            assert f"`{task_id}`" in dag["doc"], task_id
        assert dag["title"][0].isdigit()


def test_every_task_ends_and_retries_only_what_may_pass(parsed: Any) -> None:
    for dag in parsed["dags"].values():
        for task_id, task in dag["tasks"].items():
            assert task["retries"] >= 1, task_id
            assert task["timeout"] or task_id == QUESTION, task_id
            assert task["policy"], task_id
            assert "_" in task_id
            if task["is_mapped"]:
                assert task["label"], task_id


def test_runs_do_not_overlap_and_the_past_is_not_caught_up(parsed: Any) -> None:
    for dag in parsed["dags"].values():
        assert dag["max_active_runs"] == (120 if QUESTION in dag["tasks"] else 1)
        assert dag["catchup"] is False
        assert dag["paused"] is False
        assert "cakupan" in dag["tags"]


def test_every_run_ends_with_one_digest_whatever_happened(parsed: Any) -> None:
    for dag in parsed["dags"].values():
        leaves = [name for name, task in dag["tasks"].items() if not task["downstream"]]
        assert leaves == ["write_digest"]
        assert dag["tasks"]["write_digest"]["rule"] == "all_done"


def test_months_travel_as_partitions(parsed: Any) -> None:
    dags = parsed["dags"]
    for dag_id in ("ingest_regency_uploads", "ingest_bpjs_extracts"):
        assert dags[dag_id]["tasks"]["announce_months"]["outlets"] == [
            "cakupan_staged_months"
        ]
        assert dags[dag_id]["tasks"]["announce_months"]["rule"] == "all_done"
    for dag_id in ("reconcile_enrolments", "publish_coverage", "approve_releases"):
        assert dags[dag_id]["schedule"] == "PartitionedAssetTimetable"
        assert dags[dag_id]["params"] == ["month"]
    assert dags["reconcile_enrolments"]["tasks"]["reconcile_province"]["outlets"] == [
        "cakupan_reconciled_months"
    ]
    assert dags["publish_coverage"]["tasks"]["request_approvals"]["outlets"] == [
        "cakupan_drafted_releases"
    ]


def test_reading_the_flows_imports_nothing_heavy(parsed: Any) -> None:
    assert not set(HEAVY) & set(parsed["new"])


def test_files_are_wiring() -> None:
    for path in sorted(DAGS.glob("*.py")):
        text = path.read_text("utf-8")
        assert len(text.splitlines()) <= 150, path.name
        assert "os.environ" not in text
        assert "select " not in text.lower(), path.name
    ignored = (DAGS / ".airflowignore").read_text("utf-8").split()
    assert ignored == ["_*.py"]


def test_reading_costs_little_beside_starting_airflow(parsed: Any) -> None:
    """A ratio, not seconds: reading all flows against importing Airflow once."""
    done = subprocess.run(
        [sys.executable, "-c", "import time; import airflow.dag_processing.dagbag;"
         "import airflow.sdk; print(time.process_time())"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert parsed["seconds"] < float(done.stdout.splitlines()[-1])


def test_no_plugin_page_is_open_to_everybody(tmp_path: Path) -> None:
    """Airflow does not guard pages of plugins; a guard of ours wraps each of them."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from cakupan_plugin import CakupanPlugin as p;"
        "assert p.name == 'cakupan';"
        "assert not any(one.startswith('cakupan.') for one in sys.modules), 'early';"
        "apps = [one['app'] for one in p.fastapi_apps];"
        "from cakupan.pages.guard import Guard;"
        "assert len(apps) == 1 and not p.fastapi_root_middlewares;"
        "assert all(a.user_middleware[0].cls is Guard for a in apps);"
        "assert all(a.openapi_url is None and not a.docs_url for a in apps)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT / "plugins")],
        env={**os.environ, "AIRFLOW_HOME": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
