"""Workbooks (XLSX, XLS, ODS) through calamine: every cell as text, with its kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetVisibleEnum,
)

from cakupan.core.findings import Finding, Grade, Severity
from cakupan.staging.collect import Collector
from cakupan.staging.header import SEARCH_ROWS, Header, find_header
from cakupan.staging.keys import key
from cakupan.staging.numbers import number_text
from cakupan.staging.outcome import Job, Outcome, header_findings, nil_report
from cakupan.staging.refusal import FileRefused, note

_CHUNK = 20_000


def read_sheet(job: Job, file_format: str) -> Outcome:
    """Read the sheet of a workbook whose header fits best.

    Raises:
        FileRefused: the workbook is broken, empty or holds no such header.
    """
    try:
        # by content: a file called .xls is often XLSX inside
        with job.source.open("rb") as stream:
            workbook = CalamineWorkbook.from_filelike(stream)
        names = list(workbook.sheet_names)
        best = _best_sheet(workbook, names, job.contract.dataset)
    except CalamineError as error:
        raise FileRefused("FILE_UNREADABLE", "buku kerja rusak") from error
    outcome = Outcome({"format": file_format, "sheet": None}, file_format)
    outcome.layout |= {"encoding": None, "delimiter": None}
    if best.header is None or best.sheet is None:
        if best.is_nil:
            nil_report(outcome)
            return outcome
        raise FileRefused("FILE_EMPTY" if best.is_empty else "HEADER_NOT_FOUND")
    header = _titled(best.header)
    outcome.layout |= {"sheet": names[best.index], "header_row": header.last_row}
    outcome.findings.extend(header_findings(header, job.contract, job.limits))
    if best.others:
        outcome.findings.append(note("SHEETS_IGNORED", best.others))
    if best.tables:
        outcome.findings.append(_unread(best.tables))
    with Collector(job.target, header, job.contract, job.limits) as collector:
        _stream(best.sheet, header, collector)
    outcome.layout["columns"] = collector.layout_columns()
    if collector.header.layout:
        outcome.layout["form"] = collector.header.layout
        outcome.layout["counts"] = collector.header.counts
    outcome.received_count = collector.received_count
    outcome.findings.extend(collector.findings())
    if not outcome.received_count:
        nil_report(outcome)
    return outcome


def _unread(places: list[int]) -> Finding:
    """Other sheets that hold the same table; told by place, a name may be a person's."""
    listed = ", ".join(f"lembar ke-{place}" for place in places)
    grade, severity = Grade.SUBMISSION, Severity.WARNING
    return Finding("SHEETS_UNREAD", grade, severity, "", None, len(places), listed)


def _titled(header: Header) -> Header:
    """The header without the untitled columns to its right: not part of the table."""
    width = max(i for i, title in enumerate(header.titles) if title) + 1
    return replace(header, titles=header.titles[:width], names=header.names[:width])


class _Best:
    """The sheet to read, and what the others are.

    Attributes:
        others: other sheets that are not empty.
        tables: places, from 1, of visible ones among them whose header fits as well
            and that hold rows.
    """

    def __init__(self) -> None:
        self.index = 0
        self.sheet: CalamineSheet | None = None
        self.header: Header | None = None
        self.others = 0
        self.tables: list[int] = []
        self.is_nil = False
        self.is_empty = True


def _best_sheet(workbook: CalamineWorkbook, names: list[str], dataset: str) -> _Best:
    """The sheet whose header fits best; of equals a visible one, then the first."""
    best = _Best()
    filled = 0
    fitting: list[tuple[int, bool, int, CalamineSheet, Header]] = []
    for index in range(len(names)):
        sheet = workbook.get_sheet_by_index(index)
        rows = _first_rows(sheet)
        texts = {key(cell) for row in rows for cell in row if cell.strip()}
        if not texts:
            continue
        filled += 1
        best.is_empty = False
        best.is_nil = best.is_nil or texts == {"nihil"}
        header = find_header(rows, dataset)
        if header:
            shown = workbook.sheets_metadata[index].visible == SheetVisibleEnum.Visible
            fitting.append((header.score, shown, -index, sheet, header))
    if not fitting:
        return best
    chosen = max(fitting, key=lambda found: found[:3])
    best.index, best.sheet, best.header = -chosen[2], chosen[3], chosen[4]
    best.others = filled - 1
    best.tables = [
        1 - place
        for score, shown, place, sheet, header in fitting
        if shown and score == chosen[0] and place != chosen[2]
        if sheet.end and sheet.end[0] >= header.last_row  # counted from 0
    ]
    return best


def _rows(sheet: CalamineSheet) -> Iterator[list[Any]]:
    """Rows of a sheet from its first row and column on, used or not.

    ``iter_rows`` starts at row 1 but at the first used column.
    """
    before = [""] * (sheet.start[1] if sheet.start else 0)
    return (before + row for row in sheet.iter_rows()) if before else sheet.iter_rows()


def _first_rows(sheet: CalamineSheet) -> list[list[str]]:
    if sheet.start is None:
        return []
    first = islice(_rows(sheet), SEARCH_ROWS)
    return [[as_text(cell)[0] for cell in row] for row in first]


def _stream(sheet: CalamineSheet, header: Header, collector: Collector) -> None:
    titles = len(header.titles)
    rows = islice(_rows(sheet), header.last_row, None)
    number = header.last_row
    while chunk := list(islice(rows, _CHUNK)):
        columns, kinds = [], {}
        for i, cells in enumerate(islice(zip(*chunk, strict=True), titles)):
            text, kind = _column(cells)
            columns.append(text)
            if kind is not None:
                kinds[i] = kind
        numbers = np.arange(number + 1, number + 1 + len(chunk), dtype=np.int64)
        collector.add(pa.array(numbers), columns, kinds)
        number += len(chunk)


def _column(cells: tuple[Any, ...]) -> tuple[Any, Any]:
    """A column as text, and the kinds of its cells when not all are text."""
    if all(type(cell) is str for cell in cells):
        return pa.array(cells, pa.string()), None
    texts, kinds = zip(*map(as_text, cells), strict=True)
    return pa.array(texts, pa.string()), pa.array(kinds, pa.string())


def as_text(cell: Any) -> tuple[str, str]:
    """A cell as text without loss, and its kind.

    Whole numbers become digits, other numbers their shortest exact decimal form,
    dates ISO, booleans 1 and 0.
    """
    if type(cell) is str:
        return cell, "t"
    if type(cell) is float or type(cell) is int:
        return number_text(cell), "n"
    if isinstance(cell, bool):
        return ("1" if cell else "0"), "b"
    if isinstance(cell, dt.datetime):
        day = cell.time() == dt.time()
        return (cell.date().isoformat() if day else cell.isoformat(" ", "seconds")), "d"
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat(), "d"
    return str(cell), "d" if isinstance(cell, dt.timedelta) else "t"
