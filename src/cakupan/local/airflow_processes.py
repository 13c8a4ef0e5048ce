"""Starting the components of the local Airflow and ending every process of theirs.

Each component leads a session of its own. A task runs in a further process group, so a
group is not enough to find it: what belongs to this Airflow is what is in one of those
sessions or carries :data:`MARKER` in its environment.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from cakupan.local.airflow_config import MARKER, AirflowHome

#: Seconds by which the start time of one process may look different later: the kernel
#: counts from boot, and the clock may have been set meanwhile.
CLOCK_SLACK = 5.0

#: Order of starting; they are stopped in the opposite order.
COMPONENTS: dict[str, tuple[str, ...]] = {
    "api-server": ("api-server",),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}


#: Children of this process, kept to be reaped when they end.
_STARTED: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True, slots=True)
class Component:
    """One process we started.

    Attributes:
        name: key of :data:`COMPONENTS`.
        pid: process id, also the id of its session.
        created: when it was started; another process under the same id differs in it.
    """

    name: str
    pid: int
    created: float

    def is_alive(self) -> bool:
        """Whether this very process still runs."""
        child = _STARTED.get(self.pid)
        if child is not None and child.poll() is not None:
            return False
        try:
            process = psutil.Process(self.pid)
            return (
                abs(process.create_time() - self.created) < CLOCK_SLACK
                and process.status() != psutil.STATUS_ZOMBIE
            )
        except psutil.NoSuchProcess:
            return False


@dataclass(frozen=True, slots=True)
class State:
    """What was started."""

    port: int
    components: tuple[Component, ...]

    def is_alive(self) -> bool:
        """Whether every component runs."""
        return {c.name for c in self.components} == set(COMPONENTS) and all(
            component.is_alive() for component in self.components
        )


def load_state(place: AirflowHome) -> State | None:
    """What the last start wrote down; ``None`` when there is nothing usable."""
    try:
        known = json.loads(place.state.read_text("utf-8"))
        return State(
            known["port"], tuple(Component(**one) for one in known["components"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def save_state(place: AirflowHome, state: State) -> None:
    """Write down what was started."""
    temporary = place.state.with_suffix(".new")
    temporary.write_text(json.dumps(asdict(state)), "utf-8")
    temporary.replace(place.state)


def airflow_command(*arguments: str) -> list[str]:
    """Command line of Airflow in the environment this code runs in."""
    return [sys.executable, "-m", "airflow", *arguments]


def start(name: str, place: AirflowHome, environment: Mapping[str, str]) -> Component:
    """Start one component in a session of its own; its output goes to a log file."""
    log = place.logs / f"{name}.log"
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command line
            airflow_command(*COMPONENTS[name]),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            cwd=place.folder,
            start_new_session=True,
        )
    _STARTED[process.pid] = process
    return Component(name, process.pid, psutil.Process(process.pid).create_time())


def tail(path: Path, lines: int = 5) -> str:
    """Last lines of a log, for an error text."""
    try:
        return "\n".join(path.read_text("utf-8", "replace").splitlines()[-lines:])
    except OSError:
        return ""


def leftovers(place: AirflowHome, state: State | None) -> list[psutil.Process]:
    """Every process of this Airflow except ourselves."""
    sessions = {c.pid for c in state.components} if state else set()
    started = min((c.created for c in state.components), default=0.0) if state else 0.0
    found = []
    for process in psutil.process_iter(["pid", "status"]):
        if process.pid == os.getpid() or process.info["status"] == psutil.STATUS_ZOMBIE:
            continue
        try:
            if _is_marked(process, place) or (
                os.getsid(process.pid) in sessions
                and process.create_time() > started - CLOCK_SLACK
            ):
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def _is_marked(process: psutil.Process, place: AirflowHome) -> bool:
    try:
        marker: str | None = process.environ().get(MARKER)
    except (psutil.Error, OSError):
        return False
    return marker == str(place.folder)


def stop_all(place: AirflowHome, state: State | None, grace: float) -> None:
    """End everything: ask the components, then their tasks, then leave no choice.

    Args:
        place: whose processes.
        state: what was started, ``None`` when unknown.
        grace: seconds running tasks are given to end.
    """
    heads = {c.name: c for c in state.components if c.is_alive()} if state else {}
    api = heads.pop("api-server", None)
    # The api server stays to the end: tasks report to it how they ended.
    _signal((psutil.Process(c.pid) for c in heads.values()), signal.SIGTERM)
    _wait(lambda: not any(c.is_alive() for c in heads.values()), grace / 2)

    def others() -> list[psutil.Process]:
        return [p for p in leftovers(place, state) if api is None or p.pid != api.pid]

    _signal(others(), signal.SIGTERM)
    _wait(lambda: not others(), grace / 2)
    _signal(leftovers(place, state), signal.SIGTERM)
    _wait(lambda: not leftovers(place, state), min(grace, 5))
    for _ in range(5):
        rest = leftovers(place, state)
        if not rest:
            return
        _signal(rest, signal.SIGKILL)
        _wait(lambda: not leftovers(place, state), 2)


def _signal(processes: Iterable[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            continue


def _wait(is_done: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not is_done() and time.monotonic() < end:
        time.sleep(0.1)
