"""Delimited text: any delimiter and quote, streamed through Arrow's CSV reader."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from cakupan.staging.collect import Collector
from cakupan.staging.encoding import PlainText, plain_text
from cakupan.staging.header import SEARCH_ROWS, Header, find_header
from cakupan.staging.outcome import Job, Outcome, header_findings, nil_report
from cakupan.staging.quotes import Quotes
from cakupan.staging.refusal import FileRefused, note

_DELIMITERS = (",", ";", "\t", "|")
_SNIFF = 512 << 10
_SAMPLE_ROWS = 400
_BLOCK = 8 << 20
_UNCUT = "tanda kutip tidak berpasangan atau baris terlalu panjang"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text is cut into cells.

    Attributes:
        delimiter: between cells.
        quote: around cells.
        header: where the header is.
        width: cells of a row; more than the header has when rows end in a delimiter.
        data_offset: byte at which the row after the header starts.
    """

    delimiter: str
    quote: str
    header: Header
    width: int
    data_offset: int


def read_text(job: Job) -> Outcome:
    """Read a delimited text file.

    Raises:
        FileRefused: no header is found or the text cannot be cut into rows.
    """
    text = plain_text(job.source, job.scratch)
    outcome = Outcome(
        {"format": "csv", "sheet": None, "encoding": text.encoding}, "csv"
    )
    if text.is_assumed:
        outcome.findings.append(note("ENCODING_ASSUMED", detail=text.encoding))
    start = _start(text.path)
    if not start.strip():
        raise FileRefused("FILE_EMPTY")
    dialect = _dialect(start, job.contract.dataset)
    if dialect is None:
        if _is_nil(start):
            nil_report(outcome)
            return outcome
        raise FileRefused("HEADER_NOT_FOUND")
    outcome.layout |= {
        "delimiter": dialect.delimiter,
        "header_row": dialect.header.last_row,
    }
    outcome.findings.extend(header_findings(dialect.header, job.contract, job.limits))
    with Collector(job.target, dialect.header, job.contract, job.limits) as collector:
        try:
            _stream(text, dialect, collector)
        except pa.ArrowInvalid as error:
            raise FileRefused("FILE_UNREADABLE", _UNCUT) from error
    outcome.layout["columns"] = collector.layout_columns()
    if collector.header.layout:
        outcome.layout["form"] = collector.header.layout
        outcome.layout["counts"] = collector.header.counts
    outcome.received_count = collector.received_count
    outcome.findings.extend(collector.findings())
    if not outcome.received_count:
        nil_report(outcome)
    return outcome


def _start(path: Path) -> str:
    with path.open("rb") as reader:
        data = reader.read(_SNIFF)
    text = data.decode("utf-8", "ignore")
    if len(data) == _SNIFF:  # the last record may be cut
        text = text[: text.rfind("\n") + 1] or text
    return text.removeprefix("\ufeff")


def _is_nil(start: str) -> bool:
    words = {word for word in re.split(r"[\s,;|\t\"']+", start) if word}
    return {word.casefold().strip(".") for word in words} == {"nihil"}


def _records(
    lines: list[str], delimiter: str, quote: str
) -> Iterator[tuple[int, list[str]]]:
    """Records and the number of lines read after each; ends at the first bad one."""
    csv.field_size_limit(_SNIFF * 2)
    reader = csv.reader(lines, delimiter=delimiter, quotechar=quote)
    try:
        for record in reader:
            yield reader.line_num, record
    except csv.Error:
        return


def _dialect(start: str, dataset: str) -> Dialect | None:
    """The delimiter whose header fits best; apostrophes quote if they do so there."""
    lines = _LINE.findall(start)
    found = [_try(lines, delimiter, '"', dataset) for delimiter in _DELIMITERS]
    best: Dialect | None = None
    for dialect in found:
        if dialect and (best is None or dialect.header.score > best.header.score):
            best = dialect
    if best and all(
        len(title) > 1 and title[0] == title[-1] == "'"
        for title in best.header.titles
        if title
    ):
        return _try(lines, best.delimiter, "'", dataset) or best
    return best


