"""Files checked side by side: same result, and no process is left or lost silently."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cakupan.core import ledger
from cakupan.runs import ingest, workers
from e2e.home import Home
from e2e.lists import WORKERS, people, write_csv

pytestmark = pytest.mark.slow

SLOTS = [
    (area, month)
    for area in ("64.02", "64.07")
    for month in ("2026-04", "2026-05", "2026-06")
]


def _submitted(home: Home, folder: Path) -> Home:
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number, (area, month) in enumerate(SLOTS):
        rows = [one.as_worker() for one in people(12, area, first=100 * number + 1)]
        rows[0][0] = "64"  # quarantined
        files.append(
            write_csv(folder / f"pekerja_rentan_{area}_{month}.csv", WORKERS, rows)
        )
    home.cli("submit", *files).ok()
    return home


def _processes_of(home: Home) -> list[int]:
    """Processes that know the folder of this deployment, but not this one."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                environ = (folder / "environ").read_bytes()
            except OSError:
                continue
            if f"CAKUPAN_HOME={home.folder}\0".encode() in environ:
                found.append(int(folder.name))
    return found


def test_same_as_one_after_the_other(
    new_home: Callable[..., Home], tmp_path: Path
) -> None:
    rows = {}
    for threads in ("1", "2"):
        home = _submitted(new_home(CAKUPAN_THREADS=threads), tmp_path / threads)
        done = home.cli("run", "--stage", "landing", "--stage", "quality", "--json")
        told = done.ok().json["submissions"]
        assert [one["accepted"] for one in told] == [11] * len(SLOTS)
        rows[threads] = home.rows(
            "select area_code, state, received_count, accepted_count, "
            "quarantined_count, rejected_count, staged_sha256 "
            "from ops.submissions order by area_code, coverage_month"
        )
    assert rows["1"] == rows["2"]


def test_a_killed_process_is_told_and_its_files_wait(
    new_home: Callable[..., Home], tmp_path: Path
) -> None:
    home = _submitted(new_home(), tmp_path)
    with home.context() as context:
        ingest.scan_landing(context)
        batches = ingest.pending_batches(context)
        known: set[int] = set()

        def kill_first(_: str) -> None:
            """A process of the pool dies while it works."""
            if known:
                return
            known.add(1)
            threading.Thread(target=_kill_a_worker).start()

        ended = workers.process_all(context, batches, kill_first)
        lost = [error.code for _, (_, errors) in ended for error in errors]
        assert lost and set(lost) == {"WORKER_LOST"}
        waiting = ledger.pending(context.engine, context.settings.provinces)
        assert 0 < len(waiting) <= len(lost)
        again = workers.process_all(
            context, ingest.pending_batches(context), lambda _: None
        )
        assert not [errors for _, (_, errors) in again if errors]
        assert not ledger.pending(context.engine, context.settings.provinces)


def _kill_a_worker() -> None:
    """End the first fork of the server as soon as there is one."""
    from multiprocessing import forkserver

    end = time.monotonic() + 60
    while time.monotonic() < end:
        server = forkserver._forkserver._forkserver_pid
        tasks = Path(f"/proc/{server}/task/{server}/children")
        children = tasks.read_text().split() if server and tasks.exists() else []
        if children:
            os.kill(int(children[0]), signal.SIGKILL)
            return
        time.sleep(0.01)


def test_processes_end_with_a_killed_parent(
    new_home: Callable[..., Home], tmp_path: Path
) -> None:
    home = _submitted(new_home(), tmp_path)
    process = home.process("run")
    end = time.monotonic() + 120
    # the program, the server and its helper, and a fork that works
    while len(_processes_of(home)) < 4 and time.monotonic() < end:
        time.sleep(0.02)
    process.kill()
    process.communicate()
    while _processes_of(home) and time.monotonic() < end:
        time.sleep(0.05)
    assert _processes_of(home) == []
    home.cli("run").ok()
