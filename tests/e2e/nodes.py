"""An Airflow of several nodes: every component has a home, a disk and logs of its own.

What they share is what nodes of a cluster share: two databases, a broker and an object
store. Nothing may be handed from one to another through a file.
"""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from cakupan.core.settings import Settings, load_settings
from cakupan.local import airflow_config, postgres
from cakupan.local.airflow_client import AirflowClient
from cakupan.local.airflow_config import MARKER, AirflowHome
from cakupan.local.airflow_processes import airflow_command, leftovers
from e2e.home import Home
from integration.services import free_ports

WORKER = ("celery", "worker", "--skip-serve-logs", "--without-gossip",
          "--without-mingle")  # fmt: skip

#: Seconds after which a task that says nothing any more is taken to be dead.
SILENCE = 30


@dataclass(frozen=True)
class Node:
    """One machine: a component and what it left on its disk."""

    place: AirflowHome

    @property
    def name(self) -> str:
        return self.place.home.name

    def is_working(self, purpose: str) -> bool:
        """Whether it has a scratch folder of this kind open now."""
        with contextlib.suppress(OSError):
            return any(
                one.name.startswith(purpose)
                for one in (self.place.home / "work").iterdir()
            )
        return False

    def tasks(self) -> set[tuple[str, int]]:
        """``flow/task`` and attempt of everything it has begun, by its own logs."""
        found = set()
        for log in self.place.logs.rglob("dag_id=*/**/attempt=*.log"):
            said = dict(
                part.split("=", 1)
                for part in log.relative_to(self.place.logs).with_suffix("").parts
            )
            task = f"{said['dag_id']}/{said['task_id']}"
            found.add((task, int(said["attempt"])))
        return found

    def kill(self) -> int:
        """The machine is gone: every process at once, none of them is asked."""
        found = leftovers(self.place, None)
        for process in found:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(found, 30)
        return len(found)


class Cluster:
    """Start nodes and talk to their api server.

    Args:
        folder: homes of the nodes.
        home: store, warehouse and key of the deployment.
        server: whose embedded PostgreSQL has Airflow's database.
        broker: URL of the Redis.
    """

    def __init__(self, folder: Path, home: Home, server: Settings, broker: str) -> None:
        self.folder = folder
        [port] = free_ports(1)
        self._first = load_settings(
            {**home.environ, "CAKUPAN_HOME": str(folder / "api-server")}
        )
        metadata = postgres.role_url(server, "airflow", "airflow")
        options = {
            "core__executor": "CeleryExecutor",
            "database__sql_alchemy_conn": metadata,
            "database__sql_alchemy_conn_async": metadata,
            "celery__broker_url": broker,
            "celery__result_backend": f"db+{metadata}",
            "celery__worker_concurrency": "1",
            "celery__extra_celery_config": '{"imports": ["cakupan.runs.preloaded"]}',
            "celery_broker_transport_options__visibility_timeout": "120",
            "workers__execution_api_timeout": "60",
            "scheduler__task_instance_heartbeat_timeout": str(SILENCE),
            "scheduler__task_instance_heartbeat_sec": "2",
            "scheduler__task_instance_heartbeat_timeout_detection_interval": "2",
        }
        self._environment = {
            **airflow_config.environment(self._first, port),
            **home.variables,
            **{f"AIRFLOW__{name.upper()}": value for name, value in options.items()},
        }
        self.client = AirflowClient(
            f"http://127.0.0.1:{port}",
            airflow_config.USER,
            airflow_config.passwords(self._first)[airflow_config.USER],
        )

    def environment(self, place: AirflowHome) -> dict[str, str]:
        """Of one node: nothing in it names the folder of another."""
        logs = str(place.logs)
        return {
            **self._environment,
            "CAKUPAN_HOME": str(place.home),
            "CAKUPAN_ACCESS": str(place.home / "access.yml"),
            "AIRFLOW_HOME": str(place.folder),
            MARKER: str(place.folder),
            "AIRFLOW__LOGGING__BASE_LOG_FOLDER": logs,
            "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": logs,
            "TMPDIR": str(place.home / "tmp"),
        }

    def place(self, name: str) -> AirflowHome:
        place = AirflowHome(self.folder / name)
        place.logs.mkdir(parents=True, exist_ok=True)
        (place.home / "tmp").mkdir(exist_ok=True)
        return place

    def migrate(self) -> None:
        """Make Airflow's database."""
        place = self.place("migration")
        subprocess.run(
            airflow_command("db", "migrate"), env=self.environment(place),
            cwd=place.folder, check=True, capture_output=True,
        )  # fmt: skip

    @contextlib.contextmanager
    def node(self, name: str, *command: str) -> Iterator[Node]:
        """One component on a machine of its own."""
        place = self.place(name)
        more = ("--celery-hostname", f"{name}@%h") if command == WORKER else ()
        with (place.logs / "component.log").open("wb") as log:
            process = subprocess.Popen(
                airflow_command(*command, *more), env=self.environment(place),
                cwd=place.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        node = Node(place)
        try:
            yield node
        finally:
            node.kill()
            process.wait(30)
