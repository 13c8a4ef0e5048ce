"""A report as a workbook for people who calculate: numbers are numbers.

No cell is a formula, whatever its text begins with. The same report gives the same
bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import textwrap
from collections.abc import Sequence
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
from cakupan.report.plain import EDITION_WORDS

#: The properties of a workbook hold a date; this one says nothing.
_FIXED_DATE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - xlsxwriter takes no time zone

_FORMATS: dict[Unit, str] = {
    "count": "#,##0",
    "change": "+#,##0;-#,##0;0",
    "rupiah": "#,##0.00",
    "pct": "#,##0.00",
    "points": "+#,##0.00;-#,##0.00;0.00",
    "decimal": "#,##0.00",
    "date": "[$-421]d mmmm yyyy",
}
_UNITS: dict[Unit, str] = {"pct": " (persen)", "rupiah": " (rupiah)"}
#: Length of the name of a worksheet.
_NAME = 31
#: Rows above the header: title, release, nothing.
_HEADER = 3
#: Height of a line of text and of the title, points.
_LINE, _TITLE = 15.0, 19.5
#: Columns of the sheet of texts, characters.
_TEXTS = (34, 20, 95)


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
        self.title = book.add_format(
            {"bold": True, "font_size": 14, "text_wrap": True, "valign": "top"}
        )
        self.bold = book.add_format({"bold": True, "valign": "top", "text_wrap": True})
        self.header = book.add_format(
            {"bold": True, "bottom": 1, "bg_color": "#DDEBF7", "text_wrap": True}
        )
        self.over_texts = book.add_format(
            {"bold": True, "bottom": 1, "bg_color": "#DDEBF7", "text_wrap": True,
             "align": "left", "indent": 1}
        )  # fmt: skip
        self.over_numbers = book.add_format(
            {"bold": True, "bottom": 1, "bg_color": "#DDEBF7", "text_wrap": True,
             "align": "right"}
        )  # fmt: skip
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        # behind a number a text needs room
        self.indented = book.add_format(
            {"text_wrap": True, "valign": "top", "align": "left", "indent": 1}
        )
        self.right = book.add_format({"align": "right", "valign": "top"})
        self.by_unit = {
            unit: book.add_format({"num_format": shown, "valign": "top"})
            for unit, shown in _FORMATS.items()
        }
        self.by_unit["date"].set_align("left")
        self.by_unit["date"].set_indent(1)


def _write_texts(book: Any, styles: _Styles, document: Document) -> None:
    sheet = book.add_worksheet("Ringkasan")
    for column, width in enumerate(_TEXTS):
        sheet.set_column(column, column, width)
    _for_print(sheet, document, landscape=True)
    _above(
        sheet,
        styles,
        _TEXTS,
        f"{document.title}, {document.subtitle}",
        f"{document.status} {EDITION_WORDS[document.edition]}",
    )
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
                sheet.write_string(row, 2, words, styles.indented)
                sheet.set_row(row, _height((label, "", words), _TEXTS))
                row += 1
        row += 1


def _lines(block: Block) -> list[tuple[str, Cell | None, str]]:
    match block:
        case Tiles(tiles):
            return [
                (
                    one.label + _UNITS.get(one.cell.unit, ""),
                    one.cell,
                    " ".join(one.details),
                )
                for one in tiles
            ]
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
    titles = [one.title + _UNITS.get(one.unit, "") for one in table.columns]
    widths = [
        _width(title, [row[column] for row in table.rows])
        for column, title in enumerate(titles)
    ]
    said = f"{document.subtitle}. Rilis {document.release_id}. {table.note}".strip()
    _above(sheet, styles, widths, table.title, said)
    sheet.set_row(_HEADER, _height(titles, widths))
    for column, (title, width) in enumerate(zip(titles, widths, strict=True)):
        sheet.set_column(column, column, width)
        is_text = table.columns[column].unit in {"text", "date"}
        style = styles.over_texts if is_text else styles.over_numbers
        style = style if column else styles.header
        sheet.write_string(_HEADER, column, title, style)
    for index, row in enumerate(table.rows, start=_HEADER + 1):
        sheet.set_row(index, _height([str(cell) for cell in row], widths))
        for column, cell in enumerate(row):
            _write(sheet, index, column, cell, styles)
    last = _HEADER + len(table.rows)
    sheet.print_area(0, 0, last, len(table.columns) - 1)
    sheet.freeze_panes(_HEADER + 1, 1)
    sheet.repeat_rows(_HEADER)
    if table.rows:
        sheet.autofilter(_HEADER, 0, last, len(table.columns) - 1)


def _above(
    sheet: Any, styles: _Styles, widths: Sequence[int], title: str, said: str
) -> None:
    """Title and what is to be known, over all columns: a long line widens no print."""
    whole = (sum(widths),)
    last = len(widths) - 1
    for row, text, style in ((0, title, styles.title), (1, said, styles.wrapped)):
        sheet.merge_range(row, 0, row, last, "", style)
        sheet.write_string(row, 0, text, style)
    # letters of the title are half as wide again
    sheet.set_row(0, _height((title,), (whole[0] * 2 // 3,), _TITLE))
    sheet.set_row(1, _height((said,), whole))


def _width(title: str, cells: Sequence[Cell]) -> int:
    """Of a column, characters: its cells up to 40, its title in a few lines."""
    longest = max((len(word) for word in title.split()), default=0)
    shown = [len(str(cell)) + (3 if cell.unit == "rupiah" else 0) for cell in cells]
    return max(11, min(40, max([*shown, longest, len(title) // 2]) + 2))


def _height(texts: Sequence[str], widths: Sequence[int], line: float = _LINE) -> float:
    """Of a row: programs do not agree on making room for wrapped text by themselves."""
    return line * max(
        len(textwrap.wrap(text, max(1, width - 1))) or 1
        for text, width in zip(texts, widths, strict=True)
    )


def _write(sheet: Any, row: int, column: int, cell: Cell, styles: _Styles) -> None:
    if cell.is_hidden:
        sheet.write_string(row, column, HIDDEN, styles.right)
        return
    match cell.value:
        case None:
            pass
        case str():
            style = styles.indented if column else styles.wrapped
            sheet.write_string(row, column, cell.value, style)
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
