"""A report as a workbook for people who calculate: numbers are numbers.

No cell is a formula, whatever its text begins with. The same report gives the same
bytes.
"""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import xlsxwriter

from cakupan.report.cells import HIDDEN, Cell, Unit
from cakupan.report.document import (
    Block,
    Chart,
    Charts,
    Document,
    Items,
    Paragraph,
    Table,
    Tiles,
)

#: The properties of a workbook hold a date; this one says nothing.
_FIXED_DATE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - xlsxwriter takes no time zone

_FORMATS: dict[Unit, str] = {
    "count": "#,##0",
    "change": "+#,##0;-#,##0;0",
    "rupiah": "#,##0.00",
    "pct": "#,##0.00",
    "points": "+#,##0.00;-#,##0.00;0.00",
    "decimal": "#,##0.00",
    "date": "[$-421]dd mmmm yyyy",
}
_UNITS: dict[Unit, str] = {"pct": " (persen)", "rupiah": " (rupiah)"}
#: Length of the name of a worksheet.
_NAME = 31
#: Rows above the header: title, release, nothing.
_HEADER = 3


def xlsx_bytes(document: Document) -> bytes:
    """The report as a workbook: a sheet of texts, then one per table."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties(
        {
            "title": f"{document.title}, {document.subtitle}",
            "subject": document.release_id,
            "comments": document.status,
            "created": _FIXED_DATE,
        }
    )
    styles = _Styles(book)
    _write_texts(book, styles, document)
    taken: set[str] = set()
    for _, block in document.blocks():
        if isinstance(block, Table):
            _write_table(book, styles, document, block, taken)
    book.close()
    return stream.getvalue()


class _Styles:
    """The formats of one workbook."""

    def __init__(self, book: Any) -> None:
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.bold = book.add_format({"bold": True, "valign": "top", "text_wrap": True})
        self.header = book.add_format(
            {"bold": True, "bottom": 1, "bg_color": "#DDEBF7", "text_wrap": True}
        )
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.right = book.add_format({"align": "right"})
        self.by_unit = {
            unit: book.add_format({"num_format": shown, "valign": "top"})
            for unit, shown in _FORMATS.items()
        }


def _write_texts(book: Any, styles: _Styles, document: Document) -> None:
    sheet = book.add_worksheet("Ringkasan")
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 20)
    sheet.set_column(2, 2, 95)
    _for_print(sheet, document, landscape=True)
    sheet.write_string(0, 0, f"{document.title}, {document.subtitle}", styles.title)
    sheet.write_string(1, 0, f"{document.status} Edisi {document.edition}.")
    sheet.write_string(2, 0, f"Rilis {document.release_id}")
    sheet.freeze_panes(_HEADER, 0)
    row = _HEADER + 1
    for section in document.sections:
        sheet.write_string(row, 0, section.title, styles.header)
        sheet.write_blank(row, 1, None, styles.header)
        sheet.write_blank(row, 2, None, styles.header)
        row += 1
        for block in section.blocks:
            for label, cell, words in _lines(block):
                sheet.write_string(row, 0, label, styles.bold)
                if cell is not None:
                    _write(sheet, row, 1, cell, styles)
                sheet.write_string(row, 2, words, styles.wrapped)
                row += 1
        row += 1


def _lines(block: Block) -> list[tuple[str, Cell | None, str]]:
    match block:
        case Tiles(tiles):
            return [(one.label, one.cell, " ".join(one.details)) for one in tiles]
        case Items(items):
            return [(head, None, words) for head, words in items]
        case Paragraph(words):
            return [("", None, words)]
        case Chart(title, _, words, _):
            return [(title, None, words)]
        case Charts(charts):
            return [(one.title, None, one.words) for one in charts]
        case Table(title, _, _, note, sheet):
            return [(title, None, f"Lembar {sheet}. {note}".strip())]


def _write_table(
    book: Any, styles: _Styles, document: Document, table: Table, taken: set[str]
) -> None:
    name = (table.sheet or table.title)[:_NAME]
    if name.lower() in taken:
        name = f"{name[: _NAME - 3]} {len(taken)}"
    taken.add(name.lower())
    sheet = book.add_worksheet(name)
    _for_print(sheet, document, landscape=len(table.columns) > 6)
    sheet.write_string(0, 0, table.title, styles.title)
    sheet.write_string(
        1, 0, f"{document.subtitle}. Rilis {document.release_id}. {table.note}".strip()
    )
    for column, one in enumerate(table.columns):
        title = one.title + _UNITS.get(one.unit, "")
        cells = [len(str(row[column])) for row in table.rows]
        width = max(11, min(40, max([*cells, len(title) // 2], default=0) + 2))
        sheet.set_column(column, column, width)
        sheet.write_string(_HEADER, column, title, styles.header)
    for index, row in enumerate(table.rows, start=_HEADER + 1):
        for column, cell in enumerate(row):
            _write(sheet, index, column, cell, styles)
    last = _HEADER + len(table.rows)
    sheet.freeze_panes(_HEADER + 1, 1)
    sheet.repeat_rows(_HEADER)
    if table.rows:
        sheet.autofilter(_HEADER, 0, last, len(table.columns) - 1)


def _write(sheet: Any, row: int, column: int, cell: Cell, styles: _Styles) -> None:
    if cell.is_hidden:
        sheet.write_string(row, column, HIDDEN, styles.right)
        return
    match cell.value:
        case None:
            pass
        case str():
            sheet.write_string(row, column, cell.value, styles.wrapped)
        case dt.date():
            sheet.write_datetime(row, column, cell.value, styles.by_unit["date"])
        case int() | Decimal():
            sheet.write_number(row, column, cell.value, styles.by_unit.get(cell.unit))


def _for_print(sheet: Any, document: Document, *, landscape: bool) -> None:
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.set_footer(f"&L{document.release_id}&RHalaman &P dari &N")
