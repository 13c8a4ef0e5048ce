"""Findings and quarantined rows by code and regency, of the files that count now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from cakupan.core.codes import FindingCode, codes
from cakupan.core.month import CoverageMonth
from cakupan.core.schema import ops
from cakupan.publish.reading import selected

Row = dict[str, Any]

_SEVERITIES = {"critical": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Group:
    """One code in all areas.

    Attributes:
        code: finding code.
        severity: the gravest it had.
        known: its entry, ``None`` for a code of an earlier version.
        rows: by area, rows concerned.
        total: rows in all areas.
    """

    code: str
    severity: str
    known: FindingCode | None
    rows: dict[str, int]
    total: int


def files_of(
    engine: sa.Engine, province: str, month: CoverageMonth, wanted: Sequence[str]
) -> list[Row]:
    """State and counts of some submissions, by area and dataset."""
    table = ops.submissions
    query = (
        sa.select(
            table.c.submission_id,
            table.c.area_code,
            table.c.dataset,
            table.c.state,
            table.c.received_count,
            table.c.accepted_count,
            table.c.quarantined_count,
            table.c.rejected_count,
        )
        .where(table.c.province_code == province)
        .where(table.c.coverage_month == month.first_day)
        .where(table.c.submission_id.in_(wanted))
        .order_by(table.c.area_code, table.c.dataset)
    )
    return selected(engine, query).as_dicts()


def groups_of(engine: sa.Engine, wanted: Sequence[str]) -> list[Group]:
    """Findings of some submissions by code; the gravest and most frequent first."""
    table, files = ops.findings, ops.submissions
    query = (
        sa.select(
            table.c.code,
            table.c.severity,
            files.c.area_code,
            sa.func.sum(table.c.row_count).label("row_count"),
        )
        .join(files, files.c.submission_id == table.c.submission_id)
        .where(table.c.submission_id.in_(wanted))
        .group_by(table.c.code, table.c.severity, files.c.area_code)
    )
    found: dict[str, list[Row]] = {}
    for row in selected(engine, query).as_dicts():
        found.setdefault(row["code"], []).append(row)
    return sorted(
        (_group(code, rows) for code, rows in found.items()),
        key=lambda one: (_SEVERITIES[one.severity], -one.total, one.code),
    )


def _group(code: str, rows: Sequence[Row]) -> Group:
    by_area: dict[str, int] = {}
    for row in rows:
        by_area[row["area_code"]] = by_area.get(row["area_code"], 0) + int(
            row["row_count"]
        )
    return Group(
        code=code,
        severity=min((row["severity"] for row in rows), key=_SEVERITIES.__getitem__),
        known=codes().get(code),
        rows=by_area,
        total=sum(by_area.values()),
    )
