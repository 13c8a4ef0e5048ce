"""A standalone Spark cluster on this machine: a master, and workers that can die."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pyspark

from cakupan.core.spark.jvm import submit_command

SPARK = Path(str(pyspark.__file__)).parent
LOCAL = "127.0.0.1"

#: Of the driver: nothing leaves the machine, and a lost executor is noticed soon.
CONF = (
    ("spark.driver.host", LOCAL),
    ("spark.driver.bindAddress", LOCAL),
    ("spark.executor.memory", "512m"),
    ("spark.executor.cores", "1"),
    (
        "spark.executor.extraJavaOptions",
        "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    ),
    ("spark.network.timeout", "20s"),
    ("spark.network.timeoutInterval", "10s"),
    ("spark.executor.heartbeatInterval", "5s"),
)


@dataclass(frozen=True)
class Cluster:
    """Where it listens, and its worker processes.

    Attributes:
        folder: logs, and one folder of work per worker.
        port: of the master.
        workers: each the leader of a process group of its own.
    """

    folder: Path
    port: int
    workers: tuple[subprocess.Popen[bytes], ...]

    @property
    def master(self) -> str:
        """As ``CAKUPAN_SPARK_MASTER`` takes it."""
        return f"spark://{LOCAL}:{self.port}"

    def busy(self) -> int:
        """Workers that have an executor of an application."""
        return sum(
            any((self.folder / f"work-{number}").glob("app-*/*/stderr"))
            for number, _ in enumerate(self.workers)
        )

    def lose(self, number: int) -> None:
        """Kill a worker and its executors, as a lost machine would."""
        _end(self.workers[number])


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """A master and its workers, one core each; gone with the test."""
    submit_command()  # names Java and Python
    port = _free_port()
    with ExitStack() as stack:
        master = ("--host", LOCAL, "--port", str(port), "--webui-port", "0")
        stack.enter_context(_daemon(folder, "master", "master.Master", *master))
        wait_for("the master", lambda: _answers(port))
        made = Cluster(
            folder,
            port,
            tuple(
                stack.enter_context(_worker(folder, number, f"spark://{LOCAL}:{port}"))
                for number in range(workers)
            ),
        )
        wait_for("the workers", lambda: _registered(folder) == workers)
        yield made


def wait_for(what: str, is_done: Callable[[], bool], seconds: float = 300.0) -> None:
    """Wait until a callable says yes.

    Raises:
        TimeoutError: it did not.
    """
    until = time.monotonic() + seconds
    while not is_done():
        if time.monotonic() > until:
            raise TimeoutError(f"waited in vain for {what}")
        time.sleep(0.2)


@contextmanager
def _worker(
    folder: Path, number: int, master: str
) -> Iterator[subprocess.Popen[bytes]]:
    own = ("--host", LOCAL, "--webui-port", "0", "--cores", "1", "--memory", "600m")
    work = ("--work-dir", str(folder / f"work-{number}"))
    with _daemon(
        folder, f"worker-{number}", "worker.Worker", *own, *work, master
    ) as one:
        yield one


@contextmanager
def _daemon(
    folder: Path, name: str, kind: str, *arguments: str
) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **os.environ,
        "SPARK_HOME": str(SPARK),
        "SPARK_LOCAL_IP": LOCAL,
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "PYSPARK_PYTHON": sys.executable,
    }
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [
                str(SPARK / "bin" / "spark-class"),
                f"org.apache.spark.deploy.{kind}",
                *arguments,
            ],
            env=environment,
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind((LOCAL, 0))
        return int(one.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        socket.create_connection((LOCAL, port), 1).close()
    except OSError:
        return False
    return True


def _registered(folder: Path) -> int:
    log = (folder / "master.log").read_text("utf-8", errors="replace")
    return log.count("Registering worker")
