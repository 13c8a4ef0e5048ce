"""Rows beside the released month of the test site, for single pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from cakupan.core.codes import codes
from cakupan.core.findings import Grade
from cakupan.core.schema import mart, ops
from publish_rows import sent


def put_submission(
    connection: sa.Connection, dataset: str, area: str, month: dt.date, **more: Any
) -> str:
    """A file that was sent; its number."""
    row = sent(dataset, area, coverage_month=month, **more)
    row["submission_id"] = f"{dataset}-{area}-{month:%Y-%m}-001"
    connection.execute(sa.insert(ops.submissions).values(row))
    return str(row["submission_id"])


def put_release(
    connection: sa.Connection, month: dt.date, sequence: int, **decision: Any
) -> str:
    """A release of East Kalimantan, current from now on; its number.

    Args:
        connection: of the warehouse.
        month: first day.
        sequence: of the month.
        **decision: columns of ``ops.release_decisions``; a draft without.
    """
    number = f"64-{month:%Y-%m}-{sequence:012d}"
    before = f"64-{month:%Y-%m}-{sequence - 1:012d}" if sequence > 1 else None
    key = {"province_code": "64", "coverage_month": month}
    connection.execute(
        sa.insert(ops.releases).values(
            **key,
            release_id=number,
            sequence=sequence,
            status="provisional",
            expected_count=38,
            present_count=4,
            completeness_pct=10,
            content_sha256=f"{sequence:064d}",
            inputs_hash="0" * 64,
            files_prefix=f"releases/{number}/",
            released_at=dt.datetime(2026, 10, sequence, tzinfo=dt.UTC),
            supersedes=before,
        )
    )
    connection.execute(
        sa.delete(ops.current_releases).where(
            ops.current_releases.c.province_code == "64",
            ops.current_releases.c.coverage_month == month,
        )
    )
    connection.execute(sa.insert(ops.current_releases).values(**key, release_id=number))
    if decision:
        connection.execute(
            sa.insert(ops.release_decisions).values(
                release_id=number,
                decided_at=dt.datetime(2026, 10, 20, tzinfo=dt.UTC),
                channel="cli",
                content_sha256=f"{sequence:064d}",
                **decision,
            )
        )
    return number


def put_coverage(connection: sa.Connection, release_id: str, **row: Any) -> None:
    """One row of ``mart.monthly_coverage``, of semua segmen unless ``row`` says so."""
    told = {
        "release_id": release_id,
        "segment": "ALL",
        "programme": "ANY",
        "definition_id": "potensi_bpjs",
        **row,
    }
    connection.execute(sa.insert(mart.monthly_coverage).values(told))


def put_finding(
    connection: sa.Connection, submission_id: str, code: str, **more: Any
) -> None:
    """One finding of a file, as the checks note it: about a row, or about the file."""
    known = codes()[code]
    is_of_row = known.grade is Grade.RECORD
    told = {
        "grade": str(known.grade),
        "severity": str(known.severity),
        "field": "",
        "source_row": 2 if is_of_row else None,
        "row_count": 1,
        "detail": "",
        **more,
    }
    connection.execute(
        sa.insert(ops.findings).values(submission_id=submission_id, code=code, **told)
    )
