"""What the checks found: one shape for every stage, every report and every language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum

import pyarrow as pa


class Grade(StrEnum):
    """What a finding is about."""

    RECORD = "record"
    SUBMISSION = "submission"
    INTEGRITY = "integrity"


class Severity(StrEnum):
    """What follows from a finding.

    ``critical``: the row is quarantined (grade record) or the file is refused (grade
    submission). ``warning``: accepted and reported. ``info``: said, for completeness.
    """

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One finding of one submission. Never carries the value that was found.

    Attributes:
        code: key of ``expectations/codes.yml``, where its texts and fix hint live.
        grade: record, submission or integrity.
        severity: critical, warning or info.
        field: canonical column name, ``""`` when the finding is about no single column.
        source_row: row of the sender's file as a spreadsheet numbers it (1-based, the
            header included), ``None`` for grade submission.
        row_count: number of rows concerned; 1 for grade record.
        detail: a place or a figure that is not personal (sheet name, column letters,
            share of rows), ``""`` when there is none.
    """

    code: str
    grade: Grade
    severity: Severity
    field: str = ""
    source_row: int | None = None
    row_count: int = 1
    detail: str = ""


#: Findings in bulk: one row per finding, columns as the attributes of :class:`Finding`.
FINDING_SCHEMA = pa.schema(
    [
        pa.field("code", pa.string(), nullable=False),
        pa.field("grade", pa.string(), nullable=False),
        pa.field("severity", pa.string(), nullable=False),
        pa.field("field", pa.string(), nullable=False),
        pa.field("source_row", pa.int32()),
        pa.field("row_count", pa.int32(), nullable=False),
        pa.field("detail", pa.string(), nullable=False),
    ]
)


def findings_table(findings: Iterable[Finding]) -> pa.Table:
    """Findings as a table of :data:`FINDING_SCHEMA`, in the given order."""
    return pa.Table.from_pylist(
        [asdict(finding) for finding in findings], schema=FINDING_SCHEMA
    )
