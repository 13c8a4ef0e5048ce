"""Airflow on several nodes: Redis between them, S3 behind them, one of them killed.

Scheduler, api server, DAG processor and two Celery workers have disks of their own. The
worker that reconciles the month dies in the middle of it, with everything it held. The
other one takes over, and what is published has the bytes of ``cakupan run``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from cakupan.core import slices
from cakupan.core.context import Context
from cakupan.core.month import CoverageMonth
from cakupan.core.settings import Settings
from cakupan.core.store import ObjectStore, prepare_store
from cakupan.demo import DemoProvince, generate
from cakupan.local.airflow_client import AirflowClient
from cakupan.publish import queries
from e2e.home import Home
from e2e.nodes import WORKER, Cluster, Node
from integration.services import S3Server, redis_server

pytestmark = [pytest.mark.slow, pytest.mark.nodes]

AREAS = {"64", "64.02", "64.11"}  # reference files and extract, two regencies
RECONCILE = "reconcile_enrolments/reconcile_province"
TIMEOUT = 900.0


@dataclass(frozen=True)
class Deployment:
    """What runs, and what `cakupan run` made of the same files."""

    home: Home
    month: CoverageMonth
    client: AirflowClient
    workers: tuple[Node, Node]
    expected: dict[str, str]

    def release(self, context: Context) -> str | None:
        found = queries.current_release(context.engine, "64", self.month)
        return found.release_id if found else None


@pytest.fixture(scope="module")
def deployment(
    new_home: Callable[..., Home],
    server: Settings,
    s3_server: S3Server,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("nodes")
    province = generate(folder / "demo", months=1, scale=0.02, seed=5)
    alone = new_home()
    home = new_home(CAKUPAN_OBJECT_STORE="s3://nodes/kaltim", **s3_server.environ)
    for each in (alone, home):
        with each.context() as context:
            prepare_store(each.settings)
            _land(context.store, province)
    assert alone.cli("run").status in {0, 3}  # 3: the refused file
    with ExitStack() as stack:
        broker = stack.enter_context(redis_server(folder))
        cluster = Cluster(folder, home, server, broker)
        cluster.migrate()
        one = stack.enter_context(cluster.node("worker-1", *WORKER))
        two = stack.enter_context(cluster.node("worker-2", *WORKER))
        for name in ("api-server", "dag-processor", "scheduler"):
            stack.enter_context(cluster.node(name, name))
        yield Deployment(
            home,
            province.months[-1],
            cluster.client,
            (one, two),
            alone.release_files(),
        )


def _land(store: ObjectStore, province: DemoProvince) -> None:
    for file in province.files:
        if str(file.slot.area) in AREAS and file.slot.dataset != "non_asn":
            key = file.path.relative_to(province.target).as_posix()
            store.put(key, file.path, stored_at=file.stored_at)


def test_a_worker_dies_while_it_reconciles(deployment: Deployment) -> None:
    """The release is that of the command line, byte for byte."""
    month, expected = deployment.month, deployment.expected
    (wanted,) = {Path(key).parent.name for key in expected}
    with deployment.home.context() as context:
        victim = _who_begins(deployment.workers, "reconcile")
        assert victim.kill() >= 3  # the worker, its pool and the task
        (survivor,) = (one for one in deployment.workers if one != victim)
        assert slices.loaded_hash(context.engine, "64", month, "warehouse") is None
        deployment.client.wait(
            lambda: deployment.release(context) == wanted, TIMEOUT, interval=0.5
        )
    assert (RECONCILE, 1) in victim.tasks()
    assert survivor.tasks() & {(RECONCILE, 2), (RECONCILE, 3)}
    for node in deployment.workers:  # both had a part in checking the files
        assert any("/process_regency_month" in task for task, _ in node.tasks())
    # lists may have been released before the extract was there; that release stays
    assert expected.items() <= deployment.home.release_files().items()


def _who_begins(workers: tuple[Node, Node], purpose: str) -> Node:
    """Wait until a worker is in the middle of something; say which."""
    end = time.monotonic() + TIMEOUT
    while time.monotonic() < end:
        for node in workers:
            if node.is_working(purpose):
                return node
        time.sleep(0.02)
    raise AssertionError(f"nobody began to {purpose}")


def test_a_node_keeps_nothing_that_another_one_needs(deployment: Deployment) -> None:
    """Logs; and scratch of who was killed, which dies with its disk."""
    for node in deployment.workers:
        files = [path for path in node.place.home.rglob("*") if path.is_file()]
        kept = {path.relative_to(node.place.home).parts[0] for path in files}
        assert kept <= {"airflow", "work"}, node.name
    assert not (deployment.home.folder / "store").exists()
