"""Small workbooks of the old and the open format, for tests of reading."""

from __future__ import annotations

import datetime as dt
import io

import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

HEAD = ["NIK", "Nama", "Tanggal Lahir", "Penghasilan"]
GOOD = "6402014107850001"


def old_workbook() -> bytes:
    """One person in an XLS file."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    style = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for i, title in enumerate(HEAD):
        sheet.write(0, i, title)
    sheet.write(1, 0, GOOD)
    sheet.write(1, 1, "CONTOH")
    sheet.write(1, 2, dt.date(1985, 7, 1), style)
    sheet.write(1, 3, 16800)
    memory = io.BytesIO()
    book.save(memory)
    return memory.getvalue()


def open_document() -> bytes:
    """One person in an ODS file."""
    document = OpenDocumentSpreadsheet()
    sheet = Table(name="Data")
    for cells in (HEAD, [GOOD, "CONTOH", dt.date(1985, 7, 1), 16800]):
        row = TableRow()
        for cell in cells:
            if isinstance(cell, dt.date):
                made = TableCell(valuetype="date", datevalue=cell.isoformat())
            elif isinstance(cell, int):
                made = TableCell(valuetype="float", value=str(cell))
            else:
                made = TableCell(valuetype="string")
            made.addElement(P(text=str(cell)))
            row.addElement(made)
        sheet.addElement(row)
    document.spreadsheet.addElement(sheet)
    memory = io.BytesIO()
    document.write(memory)
    return memory.getvalue()
