"""A whole Airflow on this machine: up, down, and an address to talk to.

Api server, scheduler (tasks run as its children), DAG processor and triggerer, with
their database on the embedded PostgreSQL. Meant for a laptop and for one small server;
several servers are what the compose file is for.
"""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from cakupan.core.errors import ConfigurationError, OperationalError
from cakupan.core.settings import Settings
from cakupan.local import airflow_config as config
from cakupan.local import postgres
from cakupan.local.airflow_client import FLOWS, AirflowClient
from cakupan.local.airflow_config import AirflowHome
from cakupan.local.airflow_processes import (
    COMPONENTS,
    State,
    airflow_command,
    leftovers,
    load_state,
    save_state,
    start,
    stop_all,
    tail,
)

PREFERRED_PORT = 8080
START_SECONDS = 240.0
GRACE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class AirflowAddress:
    """Where the web page is and who may enter.

    Attributes:
        url: of the web page, on the loopback address.
        user: the one user.
        password_file: holds the password; only its owner can read it.
    """

    url: str
    user: str
    password_file: Path


def up(
    settings: Settings,
    port: int | None = None,
    on_step: Callable[[str], None] = lambda _: None,
) -> AirflowAddress:
    """Start what does not run yet and wait until it works and knows the flows.

    Safe to repeat; what a crashed start left behind is ended first.

    Args:
        settings: given on to the tasks.
        port: of the web page; ``None`` for 8080 or a free one when that is taken.
        on_step: told what is being done.

    Raises:
        ConfigurationError: the port asked for is taken, or the flows cannot be read.
        OperationalError: a component does not start.
    """
    place = AirflowHome(settings.home)
    with _alone(place):
        state = load_state(place)
        if (
            state
            and state.is_alive()
            and port in (None, state.port)
            and _is_healthy(_client(settings, state.port), None)
        ):
            return _address(settings, state.port)
        on_step("membersihkan sisa Airflow sebelumnya")
        stop_all(place, state, GRACE_SECONDS)
        place.state.unlink(missing_ok=True)
        chosen = _free_port(port, state.port if state else PREFERRED_PORT)
        environment = config.environment(settings, chosen)
        on_step("basis data Airflow")
        postgres.keep_running(config.embedded(settings))
        _migrate(settings, place, environment)
        on_step("server API, penjadwal, pembaca DAG, pemicu")
        began = datetime.now(UTC)
        state = State(chosen, ())
        try:
            for name in COMPONENTS:
                component = start(name, place, environment)
                state = State(chosen, (*state.components, component))
                save_state(place, state)
            _wait_until_ready(settings, place, state, began)
        except BaseException:
            stop_all(place, state, GRACE_SECONDS)
            place.state.unlink(missing_ok=True)
            postgres.stop(config.embedded(settings))
            raise
    return _address(settings, chosen)


def down(settings: Settings) -> None:
    """End every process of this Airflow, tasks included, then the embedded server."""
    place = AirflowHome(settings.home)
    if place.folder.is_dir():
        with _alone(place):
            state = load_state(place)
            stop_all(place, state, GRACE_SECONDS)
            place.state.unlink(missing_ok=True)
    postgres.stop(config.embedded(settings))


def is_up(settings: Settings) -> bool:
    """Whether all components run and answer."""
    state = load_state(AirflowHome(settings.home))
    return bool(
        state and state.is_alive() and _is_healthy(_client(settings, state.port), None)
    )


def processes(settings: Settings) -> list[int]:
    """Ids of all processes of this Airflow, in order; empty when nothing is left."""
    place = AirflowHome(settings.home)
    return sorted(process.pid for process in leftovers(place, load_state(place)))


def client(settings: Settings, user: str = config.USER) -> AirflowClient:
    """A login at the running Airflow.

    Args:
        settings: of the deployment.
        user: the administrator, or an approver.

    Raises:
        OperationalError: it does not run.
    """
    state = load_state(AirflowHome(settings.home))
    if state is None:
        raise OperationalError(
            "AIRFLOW_NOT_UP", "Airflow does not run.", "Start it with `cakupan up`."
        )
    return _client(settings, state.port, user)


