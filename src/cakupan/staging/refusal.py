"""Why a file cannot be read, and notes about how it was read."""

from __future__ import annotations

from cakupan.core.findings import Finding, Grade, Severity


class FileRefused(Exception):
    """Reading stops here: the file gets one critical finding of grade submission.

    Never leaves the package: ``read_file`` returns it as a finding.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail

    def finding(self) -> Finding:
        """The finding that says so."""
        return critical(self.code, detail=self.detail)


def critical(code: str, field: str = "", detail: str = "") -> Finding:
    """A finding that refuses the file."""
    return Finding(code, Grade.SUBMISSION, Severity.CRITICAL, field, None, 1, detail)


def note(code: str, row_count: int = 1, detail: str = "") -> Finding:
    """An information about the whole file."""
    return Finding(code, Grade.SUBMISSION, Severity.INFO, "", None, row_count, detail)
