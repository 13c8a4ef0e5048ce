"""PostgreSQL connections and fast loading. Error text never carries row values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from psycopg import errors as pg
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import OperationalError as SqlOperationalError

from cakupan.core.errors import (
    ConfigurationError,
    InvariantBroken,
    OperationalError,
)


def parsed_url(url: str) -> sa.URL:
    """A warehouse address in its parts.

    Raises:
        ConfigurationError: it is none, or not one of PostgreSQL; the text does not show
            it, as it can hold a password.
    """
    try:
        parts = sa.make_url(url)
    except (ArgumentError, ValueError):
        parts = None
    if parts is None or parts.drivername not in {"postgresql", "postgresql+psycopg"}:
        raise ConfigurationError(
            "WAREHOUSE_URL_INVALID",
            "The address of the warehouse is not one of PostgreSQL.",
            "Write CAKUPAN_WAREHOUSE_URL (and CAKUPAN_ANALYST_URL) as "
            "postgresql+psycopg://user:password@host:5432/database.",
        )
    return parts.set(drivername="postgresql+psycopg")


def engine_for(
    url: str, *, role: str | None = None, is_reader: bool = False
) -> sa.Engine:
    """An engine in UTC that hides parameters in its error texts.

    Args:
        url: of the warehouse.
        role: act as this role, for a login that is somebody else.
        is_reader: every transaction is read-only.

    Raises:
        ConfigurationError: the address is not one of PostgreSQL.
    """
    options = "-c timezone=UTC -c client_min_messages=warning"
    if role is not None:
        options += f" -c role={role}"
    if is_reader:
        options += " -c default_transaction_read_only=on"
    return sa.create_engine(
        parsed_url(url),
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=4,
        connect_args={
            "options": options,
            "connect_timeout": 10,
        },
    )


@contextmanager
def database_errors() -> Iterator[None]:
    """Turn driver errors into ours, without DETAIL or CONTEXT (they quote rows).

    Raises:
        InvariantBroken: a constraint of the schema was violated.
        OperationalError: the database is away or refused the work.
    """
    try:
        yield
    except DBAPIError as error:
        raise _ours(error.orig, isinstance(error, SqlOperationalError)) from None
    except pg.Error as error:
        raise _ours(error, isinstance(error, pg.OperationalError)) from None


def _ours(
    cause: BaseException | None, is_operational: bool
) -> InvariantBroken | OperationalError:
    diagnostic = getattr(cause, "diag", None)
    name = getattr(diagnostic, "constraint_name", None) or "?"
    table = getattr(diagnostic, "table_name", None) or "?"
    if isinstance(cause, pg.IntegrityError):
        return InvariantBroken(
            "WAREHOUSE_CONSTRAINT",
            f"Constraint {name} of table {table} does not hold for the data.",
            "Nothing was written. Look at the findings of the files of this month.",
        )
    state = getattr(cause, "sqlstate", None) or "-"
    if is_operational:
        return OperationalError(
            "WAREHOUSE_UNREACHABLE",
            f"PostgreSQL is away or refused the connection (SQLSTATE {state}).",
            "Check CAKUPAN_WAREHOUSE_URL and that the server runs, then try again.",
        )
    return OperationalError(
        "WAREHOUSE_FAILED",
        f"PostgreSQL refused a statement ({type(cause).__name__}, SQLSTATE {state}).",
        "See the server log.",
    )
