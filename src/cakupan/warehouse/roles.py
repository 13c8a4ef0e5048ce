"""Who may read and write what. Proven by tests that connect as each role."""

from __future__ import annotations

import sqlalchemy as sa
from psycopg import errors as pg
from sqlalchemy.exc import ProgrammingError

from cakupan.core.errors import ConfigurationError
from cakupan.core.schema.mart import CHANGES, PUBLISHED
from cakupan.core.schema.ops import KEPT

ROLES = (
    "cakupan_etl",
    "cakupan_analyst",
    "cakupan_steward",
    "cakupan_report",
    "cakupan_pages",
)

#: Roles the loader may switch to.
_SWITCHED_TO = ("cakupan_analyst", "cakupan_pages")

#: Schemas each role reads whole.
_READS = {
    "cakupan_analyst": ("core", "mart"),
    "cakupan_steward": ("core", "mart", "vault"),
    "cakupan_report": ("mart",),
    "cakupan_pages": ("ops", "core", "mart"),
}


def create(connection: sa.Connection) -> None:
    """Create the roles that are missing, without login.

    Raises:
        ConfigurationError: a role is missing and we may not create it.
    """
    for role in ROLES:
        found = connection.scalar(
            sa.text("select 1 from pg_roles where rolname = :role"), {"role": role}
        )
        if found:
            continue
        try:
            with connection.begin_nested():
                connection.execute(sa.text(f"create role {role} nologin"))
        except ProgrammingError as error:
            if isinstance(error.orig, pg.DuplicateObject):
                continue
            raise ConfigurationError(
                "WAREHOUSE_ROLE_MISSING",
                f"Role {role} is missing and this user may not create it.",
                f"Let an administrator run: create role {role} nologin;",
            ) from None
    for role in _SWITCHED_TO:
        _join(connection, role)


def _join(connection: sa.Connection, role: str) -> None:
    """Let the loading role switch to a reader's, where the server allows it."""
    try:
        with connection.begin_nested():
            connection.execute(
                sa.text(f"grant {role} to current_user with inherit false, set true")
            )
    except ProgrammingError:
        return  # then CAKUPAN_ANALYST_URL or CAKUPAN_PAGES_URL is needed


def grant(connection: sa.Connection) -> None:
    """Grant what each role needs, for tables there are and partitions to come."""
    for schema in ("ops", "vault", "core", "mart"):
        _run(connection, f"revoke all on schema {schema} from public")
        _run(connection, f"grant usage on schema {schema} to cakupan_etl")
        _run(
            connection,
            "grant select, insert, update, delete on all tables "
            f"in schema {schema} to cakupan_etl",
        )
        _run(
            connection,
            f"grant usage on all sequences in schema {schema} to cakupan_etl",
        )
    _run(connection, "grant create on schema core to cakupan_etl")
    for role, schemas in _READS.items():
        for schema in schemas:
            _run(connection, f"grant usage on schema {schema} to {role}")
            _run(connection, f"grant select on all tables in schema {schema} to {role}")
            _run(
                connection,
                f"alter default privileges in schema {schema} "
                f"grant select on tables to {role}",
            )
    _run(connection, "grant insert on vault.access_log to cakupan_steward")
    _run(connection, "grant insert on vault.review_decisions to cakupan_steward")
    _run(connection, "grant usage on all sequences in schema vault to cakupan_steward")
    for table in (*PUBLISHED.values(), *CHANGES, *KEPT):
        _run(
            connection,
            f"revoke update, delete, truncate on {table} "
            "from cakupan_etl, current_user",
        )


def _run(connection: sa.Connection, statement: str) -> None:
    connection.execute(sa.text(statement))