def _client(settings: Settings, port: int, user: str = config.USER) -> AirflowClient:
    return AirflowClient(
        f"http://127.0.0.1:{port}", user, config.passwords(settings)[user]
    )


def _address(settings: Settings, port: int) -> AirflowAddress:
    return AirflowAddress(
        f"http://127.0.0.1:{port}", config.USER, AirflowHome(settings.home).passwords
    )


@contextmanager
def _alone(place: AirflowHome) -> Iterator[None]:
    """Only one process at a time starts or stops this Airflow."""
    place.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.logs.mkdir(exist_ok=True)
    handle = os.open(place.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _free_port(wanted: int | None, preferred: int) -> int:
    if wanted is not None:
        if not _can_listen(wanted):
            raise ConfigurationError(
                "AIRFLOW_PORT_TAKEN",
                f"Port {wanted} is taken.",
                "Choose another --port, or leave it out.",
            )
        return wanted
    for port in (preferred, PREFERRED_PORT):
        if _can_listen(port):
            return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _can_listen(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _migrate(
    settings: Settings, place: AirflowHome, environment: Mapping[str, str]
) -> None:
    """Bring Airflow's database to the installed version.

    Doing it costs seconds even when nothing is to do, so the revision reached is noted
    and compared with what the database says.
    """
    note = place.folder / f"migrated-{version('apache-airflow-core')}"
    reached = _revision(settings)
    if reached and note.exists() and note.read_text("utf-8") == reached:
        return
    log = place.logs / "migrate.log"
    with log.open("wb") as output:
        done = subprocess.run(  # noqa: S603 - our own command line
            airflow_command("db", "migrate"),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            cwd=place.folder,
            check=False,
        )
    reached = _revision(settings)
    if done.returncode or reached is None:
        raise OperationalError(
            "AIRFLOW_MIGRATE_FAILED",
            f"Airflow could not prepare its database: {tail(log)}",
            f"See {log}.",
        )
    note.write_text(reached, "utf-8")


def _revision(settings: Settings) -> str | None:
    url = make_url(config.metadata_url(settings))
    try:
        with psycopg.connect(
            host=str(url.query["host"]), user=url.username, dbname=url.database
        ) as connection:
            row = connection.execute(
                "select version_num from alembic_version"
            ).fetchone()
    except psycopg.Error:
        return None
    return str(row[0]) if row else None


def _wait_until_ready(
    settings: Settings, place: AirflowHome, state: State, began: datetime
) -> None:
    api = _client(settings, state.port)

    def look() -> bool:
        for component in state.components:
            if not component.is_alive():
                log = place.logs / f"{component.name}.log"
                raise OperationalError(
                    "AIRFLOW_COMPONENT_DIED",
                    f"Airflow's {component.name} ended: {tail(log)}",
                    f"See {log}.",
                )
        return _is_healthy(api, began) and _knows_flows(api)

    end = time.monotonic() + START_SECONDS
    while not look():
        if time.monotonic() > end:
            raise OperationalError(
                "AIRFLOW_START_FAILED",
                f"Airflow was not ready after {START_SECONDS:.0f} seconds.",
                f"See the logs in {place.logs}.",
            )
        time.sleep(0.3)


def _is_healthy(api: AirflowClient, since: datetime | None) -> bool:
    """All four components work; with ``since``, each has said so after that instant."""
    try:
        health = api.health()
    except OperationalError:
        return False
    for name in ("metadatabase", "scheduler", "dag_processor", "triggerer"):
        one = health.get(name) or {}
        if one.get("status") != "healthy":
            return False
        beat = one.get(f"latest_{name}_heartbeat")
        if since and beat and datetime.fromisoformat(beat) < since:
            return False
    return True


def _knows_flows(api: AirflowClient) -> bool:
    if set(FLOWS) <= api.dag_ids():
        return True
    errors = api.import_errors()
    if errors:
        raise ConfigurationError(
            "AIRFLOW_FLOWS_BROKEN",
            f"Airflow cannot read the flows: {errors[0]}",
            "The installation is not complete; install it again.",
        )
    return False
