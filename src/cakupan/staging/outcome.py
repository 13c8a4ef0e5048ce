"""What reading a file gave, as the child process reports it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cakupan.core.contracts import Contract
from cakupan.core.findings import Finding, Grade, Severity
from cakupan.staging.header import Header, judge
from cakupan.staging.limits import Limits
from cakupan.staging.refusal import FileRefused, note


@dataclass(frozen=True, slots=True)
class Job:
    """One parse.

    Attributes:
        source: the file as sent.
        contract: what it should hold.
        target: ``raw.parquet`` to write.
        scratch: folder for intermediate files, removed by the parent.
        limits: bounds.
    """

    source: Path
    contract: Contract
    target: Path
    scratch: Path
    limits: Limits


@dataclass(slots=True)
class Outcome:
    """Result of one parse; mirrors ``ReadResult`` of the parent."""

    layout: dict[str, Any]
    file_format: str = ""
    received_count: int = 0
    is_nil: bool = False
    is_refused: bool = False
    findings: list[Finding] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """As plain values, for the result file."""
        return {
            "layout": self.layout,
            "file_format": self.file_format,
            "received_count": self.received_count,
            "is_nil": self.is_nil,
            "is_refused": self.is_refused,
            "findings": [
                [
                    f.code,
                    f.grade,
                    f.severity,
                    f.field,
                    f.source_row,
                    f.row_count,
                    f.detail,
                ]
                for f in self.findings
            ],
        }


def finding_from(values: list[Any]) -> Finding:
    """A finding from its plain values in the result file."""
    code, grade, severity, name, row, count, detail = values
    return Finding(code, Grade(grade), Severity(severity), name, row, count, detail)


def header_findings(
    header: Header, contract: Contract, limits: Limits
) -> list[Finding]:
    """Findings about preamble and columns of a table that has a header.

    Raises:
        FileRefused: the table is wider than allowed.
    """
    if len(header.titles) > limits.columns:
        raise FileRefused("FILE_UNREADABLE", f"lebih dari {limits.columns} kolom")
    found = judge(header, contract)
    if header.first_row > 1:
        found.append(note("PREAMBLE_SKIPPED", header.first_row - 1))
    return found


def nil_report(outcome: Outcome) -> None:
    """Mark a file that says there is nothing."""
    outcome.is_nil = True
    outcome.findings.append(note("NIL_REPORT"))
