"""The ledger of what was sent: ``ops.submissions`` and ``ops.findings``.

Two advisory locks keep it consistent. Whoever registers files holds the ledger lock
alone; whoever records a result shares it and holds the lock of the slot, so results of
different slots are recorded side by side.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from cakupan.core.contracts import STANDING, datasets_of
from cakupan.core.database import database_errors
from cakupan.core.errors import InvariantBroken, UsageError
from cakupan.core.findings import FINDING_SCHEMA
from cakupan.core.ledger_rows import (
    FIELDS,
    LEDGER,
    lock,
    plain,
    replace_findings,
    to_slot,
    to_submission,
)
from cakupan.core.month import CoverageMonth
from cakupan.core.schema.ops import findings as findings_rows
from cakupan.core.schema.ops import submissions
from cakupan.core.submission import Slot, Submission


def get(engine: sa.Engine, submission_id: str) -> Submission:
    """One submission.

    Raises:
        UsageError: there is no such submission.
    """
    found = _read(engine, sa.select(*FIELDS).where(_is(submission_id)))
    if not found:
        raise _unknown()
    return found[0]


def details(engine: sa.Engine, submission_id: str) -> dict[str, Any]:
    """Every column of ``ops.submissions`` for one submission.

    Raises:
        UsageError: there is no such submission.
    """
    with database_errors(), engine.connect() as connection:
        row = connection.execute(
            sa.select(submissions).where(_is(submission_id))
        ).mappings()
        found = row.one_or_none()
    if found is None:
        raise _unknown()
    return dict(found)


def pending(
    engine: sa.Engine,
    provinces: Sequence[str],
    months: Iterable[CoverageMonth] | None = None,
    *,
    due_at: dt.datetime | None = None,
) -> list[Submission]:
    """Submissions that wait to be processed, in the order they were registered.

    Args:
        engine: the warehouse.
        provinces: of which provinces.
        months: only these months.
        due_at: leave out what rests at that instant: a file whose processing was begun
            and came to no end rests for a minute, then two, four, at most an hour.
    """
    query = (
        sa.select(*FIELDS)
        .where(submissions.c.state == "received")
        .where(submissions.c.province_code.in_(provinces))
        .order_by(submissions.c.landing_number)
    )
    if months is not None:
        days = [month.first_day for month in months]
        query = query.where(submissions.c.coverage_month.in_(days))
    if due_at is not None:
        minutes = sa.func.least(sa.func.power(2, submissions.c.tried_count - 1), 60)
        rested = submissions.c.tried_at + minutes * dt.timedelta(minutes=1)
        query = query.where(sa.or_(submissions.c.tried_at.is_(None), rested <= due_at))
    return _read(engine, query)


def slots_with_pending(engine: sa.Engine) -> list[Slot]:
    """Slots for which at least one submission waits, sorted."""
    columns = (
        submissions.c.dataset,
        submissions.c.area_code,
        submissions.c.coverage_month,
    )
    query = (
        sa.select(*columns)
        .where(submissions.c.state == "received")
        .distinct()
        .order_by(*columns)
    )
    with database_errors(), engine.connect() as connection:
        return [to_slot(row) for row in connection.execute(query)]


def in_force(
    engine: sa.Engine, province: str, month: CoverageMonth
) -> list[Submission]:
    """Per slot of the month the latest accepted revision, by dataset and area."""
    return _read(
        engine,
        _accepted(province)
        .where(submissions.c.coverage_month == month.first_day)
        .ext(distinct_on(submissions.c.dataset, submissions.c.area_code))
        .order_by(
            submissions.c.dataset,
            submissions.c.area_code,
            submissions.c.revision.desc(),
        ),
    )


def in_force_reference(
    engine: sa.Engine, province: str, month: CoverageMonth
) -> list[Submission]:
    """Reference files that say something about the month.

    Per slot of every landing month up to this one the latest accepted revision: which
    of their rows hold is decided by the reference date, not by when they landed.
    """
    return _read(
        engine,
        _accepted(province)
        .where(submissions.c.dataset.in_(datasets_of(*STANDING)))
        .where(submissions.c.coverage_month <= month.first_day)
        .ext(
            distinct_on(
                submissions.c.dataset,
                submissions.c.area_code,
                submissions.c.coverage_month,
            )
        )
        .order_by(
            submissions.c.dataset,
            submissions.c.area_code,
            submissions.c.coverage_month,
            submissions.c.revision.desc(),
        ),
    )


def fingerprints(engine: sa.Engine, wanted: Iterable[Submission]) -> dict[str, str]:
    """Fingerprint of the staged rows (``staged_sha256``) per submission id."""
    ids = [submission.submission_id for submission in wanted]
    query = sa.select(submissions.c.submission_id, submissions.c.staged_sha256).where(
        submissions.c.submission_id.in_(ids)
    )
    with database_errors(), engine.connect() as connection:
        rows = connection.execute(query).all()
    return {row.submission_id: row.staged_sha256 or "" for row in rows}


def months_known(engine: sa.Engine, province: str) -> list[CoverageMonth]:
    """Months for which a registry or an extract waits or was accepted, sorted."""
    query = (
        sa.select(submissions.c.coverage_month)
        .where(submissions.c.province_code == province)
        .where(submissions.c.state.in_(("received", "accepted")))
        .where(submissions.c.dataset.in_(datasets_of("registry", "participation")))
        .distinct()
        .order_by(submissions.c.coverage_month)
    )
    with database_errors(), engine.connect() as connection:
        return [CoverageMonth.of(day) for day in connection.scalars(query)]


def submissions_table(
    engine: sa.Engine, province: str, month: CoverageMonth
) -> list[dict[str, Any]]:
    """Every column of every submission of a month, by dataset, area and attempt."""
    query = (
        sa.select(submissions)
        .where(submissions.c.province_code == province)
        .where(submissions.c.coverage_month == month.first_day)
        .order_by(submissions.c.dataset, submissions.c.area_code, submissions.c.attempt)
    )
    with database_errors(), engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def findings(engine: sa.Engine, submission_id: str) -> pa.Table:
    """Findings of one submission as :data:`FINDING_SCHEMA`.

    Those about the whole file come first, then by row of the sender's file.
    """
    query = (
        sa.select(*(findings_rows.c[name] for name in FINDING_SCHEMA.names))
        .where(findings_rows.c.submission_id == submission_id)
        .order_by(
            findings_rows.c.source_row.asc().nulls_first(),
            findings_rows.c.code.collate("C"),
            findings_rows.c.field.collate("C"),
            findings_rows.c.detail.collate("C"),
        )
    )
    with database_errors(), engine.connect() as connection:
        rows = connection.execute(query).all()
    columns = list(zip(*rows, strict=True)) or [()] * len(FINDING_SCHEMA)
    return pa.table(
        [
            pa.array(column, type=field.type)
            for column, field in zip(columns, FINDING_SCHEMA, strict=True)
        ],
        schema=FINDING_SCHEMA,
    )


def record_try(
    engine: sa.Engine, submission_id: str, at: dt.datetime | None = None
) -> None:
    """Note that the processing of a submission begins, however it may end."""
    with database_errors(), engine.begin() as connection:
        connection.execute(
            sa.update(submissions)
            .where(_is(submission_id))
            .values(
                tried_count=submissions.c.tried_count + 1,
                tried_at=at or dt.datetime.now(dt.UTC),
            )
        )


def record_result(
    engine: sa.Engine,
    submission_id: str,
    *,
    state: str,
    received_count: int,
    accepted_count: int,
    quarantined_count: int,
    rejected_count: int,
    is_nil: bool | None,
    file_format: str | None,
    layout: dict[str, Any] | None,
    staged_sha256: str | None,
    findings: pa.Table,
    processed_at: dt.datetime | None = None,
) -> None:
    """Write how a submission ended, in one transaction.

    Replaces its earlier result and findings; what was found when it landed stays.
    Digits that could identify a person are masked in ``layout`` and details.

    Args:
        engine: the warehouse.
        submission_id: a submission in state received, accepted or refused.
        state: ``accepted`` or ``refused``.
        received_count: rows of the file, header and totals not counted.
        accepted_count: rows that go on.
        quarantined_count: rows held back with a finding.
        rejected_count: rows of a refused file.
        is_nil: the file is a nil report.
        file_format: csv, xlsx, xls, ods or parquet.
        layout: how the file was read.
        staged_sha256: fingerprint of the rows that go on.
        findings: table of :data:`FINDING_SCHEMA`.
        processed_at: now when ``None``.

    Raises:
        InvariantBroken: the counts do not balance, or the submission is a duplicate.
        UsageError: there is no such submission.
    """
    total = accepted_count + quarantined_count + rejected_count
    counts = (received_count, accepted_count, quarantined_count, rejected_count)
    if (
        received_count != total
        or min(counts) < 0
        or state not in {"accepted", "refused"}
    ):
        raise InvariantBroken(
            "COUNTS_UNBALANCED",
            f"{submission_id} ({state}): received {received_count} is not accepted "
            f"{accepted_count} + quarantined {quarantined_count} + rejected "
            f"{rejected_count}.",
        )
    slot = get(engine, submission_id).slot
    with database_errors(), engine.begin() as connection:
        lock(connection, LEDGER, shared=True)
        lock(connection, str(slot))
        written = connection.execute(
            sa.update(submissions)
            .where(_is(submission_id))
            .where(submissions.c.state != "duplicate")
            .values(
                state=state,
                received_count=received_count,
                accepted_count=accepted_count,
                quarantined_count=quarantined_count,
                rejected_count=rejected_count,
                is_nil=is_nil,
                file_format=file_format,
                layout=sa.null() if layout is None else plain(layout),
                staged_sha256=staged_sha256,
                processed_at=processed_at or dt.datetime.now(dt.UTC),
            )
        )
        if written.rowcount != 1:
            raise InvariantBroken(
                "SUBMISSION_IS_DUPLICATE", f"{submission_id} is a duplicate."
            )
        replace_findings(connection, submission_id, findings)


def _accepted(province: str) -> sa.Select[Any]:
    return (
        sa.select(*FIELDS)
        .where(submissions.c.province_code == province)
        .where(submissions.c.state == "accepted")
    )


def _is(submission_id: str) -> sa.ColumnElement[bool]:
    return submissions.c.submission_id == submission_id


def _read(engine: sa.Engine, query: sa.Select[Any]) -> list[Submission]:
    with database_errors(), engine.connect() as connection:
        return [to_submission(row) for row in connection.execute(query)]


def _unknown() -> UsageError:
    return UsageError(
        "SUBMISSION_UNKNOWN",
        "There is no submission of this number.",
        "Numbers are listed by `cakupan status`.",
    )