def _try(lines: list[str], delimiter: str, quote: str, dataset: str) -> Dialect | None:
    records = []
    for record in _records(lines, delimiter, quote):
        records.append(record)
        if len(records) >= _SAMPLE_ROWS:
            break
    header = find_header([cells for _, cells in records[:SEARCH_ROWS]], dataset)
    if header is None:
        return None
    consumed = records[header.last_row - 1][0]
    offset = sum(len(line.encode()) for line in lines[:consumed])
    data = [cells for _, cells in records[header.last_row :]]
    return Dialect(delimiter, quote, header, _width(header, data), offset)


def _width(header: Header, data: list[list[str]]) -> int:
    """Cells per row: those of the header, or more when most rows end in delimiters."""
    counts = Counter(
        len(cells) for cells in data if any(cell.strip() for cell in cells)
    )
    usual = max(counts, key=lambda size: (counts[size], size), default=0)
    titles = len(header.titles)
    surplus = [cells[titles:] for cells in data if len(cells) == usual]
    if usual > titles and not any(cell.strip() for cells in surplus for cell in cells):
        return usual
    return titles


def _stream(text: PlainText, dialect: Dialect, collector: Collector) -> None:
    bad: list[tuple[int, str]] = []

    def keep(row: Any) -> str:
        bad.append((row.number, row.text))
        return "skip"

    names = [str(i) for i in range(dialect.width)]
    begin = dialect.data_offset + _bom(text.path)
    quotes = Quotes(text.path, begin, dialect.delimiter, dialect.quote, dialect.width)
    with pa.OSFile(str(text.path)) as source:
        source.seek(begin)
        if source.tell() >= source.size():
            return
        reader = pacsv.open_csv(
            source,
            read_options=pacsv.ReadOptions(
                column_names=names, use_threads=False, block_size=_BLOCK
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char=dialect.quote if text.has_quotes else False,
                newlines_in_values=text.has_quotes,
                ignore_empty_lines=False,
                invalid_row_handler=keep,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
                null_values=[],
            ),
        )
        _drain(reader, dialect, collector, bad, quotes)


def _bom(path: Path) -> int:
    with path.open("rb") as reader:
        return 3 if reader.read(3) == b"\xef\xbb\xbf" else 0


def _drain(
    reader: Any,
    dialect: Dialect,
    collector: Collector,
    bad: list[tuple[int, str]],
    quotes: Quotes,
) -> None:
    titles = len(dialect.header.titles)
    done = 0  # records behind the header so far, those of wrong length included
    for batch in reader:
        numbers, ragged = _numbers(done, batch.num_rows, bad)
        done += batch.num_rows + len(ragged)
        _hand_over(numbers, batch.columns[:titles], ragged, dialect, collector, quotes)
    if bad:
        nothing = [pa.array([], pa.string())] * titles
        none = np.array([], np.int64)
        _hand_over(none, nothing, bad, dialect, collector, quotes)


def _hand_over(
    numbers: Any,
    columns: list[Any],
    ragged: list[tuple[int, str]],
    dialect: Dialect,
    collector: Collector,
    quotes: Quotes,
) -> None:
    above = dialect.header.last_row
    numbers = numbers + above
    ragged = [(number + above, line) for number, line in ragged]
    quotes.check(numbers, columns, ragged)
    collector.add(
        pa.array(numbers, pa.int64()),
        columns,
        ragged=[(number, _cells(line, dialect)) for number, line in ragged],
    )


def _numbers(
    done: int, count: int, bad: list[tuple[int, str]]
) -> tuple[Any, list[tuple[int, str]]]:
    """Numbers of the next good rows, and the bad rows among and right after them."""
    ragged: list[tuple[int, str]] = []
    total = count
    while bad and bad[0][0] <= done + total + 1:
        ragged.append(bad.pop(0))
        total += 1
    numbers = np.arange(done + 1, done + total + 1, dtype=np.int64)
    if ragged:
        numbers = np.setdiff1d(
            numbers, np.array([number for number, _ in ragged], dtype=np.int64)
        )
    return numbers, ragged


def _cells(line: str, dialect: Dialect) -> list[str]:
    try:
        rows = list(
            csv.reader(
                io.StringIO(line, newline=""),
                delimiter=dialect.delimiter,
                quotechar=dialect.quote,
            )
        )
    except csv.Error:
        return [line]
    return rows[0] if rows else []
