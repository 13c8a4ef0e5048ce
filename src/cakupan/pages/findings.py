"""Findings and quarantined rows by code and regency, of the files that count now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from cakupan.core.codes import FindingCode, codes
from cakupan.core.findings import Grade
from cakupan.core.month import CoverageMonth
from cakupan.core.schema import ops
from cakupan.publish.reading import selected

Row = dict[str, Any]

_SEVERITIES = {"critical": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Group:
    """One code and field in all areas.

    Attributes:
        code: finding code.
        field: canonical column, ``""`` for none.
        is_of_file: about whole files, so files are counted and not rows.
        severity: the gravest it had.
        known: its entry, ``None`` for a code of an earlier version.
        counts: by area, rows concerned or files.
        total: of all areas.
    """

    code: str
    field: str
    is_of_file: bool
    severity: str
    known: FindingCode | None
    counts: dict[str, int]
    total: int

    @property
    def unit(self) -> str:
        """What is counted."""
        return "berkas" if self.is_of_file else "baris"


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
    """Findings of some submissions by code and field.

    The gravest first, then those about files, then the most frequent.
    """
    table, files = ops.findings, ops.submissions
    is_of_file = (table.c.grade != str(Grade.RECORD)).label("is_of_file")
    query = (
        sa.select(
            table.c.code,
            table.c.field,
            is_of_file,
            table.c.severity,
            files.c.area_code,
            sa.func.sum(table.c.row_count).label("row_count"),
            sa.func.count(table.c.submission_id.distinct()).label("file_count"),
        )
        .join(files, files.c.submission_id == table.c.submission_id)
        .where(table.c.submission_id.in_(wanted))
        .group_by(
            table.c.code, table.c.field, is_of_file, table.c.severity, files.c.area_code
        )
    )
    found: dict[tuple[str, str, bool], list[Row]] = {}
    for row in selected(engine, query).as_dicts():
        key = row["code"], row["field"], row["is_of_file"]
        found.setdefault(key, []).append(row)
    return sorted(
        (_group(*key, rows) for key, rows in found.items()),
        key=lambda one: (
            _SEVERITIES[one.severity],
            not one.is_of_file,
            -one.total,
            one.code,
            one.field,
        ),
    )


def _group(code: str, field: str, is_of_file: bool, rows: Sequence[Row]) -> Group:
    counted = "file_count" if is_of_file else "row_count"
    by_area: dict[str, int] = {}
    for row in rows:
        area = row["area_code"]
        by_area[area] = by_area.get(area, 0) + int(row[counted])
    return Group(
        code=code,
        field=field,
        is_of_file=is_of_file,
        severity=min((row["severity"] for row in rows), key=_SEVERITIES.__getitem__),
        known=codes().get(code),
        counts=by_area,
        total=sum(by_area.values()),
    )
