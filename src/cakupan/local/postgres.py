"""The embedded PostgreSQL: a server of its own below ``CAKUPAN_HOME``.

It listens on a unix socket in a folder only its owner can enter, so connections need no
password. Processes share it: each holds a lock while it uses the server, the last one
out stops it, and a killed process gives its lock back by dying.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from cakupan.core.errors import OperationalError
from cakupan.core.settings import Settings
from cakupan.local.pg_cluster import Cluster

#: Roles of the warehouse; on the embedded server all may log in.
ROLES = (
    "cakupan_etl",
    "cakupan_analyst",
    "cakupan_steward",
    "cakupan_report",
    "cakupan_pages",
)


def role_url(settings: Settings, role: str, database: str = "cakupan") -> str:
    """SQLAlchemy URL of the embedded server for one role.

    Args:
        settings: for ``home``.
        role: one of :data:`ROLES`, ``airflow`` or ``postgres``.
        database: ``cakupan`` or ``airflow``.
    """
    socket = quote(str(_cluster(settings).socket_dir), safe="/")
    return f"postgresql+psycopg://{role}@/{database}?host={socket}"


@contextmanager
def running(
    settings: Settings, options: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Have a warehouse to talk to while inside.

    Args:
        settings: ``warehouse_url`` wins; without it the embedded server is used.
        options: settings of ``postgresql.conf`` for a server started here, written as
            they stand there (tests turn ``fsync`` off).

    Yields:
        SQLAlchemy URL of the warehouse as ``cakupan_etl``.

    Raises:
        OperationalError: the server does not start.
        ConfigurationError: it cannot run here.
    """
    if settings.warehouse_url:
        yield settings.warehouse_url
        return
    cluster = _cluster(settings)
    cluster.create_folder()
    users = _open(cluster.folder / "users.lock")
    try:
        with _control(cluster):
            fcntl.flock(users, fcntl.LOCK_SH)
            _ensure(settings, cluster, options or {})
        yield role_url(settings, "cakupan_etl")
    finally:
        with _control(cluster):
            _stop_if_unused(cluster, users)
        os.close(users)


def keep_running(settings: Settings) -> None:
    """Start the embedded server and let it run on until :func:`stop`."""
    if settings.warehouse_url:
        return
    cluster = _cluster(settings)
    cluster.create_folder()
    with _control(cluster):
        _ensure(settings, cluster, {})
        _marker(cluster).touch()


def stop(settings: Settings, *, force: bool = False) -> bool:
    """Stop the embedded server, once nobody uses it.

    Args:
        settings: for ``home``.
        force: stop it even when another process uses it.

    Returns:
        Whether it is stopped now. When another process still uses it, that one stops
        it on leaving.
    """
    cluster = _cluster(settings)
    if not cluster.folder.is_dir():
        return True
    users = _open(cluster.folder / "users.lock")
    try:
        with _control(cluster):
            _marker(cluster).unlink(missing_ok=True)
            if force:
                cluster.stop()
            else:
                _stop_if_unused(cluster, users)
            return not cluster.is_running()
    finally:
        os.close(users)


def is_running(settings: Settings) -> bool:
    """Whether the embedded server runs now."""
    return _cluster(settings).is_running()


def _cluster(settings: Settings) -> Cluster:
    return Cluster(settings.home / "postgres")


def _marker(cluster: Cluster) -> Path:
    return cluster.folder / "keep"


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


@contextmanager
def _control(cluster: Cluster) -> Iterator[None]:
    """Only one process at a time starts or stops the server."""
    handle = _open(cluster.folder / "control.lock")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _stop_if_unused(cluster: Cluster, users: int) -> None:
    if _marker(cluster).exists():
        return
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    cluster.stop()


def _ensure(settings: Settings, cluster: Cluster, options: Mapping[str, str]) -> None:
    cluster.create()
    if not cluster.is_running():
        cluster.start(options)
    ready, made = cluster.folder / "ready", " ".join(ROLES)
    if ready.exists() and ready.read_text("utf-8") == made:
        return
    _create_databases(cluster)
    ready.write_text(made, "utf-8")


def _create_databases(cluster: Cluster) -> None:
    """Make the roles and the two databases; safe to repeat."""
    try:
        with psycopg.connect(
            host=str(cluster.socket_dir), user="postgres", dbname="postgres",
            autocommit=True,
        ) as connection:  # fmt: skip
            for role in (*ROLES, "airflow"):
                found = connection.execute(
                    "select 1 from pg_roles where rolname = %s", [role]
                ).fetchone()
                if not found:
                    connection.execute(
                        sql.SQL("create role {} login").format(sql.Identifier(role))
                    )
            for database, owner in (
                ("cakupan", "cakupan_etl"),
                ("airflow", "airflow"),
            ):
                found = connection.execute(
                    "select 1 from pg_database where datname = %s", [database]
                ).fetchone()
                if not found:
                    connection.execute(
                        sql.SQL("create database {} owner {}").format(
                            sql.Identifier(database), sql.Identifier(owner)
                        )
                    )
            # Airflow commits thousands of tiny states; losing the last fraction of a
            # second of them after a power cut costs a task that runs again.
            connection.execute("alter database airflow set synchronous_commit = off")
    except psycopg.OperationalError as error:
        raise OperationalError(
            "POSTGRES_FAILED",
            "The embedded PostgreSQL started but does not answer.",
            f"See {cluster.log}.",
        ) from error
