"""Identity of a release: what makes another one, and what does not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from cakupan.core.month import CoverageMonth
from cakupan.publish.content import ReleaseContent, csv_bytes, safe_text
from publish_rows import MONTH, member, release_content, sent


def content(**more: Any) -> ReleaseContent:
    given: dict[str, Any] = {
        "province": "64",
        "month": MONTH,
        "expected_count": 3,
        "present_count": 3,
        "is_posted": True,
        "tables": {"x": pa.table({"a": [1]})},
    }
    return ReleaseContent(**(given | more))


@pytest.mark.parametrize(
    ("present", "is_posted", "status", "completeness"),
    [
        (3, True, "final", "100.00"),
        (3, False, "provisional", "100.00"),
        (2, True, "provisional", "66.67"),
        (0, True, "provisional", "0.00"),
    ],
)
def test_final_when_complete_and_posted(
    present: int, is_posted: bool, status: str, completeness: str
) -> None:
    made = content(present_count=present, is_posted=is_posted)
    assert made.status == status
    assert made.completeness_pct == Decimal(completeness)


def test_nothing_expected_is_complete() -> None:
    assert content(expected_count=0, present_count=0).completeness_pct == Decimal(100)


def test_every_part_of_the_content_is_part_of_the_name() -> None:
    others = [
        content(),
        content(province="65"),
        content(month=CoverageMonth(2026, 8)),
        content(present_count=2),
        content(expected_count=4),
        content(is_posted=False),
        content(tables={"x": pa.table({"a": [2]})}),
        content(tables={"y": pa.table({"a": [1]})}),
    ]
    assert len({made.sha256 for made in others}) == len(others)
    made = content()
    assert made.release_id == f"64-2026-09-{made.sha256[:12]}"
    assert made.files_prefix == f"releases/64/2026-09/{made.release_id}/"


def test_receipt_time_is_no_part_of_it(tmp_path: Path) -> None:
    def with_receipt(hour: int) -> ReleaseContent:
        received_at = dt.datetime(2026, 10, 5, hour, tzinfo=dt.UTC)
        snapshot = sent("bpjs_kepesertaan", "64", received_at=received_at)
        return release_content(tmp_path / str(hour), submissions=[snapshot])

    early, late = with_receipt(1), with_receipt(9)
    assert early.release_id == late.release_id
    assert "received_at" not in early.tables["monthly_reporting"].column_names


@pytest.mark.parametrize(
    ("period", "is_posted"),
    [("posting", True), (None, True), ("draft", False), ("finalisasi", False)],
)
def test_open_periods_of_the_snapshot_are_seen(
    tmp_path: Path, period: str | None, is_posted: bool
) -> None:
    people = [
        member(1, "64.02", period_status="posting"),
        member(2, "64.02", period_status=period),
    ]
    assert release_content(tmp_path, participation=people).is_posted is is_posted


def test_present_reports_are_counted_among_the_expected(tmp_path: Path) -> None:
    made = release_content(tmp_path)
    assert (made.expected_count, made.present_count) == (38, 2)
    assert made.status == "provisional"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+62", "'+62"),
        ("-", "'-"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\r=x", "'\r=x"),
        ("a=b", "a=b"),
        ("", ""),
        ("Kutai Kartanegara", "Kutai Kartanegara"),
    ],
)
def test_texts_never_become_formulas(given: str, expected: str) -> None:
    assert safe_text(given) == expected


def test_csv_of_every_type() -> None:
    instant = dt.datetime(2026, 10, 10, 15, 59, 59, tzinfo=dt.UTC)
    table = pa.table(
        {
            "text": ["a,b", 'say "x"', None],
            "flag": [True, False, None],
            "share": pa.array(
                [Decimal("8.50"), Decimal("-1.00"), None], pa.decimal128(9, 2)
            ),
            "day": [dt.date(2026, 9, 1), None, None],
            "instant": pa.array([instant, None, None], pa.timestamp("us", tz="UTC")),
            "count": [0, None, -5],
        }
    )
    assert csv_bytes(table).decode() == (
        "text,flag,share,day,instant,count\n"
        '"a,b",true,8.50,2026-09-01,2026-10-10T15:59:59Z,0\n'
        '"say ""x""",false,-1.00,,,\n'
        ",,,,,-5\n"
    )
