"""Parquet extracts: any column types, cast to text without loss."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cakupan.staging.collect import Collector
from cakupan.staging.header import find_header
from cakupan.staging.outcome import Job, Outcome, header_findings, nil_report
from cakupan.staging.refusal import FileRefused
from cakupan.staging.sheet import number_text

_BATCH = 100_000


def read_parquet(job: Job) -> Outcome:
    """Read a Parquet file by its column names; row 1 of the file is source row 2.

    Raises:
        FileRefused: it is broken, too large unpacked, or has no known column.
    """
    file = pq.ParquetFile(str(job.source))
    meta = file.metadata
    unpacked = sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups))
    if unpacked > job.limits.text_bytes:
        raise FileRefused("FILE_BOMB", f"{unpacked >> 20} MB")
    titles = file.schema_arrow.names
    header = find_header([titles], job.contract.dataset)
    if header is None:
        raise FileRefused("HEADER_NOT_FOUND")
    outcome = Outcome({"format": "parquet", "sheet": None, "header_row": 1}, "parquet")
    outcome.layout |= {"encoding": None, "delimiter": None}
    outcome.findings.extend(header_findings(header, job.contract, job.limits))
    with Collector(job.target, header, job.contract, job.limits) as collector:
        row = 1
        for batch in file.iter_batches(batch_size=_BATCH, use_threads=False):
            columns, kinds = [], {}
            for i, values in enumerate(batch.columns):
                text, kind = as_text_column(values)
                columns.append(text)
                kinds[i] = pa.array([kind]).take(pa.nulls(len(text), pa.int8()).fill_null(0))
            numbers = np.arange(row + 1, row + 1 + batch.num_rows, dtype=np.int64)
            collector.add(pa.array(numbers), columns, kinds)
            row += batch.num_rows
    outcome.layout["columns"] = collector.layout_columns()
    outcome.received_count = collector.received_count
    outcome.findings.extend(collector.findings())
    if not outcome.received_count:
        nil_report(outcome)
    return outcome


def as_text_column(values: Any) -> tuple[Any, str]:
    """An Arrow array as text, empty for null, and the kind of its cells.

    Integers and decimals are exact, so a NIK in them keeps all digits: kind ``t`` is
    given to them by ``as_text_column`` as ``i`` never appears elsewhere; floats keep a
    ``.0`` tail so that the NIK rules can see where they came from.
    """
    kind = values.type
    if pa.types.is_dictionary(kind):
        return as_text_column(values.dictionary_decode())
    if pa.types.is_boolean(kind):
        return _filled(pc.if_else(values, "1", "0")), "b"
    if pa.types.is_temporal(kind):
        return _filled(_dates(values)), "d"
    if pa.types.is_floating(kind):
        texts = [None if v is None or math.isnan(v) else _float(v) for v in values.to_pylist()]
        return _filled(pa.array(texts, pa.string())), "n"
    if pa.types.is_decimal(kind):
        texts = [None if v is None else format(v, "f") for v in values.to_pylist()]
        return _filled(pa.array(texts, pa.string())), "n"
    if pa.types.is_integer(kind):
        return _filled(values.cast(pa.string())), "i"
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        texts = [None if v is None else v.decode("utf-8", "replace") for v in values.to_pylist()]
        return _filled(pa.array(texts, pa.string())), "t"
    if pa.types.is_nested(kind) or pa.types.is_null(kind):
        return pa.array([""] * len(values), pa.string()), "t"
    return _filled(values.cast(pa.string())), "t"


def _filled(texts: Any) -> Any:
    return pc.fill_null(texts.cast(pa.string()), "")


def _float(value: float) -> str:
    return f"{number_text(value)}.0" if float(value).is_integer() else number_text(value)


def _dates(values: Any) -> Any:
    if pa.types.is_timestamp(values.type):
        text = pc.strftime(values.cast(pa.timestamp("s"), safe=False), "%Y-%m-%d %H:%M:%S")
        return pc.replace_substring_regex(text, r" 00:00:00$", "")
    return values.cast(pa.string())
