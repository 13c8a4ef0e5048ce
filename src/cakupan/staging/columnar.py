"""Parquet extracts: any column types, cast to text without loss."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cakupan.staging.collect import Collector
from cakupan.staging.header import find_header
from cakupan.staging.numbers import number_text
from cakupan.staging.outcome import Job, Outcome, header_findings, nil_report
from cakupan.staging.refusal import FileRefused

_BATCH = 100_000


def read_parquet(job: Job) -> Outcome:
    """Read a Parquet file by its column names; its first row is source row 2.

    Raises:
        FileRefused: it is too large unpacked or has no known column.
    """
    file = pq.ParquetFile(str(job.source))
    groups = (file.metadata.row_group(i) for i in range(file.metadata.num_row_groups))
    unpacked = sum(group.total_byte_size for group in groups)
    if unpacked > job.limits.text_bytes:
        raise FileRefused("FILE_BOMB", f"{unpacked >> 20} MB")
    header = find_header([file.schema_arrow.names], job.contract.dataset)
    if header is None:
        raise FileRefused("HEADER_NOT_FOUND")
    outcome = Outcome({"format": "parquet", "sheet": None, "header_row": 1}, "parquet")
    outcome.layout |= {"encoding": None, "delimiter": None}
    outcome.findings.extend(header_findings(header, job.contract, job.limits))
    with Collector(job.target, header, job.contract, job.limits) as collector:
        _stream(file, collector)
    outcome.layout["columns"] = collector.layout_columns()
    outcome.received_count = collector.received_count
    outcome.findings.extend(collector.findings())
    if not outcome.received_count:
        nil_report(outcome)
    return outcome


def _stream(file: Any, collector: Collector) -> None:
    row = 1
    for batch in file.iter_batches(batch_size=_BATCH, use_threads=False):
        columns, kinds = [], {}
        for i, (name, values) in enumerate(
            zip(collector.header.names, batch.columns, strict=True)
        ):
            text, kind = as_text_column(values, is_nik=name == "nik")
            columns.append(text)
            kinds[i] = pa.repeat(kind, len(text))
        numbers = np.arange(row + 1, row + 1 + batch.num_rows, dtype=np.int64)
        collector.add(pa.array(numbers), columns, kinds)
        row += batch.num_rows


def as_text_column(values: Any, *, is_nik: bool = False) -> tuple[Any, str]:
    """An Arrow array as text, empty for null, and the kind of its cells.

    A NIK in an integer column is exact, so it counts as text; in a column of floats it
    keeps the ``.0`` by which the NIK rules see where it came from.
    """
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    text, kind = _cast(values, is_nik)
    return pc.fill_null(text.cast(pa.string()), ""), "t" if is_nik else kind


def _cast(  # noqa: PLR0911
    values: Any, is_nik: bool
) -> tuple[Any, str]:
    types, kind = pa.types, values.type
    if types.is_boolean(kind):
        return pc.if_else(values, "1", "0"), "b"
    if types.is_temporal(kind):
        return _dates(values), "d"
    if types.is_integer(kind):
        return values.cast(pa.string()), "n"
    if types.is_decimal(kind):
        return _python(values, lambda value: format(value, "f")), "n"
    if types.is_floating(kind):
        tail = ".0" if is_nik else ""
        return _python(values, lambda value: _float(value, tail)), "n"
    if types.is_binary(kind) or types.is_large_binary(kind):
        return _python(values, lambda value: value.decode("utf-8", "replace")), "t"
    if types.is_nested(kind) or types.is_null(kind):
        return pa.nulls(len(values), pa.string()), "t"
    return values, "t"


def _python(values: Any, convert: Any) -> Any:
    texts = [None if value is None else convert(value) for value in values.to_pylist()]
    return pa.array(texts, pa.string())


def _float(value: float, tail: str) -> str | None:
    if value != value:  # noqa: PLR0124
        return None
    return number_text(value) + (tail if float(value).is_integer() else "")


def _dates(values: Any) -> Any:
    if not pa.types.is_timestamp(values.type):
        return values.cast(pa.string())
    seconds = values.cast(pa.timestamp("s"), safe=False)
    text = pc.strftime(seconds, "%Y-%m-%d %H:%M:%S")
    return pc.replace_substring_regex(text, r" 00:00:00$", "")
