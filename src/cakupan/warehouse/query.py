"""Queries of analysts: one read-only statement with an analyst's rights."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from itertools import chain, islice
from typing import Any

import psycopg
from psycopg import errors as pg
from psycopg import sql

from cakupan.core.database import parsed_url
from cakupan.core.errors import (
    CakupanError,
    ConfigurationError,
    OperationalError,
    UsageError,
)

Row = tuple[Any, ...]

_READS = ("select", "with", "values", "table", "explain", "show", "(")

#: Of these, statements no cursor can be declared for; their results are small.
_SMALL = ("explain", "show")

#: With SET ROLE the session may go back to the loading role. These could do that from
#: inside a query: they change settings or run text as a query.
_ESCAPES = re.compile(r"set_config|_to_xml|ts_stat|ts_rewrite|dblink|u&", re.IGNORECASE)

_COMMENT = re.compile(r"\s+|--[^\n]*(?:\n|$)|/\*.*?\*/", re.DOTALL)


def run_query(
    url: str,
    query: str,
    *,
    role: str | None = None,
    limit: int | None = None,
    timeout_seconds: int = 300,
) -> tuple[tuple[str, ...], Iterator[Row]]:
    """Run one statement that reads, in a read-only transaction.

    Rows are streamed; the connection closes with the last one. The statement goes by
    the extended protocol, which takes exactly one.

    Args:
        url: SQLAlchemy URL. Best that of a login that *is* an analyst: the embedded
            server's for ``cakupan_analyst``, or ``CAKUPAN_ANALYST_URL``.
        query: one SELECT, WITH, VALUES, TABLE, EXPLAIN or SHOW.
        role: switch to this role first, for a URL that logs in as somebody else.
        limit: at most so many rows.
        timeout_seconds: the server ends a longer statement.

    Returns:
        Column names and the rows.

    Raises:
        UsageError: the statement is refused, wrong, forbidden to analysts or too slow.
        ConfigurationError: the login may not switch to the role.
        OperationalError: the database is away.
    """
    _check(query, is_switched=role is not None)
    rows = _stream(url, query, role, timeout_seconds)
    columns: tuple[str, ...] = next(rows)
    first = list(islice(rows, 1))
    return columns, islice(chain(first, rows), limit)


def _stream(
    url: str, query: str, role: str | None, timeout_seconds: int
) -> Iterator[Row]:
    """The column names, then the rows."""
    text = query.encode()
    try:
        with closing(_connect(url, timeout_seconds)) as connection:
            if role is not None:
                _switch(connection, role)
            if _start_of(query).startswith(_SMALL):
                with connection.cursor() as small:
                    small.execute(text, prepare=True)
                    yield tuple(column.name for column in small.description or ())
                    yield from small
                return
            with connection.cursor("analyst") as cursor:
                cursor.itersize = 10_000
                cursor.execute(text)
                yield tuple(column.name for column in cursor.description or ())
                yield from cursor
    except psycopg.Error as error:
        raise _ours(error) from None


def _connect(url: str, timeout_seconds: int) -> psycopg.Connection[Row]:
    parts = parsed_url(url).set(drivername="postgresql")
    connection = psycopg.connect(
        parts.render_as_string(hide_password=False),
        connect_timeout=10,
        options="-c timezone=UTC -c client_min_messages=warning "
        f"-c statement_timeout={timeout_seconds * 1000}",
    )
    connection.read_only = True
    return connection


def _switch(connection: psycopg.Connection[Row], role: str) -> None:
    try:
        connection.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
    except (pg.InsufficientPrivilege, pg.InvalidParameterValue):
        raise ConfigurationError(
            "ANALYST_URL_MISSING",
            f"The warehouse login may not act as {role}.",
            "Set CAKUPAN_ANALYST_URL to a login that is a member of cakupan_analyst.",
        ) from None


def _check(query: str, *, is_switched: bool) -> None:
    if not _start_of(query).startswith(_READS):
        raise UsageError(
            "SQL_REFUSED",
            "Only statements that read are run.",
            "Begin with SELECT, WITH, VALUES, TABLE, EXPLAIN or SHOW.",
        )
    if is_switched and _ESCAPES.search(query):
        raise UsageError(
            "SQL_REFUSED",
            "Functions that change settings or run text as a query are not allowed.",
            "Set CAKUPAN_ANALYST_URL to lift this.",
        )


def _start_of(query: str) -> str:
    """The statement in lower case without leading blanks and comments."""
    rest = query
    while found := _COMMENT.match(rest):
        rest = rest[found.end() :]
    return rest.lower()


def _ours(error: psycopg.Error) -> CakupanError:
    said = (error.diag.message_primary or type(error).__name__).strip()
    if isinstance(error, pg.QueryCanceled):
        return UsageError(
            "SQL_TIMEOUT", "The query took too long and was ended.", "Ask for less."
        )
    if isinstance(error, pg.InsufficientPrivilege):
        return UsageError(
            "SQL_FORBIDDEN",
            f"{said}.",
            "Analysts read the schemas mart and core.",
        )
    if error.sqlstate and not isinstance(error, psycopg.OperationalError):
        return UsageError(
            "SQL_FAILED",
            f"{said}.",
            "mart.data_dictionary lists every table and column.",
        )
    return OperationalError(
        "WAREHOUSE_UNREACHABLE",
        f"PostgreSQL is away or refused the work (SQLSTATE {error.sqlstate or '-'}).",
        "Check that the server runs, then try again.",
    )
