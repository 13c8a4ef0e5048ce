"""Trends join months of one denominator only."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from cakupan.pages.trend import Point, breaks, drawing, points_of

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
