"""Restricted workbooks: only their owner reads them, and every page says so."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from cakupan.core.errors import UsageError

MARK = "RAHASIA/TERBATAS"
WARNING = (
    f"{MARK}: memuat data pribadi (UU 27/2022). Hanya untuk petugas yang berwenang; "
    "jangan diteruskan, simpan terenkripsi, dan hapus setelah dipakai."
)

#: The properties of a workbook hold a date; this one says nothing.
_FIXED_DATE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - xlsxwriter takes no time zone
_A4 = 9


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list.

    Attributes:
        title: header, Indonesian.
        width: in characters.
        kind: ``text``, ``date``, ``count`` or ``rupiah``.
    """

    title: str
    width: int
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook being written, and its cell formats by name."""

    workbook: Any
    formats: dict[str, Any]

    def sheet(self, name: str) -> Any:
        """A new sheet: landscape A4, one page wide, marked on every printed page."""
        sheet = self.workbook.add_worksheet(name[:31])
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        sheet.set_header(f"&L&8{MARK}&R&8{name[:31]}")
        sheet.set_footer(f"&L&8{MARK}&R&8Halaman &P dari &N")
        sheet.hide_gridlines(2)
        return sheet

    def header(self, sheet: Any, row: int, columns: Sequence[Column]) -> None:
        """The header of a list, repeated on every page."""
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(row, place, column.title, self.formats["header"])
        sheet.repeat_rows(row)

    def row(
        self, sheet: Any, row: int, columns: Sequence[Column], values: Sequence[Any]
    ) -> None:
        """One row of a list, every value as its type; no value is an empty cell."""
        for place, (column, value) in enumerate(zip(columns, values, strict=True)):
            style = self.formats[column.kind]
            if value is None:
                sheet.write_blank(row, place, None, style)
            elif column.kind == "text":
                sheet.write_string(row, place, str(value), style)
            elif column.kind == "date":
                sheet.write_datetime(row, place, value, style)
            else:
                sheet.write_number(row, place, value, style)

    def lines(
        self, name: str, title: str, lines: Sequence[tuple[str, str | int]]
    ) -> None:
        """A sheet of labels and what they say; numbers stay numbers."""
        sheet = self.sheet(name)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 100)
        sheet.write_string(0, 0, title, self.formats["title"])
        sheet.write_string(1, 0, WARNING, self.formats["mark"])
        before = ""
        for row, (label, value) in enumerate(lines, start=3):
            if label != before:
                sheet.write_string(row, 0, label, self.formats["label"])
            before = label
            if isinstance(value, int):
                sheet.write_number(row, 1, value, self.formats["plain_count"])
            else:
                sheet.write_string(row, 1, value, self.formats["wrapped"])


@contextmanager
def restricted_book(target: Path, scratch: Path, title: str) -> Iterator[Book]:
    """Write a workbook whole or not at all; mode 0600, whatever was there before.

    Args:
        target: XLSX file.
        scratch: folder for the rows while they are written.
        title: of the properties; no personal value.

    Raises:
        UsageError: it is no XLSX file, or cannot be written there.
    """
    check_target(target)
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".xlsx")
        os.close(handle)
    except OSError as error:
        raise _not_writable(target, error) from None
    unfinished = Path(name)
    try:
        workbook = xlsxwriter.Workbook(
            name,
            {
                "constant_memory": True,
                "tmpdir": str(scratch),
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        workbook.set_properties(
            {"title": title, "comments": MARK, "created": _FIXED_DATE}
        )
        yield Book(workbook, _formats(workbook))
        workbook.close()
        unfinished.chmod(0o600)
        unfinished.replace(target)
    except OSError as error:
        raise _not_writable(target, error) from None
    finally:
        unfinished.unlink(missing_ok=True)


def check_target(target: Path) -> None:
    """Whether a restricted file can be written there, before anybody is looked up.

    Raises:
        UsageError: it is no XLSX file, or its folder is not there or takes no file.
    """
    if target.suffix.lower() != ".xlsx":
        raise UsageError(
            "OUT_NOT_XLSX", "A list of names is an .xlsx file.", "Name it F.xlsx."
        )
    if not target.parent.is_dir() or target.is_dir():
        raise _not_writable(target, FileNotFoundError())
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise _not_writable(target, PermissionError())


def _not_writable(target: Path, error: OSError) -> UsageError:
    return UsageError(
        "FILE_NOT_WRITABLE",
        f"Cannot write {target} ({type(error).__name__}).",
        "Choose another file or folder.",
    )


def _formats(workbook: Any) -> dict[str, Any]:
    cell = {"border": 1, "valign": "top"}
    head = {"bold": True, "border": 1, "text_wrap": True, "align": "center"}
    made = {
        "text": {**cell, "num_format": "@", "text_wrap": True},
        "date": {**cell, "num_format": "dd-mm-yyyy", "align": "center"},
        "count": {**cell, "num_format": "#,##0"},
        "rupiah": {**cell, "num_format": "#,##0"},
        "header": {**head, "valign": "vcenter", "bg_color": "#DDEBF7"},
        "total_label": {**cell, "bold": True, "align": "right"},
        "total": {**cell, "bold": True, "num_format": "#,##0"},
        "title": {"bold": True, "font_size": 13},
        "mark": {"bold": True, "font_color": "#C00000"},
        "label": {"bold": True, "valign": "top"},
        "wrapped": {"text_wrap": True, "valign": "top"},
        "plain": {},
        "plain_count": {"num_format": "#,##0", "align": "left"},
    }
    return {name: workbook.add_format(said) for name, said in made.items()}
