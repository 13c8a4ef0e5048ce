"""A line over months as SVG: one definition, broken where the denominator changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from cakupan.core.month import CoverageMonth
from cakupan.report.cells import Cell

Row = dict[str, Any]

#: Labels are up to 22 units high on a phone: room above, below and left of the plot.
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 640, 220, 28, 8, 36, 36


@dataclass(frozen=True, slots=True)
class Point:
    """One month of a trend.

    Attributes:
        month: first day.
        value: share or count; ``None`` for no data.
        basis: date of the denominator: lines join points of one basis only.
    """

    month: dt.date
    value: Decimal | None
    basis: dt.date | None


def with_gaps(rows: Sequence[Row], until: CoverageMonth | None) -> list[Row]:
    """A row for every month from the first figure on; without one, all of it is none.

    Args:
        rows: of one area, segment and definition, by month; some months may be missing.
        until: the last month with a release, where the trend ends.

    Returns:
        Nothing where no row has a figure.
    """
    known = {row["coverage_month"]: row for row in rows}
    months = [day for day, row in known.items() if row["active_count"] is not None]
    if not months:
        return []
    month = CoverageMonth.of(months[0])
    last = CoverageMonth.of(max(known))
    empty = dict.fromkeys(rows[0])
    filled = []
    while month <= max(last, until or last):
        day = month.first_day
        filled.append(known.get(day, {**empty, "coverage_month": day}))
        month = month.plus(1)
    return filled


def points_of(rows: Sequence[Row]) -> tuple[list[Point], str]:
    """The points of a trend and their unit.

    Shares where there are any, else counts of persons.

    Args:
        rows: of one area, segment and definition, by month.
    """
    is_share = any(row["coverage_pct"] is not None for row in rows)
    measure = "coverage_pct" if is_share else "active_count"
    return [
        Point(
            row["coverage_month"],
            None if row[measure] is None else Decimal(row[measure]),
            row["denominator_date"] if is_share else None,
        )
        for row in rows
    ], "pct" if is_share else "count"


def drawing(points: Sequence[Point], unit: str) -> Markup:
    """The drawing, from zero; colours come from the style sheet."""
    shown = [point for point in points if point.value is not None]
    if not shown:
        return Markup("")
    first, last = points[0].month, points[-1].month
    span = max(1, _months(last) - _months(first))
    top = max(point.value or Decimal(0) for point in shown) or Decimal(1)

    def place(point: Point) -> tuple[float, float]:
        across = (_months(point.month) - _months(first)) / span
        up = float((point.value or Decimal(0)) / top)
        return (
            _LEFT + across * (_WIDTH - _LEFT - _RIGHT),
            _HEIGHT - _BOTTOM - up * (_HEIGHT - _TOP - _BOTTOM),
        )

    floor = _HEIGHT - _BOTTOM
    parts = [
        f'<line class="axis" x1="{_LEFT}" y1="{floor}" x2="{_WIDTH - _RIGHT}" '
        f'y2="{floor}"/>',
        f'<line class="grid" x1="{_LEFT}" y1="{_TOP}" x2="{_WIDTH - _RIGHT}" '
        f'y2="{_TOP}"/>',
        _text(0, _TOP - 12, _shown(top, unit), "start"),
        _text(_LEFT - 8, floor + 4, "0", "end"),
        _text(0, _HEIGHT - 8, CoverageMonth.of(first).in_words, "start"),
    ]
    if last != first:
        name = CoverageMonth.of(last).in_words
        parts.append(_text(_WIDTH, _HEIGHT - 8, name, "end"))
    for run in _runs(points):
        marks = [place(point) for point in run]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in marks)
        parts.append(f'<polyline class="line" points="{path}"/>')
        parts += [f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
                  for x, y in marks]  # fmt: skip
    return Markup(  # noqa: S704 - numbers, and texts escaped above
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" class="trend" aria-hidden="true" '
        'focusable="false">' + "".join(parts) + "</svg>"
    )


def breaks(points: Sequence[Point]) -> list[dt.date]:
    """Months from which another denominator date holds."""
    shown = [point for point in points if point.value is not None]
    return [
        later.month
        for earlier, later in pairwise(shown)
        if earlier.basis != later.basis
    ]


def gaps(points: Sequence[Point]) -> list[str]:
    """Months without a figure in words, following ones as one: ``Juli-Agustus 2026``."""
    runs: list[list[CoverageMonth]] = []
    for point in points:
        if point.value is not None:
            continue
        month = CoverageMonth.of(point.month)
        if runs and runs[-1][-1].plus(1) == month:
            runs[-1].append(month)
        else:
            runs.append([month])
    return [_from_to(run[0], run[-1]) for run in runs]


def _from_to(first: CoverageMonth, last: CoverageMonth) -> str:
    if first == last:
        return first.in_words
    name, year = first.in_words.split()
    start = name if year == last.in_words.split()[1] else first.in_words
    return f"{start}-{last.in_words}"


def _runs(points: Sequence[Point]) -> list[list[Point]]:
    """Points that may be joined: following months with data of one basis."""
    runs: list[list[Point]] = []
    before: Point | None = None
    for point in points:
        if point.value is None:
            before = None
            continue
        if (
            before is not None
            and before.basis == point.basis
            and _months(point.month) == _months(before.month) + 1
        ):
            runs[-1].append(point)
        else:
            runs.append([point])
        before = point
    return runs


def _months(day: dt.date) -> int:
    return day.year * 12 + day.month


def _shown(value: Decimal, unit: str) -> str:
    return str(Cell(value, "pct" if unit == "pct" else "count"))


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return (
        f'<text class="label" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
        f"{escape(text)}</text>"
    )
