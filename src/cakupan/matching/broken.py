"""Why a person file cannot be read: what it is, or the line; never what stands there."""

from __future__ import annotations

import csv
import io

KINDS = "Give a CSV file with a header (gzip too), or a Parquet file; no other is read."
AS_CSV = "Open it and save the sheet with the persons as CSV UTF-8 or as Parquet."
_LONGEST = 131_072  # characters of one value
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class Broken(Exception):
    """A file that cannot be read.

    Attributes:
        why: goes on after the name of the file.
        fix: what to do.
    """

    def __init__(self, why: str, fix: str = KINDS) -> None:
        super().__init__(why)
        self.why, self.fix = why, fix


def check_no_workbook(head: bytes) -> None:
    """Person files are CSV or Parquet: a workbook may hold several sheets.

    Raises:
        Broken: it begins like XLSX, ODS (both zip archives) or XLS.
    """
    if head.startswith(_WORKBOOKS):
        raise Broken("is a workbook or an archive", AS_CSV)


def check_text(text: bytes) -> None:
    """Whether there is anything to read.

    Raises:
        Broken: there is nothing, or no text.
    """
    if not text.strip():
        raise Broken("is empty")
    if b"\0" in text:
        raise Broken("is no text: it holds bytes no CSV file has")


def fault(text: bytes, delimiter: str) -> Broken | None:
    """The first line of a CSV file that does not fit its header (RFC 4180)."""
    stream = io.StringIO(text.decode("utf-8", "replace"), newline=None)
    csv.field_size_limit(_LONGEST)  # one limit for the whole process: others set theirs
    reader = csv.reader(stream, delimiter=delimiter)
    width, begins, last = 0, 1, 1
    try:
        for cells in reader:
            width = width or len(cells)
            if cells and len(cells) != width:
                return _uneven(begins, reader.line_num, len(cells), width)
            last, begins = begins, reader.line_num + 1
    except csv.Error:
        return _too_long(begins)
    is_unpaired = text.count(b'"') % 2 == 1
    return _unclosed(last) if is_unpaired and last < reader.line_num else None


def _uneven(first: int, last: int, cells: int, width: int) -> Broken:
    if last > first:
        return _unclosed(first)
    values = "value" if cells == 1 else "values"
    return Broken(
        f"cannot be read: line {first} has {cells} {values}, the header has {width}",
        "The first line is the header; a value that holds the delimiter stands "
        "between quotation marks.",
    )


def _too_long(line: int) -> Broken:
    return Broken(
        f"cannot be read: line {line} begins a value of more than "
        f"{_LONGEST} characters",
        "Look for a quotation mark there that is opened and never closed.",
    )


def _unclosed(line: int) -> Broken:
    return Broken(
        f"cannot be read: a quotation mark opened in line {line} is not closed where "
        "its value ends",
        "Remove or double the quotation mark.",
    )
