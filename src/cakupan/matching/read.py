"""Person files as Arrow tables of text: CSV in any encoding, or Parquet."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from cakupan.core.errors import UsageError
from cakupan.core.masking import masked_name
from cakupan.matching.columns import Layout, layout

_DELIMITERS = ",;\t|"
_SAMPLE = 256 << 10


def read_people(path: Path) -> tuple[pa.Table, Layout]:
    """Read a person file.

    Args:
        path: ``.parquet``, or delimited text (``.gz`` too) with a header.

    Returns:
        A table of text columns ``id`` and the fields found, NULL where a cell is empty;
        and where they stood.

    Raises:
        UsageError: the file cannot be read, or has no ``id`` or nothing to compare.
    """
    shown = masked_name(path.name)
    if not path.is_file():
        raise UsageError("FILE_NOT_FOUND", f"There is no file {shown}.")
    try:
        if path.suffix.lower() in {".parquet", ".pq"}:
            table = pq.read_table(path)
        else:
            table = _read_text(path)
    except (pa.ArrowException, OSError, EOFError, zlib.error, csv.Error) as error:
        raise UsageError(
            "FILE_UNREADABLE",
            f"{shown} cannot be read ({type(error).__name__}).",
            "Give a CSV file with a header, or a Parquet file.",
        ) from None
    return people_table(table, shown)


def people_table(table: pa.Table, shown: str = "the table") -> tuple[pa.Table, Layout]:
    """A table of any columns as ``id`` and fields, all text.

    Raises:
        UsageError: there is no ``id``, or nothing to compare.
    """
    found = layout(table.column_names)
    if "id" not in found.columns:
        raise UsageError(
            "ID_MISSING", f"{shown} has no column id.", "Name the key column id."
        )
    if len(found.columns) == 1:
        raise UsageError(
            "NOTHING_TO_COMPARE",
            f"{shown} has none of the columns nik, name, birth_date, sex, "
            "village_code, address, phone.",
            "Rename the columns; `cakupan link --help` lists them.",
        )
    columns = {
        field: _joined(table, titles, "-" if field == "birth_date" else " ")
        for field, titles in found.columns.items()
    }
    return pa.table(columns), found


def _joined(table: pa.Table, titles: tuple[str, ...], between: str) -> pa.ChunkedArray:
    parts = [_text(table.column(table.column_names.index(title))) for title in titles]
    if len(parts) == 1:
        return parts[0]
    # null_handling="skip" of Arrow 26 loses the rows whose parts are all NULL
    filled = [pc.fill_null(part, "") for part in parts]
    joined = pc.binary_join_element_wise(*filled, between)
    joined = pc.replace_substring_regex(joined, f"{between}+", between)
    joined = pc.utf8_trim(joined, characters=between)
    return pc.if_else(pc.equal(joined, ""), pa.scalar(None, pa.string()), joined)


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_timestamp(kind):
        column = pc.strftime(column, format="%Y-%m-%d")
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        column = pa.chunked_array(
            [[v and v.decode("utf-8", "replace") for v in column.to_pylist()]],
            type=pa.string(),
        )
    elif pa.types.is_nested(kind) or pa.types.is_null(kind):
        column = pa.chunked_array(
            [[None if v is None else str(v) for v in column.to_pylist()]],
            type=pa.string(),
        )
    trimmed = pc.utf8_trim_whitespace(column.cast(pa.string()))
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def _read_text(path: Path) -> pa.Table:
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    text = _utf8(data)
    if not text.strip():
        raise pa.ArrowInvalid("empty")
    sample = text[:_SAMPLE].decode("utf-8", "ignore")
    head = next(csv.reader(io.StringIO(sample), delimiter=_delimiter(sample)), [])
    titles = [title.strip() for title in head]
    unique = [
        title if title and title not in titles[:place] else f"{title}__{place}"
        for place, title in enumerate(titles)
    ]

    return pacsv.read_csv(
        pa.BufferReader(text),
        read_options=pacsv.ReadOptions(
            column_names=unique, skip_rows_after_names=1, use_threads=True
        ),
        parse_options=pacsv.ParseOptions(
            delimiter=_delimiter(sample), newlines_in_values=True
        ),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(unique, pa.string()),
            strings_can_be_null=True,
            null_values=[""],
        ),
    )


def _delimiter(sample: str) -> str:
    first = next((line for line in sample.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=first.count)


def _utf8(data: bytes) -> bytes:
    """UTF-8 without byte order mark; UTF-16 by its mark, else Windows-1252."""
    if data.startswith(codecs.BOM_UTF8):
        data = data[len(codecs.BOM_UTF8) :]
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace").encode("utf-8")
    try:
        codecs.utf_8_decode(data, "strict", True)
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace").encode("utf-8")
    return data
