"""Nothing of a local Airflow stays behind, whatever its processes do to hide."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from cakupan.core.settings import Settings
from cakupan.local import airflow
from cakupan.local.airflow_config import MARKER, AirflowHome, environment
from cakupan.local.airflow_processes import (
    Component,
    State,
    leftovers,
    load_state,
    save_state,
    stop_all,
)

#: Starts a child in a group of its own and one in a session of its own, then a child
#: that has lost the marker, tells their ids, and ignores being asked to end.
STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
bare = {k: v for k, v in os.environ.items() if not k.startswith("CAKUPAN_LOCAL")}
children = [
    subprocess.Popen(sleep, process_group=0),
    subprocess.Popen(sleep, start_new_session=True),
    subprocess.Popen(sleep, env=bare),
]
print(*[child.pid for child in children], flush=True)
time.sleep(600)
"""


@pytest.fixture
def place(tmp_path: Path) -> AirflowHome:
    place = AirflowHome(tmp_path / "home")
    place.logs.mkdir(parents=True)
    return place


@pytest.fixture
def tree(place: AirflowHome) -> Iterator[tuple[State, list[int]]]:
    process = subprocess.Popen(
        [sys.executable, "-c", STUBBORN],
        env={**os.environ, MARKER: str(place.folder)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    ids = [process.pid, *map(int, process.stdout.readline().split())]
    process.stdout.close()
    created = psutil.Process(process.pid).create_time()
    yield State(1, (Component("scheduler", process.pid, created),)), ids
    for pid in ids:
        if psutil.pid_exists(pid):
            psutil.Process(pid).kill()
    process.wait()


def _alive(ids: list[int]) -> list[int]:
    return [
        pid
        for pid in ids
        if psutil.pid_exists(pid)
        and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    ]


def test_every_process_is_ended(
    place: AirflowHome, tree: tuple[State, list[int]]
) -> None:
    state, ids = tree
    assert {process.pid for process in leftovers(place, state)} == set(ids)
    stop_all(place, state, grace=1)
    deadline = time.monotonic() + 10
    while _alive(ids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(ids)


def test_without_the_written_state_the_marker_finds_them(
    place: AirflowHome, tree: tuple[State, list[int]]
) -> None:
    _, ids = tree
    found = {process.pid for process in leftovers(place, None)}
    assert found == set(ids[:3])  # the one without the marker is known by its session
    stop_all(place, None, grace=0.5)
    assert not set(_alive(ids)) & found


def test_another_airflow_is_left_alone(
    tmp_path: Path, tree: tuple[State, list[int]]
) -> None:
    _, ids = tree
    other = AirflowHome(tmp_path / "other")
    other.logs.mkdir(parents=True)
    # a state file that names a process id used by somebody else now
    stale = State(1, (Component("scheduler", ids[0], 1.0),))
    assert not stale.components[0].is_alive()
    stop_all(other, None, grace=0.2)
    assert _alive(ids) == ids


def test_state_survives_and_a_broken_file_means_unknown(place: AirflowHome) -> None:
    state = State(8080, (Component("scheduler", 1, 2.0),))
    save_state(place, state)
    assert load_state(place) == state
    assert not state.is_alive()  # three components are missing
    place.state.write_text("{", "utf-8")
    assert load_state(place) is None


def test_nothing_to_stop_is_fine(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "never-used")
    airflow.down(settings)
    assert not airflow.is_up(settings)
    assert airflow.processes(settings) == []
    assert not (tmp_path / "never-used").exists()


def test_secrets_are_made_once_and_closed(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", person_key="k" * 40)
    first = environment(settings, 8080)
    assert first == environment(settings, 8080)
    place = AirflowHome(settings.home)
    for path in (place.keys, place.passwords):
        assert path.stat().st_mode & 0o077 == 0
        assert path.parent.stat().st_mode & 0o077 == 0
    assert len(first["AIRFLOW__CORE__FERNET_KEY"]) == 44
    assert first["CAKUPAN_PERSON_KEY"] == "k" * 40
    assert first["CAKUPAN_WAREHOUSE_URL"] == ""
    assert "127.0.0.1" in first["NO_PROXY"]


def test_foreign_airflow_settings_are_not_inherited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", "CeleryExecutor")
    monkeypatch.setenv("AIRFLOW__SMTP__SMTP_HOST", "elsewhere")
    made = environment(Settings(home=tmp_path), 8080)
    assert made["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
    assert "AIRFLOW__SMTP__SMTP_HOST" not in made
