"""What a release says: its tables and their completeness, and the name that follows.

Instants of operation (``received_at``, ``released_at``) are no part of it: two runs
over the same files must give the same release.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import sqlalchemy as sa

from cakupan.core import areas
from cakupan.core.area import AreaCode
from cakupan.core.month import CoverageMonth
from cakupan.core.schema.core import areas as areas_of_schema
from cakupan.core.schema.mart import PUBLISHED
from cakupan.publish.reading import Selection

#: Changes when the same tables would be written to other files.
FORMAT_VERSION = 1

#: Columns of the published tables that say when something was done, not what is so.
OPERATIONAL = frozenset({"received_at"})

#: Columns of the area list that goes with the files.
AREA_COLUMNS = ("area_code", "area_level", "name", "parent_code", "village_kind")

Row = tuple[Any, ...]


@dataclass(frozen=True)
class ReleaseContent:
    """The published tables of a province and month.

    Attributes:
        province: two-digit Kemendagri code.
        month: coverage month.
        expected_count: reports that had to be there.
        present_count: those that are.
        is_posted: whether BPJS had closed every period of the snapshot.
        tables: columns of ``core/schema/mart.py`` without ``release_id`` and
            :data:`OPERATIONAL`, by table name, rows in the order of the key; and
            ``areas``.
    """

    province: str
    month: CoverageMonth
    expected_count: int
    present_count: int
    is_posted: bool
    tables: Mapping[str, pa.Table]

    @property
    def status(self) -> str:
        """``final`` when every expected report is there and the snapshot is posted."""
        is_complete = self.present_count == self.expected_count and self.is_posted
        return "final" if is_complete else "provisional"

    @property
    def completeness_pct(self) -> Decimal:
        """Present of expected reports, percent, two decimals."""
        if self.expected_count == 0:
            return Decimal("100.00")
        share = Decimal(100 * self.present_count) / Decimal(self.expected_count)
        return share.quantize(Decimal("0.01"), ROUND_HALF_UP)

    @cached_property
    def sha256(self) -> str:
        """Fingerprint: of a JSON line about the release, then of each table's CSV."""
        about = {
            "format": FORMAT_VERSION,
            "province": self.province,
            "month": str(self.month),
            "status": self.status,
            "expected_count": self.expected_count,
            "present_count": self.present_count,
            "is_posted": self.is_posted,
            "tables": {
                name: hashlib.sha256(csv_bytes(table)).hexdigest()
                for name, table in self.tables.items()
            },
        }
        return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()

    @property
    def release_id(self) -> str:
        """``<province>-<month>-<first 12 of the fingerprint>``."""
        return f"{self.province}-{self.month}-{self.sha256[:12]}"

    @property
    def files_prefix(self) -> str:
        """Store prefix of its files, with a slash at the end."""
        return f"releases/{self.province}/{self.month}/{self.release_id}/"


def read_content(
    province: str, month: CoverageMonth, marts: Path, participation: Path
) -> ReleaseContent:
    """Put the computed tables together.

    Args:
        province: two-digit Kemendagri code.
        month: coverage month.
        marts: folder that :func:`cakupan.publish.marts.compute_marts` wrote to.
        participation: Parquet file of the snapshot, for its ``period_status``.
    """
    tables = {}
    for name, schema in PUBLISHED.items():
        columns = [
            column.name
            for column in schema.columns
            if column.name != "release_id" and column.name not in OPERATIONAL
        ]
        tables[name] = _undeclared(
            pq.read_table(marts / f"{name}.parquet", columns=columns)
        )
    tables["areas"] = area_table(province, month)
    reporting = tables["monthly_reporting"]
    expected = reporting.filter(pc.field("is_expected"))
    return ReleaseContent(
        province=province,
        month=month,
        expected_count=expected.num_rows,
        present_count=expected.filter(pc.field("state") != "missing").num_rows,
        is_posted=_is_posted(participation),
        tables=tables,
    )


def _undeclared(table: pa.Table) -> pa.Table:
    """The same rows; that a column is never NULL is not declared.

    DuckDB declares what the plan of a query happens to know; the bytes of a release
    must not depend on that.
    """
    fields = [field.with_nullable(True) for field in table.schema]
    return table.cast(pa.schema(fields))


def _is_posted(participation: Path) -> bool:
    """No row says that its period is still open (draft, finalisasi).

    An extract without the column says nothing against it.
    """
    with pq.ParquetFile(participation) as file:
        return all(
            set(pc.unique(batch.column("period_status")).to_pylist())
            <= {"posting", None}
            for batch in file.iter_batches(columns=["period_status"])
        )


def area_table(province: str, month: CoverageMonth) -> pa.Table:
    """A province and every area in it at the end of a month, parents before their parts.

    Columns :data:`AREA_COLUMNS`.
    """
    day = month.last_day

    def below(code: str) -> Iterable[str]:
        yield code
        for child in areas.children(code, day):
            yield from below(child)

    codes = [AreaCode(code) for code in below(province)]
    return pa.table(
        {
            "area_code": [str(area) for area in codes],
            "area_level": [area.level for area in codes],
            "name": [areas.name_of(str(area), day) for area in codes],
            "parent_code": pa.array(
                [str(area.parent) if area.parent else None for area in codes],
                pa.string(),
            ),
            "village_kind": pa.array(
                [
                    areas.village_kind(str(area)) if area.level == "village" else None
                    for area in codes
                ],
                pa.string(),
            ),
        }
    )


def columns_of(table: str) -> dict[str, sa.Column[Any]]:
    """Columns of a file of the release, with their type, comment and key."""
    if table == "areas":
        return {name: areas_of_schema.columns[name] for name in AREA_COLUMNS}
    return {
        column.name: column
        for column in PUBLISHED[table].columns
        if column.name not in OPERATIONAL
    }


def rows_of(table: pa.Table) -> Iterable[Row]:
    """The rows as Python values, in order."""
    columns = [column.to_pylist() for column in table.columns]
    return zip(*columns, strict=True)


def csv_bytes(table: pa.Table) -> bytes:
    """A table as CSV: UTF-8, LF, header, ISO dates, decimal point, empty = no data."""
    return _csv_bytes(table.column_names, rows_of(table))


def selection_bytes(selection: Selection) -> bytes:
    """Rows of a query, written as :func:`csv_bytes` writes a table."""
    return _csv_bytes(selection.columns, selection.rows)


def _csv_bytes(columns: Iterable[str], rows: Iterable[Row]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_csv_cell(value) for value in row])
    return stream.getvalue().encode()


def _csv_cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case dt.datetime():
            return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case dt.date():
            return value.isoformat()
        case str():
            return safe_text(value)
        case _:
            return str(value)


def safe_text(text: str) -> str:
    """A text no spreadsheet takes for a formula: an apostrophe goes before it.

    Source: OWASP, CSV injection (cells that begin with = + - @, tab or return).
    """
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
