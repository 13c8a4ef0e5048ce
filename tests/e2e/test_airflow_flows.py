"""The scheduler runs the four flows: files in, a late file, a broken archive, down."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil
import pytest
import sqlalchemy as sa

from cakupan.core import ledger
from cakupan.core.context import Context
from cakupan.core.errors import OperationalError
from cakupan.core.schema import ops
from cakupan.core.settings import Approver, Settings
from cakupan.core.store import prepare_store
from cakupan.demo import DemoFile, DemoProvince, generate
from cakupan.local import airflow, postgres
from cakupan.local.airflow_client import DAG_IDS, AirflowClient
from cakupan.local.airflow_config import MARKER
from cakupan.publish import queries
from cakupan.runs import ingest
from cakupan.runs.context import open_context
from mail_server import MailServer, mail_server

pytestmark = pytest.mark.slow

FIRST = "64.02"
LATE = "64.11"
BROKEN = "64.74"
UNHURT = "64.72"
PROVINCE = "64"  # reference files and the extract
KEY = "kunci-uji-" * 4
TIMEOUT = 300.0
FLOW = "approve_releases"
ENGINEERS, OFFICE, KUKAR = (
    "data@kaltim.example",
    "gub@kaltim.example",
    "k@kukar.example",
)
COMMAND = "from cakupan.cli.main import run; run()"


@dataclass(frozen=True)
class Deployment:
    settings: Settings
    context: Context
    client: AirflowClient
    province: DemoProvince
    address: airflow.AirflowAddress
    post: MailServer

    @property
    def month(self) -> str:
        return str(self.province.months[-1])

    def land(self, wanted: Callable[[DemoFile], bool]) -> None:
        for file in filter(wanted, self.province.files):
            # a few regencies and lists show all there is to show
            if _area(file) not in {PROVINCE, FIRST, LATE, BROKEN, UNHURT}:
                continue
            if file.slot.dataset in {"non_asn", "aparatur_desa"}:
                continue
            self.context.store.put(
                file.path.relative_to(self.province.target).as_posix(),
                file.path,
                stored_at=file.stored_at,
            )

    def release(self) -> str | None:
        found = queries.current_release(
            self.context.engine, "64", self.province.months[-1]
        )
        return found.release_id if found else None

    def states(self, area: str) -> set[str]:
        rows = ledger.submissions_table(
            self.context.engine, "64", self.province.months[-1]
        )
        return {row["state"] for row in rows if row["area_code"] == area}

    def wait(self, is_done: Callable[[], bool]) -> None:
        """Until something holds and the flows have nothing more to do."""
        self.client.wait(
            lambda: is_done() and self.client.is_settled(), TIMEOUT, interval=0.5
        )

    def start(self) -> None:
        """Do not wait for the next full minute."""
        for dag_id in ("ingest_regency_uploads", "ingest_bpjs_extracts"):
            self.client.trigger(dag_id)


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("e2e")
    province = generate(folder / "demo", months=1, scale=0.02, seed=5)
    with ExitStack() as stack:
        post = stack.enter_context(mail_server())
        settings = Settings(
            home=folder / "home",
            object_store=f"file://{folder / 'home' / 'store'}",
            person_key=KEY,
            approvers=(Approver("sekda", "Dr. Siti Aminah, M.Si."),),
            smtp_url=f"smtp://127.0.0.1:{post.port}",
            mail_from="cakupan@kaltim.example",
            mail_to=(ENGINEERS,),
            report_to=(OFFICE,),
            mail_areas=((FIRST, KUKAR),),
        )
        stack.callback(postgres.stop, settings, force=True)
        context = stack.enter_context(open_context(settings))
        prepare_store(settings)
        stack.callback(airflow.down, settings)
        address = airflow.up(settings)
        client = airflow.client(settings)
        yield Deployment(settings, context, client, province, address, post)


def _area(file: DemoFile) -> str:
    return str(file.slot.area)


def test_1_files_become_a_release(deployment: Deployment) -> None:
    deployment.land(lambda f: _area(f) in {PROVINCE, FIRST})
    deployment.start()
    deployment.wait(lambda: deployment.release() is not None)

    client = deployment.client
    assert client.import_errors() == []
    by_flow = {dag_id: client.runs(dag_id) for dag_id in DAG_IDS}
    for dag_id, runs in by_flow.items():
        assert {run.state for run in runs} == {"success"}, dag_id
    for dag_id in ("reconcile_enrolments", "publish_coverage"):
        assert {run.month for run in by_flow[dag_id]} == {deployment.month}
    # one task per regency and month, named so that a person finds it
    labels = {
        label
        for run in by_flow["ingest_regency_uploads"]
        for task_id, label in client.task_states(run.dag_id, run.run_id)
        if task_id == "process_regency_month"
    }
    assert f"64.02 Kabupaten Kutai Kartanegara {deployment.month}" in labels
    for row in ledger.submissions_table(
        deployment.context.engine, "64", deployment.province.months[-1]
    ):
        assert row["state"] in {"accepted", "refused", "duplicate"}
        assert row["received_count"] == (
            row["accepted_count"] + row["quarantined_count"] + row["rejected_count"]
        )


def test_2_a_late_file_makes_a_new_release(deployment: Deployment) -> None:
    before = deployment.release()
    deployment.land(lambda f: _area(f) == LATE)
    deployment.start()
    deployment.wait(lambda: deployment.release() != before)
    kept = {
        release["release_id"]
        for release in queries.releases(
            deployment.context.engine, deployment.province.months[-1]
        ).as_dicts()
    }
    assert {before, deployment.release()} <= kept


def test_3_one_broken_regency_does_not_hold_up_the_others(
    deployment: Deployment,
) -> None:
    """The archived bytes of one file are gone: a failure of a system, not of a file."""
    client, context = deployment.client, deployment.context
    client.pause("ingest_regency_uploads", is_paused=True)
    deployment.wait(lambda: True)
    deployment.land(lambda f: _area(f) in {BROKEN, UNHURT})
    registered = [ledger.get(context.engine, i) for i in ingest.scan_landing(context)]
    poison = next(
        found
        for found in registered
        if str(found.slot.area) == BROKEN and found.state == "received"
    )
    with context.store.local(poison.archive_key) as path:
        whole = path.read_bytes()
    context.store.delete(poison.archive_key)
    before = deployment.release()
    client.pause("ingest_regency_uploads", is_paused=False)
    deployment.start()
    # the flows never settle meanwhile: what is broken is tried again each minute
    client.wait(
        lambda: (
            deployment.release() != before
            and any(r.state == "failed" for r in client.runs("ingest_regency_uploads"))
        ),
        TIMEOUT,
    )
    assert "received" not in deployment.states(UNHURT)
    assert "received" in deployment.states(BROKEN)
    failed = [
        run for run in client.runs("ingest_regency_uploads") if run.state == "failed"
    ][-1]
    tasks = client.task_states(failed.dag_id, failed.run_id)
    red = {label for (task_id, label), state in tasks.items()
           if task_id == "process_regency_month" and state == "failed"}  # fmt: skip
    assert [label[:5] for label in red] == [BROKEN]
    assert tasks["write_digest", ""] == "failed"
    with context.engine.connect() as connection:
        digest = connection.scalar(
            sa.select(ops.run_digests.c.content).where(
                ops.run_digests.c.run_id == f"{failed.dag_id}/{failed.run_id}"
            )
        )
    assert digest["failures"] == sorted(red)

    # the bytes are back: the next scan takes the file up without anybody's help
    context.store.put(poison.archive_key, whole)
    deployment.start()
    deployment.wait(lambda: "received" not in deployment.states(BROKEN))


def test_4_the_scheduler_and_the_command_line_publish_the_same(
    deployment: Deployment, tmp_path: Path
) -> None:
    settings = replace(
        deployment.settings,
        home=tmp_path / "home",
        object_store=f"file://{tmp_path / 'home' / 'store'}",
    )
    with open_context(settings) as context:
        prepare_store(settings)
        replace(deployment, context=context).land(lambda _: True)
        done = subprocess.run(
            [sys.executable, "-c", COMMAND, "run", "--json"],
            env={**os.environ, "CAKUPAN_HOME": str(settings.home),
                 "CAKUPAN_PERSON_KEY": KEY},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode in {0, 3}, done.stderr[-2000:]  # 3: the refused file
        month = deployment.province.months[-1]
        alone = queries.current_release(context.engine, "64", month)
    postgres.stop(settings)
    assert alone is not None
    assert alone.release_id == deployment.release()


def test_5_starting_again_changes_nothing(deployment: Deployment) -> None:
    before = airflow.load_state(airflow.AirflowHome(deployment.settings.home))
    assert airflow.up(deployment.settings) == deployment.address
    after = airflow.load_state(airflow.AirflowHome(deployment.settings.home))
    assert before == after


def test_6_a_month_is_computed_again_by_hand(deployment: Deployment) -> None:
    before = deployment.release()
    made = deployment.client.trigger("reconcile_enrolments", deployment.month)
    deployment.wait(
        lambda: (
            ("success", made)
            in {
                (run.state, run.run_id)
                for run in deployment.client.runs("reconcile_enrolments")
            }
        )
    )
    assert deployment.release() == before


def test_7_a_named_person_releases_the_current_draft(deployment: Deployment) -> None:
    """Every release so far is a draft; nobody's work waited for an answer."""
    client, context = deployment.client, deployment.context
    month = deployment.province.months[-1]
    current = deployment.release()
    assert current is not None
    drafts = queries.releases(context.engine, month).as_dicts()
    assert {row["approval"] for row in drafts} == {"pending"}

    def about(release_id: str) -> list[dict[str, Any]]:
        return [
            asked
            for asked in client.open_questions(FLOW)
            if release_id in asked["body"]
        ]

    client.wait(lambda: bool(about(current)), TIMEOUT)
    assert all(
        (asked["state"], asked["users"]) == ("awaiting_input", ["sekda"])
        for asked in client.open_questions(FLOW)
    )
    (asked,) = about(current)  # once, however often the month was computed again
    with pytest.raises(OperationalError, match="403"):
        client.answer(FLOW, asked, "Setujui")  # the administrator is no approver

    person = airflow.client(deployment.settings, "sekda")
    old = next(
        one
        for row in drafts
        if row["release_id"] != current
        for one in about(row["release_id"])
    )
    person.answer(FLOW, old, "Setujui")
    client.wait(lambda: _ended(client, old) == "failed", TIMEOUT)
    logs = airflow.AirflowHome(deployment.settings.home).logs
    assert any(
        "RELEASE_SUPERSEDED" in path.read_text("utf-8", "replace")
        for path in logs.rglob(f"dag_id={FLOW}/**/*.log")
    )
    person.answer(FLOW, asked, "Setujui", "Sudah dibaca")
    client.wait(lambda: _ended(client, asked) == "success", TIMEOUT)

    rows = queries.releases(context.engine, month).as_dicts()
    assert {row["release_id"]: row["approval"] for row in rows} == {
        row["release_id"]: "approved" if row["release_id"] == current else "pending"
        for row in drafts
    }
    (row,) = [row for row in rows if row["is_released"]]
    assert (row["decided_by"], row["decided_by_name"], row["decision_note"]) == (
        "sekda",
        "Dr. Siti Aminah, M.Si.",
        "Sudah dibaca",
    )
    assert context.store.exists(f"reports/64/{month}/{current}/laporan.pdf")

    # only now the report leaves; a second run sends nothing more
    assert deployment.post.to(OFFICE) == []
    for _ in range(2):
        made = client.trigger("deliver_reports")
        client.wait(lambda made=made: _state(client, made) == "success", TIMEOUT)
    (report,) = deployment.post.to(OFFICE)
    assert "Disetujui Dr. Siti Aminah, M.Si." in str(report.get_body(("plain",)))
    assert [part.get_filename() for part in report.iter_attachments()] == [
        "laporan.pdf"
    ]
    assert deployment.post.to(KUKAR)
    # every flow that did something told the engineers
    subjects = " ".join(str(mail["Subject"]) for mail in deployment.post.to(ENGINEERS))
    for dag_id in ("ingest_regency_uploads", "publish_coverage", "deliver_reports"):
        assert dag_id in subjects


