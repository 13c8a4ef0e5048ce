"""What the checks found: one shape for every stage, every report and every language."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
