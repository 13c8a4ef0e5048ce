"""Who may write a slice: generation numbers, one writer, all or nothing.

A run *claims* a slice (province, month, stage) and gets a generation number. Only the
newest generation may commit; a run that was overtaken, even a zombie that wakes up
later, fails with :class:`StaleWriter` and leaves no trace.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from cakupan.core.database import database_errors
from cakupan.core.errors import StaleWriter
from cakupan.core.month import CoverageMonth

_CLAIM = sa.text(
    """
    insert into ops.slices as slices (province_code, coverage_month, stage, generation)
    values (:province, :month, :stage, 1)
    on conflict (province_code, coverage_month, stage)
    do update set generation = slices.generation + 1
    returning slices.generation
    """
)
_LOADED = sa.text(
    """
    select slices.inputs_hash
    from ops.slices as slices
    where
        slices.province_code = :province
        and slices.coverage_month = :month
        and slices.stage = :stage
    """
)
_NEWEST = sa.text(
    """
    select slices.generation
    from ops.slices as slices
    where
        slices.province_code = :province
        and slices.coverage_month = :month
        and slices.stage = :stage
    """
)
_FINISH = sa.text(
    """
    update ops.slices
    set inputs_hash = :inputs_hash, loaded_at = clock_timestamp()
    where
        province_code = :province
        and coverage_month = :month
        and stage = :stage
        and generation = :generation
    """
)


def claim(engine: sa.Engine, province: str, month: CoverageMonth, stage: str) -> int:
    """Take a slice over and commit that at once.

    Args:
        engine: the warehouse.
        province: two-digit Kemendagri code.
        month: coverage month.
        stage: ``warehouse`` or ``publish``.

    Returns:
        The generation to write with; higher than any given out before.
    """
    with database_errors(), engine.begin() as connection:
        key = {"province": province, "month": month.first_day, "stage": stage}
        return int(connection.execute(_CLAIM, key).scalar_one())


def loaded_hash(
    engine: sa.Engine, province: str, month: CoverageMonth, stage: str
) -> str | None:
    """Fingerprint of the inputs of what is loaded now; ``None`` when nothing is."""
    with database_errors(), engine.connect() as connection:
        key = {"province": province, "month": month.first_day, "stage": stage}
        found: str | None = connection.execute(_LOADED, key).scalar()
        return found


@contextmanager
def writing(
    engine: sa.Engine,
    province: str,
    month: CoverageMonth,
    stage: str,
    generation: int,
    inputs_hash: str,
) -> Iterator[sa.Connection]:
    """Write a slice: one transaction, one writer at a time, only the newest one.

    Args:
        engine: the warehouse.
        province: two-digit Kemendagri code.
        month: coverage month.
        stage: ``warehouse`` or ``publish``.
        generation: what :func:`claim` gave.
        inputs_hash: fingerprint of the inputs, kept when the transaction commits.

    Yields:
        A connection inside the transaction. Driver errors leave as ours.

    Raises:
        StaleWriter: another run has claimed the slice since; nothing was written.
        InvariantBroken: a constraint does not hold; nothing was written.
        OperationalError: the database is away or refused the work.
    """
    key = {"province": province, "month": month.first_day, "stage": stage}
    with database_errors(), engine.begin() as connection:
        # A server whose client was killed must not hold the lock until the query ends.
        connection.execute(sa.text("set local client_connection_check_interval = '5s'"))
        connection.execute(
            sa.text("select pg_advisory_xact_lock(:lock)"),
            {"lock": _lock_number(province, month, stage)},
        )
        if connection.execute(_NEWEST, key).scalar() != generation:
            raise _stale(province, month, stage)
        yield connection
        finished = connection.execute(
            _FINISH, {**key, "generation": generation, "inputs_hash": inputs_hash}
        )
        if finished.rowcount != 1:
            raise _stale(province, month, stage)


def _stale(province: str, month: CoverageMonth, stage: str) -> StaleWriter:
    return StaleWriter(
        "STALE_WRITER",
        f"Another run has taken over {stage} of province {province}, month {month}.",
        "Nothing was written; the other run writes it.",
    )


def _lock_number(province: str, month: CoverageMonth, stage: str) -> int:
    digest = hashlib.sha256(f"cakupan/{stage}/{province}/{month}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
