"""Tables of cells as files. The same cells give the same bytes."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import xlsxwriter

from cakupan.demo.styles import Style

Rows = list[list[object]]
_STAMP = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - goes into a file property, not a time
_ZIP_STAMP = (2026, 1, 1, 0, 0, 0)


def write(path: Path, rows: Rows, style: Style) -> None:
    """Write rows in the format of a style, header and preamble included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if style.suffix in {"xlsx", "xls"}:
        _write_xlsx(path, rows)
    elif style.suffix == "ods":
        _write_ods(path, rows)
    else:
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=style.delimiter)
        writer.writerows(rows)
        data = out.getvalue().encode(style.encoding)
        is_packed = style.suffix.endswith(".gz")
        path.write_bytes(gzip.compress(data, 6, mtime=0) if is_packed else data)


def _write_xlsx(path: Path, rows: Rows) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    book.set_properties({"created": _STAMP, "author": "Cakupan demo"})
    sheet = book.add_worksheet("Data")
    as_date = book.add_format({"num_format": "dd/mm/yyyy"})
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, dt.date):
                sheet.write_datetime(number, column, cell, as_date)
            elif isinstance(cell, float | int):
                sheet.write_number(number, column, cell)
            elif cell:
                sheet.write_string(number, column, str(cell))
    book.close()


_ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'office:version="1.2"><office:body><office:spreadsheet>'
    '<table:table table:name="Data">'
)
_ODS_TAIL = (
    "</table:table></office:spreadsheet></office:body></office:document-content>"
)
_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
    'manifest:version="1.2"><manifest:file-entry manifest:full-path="/" '
    f'manifest:media-type="{_ODS_TYPE}"/><manifest:file-entry '
    'manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def _write_ods(path: Path, rows: Rows) -> None:
    body = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"
        for row in rows
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("mimetype", _ODS_TYPE),
            ("META-INF/manifest.xml", _ODS_MANIFEST),
            ("content.xml", f"{_ODS_HEAD}{body}{_ODS_TAIL}"),
        ):
            info = zipfile.ZipInfo(name, _ZIP_STAMP)
            is_mark = name == "mimetype"
            info.compress_type = zipfile.ZIP_STORED if is_mark else zipfile.ZIP_DEFLATED
            archive.writestr(info, text)


def _ods_cell(cell: object) -> str:
    if cell is None or cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, dt.date):
        kind, text = (
            f'"date" office:date-value="{cell.isoformat()}"',
            f"{cell:%d/%m/%Y}",
        )
    elif isinstance(cell, float | int):
        kind, text = f'"float" office:value="{cell:.0f}"', f"{cell:.0f}"
    else:
        kind, text = '"string"', escape(str(cell))
    return (
        f"<table:table-cell office:value-type={kind}><text:p>{text}</text:p>"
        "</table:table-cell>"
    )
