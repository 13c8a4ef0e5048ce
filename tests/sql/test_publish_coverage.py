"""Golden cases of ``monthly_coverage``: who counts, where, and against what."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from pathlib import Path

import pytest

from cakupan.core.areas import regencies
from publish_rows import (
    MONTH,
    compute,
    denominator,
    member,
    one,
    pick,
    sent,
)

SNAPSHOT = [sent("bpjs_kepesertaan", "64")]
COUNTS = ("active_count", "paid_up_count", "grace_count", "lapsed_count")


def counts(row: dict[str, object]) -> tuple[object, ...]:
    return tuple(row[name] for name in (*COUNTS, "membership_count"))


def test_best_state_of_a_person_wins(tmp_path: Path) -> None:
    marts = compute(
        tmp_path,
        SNAPSHOT,
        participation=[
            # person 1: lapsed in PU, active in BPU; person 2: twice BPU, in grace
            member(1, "64.02", "lapsed", segment="PU"),
            member(1, "64.02", "active"),
            member(2, "64.02", "grace_2"),
            member(2, "64.02", "grace_1", membership_id="x"),
            member(3, "64.02", "lapsed"),
        ],
    )
    rows = pick(marts["monthly_coverage"], area_code="64.02", programme="ANY")
    assert counts(one(rows, segment="PU")) == (0, 0, 0, 1, 0)
    assert counts(one(rows, segment="BPU")) == (2, 1, 1, 1, 3)
    assert counts(one(rows, segment="ALL")) == (2, 1, 1, 1, 3)
    assert counts(one(rows, segment="PMI")) == (0, 0, 0, 0, 0)


def test_person_in_two_regencies_counts_once_in_the_province(tmp_path: Path) -> None:
    marts = compute(
        tmp_path,
        SNAPSHOT,
        participation=[member(1, "64.02"), member(1, "64.71", "lapsed", segment="PU")],
    )
    rows = pick(marts["monthly_coverage"], segment="ALL", programme="ANY")
    assert counts(one(rows, area_code="64.02")) == (1, 1, 0, 0, 1)
    assert counts(one(rows, area_code="64.71")) == (0, 0, 0, 1, 0)
    assert counts(one(rows, area_code="64")) == (1, 1, 0, 0, 1)
    assert one(rows, area_code="64")["area_level"] == "province"


def test_programme_counts_those_who_have_it(tmp_path: Path) -> None:
    marts = compute(
        tmp_path,
        SNAPSHOT,
        participation=[
            member(1, "64.02", has_jht=True),
            member(1, "64.02", "lapsed", segment="PU", has_jp=True),
            member(2, "64.02", has_jkm=False),
        ],
    )
    rows = pick(marts["monthly_coverage"], area_code="64.02", segment="ALL")
    shown = {row["programme"]: counts(row) for row in rows}
    assert shown == {
        "ANY": (2, 2, 0, 0, 2),
        "JKK": (2, 2, 0, 0, 2),
        "JKM": (1, 1, 0, 0, 1),
        "JHT": (1, 1, 0, 0, 1),
        "JP": (0, 0, 0, 1, 0),
        "JKP": (0, 0, 0, 0, 0),
    }


def test_flag_column_without_a_value_is_no_data(tmp_path: Path) -> None:
    marts = compute(
        tmp_path,
        SNAPSHOT,
        participation=[
            member(1, "64.02", has_jkp=None),
            member(2, "64.02", has_jkp=None),
            member(3, "64.71", has_jkp=None, has_jp=None),
            member(4, "64.72", has_jkp=None, has_jp=True),
        ],
    )
    rows = pick(marts["monthly_coverage"], segment="BPU")
    assert counts(one(rows, area_code="64.02", programme="JKP")) == (None,) * 5
    # a regency without participants says what the province says
    assert counts(one(rows, area_code="64.01", programme="JKP")) == (None,) * 5
    assert counts(one(rows, area_code="64.01", programme="JP")) == (0,) * 5
    assert counts(one(rows, area_code="64.71", programme="JP")) == (None,) * 5
    assert counts(one(rows, area_code="64", programme="JP")) == (1, 1, 0, 0, 1)


def test_no_snapshot_is_no_data_and_not_zero(tmp_path: Path) -> None:
    marts = compute(tmp_path, [], denominators=[denominator("64.02", "BPU", 100)])
    rows = marts["monthly_coverage"]
    assert len(rows) == 11 * 5 * 6
    assert {counts(row) for row in rows} == {(None,) * 5}
    shown = one(rows, area_code="64.02", segment="BPU", programme="ANY")
    assert (shown["eligible_count"], shown["coverage_pct"]) == (100, None)


def test_snapshot_of_one_regency_covers_that_regency(tmp_path: Path) -> None:
    marts = compute(
        tmp_path,
        [sent("bpjs_kepesertaan", "64.02")],
        participation=[member(1, "64.02")],
    )
    rows = pick(marts["monthly_coverage"], segment="BPU", programme="ANY")
    assert one(rows, area_code="64.02")["active_count"] == 1
    assert one(rows, area_code="64.03")["active_count"] is None
    assert one(rows, area_code="64")["active_count"] is None


def test_snapshots_of_every_regency_cover_the_province(tmp_path: Path) -> None:
    """One of them missing, and the province has no data: not a smaller number."""
    for left_out, expected in ((0, 1), (1, None)):
        marts = compute(
            tmp_path,
            [sent("bpjs_kepesertaan", code) for code in regencies("64")[left_out:]],
            participation=[member(1, "64.02")],
            denominators=[denominator("64", "BPU", 100)],
        )
        rows = pick(marts["monthly_coverage"], segment="BPU", programme="ANY")
        whole = one(rows, area_code="64")
        assert whole["active_count"] == expected
        assert (whole["coverage_pct"] is None) is (expected is None)
        assert one(rows, area_code="64.02")["active_count"] == 1


def test_refused_or_wholly_quarantined_snapshot_is_no_data(tmp_path: Path) -> None:
    for more in (
        {"state": "refused", "accepted_count": 0, "rejected_count": 10},
        {"accepted_count": 0, "quarantined_count": 10},
    ):
        marts = compute(tmp_path, [sent("bpjs_kepesertaan", "64", **more)])
        assert {row["active_count"] for row in marts["monthly_coverage"]} == {None}


def test_nil_snapshot_is_zero(tmp_path: Path) -> None:
    marts = compute(tmp_path, [sent("bpjs_kepesertaan", "64", 0)])
    shown = one(
        marts["monthly_coverage"], area_code="64.02", segment="ALL", programme="ANY"
    )
    assert counts(shown) == (0, 0, 0, 0, 0)


def test_districts_and_villages_show_whom_they_are_known_to_have(
    tmp_path: Path,
) -> None:
    marts = compute(
        tmp_path,
        SNAPSHOT,
        participation=[
            member(1, "64.02", village_code="64.02.01.2003"),
            member(2, "64.02", village_code="64.02.01.2004"),
            member(3, "64.02"),
            # a village of another regency says nothing
            member(4, "64.02", village_code="64.03.01.2001"),
        ],
    )
    rows = pick(marts["monthly_coverage"], segment="BPU", programme="ANY")
    assert one(rows, area_code="64.02")["active_count"] == 4
    assert one(rows, area_code="64.02.01")["active_count"] == 2
    assert one(rows, area_code="64.02.01.2003")["active_count"] == 1
    assert not pick(rows, area_level="village", area_code="64.03.01.2001")


@pytest.mark.parametrize(
    ("active", "eligible", "expected"),
    [
        (239_430, 446_948, "53.57"),
        (39_286, 462_188, "8.50"),
        (77_074, 51_086, "150.87"),
        (1, 3, "33.33"),
        (2, 3, "66.67"),
        (1, 800, "0.13"),  # 0.125: half up, not to even
        (3, 800, "0.38"),  # 0.375
        (1005, 100_000, "1.01"),  # 1.005: below the half as a binary float
        (0, 10, "0.00"),
        (10, 0, None),
        (10, 1, "1000.00"),
    ],
)
def test_percentage_is_exact_and_never_capped(
    tmp_path: Path, active: int, eligible: int, expected: str | None
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from cakupan.core.schema import core
    from cakupan.core.settings import Settings
    from cakupan.publish.marts import compute_marts
    from publish_rows import person, reconciled, submissions_table, table_of

    paths = reconciled(
        tmp_path / "in", denominators=[denominator("64.08", "BPU", eligible)]
    )
    base = table_of(core.participation, [member(0, "64.08")])
    many = pa.table(
        {
            name: (
                pa.array([person(number) for number in range(active)], pa.string())
                if name == "person_id"
                else pa.repeat(base[name][0], active)
            )
            for name in base.column_names
        }
    )
    pq.write_table(many, paths["participation"])
    compute_marts(
        Settings(home=tmp_path),
        "64",
        MONTH,
        paths,
        submissions_table(SNAPSHOT),
        tmp_path,
    )
    rows = pq.read_table(tmp_path / "monthly_coverage.parquet").to_pylist()
    shown = one(rows, area_code="64.08", segment="BPU", programme="ANY")
    assert shown["active_count"] == active
    assert shown["coverage_pct"] == (None if expected is None else Decimal(expected))
    above = None if expected is None else active > eligible
    assert shown["is_above_100"] is above


def test_one_row_per_definition_and_tidak_ada_without(tmp_path: Path) -> None:
    marts = compute(
        tmp_path,
        SNAPSHOT,
        participation=[member(1, "64.02"), member(2, "64.02", "grace_1")],
        denominators=[
            denominator("64.02", "BPU", 4),
            denominator(
                "64.02",
                "BPU",
                3,
                definition_id="lain",
                source="Sumber lain",
                vintage=None,
                reference_date=dt.date(2025, 8, 31),
            ),
        ],
    )
    rows = pick(marts["monthly_coverage"], area_code="64.02", programme="ANY")
    shown = {
        row["definition_id"]: (
            row["active_count"],
            row["eligible_count"],
            row["coverage_pct"],
            row["denominator_source"],
            row["denominator_date"],
            row["denominator_vintage"],
        )
        for row in pick(rows, segment="BPU")
    }
    assert shown == {
        "lain": (2, 3, Decimal("66.67"), "Sumber lain", dt.date(2025, 8, 31), None),
        "potensi_bpjs": (
            2,
            4,
            Decimal("50.00"),
            "Contoh",
            dt.date(2026, 8, 1),
            "rilis contoh",
        ),
    }
    assert one(rows, segment="PU")["definition_id"] == "tidak_ada"


def test_target_of_the_year_stands_on_the_any_rows(tmp_path: Path) -> None:
    def target(year: int, unit: str, value: str) -> dict[str, object]:
        return {
            "coverage_month": MONTH.first_day,
            "province_code": "64",
            "area_code": "64.02",
            "target_year": year,
            "segment": "BPU",
            "unit": unit,
            "value": Decimal(value),
            "source": "Contoh",
        }

    marts = compute(
        tmp_path,
        SNAPSHOT,
        targets=[
            target(2026, "orang", "1500"),
            target(2026, "persen", "43.925"),
            target(2025, "orang", "9"),
        ],
    )
    rows = pick(marts["monthly_coverage"], area_code="64.02", segment="BPU")
    shown = one(rows, programme="ANY")
    assert (shown["target_count"], shown["target_pct"]) == (1500, Decimal("43.93"))
    assert one(rows, programme="JKK")["target_count"] is None


def test_order_of_rows_decides_nothing(tmp_path: Path) -> None:
    people = [
        member(number % 40, f"64.{1 + number % 3:02}", state, segment=segment)
        for number, (state, segment) in enumerate(
            (state, segment)
            for state in ("lapsed", "active", "grace_1", "grace_2") * 10
            for segment in ("PU", "BPU", "JAKON")
        )
    ]
    first = compute(tmp_path / "a", SNAPSHOT, participation=people)
    random.Random(7).shuffle(people)
    second = compute(tmp_path / "b", SNAPSHOT, participation=people)
    assert first == second
    for name in first:
        left = (tmp_path / "a" / "marts" / f"{name}.parquet").read_bytes()
        assert left == (tmp_path / "b" / "marts" / f"{name}.parquet").read_bytes()
