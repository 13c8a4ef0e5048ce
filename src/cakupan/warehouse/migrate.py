"""Bring a warehouse to the newest revision; safe to repeat and to run twice at once."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from cakupan.core.database import database_errors
from cakupan.core.errors import ConfigurationError
from cakupan.core.schema import SCHEMAS, metadata
from cakupan.warehouse import comments, dictionary, guards, roles, views

VERSION_TABLE = "alembic_version"

#: Key of the advisory lock; any number, the same in every version of the program.
_LOCK = 640_2026_0001

#: GRANT ... WITH SET and the null treatment we rely on came with this version.
_OLDEST_SERVER = 160_000


def is_current(engine: sa.Engine) -> bool:
    """Whether the warehouse has the newest revision.

    Raises:
        OperationalError: the database is away.
    """
    with database_errors(), engine.connect() as connection:
        return _is_newest(connection)


def upgrade(engine: sa.Engine) -> None:
    """Build or update schemas, tables, roles, grants, guards and views.

    Everything happens in one transaction under an advisory lock, so a killed upgrade
    leaves nothing behind and concurrent ones wait for each other.

    Args:
        engine: the warehouse, as the role that will own it and load it.

    Raises:
        ConfigurationError: the server is too old, or a role is missing and this one may
            not create it.
        OperationalError: the database is away or refused the work.
    """
    with database_errors(), engine.begin() as connection:
        _check_server(connection)
        connection.execute(
            sa.text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK}
        )
        if not _is_newest(connection):
            _move_to_newest(connection)
        dictionary.fill(connection)


def is_in_metadata(
    name: str | None, kind: str, parents: MutableMapping[Any, str | None]
) -> bool:
    """Whether a reflected object is one the metadata describe (partitions are not)."""
    if kind == "schema":
        return name in SCHEMAS
    if kind == "table":
        return f"{parents.get('schema_name')}.{name}" in metadata.tables
    return True


def _is_newest(connection: sa.Connection) -> bool:
    present = sa.text("select to_regclass('ops.alembic_version')")
    if connection.scalar(present) is None:
        return False
    found = connection.execute(sa.text("select version_num from ops.alembic_version"))
    newest = ScriptDirectory.from_config(_configuration()).get_current_head()
    return set(found.scalars()) == {newest}


def _move_to_newest(connection: sa.Connection) -> None:
    """Tables by the revisions that are missing; what rests on tables made anew."""
    for schema in SCHEMAS:
        connection.execute(sa.schema.CreateSchema(schema, if_not_exists=True))
    views.drop(connection)
    move_tables(connection, "head")
    comments.write(connection)
    guards.create(connection)
    views.create(connection)
    roles.create(connection)
    roles.grant(connection)


def move_tables(connection: sa.Connection, revision: str) -> None:
    """Run the revisions up to one; without views, comments, guards and grants."""
    configuration = _configuration()
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, revision)


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option(
        "script_location", str(Path(__file__).parent / "migrations")
    )
    configuration.set_main_option("path_separator", "os")
    return configuration


def _check_server(connection: sa.Connection) -> None:
    version = connection.scalar(sa.text("show server_version_num"))
    if int(version or 0) < _OLDEST_SERVER:
        raise ConfigurationError(
            "WAREHOUSE_TOO_OLD",
            "The warehouse is older than PostgreSQL 16.",
            "Use PostgreSQL 16 or newer.",
        )
