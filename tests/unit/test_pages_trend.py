"""Trends join months of one denominator only."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest

from cakupan.core.month import CoverageMonth
from cakupan.pages.trend import Point, breaks, drawing, gaps, points_of, with_gaps

AUGUST, FEBRUARY = dt.date(2025, 8, 31), dt.date(2026, 2, 28)


def point(month: int, value: int | None, basis: dt.date | None = AUGUST) -> Point:
    shown = None if value is None else Decimal(value)
    return Point(dt.date(2026, month, 1), shown, basis)


def lines(points: list[Point]) -> list[int]:
    """How many points each line joins."""
    parts = drawing(points, "pct").split("<polyline")[1:]
    return [part.split('points="')[1].split('"')[0].count(",") for part in parts]


def test_following_months_of_one_denominator_are_joined() -> None:
    assert lines([point(1, 10), point(2, 11), point(3, 12)]) == [3]


def test_another_denominator_date_breaks_the_line() -> None:
    points = [
        point(1, 10),
        point(2, 11),
        point(3, 30, FEBRUARY),
        point(4, 31, FEBRUARY),
    ]
    assert lines(points) == [2, 2]
    assert breaks(points) == [dt.date(2026, 3, 1)]


def test_a_month_without_data_is_a_gap_and_not_zero() -> None:
    points = [point(1, 10), point(2, None), point(3, 12)]
    assert lines(points) == [1, 1]
    assert drawing(points, "pct").count("<circle") == 2


def test_a_month_without_release_is_a_gap() -> None:
    assert lines([point(1, 10), point(3, 12)]) == [1, 1]


def test_nothing_to_show_is_no_drawing() -> None:
    assert drawing([point(1, None)], "pct") == ""


def test_without_denominator_counts_are_shown() -> None:
    row = {
        "coverage_month": dt.date(2026, 1, 1),
        "active_count": 7,
        "coverage_pct": None,
        "denominator_date": None,
    }
    assert points_of([row]) == ([point(1, 7, None)], "count")


def row(month: int, active: int | None, share: int | None) -> dict[str, Any]:
    return {
        "coverage_month": dt.date(2026, month, 1),
        "active_count": active,
        "eligible_count": 100,
        "coverage_pct": None if share is None else Decimal(share),
        "denominator_date": AUGUST,
    }


def test_months_without_a_row_or_a_figure_are_gaps_that_are_named() -> None:
    """July is not there, August has a denominator only, October has no row yet."""
    rows = [row(5, None, None), row(6, 10, 10), row(8, None, None), row(9, 0, 0)]
    filled = with_gaps(rows, CoverageMonth(2026, 10))
    assert [one["coverage_month"].month for one in filled] == [6, 7, 8, 9, 10]
    points, unit = points_of(filled)
    assert unit == "pct"
    assert [one.value for one in points] == [10, None, None, 0, None]
    assert gaps(points) == ["Juli-Agustus 2026", "Oktober 2026"]
    assert drawing(points, unit).count("<circle") == 2


def test_gaps_over_years_are_named_from_month_to_month() -> None:
    months = [dt.date(2025, 11, 1), dt.date(2025, 12, 1), dt.date(2026, 1, 1)]
    points = [Point(one, None, None) for one in months]
    assert gaps(points) == ["November 2025-Januari 2026"]


def test_without_any_figure_there_is_no_trend() -> None:
    assert with_gaps([row(5, None, None)], CoverageMonth(2026, 9)) == []
    assert with_gaps([], CoverageMonth(2026, 9)) == []


@pytest.mark.parametrize("unit", ["pct", "count"])
@pytest.mark.parametrize("months", [1, 2, 36])
def test_no_label_leaves_the_drawing(unit: str, months: int) -> None:
    """As wide as a phone writes them: 22 units high, wide letters."""
    points = [
        Point(
            dt.date(2024 + place // 12, place % 12 + 1, 1),
            Decimal("1047.60") if unit == "pct" else Decimal(284_000_000),
            AUGUST,
        )
        for place in range(months)
    ]
    svg = drawing(points, unit)
    width = float(svg.split('viewBox="0 0 ')[1].split()[0])
    labels = re.findall(r'x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)">([^<]+)', svg)
    assert len(labels) >= 3
    for x, y, anchor, text in labels:
        long = 22 * 0.62 * len(text)
        start = float(x) - {"start": 0, "middle": long / 2, "end": long}[anchor]
        assert start >= 0, text
        assert start + long <= width, text
        assert float(y) >= 22, text