def _state(client: AirflowClient, run_id: str) -> str:
    runs = client.runs("deliver_reports")
    return next((run.state for run in runs if run.run_id == run_id), "")


def _ended(client: AirflowClient, asked: dict[str, Any]) -> str:
    states = client.task_states(FLOW, asked["run_id"])
    return next(
        state for (task_id, _), state in states.items() if task_id == asked["task_id"]
    )


def test_8_no_personal_value_in_any_log_or_xcom(deployment: Deployment) -> None:
    """Numbers that look like a NIK: 16 digits that start with the province."""
    logs = airflow.AirflowHome(deployment.settings.home).logs
    files = [path for path in logs.rglob("*") if path.is_file()]
    assert len(files) > 20
    for path in files:
        text = path.read_text("utf-8", "replace")
        for word in text.replace('"', " ").replace("'", " ").split():
            assert not (len(word) == 16 and word.isdigit() and word[:2] == "64"), path


def test_9_down_leaves_no_process(deployment: Deployment) -> None:
    settings = deployment.settings
    assert len(airflow.processes(settings)) >= 4
    deployment.start()  # tasks may be under way
    airflow.down(settings)
    assert airflow.processes(settings) == []
    marked = []
    for process in psutil.process_iter():
        try:
            if str(settings.home) in process.environ().get(MARKER, ""):
                marked.append(process)
        except psutil.Error:
            continue
    assert marked == []
    assert not airflow.is_up(settings)
    assert not airflow.AirflowHome(settings.home).state.exists()
