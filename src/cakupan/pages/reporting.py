"""The reporting matrix as the page shows it: states with a symbol, a word and a colour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from cakupan.core.context import Context
from cakupan.core.month import CoverageMonth
from cakupan.core.schema import ops
from cakupan.pages.access import Visitor
from cakupan.publish.reading import selected
from cakupan.publish.reporting import reporting_now
from cakupan.runs.status import shown_submissions

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class State:
    """How a cell is shown.

    Attributes:
        symbol: tells states apart without colour.
        word: Indonesian.
        tone: class of the style sheet.
    """

    symbol: str
    word: str
    tone: str


STATES = {
    "on_time": State("✓", "tepat waktu", "good"),
    "late": State("◔", "terlambat", "warn"),
    "nil": State("0", "nihil", "good"),
    "waiting": State("…", "belum jatuh tempo", "plain"),
    "checking": State("↻", "sedang diperiksa", "plain"),
    "missing": State("–", "belum ada", "bad"),
    "refused": State("✗", "ditolak", "bad"),
}


@dataclass(frozen=True, slots=True)
class Matrix:
    """Who sent what for one month.

    Attributes:
        month: coverage month.
        datasets: columns, the expected ones first.
        due: earliest due instant per dataset, ``None`` when nobody is expected.
        areas: rows, by code.
        cells: per (area, dataset) the row of the ledger with its ``shown`` state and
            the ``submission_id`` behind it.
        missing: overdue rows, refused ones too, by due date and area.
    """

    month: CoverageMonth
    datasets: tuple[str, ...]
    due: dict[str, dt.datetime | None]
    areas: tuple[str, ...]
    cells: dict[tuple[str, str], Row]
    missing: tuple[Row, ...]


class Ledgers:
    """The rows of some months, as long as the ledger stays the same.

    Computing them takes a DuckDB session; asking whether anything changed, one query.
    """

    _MOST = 50

    def __init__(self) -> None:
        self._known: dict[tuple[str, CoverageMonth], tuple[object, list[Row]]] = {}

    def rows(self, context: Context, province: str, month: CoverageMonth) -> list[Row]:
        """Rows of :func:`reporting_now`, copies that may be changed."""
        state = _state_of_ledger(context.engine, province, month)
        known = self._known.get((province, month))
        if known is None or known[0] != state:
            if len(self._known) >= self._MOST:
                self._known.clear()
            known = state, reporting_now(context, province, month)
            self._known[province, month] = known
        return [dict(row) for row in known[1]]


def _state_of_ledger(
    engine: sa.Engine, province: str, month: CoverageMonth
) -> tuple[Any, ...]:
    """Changes with every file that lands, is registered or is processed."""
    table = ops.submissions
    columns: list[sa.ColumnElement[Any]] = [
        sa.func.count(),
        sa.func.max(table.c.landing_number),
        sa.func.max(table.c.processed_at),
        sa.func.sum(table.c.revision),
    ]
    query = (
        sa.select(*columns)
        .where(table.c.province_code == province)
        .where(table.c.coverage_month == month.first_day)
    )
    return selected(engine, query).rows[0]


def matrix_of(
    context: Context,
    ledgers: Ledgers,
    visitor: Visitor,
    province: str,
    month: CoverageMonth,
    now: dt.datetime,
) -> Matrix:
    """The matrix as the ledger stands now, of the areas of a visitor.

    Args:
        context: store and warehouse, for reading.
        ledgers: rows known from before.
        visitor: whose areas are shown.
        province: two-digit code.
        month: coverage month.
        now: decides what is overdue.
    """
    shown = shown_submissions(context.engine, province, month)
    rows = [
        {**row, "submission_id": shown.get((row["area_code"], row["dataset"]))}
        for row in ledgers.rows(context, province, month)
        if visitor.covers(row["area_code"])
    ]
    waiting = _being_checked(context.engine, province, month)
    for row in rows:
        row["shown"] = STATES[_state(row, waiting, now)]
    expected = sorted({row["dataset"] for row in rows if row["is_expected"]})
    others = sorted({row["dataset"] for row in rows} - set(expected))
    return Matrix(
        month=month,
        datasets=(*expected, *others),
        due={name: _due(rows, name) for name in (*expected, *others)},
        areas=tuple(sorted({row["area_code"] for row in rows})),
        cells={(row["area_code"], row["dataset"]): row for row in rows},
        missing=tuple(
            sorted(
                (
                    row
                    for row in rows
                    if row["is_expected"] and row["shown"].tone == "bad"
                ),
                key=lambda row: (row["due_at"], row["area_code"], row["dataset"]),
            )
        ),
    )


def months_of(engine: sa.Engine, province: str, today: dt.date) -> list[CoverageMonth]:
    """Months anything landed for, and the two before today, the latest first."""
    now = CoverageMonth.of(today)
    known = set(_landed_months(engine, province))
    return sorted(known | {now.plus(-1), now.plus(-2)}, reverse=True)


def _landed_months(engine: sa.Engine, province: str) -> list[CoverageMonth]:
    table = ops.submissions
    query = (
        sa.select(table.c.coverage_month)
        .where(table.c.province_code == province)
        .distinct()
    )
    return [CoverageMonth.of(row[0]) for row in selected(engine, query).rows]


def latest_reported(months: Sequence[CoverageMonth], today: dt.date) -> CoverageMonth:
    """The month reports are due for now: the one before today's, where it is known."""
    before = CoverageMonth.of(today).plus(-1)
    return before if before in months else months[0]


def latest_with_files(
    engine: sa.Engine, province: str, today: dt.date
) -> CoverageMonth:
    """The last month anything was sent for; the month before today's without any."""
    now = CoverageMonth.of(today)
    known = [one for one in _landed_months(engine, province) if one <= now]
    return max(known, default=now.plus(-1))


def _state(row: Row, waiting: set[tuple[str, str]], now: dt.datetime) -> str:
    if row["state"] != "missing":
        return str(row["state"])
    if (row["area_code"], row["dataset"]) in waiting:
        return "checking"
    if row["is_refused"]:
        return "refused"
    is_overdue = row["due_at"] is None or row["due_at"] < now
    return "missing" if is_overdue else "waiting"


def _due(rows: Sequence[Row], dataset: str) -> dt.datetime | None:
    found = [
        row["due_at"] for row in rows if row["dataset"] == dataset and row["due_at"]
    ]
    return min(found, default=None)


def _being_checked(
    engine: sa.Engine, province: str, month: CoverageMonth
) -> set[tuple[str, str]]:
    table = ops.submissions
    query = (
        sa.select(table.c.area_code, table.c.dataset)
        .where(table.c.province_code == province)
        .where(table.c.coverage_month == month.first_day)
        .where(table.c.state == "received")
    )
    return {(row[0], row[1]) for row in selected(engine, query).rows}
