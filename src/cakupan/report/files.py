"""A report as a file; its ending says which kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cakupan.core.errors import UsageError
from cakupan.report.document import Document
from cakupan.report.html import html_bytes
from cakupan.report.pdf import pdf_bytes
from cakupan.report.xlsx import xlsx_bytes

WRITERS: dict[str, Callable[[Document], bytes]] = {
    ".pdf": pdf_bytes,
    ".xlsx": xlsx_bytes,
    ".html": html_bytes,
}


def writer_of(target: Path) -> Callable[[Document], bytes]:
    """What writes files of this ending.

    Raises:
        UsageError: nothing does.
    """
    writer = WRITERS.get(target.suffix.lower())
    if writer is None:
        raise UsageError(
            "REPORT_FORMAT",
            f"A report cannot be written as {target.suffix or 'a file without ending'}.",
            "End the name in " + ", ".join(WRITERS) + ".",
        )
    return writer


def write_report(document: Document, target: Path) -> None:
    """Write a report, whole or not at all.

    Raises:
        UsageError: the ending is not known, or the folder cannot be written to.
    """
    data = writer_of(target)(document)
    part = target.with_name(f".{target.name}.part")
    try:
        part.write_bytes(data)
        part.replace(target)
    except OSError as error:
        raise UsageError(
            "FOLDER_NOT_WRITABLE",
            f"Cannot write to {target.parent} ({type(error).__name__}).",
            "Choose another folder.",
        ) from None
