"""Person files as Arrow tables of text: CSV in any encoding, or Parquet."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import math
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from cakupan.core.errors import UsageError
from cakupan.core.masking import masked_name
from cakupan.matching.broken import Broken, check_no_workbook, check_text, fault
from cakupan.matching.columns import Layout, layout, squeezed

_PARQUET = b"PAR1"
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
        table = _read(path)
    except Broken as broken:
        raise UsageError(
            "FILE_UNREADABLE", f"{shown} {broken.why}.", broken.fix
        ) from None
    except OSError as error:
        raise UsageError(
            "FILE_UNREADABLE",
            f"{shown} cannot be opened ({type(error).__name__}).",
            "Let this user read it.",
        ) from None
    return people_table(table, shown)


def _read(path: Path) -> pa.Table:
    with path.open("rb") as stream:
        head = stream.read(len(_PARQUET))
    check_no_workbook(head)
    if head == _PARQUET:
        try:
            return pq.read_table(path)
        except (pa.ArrowException, OSError):
            raise Broken("is a damaged Parquet file") from None
    if path.suffix.lower() in {".parquet", ".pq"}:
        raise Broken("is no Parquet file, though its name says so")
    return _read_text(path)


def people_table(table: pa.Table, shown: str = "the table") -> tuple[pa.Table, Layout]:
    """A table of any columns as ``id`` and fields, all text.

    Raises:
        UsageError: there is no ``id``, nothing to compare, or a column twice.
    """
    found = layout(table.column_names)
    _check_once(table.column_names, found, shown)
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


def _check_once(titles: Sequence[str], found: Layout, shown: str) -> None:
    """Of two columns of one name nobody can tell which one is meant.

    Raises:
        UsageError: a column that is read stands more than once.
    """
    counts = Counter(map(squeezed, titles))
    for title in (title for group in found.columns.values() for title in group):
        if (count := counts[squeezed(title)]) > 1:
            raise UsageError(
                "COLUMN_TWICE",
                f"{shown} has the column {title} {count} times.",
                "Keep the one with the values; rename or delete the others.",
            )


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
    if pa.types.is_floating(kind):
        column = _digits(column)
    elif pa.types.is_decimal(kind):
        column = pc.replace_substring_regex(column.cast(pa.string()), r"\.0+$", "")
    elif pa.types.is_timestamp(kind):
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


def _digits(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whole numbers of a floating column as their digits, not as powers of ten.

    pandas makes such a column of every column of numbers with an empty cell. Numbers
    from 2**53 on (2**24 of 32 bits, IEEE 754) are no longer exact: they stay powers of
    ten, which :func:`cakupan.matching.values.number` takes for damaged.
    """
    exact = 1 << (np.finfo(column.type.to_pandas_dtype()).nmant + 1)

    def text(value: float | None) -> str | None:
        if value is None or not math.isfinite(value):
            return None
        if not value.is_integer():
            return str(value)
        return str(int(value)) if abs(value) < exact else f"{value:E}"

    texts = [text(value) for value in column.to_pylist()]
    return pa.chunked_array([texts], pa.string())


def _read_text(path: Path) -> pa.Table:
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = _unpacked(data)
    check_no_workbook(data)
    text = _utf8(data)
    check_text(text)
    table_text = text.lstrip(b"\r\n")
    sample = table_text[:_SAMPLE].decode("utf-8", "ignore")
    delimiter = _delimiter(sample)
    try:
        table = _read_csv(table_text, sample, delimiter)
    except (pa.ArrowException, csv.Error):
        found = fault(text, delimiter)
        raise found or Broken("has rows that do not fit its header") from None
    if text.count(b'"') % 2 and (found := fault(text, delimiter)):
        raise found
    return table


def _unpacked(data: bytes) -> bytes:
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        raise Broken("is a damaged or cut off gzip file") from None


def _read_csv(text: bytes, sample: str, delimiter: str) -> pa.Table:
    lines = io.StringIO(sample, newline=None)
    titles = [title.strip() for title in next(csv.reader(lines, delimiter=delimiter))]
    return pacsv.read_csv(
        pa.BufferReader(text),
        read_options=pacsv.ReadOptions(
            column_names=titles, skip_rows_after_names=1, use_threads=True
        ),
        parse_options=pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(titles, pa.string()),
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
