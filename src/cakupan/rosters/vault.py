"""Reading identities: with a steward's right only, and never without a trace."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from psycopg import errors as pg
from sqlalchemy.exc import ProgrammingError

from cakupan.core.database import database_errors
from cakupan.core.errors import InvariantBroken, UsageError
from cakupan.core.schema.vault import access_log, identities

#: Persons asked for in one query.
_AT_ONCE = 20_000

_MAY_READ = sa.text(
    "select has_table_privilege('vault.identities', 'select') "
    "and has_table_privilege('vault.access_log', 'insert')"
)


@dataclass(frozen=True, slots=True)
class Steward:
    """Who reads.

    Attributes:
        engine: login that is a steward, or may become one.
        role: role to switch to first; ``None`` when the login is one.
    """

    engine: sa.Engine
    role: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """Who a person is; never shown, so it has no text form of its own."""

    nik: str | None
    kpj: str | None
    name: str | None
    birth_date: dt.date | None
    address: str | None
    phone: str | None


def check_right(steward: Steward) -> None:
    """Whether the vault may be read at all; reads nothing.

    Raises:
        UsageError: the login has no steward's right.
        OperationalError: the database is away.
    """
    with database_errors(), connected(steward):
        pass


def read_identities(
    steward: Steward, province: str, people: Collection[uuid.UUID], purpose: str
) -> Mapping[uuid.UUID, Identity]:
    """Identities of some persons, with an entry in ``vault.access_log``.

    The entry and the reading are one transaction: without the entry nothing is given
    out.

    Args:
        steward: who reads.
        province: two-digit code.
        people: pseudonyms.
        purpose: what for, without any personal value.

    Raises:
        UsageError: the login has no steward's right.
        InvariantBroken: the vault does not know a person of the warehouse.
        OperationalError: the database is away.
    """
    wanted = sorted(set(people))
    found: dict[uuid.UUID, Identity] = {}
    columns = (
        identities.c.nik,
        identities.c.kpj,
        identities.c.name,
        identities.c.birth_date,
        identities.c.address,
        identities.c.phone,
    )
    with database_errors(), connected(steward) as connection:
        for first in range(0, len(wanted), _AT_ONCE):
            rows = connection.execute(
                sa.select(identities.c.person_id, *columns)
                .where(identities.c.province_code == province)
                .where(identities.c.person_id.in_(wanted[first : first + _AT_ONCE]))
            )
            found |= {row[0]: Identity(*row[1:]) for row in rows}
        log_reading(connection, purpose, len(found))
        connection.commit()
    if len(found) < len(wanted):
        raise InvariantBroken(
            "IDENTITY_MISSING",
            f"The vault does not know {len(wanted) - len(found)} persons of the list.",
            "No file was written. Run the month again: it loads their identities.",
        )
    return found


def log_reading(connection: sa.Connection, purpose: str, row_count: int) -> None:
    """Put an entry in ``vault.access_log``; the caller commits it with the reading."""
    connection.execute(
        sa.insert(access_log).values(
            accessed_at=sa.func.clock_timestamp(),
            role_name=sa.text("current_user"),
            purpose=purpose,
            row_count=row_count,
        )
    )


@contextmanager
def connected(steward: Steward) -> Iterator[sa.Connection]:
    """A connection with the right; what is not committed is lost on leaving."""
    with steward.engine.connect() as connection:
        try:
            if steward.role is not None:
                connection.execute(sa.text(f"set local role {steward.role}"))
            may_read = connection.execute(_MAY_READ).scalar()
        except ProgrammingError as error:
            refused = pg.InsufficientPrivilege, pg.InvalidParameterValue
            if not isinstance(error.orig, refused):
                raise
            raise _no_right() from None
        if not may_read:
            raise _no_right()
        yield connection


def _no_right() -> UsageError:
    return UsageError(
        "STEWARD_RIGHT_MISSING",
        "Names are given to stewards only; this login has not their right.",
        "Set CAKUPAN_STEWARD_URL to a login that is a member of cakupan_steward.",
    )
