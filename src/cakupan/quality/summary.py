"""Findings grouped by code, in words: for tables, JSON and the correction workbook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from cakupan.core.codes import describe
from cakupan.core.findings import Grade, Severity

_GRADES = {str(Grade.SUBMISSION): 0, str(Grade.INTEGRITY): 1, str(Grade.RECORD): 2}
_SEVERITIES = {
    str(Severity.CRITICAL): 0,
    str(Severity.WARNING): 1,
    str(Severity.INFO): 2,
}
_SHOWN_ROWS = 5


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """All findings of one code and field.

    Attributes:
        grade: submission, integrity or record.
        severity: critical, warning or info.
        code: finding code.
        field: canonical column, ``""`` for none.
        row_count: rows concerned; 0 for a finding about the file that names none.
        first_rows: up to five row numbers of the sender's file, rising.
        title: a few words (Indonesian).
        text: what was found.
        fix: what the sender does about it.
    """

    grade: str
    severity: str
    code: str
    field: str
    row_count: int
    first_rows: tuple[int, ...]
    title: str
    text: str
    fix: str


def summarise(findings: pa.Table, lang: str = "id") -> list[FindingGroup]:
    """Group findings by code and field; findings about the file stay apart by detail.

    Args:
        findings: table per ``FINDING_SCHEMA``.
        lang: ``id`` or ``en``.

    Returns:
        The file first, then critical before warning before info, many rows before few.
    """
    grouped = findings.append_column("place", _place(findings)).group_by(
        ["grade", "severity", "code", "field", "place"]
    )
    counted = grouped.aggregate([("row_count", "sum")]).to_pylist()
    first_rows = _first_rows(findings)
    groups = [_group(entry, first_rows, lang) for entry in counted]
    return sorted(
        groups,
        key=lambda group: (
            _GRADES[group.grade],
            _SEVERITIES[group.severity],
            -group.row_count,
            group.code,
            group.field,
            group.text,
        ),
    )


def _place(findings: pa.Table) -> pa.Array:
    """Detail of a finding about the file; ``""`` for one about a row."""
    of_file = [grade != str(Grade.RECORD) for grade in findings["grade"].to_pylist()]
    details = findings["detail"].to_pylist()
    return pa.array(
        [
            detail if is_of_file else ""
            for is_of_file, detail in zip(of_file, details, strict=True)
        ],
        pa.string(),
    )


def _first_rows(findings: pa.Table) -> dict[tuple[str, str], tuple[int, ...]]:
    found: dict[tuple[str, str], list[int]] = {}
    rows: Iterable[tuple[str, str, int | None]] = zip(
        findings["code"].to_pylist(),
        findings["field"].to_pylist(),
        findings["source_row"].to_pylist(),
        strict=True,
    )
    for code, field, row in rows:
        if row is not None:
            found.setdefault((code, field), []).append(row)
    return {key: tuple(sorted(numbers)[:_SHOWN_ROWS]) for key, numbers in found.items()}


def _group(
    entry: dict[str, Any], first_rows: dict[tuple[str, str], tuple[int, ...]], lang: str
) -> FindingGroup:
    code, field = entry["code"], entry["field"]
    said = describe(
        code,
        lang,
        field=field,
        detail=entry["place"],
        row_count=entry["row_count_sum"],
    )
    is_of_row = entry["grade"] == str(Grade.RECORD)
    return FindingGroup(
        grade=entry["grade"],
        severity=entry["severity"],
        code=code,
        field=field,
        row_count=entry["row_count_sum"],
        first_rows=first_rows.get((code, field), ()) if is_of_row else (),
        title=said.title,
        text=said.text,
        fix=said.fix,
    )
