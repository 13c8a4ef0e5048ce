"""A standalone cluster of two workers on this machine, one of which dies in mid-run."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pyspark
import pytest

from cakupan.core.settings import Settings
from engines import bytes_below
from spark_month import run

TESTS = Path(__file__).resolve().parents[1]
SPARK = Path(str(pyspark.__file__)).parent
DEPLOY = "org.apache.spark.deploy"
LOCAL = "127.0.0.1"


def free_port() -> int:
    with socket.socket() as one:
        one.bind((LOCAL, 0))
        return int(one.getsockname()[1])


@contextmanager
def started(
    folder: Path, name: str, *arguments: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A daemon of Spark with all it starts; ended with the test."""
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
            [str(SPARK / "bin" / "spark-class"), *arguments],
            env=environment,
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a daemon and its executors, as a lost machine would."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_for(what: str, done: object, seconds: float = 300.0) -> None:
    """Wait until a callable says yes."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if callable(done) and done():
            return
        time.sleep(0.2)
    pytest.fail(f"waited in vain for {what}")


def test_one_of_two_workers_dies(tmp_path: Path) -> None:
    run(Settings(home=tmp_path / "home"), tmp_path / "duckdb")
    port = free_port()
    with ExitStack() as stack:
        master = f"spark://{LOCAL}:{port}"
        stack.enter_context(
            started(
                tmp_path,
                "master",
                f"{DEPLOY}.master.Master",
                *("--host", LOCAL, "--port", str(port), "--webui-port", "0"),
            )
        )
        wait_for("the master", lambda: answers(port))
        workers = [
            stack.enter_context(
                started(
                    tmp_path,
                    f"worker-{number}",
                    f"{DEPLOY}.worker.Worker",
                    *("--host", LOCAL, "--webui-port", "0", "--cores", "1"),
                    *(
                        "--memory",
                        "600m",
                        "--work-dir",
                        str(tmp_path / f"work-{number}"),
                    ),
                    master,
                )
            )
            for number in (1, 2)
        ]
        wait_for("both workers", lambda: registered(tmp_path) == 2)
        month = subprocess.Popen(
            [sys.executable, "-m", "spark_month", master, str(tmp_path / "spark")],
            env={**os.environ, "PYTHONPATH": str(TESTS)},
            stdout=(tmp_path / "month.log").open("wb"),
            stderr=subprocess.STDOUT,
        )
        stack.callback(month.kill)
        first = tmp_path / "spark" / "out" / "denominators.parquet"
        wait_for("work on both", lambda: first.exists() and worked(tmp_path) == 2, 580)
        end(workers[0])
        assert month.poll() is None, "the month was over before the worker died"
        assert month.wait(900) == 0, (tmp_path / "month.log").read_text("utf-8")[-3000:]
    for part in ("out", "marts"):
        expected = bytes_below(tmp_path / "duckdb" / part)
        assert bytes_below(tmp_path / "spark" / part) == expected


def answers(port: int) -> bool:
    try:
        socket.create_connection((LOCAL, port), 1).close()
    except OSError:
        return False
    return True


def registered(folder: Path) -> int:
    log = (folder / "master.log").read_text("utf-8", errors="replace")
    return log.count("Registering worker")


def worked(folder: Path) -> int:
    """Workers that have an executor of the month."""
    return sum(
        any((folder / f"work-{number}").glob("app-*/*/stderr")) for number in (1, 2)
    )
