"""Rows of the ledger: value types from and to ``ops.submissions`` and ``ops.findings``.

For the modules that write the ledger; readers use :mod:`cakupan.core.ledger`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from cakupan.core.area import AreaCode
from cakupan.core.copy import copy_arrow
from cakupan.core.findings import FINDING_SCHEMA, Finding, findings_table
from cakupan.core.masking import mask_text
from cakupan.core.month import CoverageMonth
from cakupan.core.schema.ops import findings, submissions
from cakupan.core.submission import Slot, Submission

#: Name of the lock that guards registering.
LEDGER = "ledger"

#: Codes found when a file lands; processing the file does not take them back.
LANDING_CODES = ("RESTORES_REVISION",)

#: Columns :func:`to_submission` needs.
FIELDS = (
    submissions.c.submission_id,
    submissions.c.dataset,
    submissions.c.area_code,
    submissions.c.coverage_month,
    submissions.c.attempt,
    submissions.c.revision,
    submissions.c.sha256,
    submissions.c.size_bytes,
    submissions.c.file_name,
    submissions.c.received_at,
    submissions.c.state,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A submission about to be registered.

    Attributes:
        submission: as it will be read back.
        landing_key_sha256: fingerprint of its landing key.
        landing_etag: what the store said of its bytes.
        duplicate_of: id of the submission with the same bytes.
        findings: what was found when it landed.
    """

    submission: Submission
    landing_key_sha256: str
    landing_etag: str
    duplicate_of: str | None = None
    findings: tuple[Finding, ...] = ()


def lock(connection: sa.Connection, name: str, *, shared: bool = False) -> None:
    """Hold an advisory lock of that name until the transaction ends."""
    take = (
        sa.func.pg_advisory_xact_lock_shared
        if shared
        else sa.func.pg_advisory_xact_lock
    )
    connection.execute(sa.select(take(sa.func.hashtextextended(f"cakupan:{name}", 0))))


def to_slot(row: Any) -> Slot:
    """The slot of a row of ``ops.submissions``."""
    month = CoverageMonth.of(row.coverage_month)
    return Slot(row.dataset, AreaCode(row.area_code), month)


def to_submission(row: Any) -> Submission:
    """A row with :data:`FIELDS` as value type."""
    return Submission(
        submission_id=row.submission_id,
        slot=to_slot(row),
        attempt=row.attempt,
        revision=row.revision,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        file_name=row.file_name,
        received_at=row.received_at.astimezone(dt.UTC),
        state=row.state,
    )


def add_entries(
    connection: sa.Connection, entries: list[Entry], processed_at: dt.datetime
) -> None:
    """Insert submissions in order, and what was found when they landed.

    What is a duplicate or refused already is done with: no rows were read, so all its
    counts are 0.

    Args:
        connection: in the transaction that holds the ledger lock.
        entries: in the order of their registration.
        processed_at: when (UTC), for those that are done with.
    """
    if not entries:
        return
    connection.execute(
        sa.insert(submissions), [_row(entry, processed_at) for entry in entries]
    )
    ids = [entry.submission.submission_id for entry in entries for _ in entry.findings]
    found = findings_table(finding for entry in entries for finding in entry.findings)
    _copy_findings(connection, pa.array(ids, pa.string()), found)


def _row(entry: Entry, processed_at: dt.datetime) -> dict[str, Any]:
    found = entry.submission
    is_done = found.state != "received"
    count = 0 if is_done else None
    return {
        "submission_id": found.submission_id,
        "dataset": found.slot.dataset,
        "area_code": str(found.slot.area),
        "province_code": str(found.slot.area.province),
        "coverage_month": found.slot.month.first_day,
        "attempt": found.attempt,
        "revision": found.revision,
        "landing_key_sha256": entry.landing_key_sha256,
        "landing_etag": entry.landing_etag,
        "file_name": found.file_name,
        "sha256": found.sha256,
        "size_bytes": found.size_bytes,
        "state": found.state,
        "duplicate_of": entry.duplicate_of,
        "received_at": found.received_at,
        "processed_at": processed_at if is_done else None,
        "received_count": count,
        "accepted_count": count,
        "quarantined_count": count,
        "rejected_count": count,
    }


def replace_findings(
    connection: sa.Connection, submission_id: str, table: pa.Table
) -> None:
    """Put findings in place of earlier ones; those of the landing stay."""
    connection.execute(
        sa.delete(findings)
        .where(findings.c.submission_id == submission_id)
        .where(findings.c.code.not_in(LANDING_CODES))
    )
    ids = pa.repeat(pa.scalar(submission_id, pa.string()), len(table))
    _copy_findings(connection, ids, table)


def _copy_findings(connection: sa.Connection, ids: pa.Array, table: pa.Table) -> None:
    """Append findings of :data:`FINDING_SCHEMA` under their submission ids."""
    clean = cache(plain)
    details = [clean(detail) for detail in table["detail"].to_pylist()]
    rows = table.select(FINDING_SCHEMA.names).cast(FINDING_SCHEMA)
    place = FINDING_SCHEMA.get_field_index("detail")
    rows = rows.set_column(place, "detail", pa.array(details, pa.string()))
    copy_arrow(connection, "ops.findings", rows.append_column("submission_id", ids))


def plain(value: Any) -> Any:
    """A value PostgreSQL can keep and anybody may read.

    NUL and broken Unicode out, long runs of digits masked; dictionaries and lists are
    gone through.
    """
    if isinstance(value, str):
        text = value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
        return mask_text(text)
    if isinstance(value, dict):
        return {plain(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return value
