"""The release as one XLSX workbook, for the office that opens it in a spreadsheet."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter

from cakupan.core import areas
from cakupan.core.schema.mart import PUBLISHED
from cakupan.publish import wording
from cakupan.publish.content import ReleaseContent, Row, columns_of, rows_of

#: Rows a sheet can hold below its header. Larger tables go without their villages.
LIMIT = 1_048_575

#: The properties of a workbook hold a date; this one says nothing.
_FIXED_DATE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - xlsxwriter takes no time zone

#: By the ending of the column; 421 is Indonesian.
_NUMBER_FORMATS = (
    ("coverage_month", "[$-421]mmmm yyyy"),
    ("_date", "[$-421]dd mmmm yyyy"),
    ("_at", "[$-421]dd mmmm yyyy hh:mm:ss"),
    ("_pct", "#,##0.00"),
    ("_count", "#,##0"),
    ("rupiah", "#,##0.00"),
)


def write_workbook(content: ReleaseContent, target: Path, scratch: Path) -> None:
    """Write a read-me sheet and one sheet per published table.

    Numbers are numbers (thousands and decimals are shown the way the reader's locale
    does, month names in Indonesian), texts are never formulas, the header stays in
    view. The same content gives the same bytes.

    Args:
        content: the release.
        target: file to write.
        scratch: folder for the rows while they are written.
    """
    book = xlsxwriter.Workbook(
        str(target),
        {
            "constant_memory": True,
            "tmpdir": str(scratch),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties(
        {
            "title": wording.title(content),
            "subject": content.release_id,
            "comments": wording.status(content),
            "created": _FIXED_DATE,
        }
    )
    _write_readme(book, content)
    for name in PUBLISHED:
        _write_table(book, content, name)
    book.close()


def _write_readme(book: Any, content: ReleaseContent) -> None:
    sheet = book.add_worksheet("Baca dulu")
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 110)
    bold = book.add_format({"bold": True, "valign": "top"})
    heading = book.add_format({"bold": True, "font_size": 14})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    lines: list[tuple[str, str]] = [
        ("Nomor rilis", content.release_id),
        ("Status", wording.status(content)),
        ("Sidik isi (sha256)", content.sha256),
        ("Kerahasiaan", wording.PRIVACY),
        ("Sumber wilayah", wording.AREA_RIGHTS),
    ]
    lines += [("Cara membaca", rule) for rule in wording.RULES]
    lines += [
        ("Di atas 100 persen", line) for line in wording.shares_above_100(content)
    ]
    lines += [("Belum ada", line) for line in wording.missing_reports(content)]
    for name, schema in PUBLISHED.items():
        if _shown(content.tables[name]).num_rows < content.tables[name].num_rows:
            lines.append((name, "Baris desa hanya ada di berkas CSV dan Parquet."))
        lines.append((name, str(schema.comment)))
        lines += [
            (f"   {column.name}", str(column.comment))
            for column in columns_of(name).values()
        ]
    sheet.write_string(0, 0, wording.title(content), heading)
    before = ""
    for index, (label, text) in enumerate(lines, start=2):
        if label != before:
            sheet.write_string(index, 0, label, bold)
        sheet.write_string(index, 1, text, wrapped)
        before = label


def _write_table(book: Any, content: ReleaseContent, name: str) -> None:
    table = _shown(content.tables[name])
    names = table.column_names
    formats = _formats(book, names)
    sheet = book.add_worksheet(name)
    header = book.add_format({"bold": True, "bottom": 1, "bg_color": "#DDEBF7"})
    shown = ["nama_wilayah" if each is None else each for each in _with_name(names)]
    for column, label in enumerate(shown):
        sheet.set_column(column, column, max(12, min(34, len(label) + 3)))
        sheet.write_string(0, column, label, header)
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, table.num_rows, len(shown) - 1)
    position = names.index("area_code")
    for index, row in enumerate(rows_of(table), start=1):
        cells: Row = (
            *row[: position + 1],
            areas.name_of(row[position]),
            *row[position + 1 :],
        )
        for column, value in enumerate(cells):
            _write_cell(sheet, index, column, value, formats[column])


def _shown(table: pa.Table) -> pa.Table:
    if table.num_rows <= LIMIT:
        return table
    return table.filter(pc.field("area_level") != "village")


def _with_name(names: list[str]) -> list[str | None]:
    """The columns shown: the name of the area stands after its code."""
    position = names.index("area_code") + 1
    return [*names[:position], None, *names[position:]]


def _formats(book: Any, names: list[str]) -> list[Any]:
    return [
        next(
            (
                book.add_format({"num_format": shown})
                for ending, shown in _NUMBER_FORMATS
                if name is not None and name.endswith(ending)
            ),
            None,
        )
        for name in _with_name(names)
    ]


def _write_cell(sheet: Any, row: int, column: int, value: object, style: Any) -> None:
    match value:
        case None:
            pass
        case bool():
            sheet.write_boolean(row, column, value)
        case dt.datetime():
            # spreadsheets know no time zone: the column says UTC
            naive = value.astimezone(dt.UTC).replace(tzinfo=None)
            sheet.write_datetime(row, column, naive, style)
        case dt.date():
            sheet.write_datetime(row, column, value, style)
        case str():
            sheet.write_string(row, column, value)
        case _:
            sheet.write_number(row, column, value, style)
