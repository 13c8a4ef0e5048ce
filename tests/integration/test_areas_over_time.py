"""A published history in the areas of then and in those of now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pytest
import sqlalchemy as sa

from cakupan.core.month import CoverageMonth
from cakupan.core.schema import core, mart, ops
from cakupan.warehouse import reference

BEFORE = CoverageMonth(2022, 6)
NOW = CoverageMonth(2026, 9)
MADE_UP_DAY = dt.date(2024, 5, 1)

#: Links of nobody, besides those that are shipped.
MADE_UP = [
    ("93.02", "93.02", "merge"),
    ("93.03", "93.02", "merge"),
    ("93.04", "93.04", "split"),
    ("93.04", "93.09", "split"),
]

_NOTHING = {
    "programme": "ANY",
    "segment": "BPU",
    "definition_id": "uji",
    "denominator_source": "Contoh",
    "denominator_date": dt.date(2021, 8, 31),
    "target_count": None,
    "target_pct": None,
    "is_above_100": False,
}


@pytest.fixture
def loaded(engine: sa.Engine) -> sa.Engine:
    """The shipped areas of all times."""
    reference.load_areas(engine)
    return engine


def _release(engine: sa.Engine, province: str, month: CoverageMonth) -> str:
    release_id = f"{province}-{month}-uji"
    day = month.first_day
    with engine.begin() as connection:
        connection.execute(
            ops.releases.insert().values(
                release_id=release_id,
                province_code=province,
                coverage_month=day,
                sequence=1,
                status="final",
                expected_count=1,
                present_count=1,
                completeness_pct=100,
                content_sha256="x",
                inputs_hash="x",
                files_prefix="x",
                released_at=sa.func.now(),
            )
        )
        connection.execute(
            ops.current_releases.insert().values(
                province_code=province, coverage_month=day, release_id=release_id
            )
        )
    return release_id


def _publish(
    engine: sa.Engine,
    province: str,
    month: CoverageMonth,
    coverage: Iterable[tuple[str, int | None, int | None]] = (),
    protection: Iterable[tuple[str, int]] = (),
    **more: Any,
) -> None:
    """A release with these areas: active and eligible persons; registered persons."""
    release_id = _release(engine, province, month)
    levels = {2: "province", 5: "regency", 8: "district", 13: "village"}

    def place(code: str) -> dict[str, Any]:
        return {
            "release_id": release_id,
            "coverage_month": month.first_day,
            "area_code": code,
            "area_level": levels[len(code)],
        }

    with engine.begin() as connection:
        for code, active, eligible in coverage:
            counts = dict.fromkeys(
                ("active_count", "paid_up_count", "membership_count"), active
            )
            zero = None if active is None else 0
            connection.execute(
                mart.monthly_coverage.insert().values(
                    **{
                        **place(code),
                        **_NOTHING,
                        **counts,
                        "grace_count": zero,
                        "lapsed_count": zero,
                        "eligible_count": eligible,
                        "coverage_pct": 100 * active / eligible
                        if active is not None and eligible
                        else None,
                        **more,
                    }
                )
            )
        for code, registered in protection:
            measures = [
                column.name
                for column in mart.monthly_protection.columns
                if column.name.endswith("_count")
            ]
            connection.execute(
                mart.monthly_protection.insert().values(
                    **place(code),
                    **dict.fromkeys(measures, registered),
                    worker_group="pekerja_rentan",
                    payer="apbd_kab",
                )
            )


def _rows(engine: sa.Engine, view: str, *columns: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        found = connection.execute(
            sa.text(
                f"select area_code, {', '.join(columns)} from mart.{view} "
                f"where coverage_month = '{BEFORE.first_day}' order by area_code"
            )
        )
        return [tuple(row) for row in found]


def test_a_code_that_changed_keeps_its_figures(loaded: sa.Engine) -> None:
    figures = [("91.01", 40, 120), ("91.01.01", 4, None), ("91.03", 7, 10)]
    _publish(loaded, "91", BEFORE, figures, [("91.01", 9), ("91.01.01", 3)])
    _publish(loaded, "93", NOW)
    assert _rows(loaded, "coverage_in_areas_then", "area_name", "area_valid_to") == [
        ("91.01", "Kabupaten Merauke", dt.date(2022, 7, 24)),
        ("91.01.01", "Merauke", dt.date(2022, 7, 24)),
        ("91.03", "Kabupaten Jayapura", None),
    ]
    columns = ("area_name", "then_codes", "carried", "active_count", "coverage_pct")
    found = _rows(loaded, "coverage_in_areas_now", *columns)
    assert [(row[0], *row[2:4], row[4]) for row in found] == [
        ("91.03", "91.03", "sama", 7),
        ("93.01", "91.01", "kode_baru", 40),
        ("93.01.01", "91.01.01", "kode_baru", 4),
    ]
    assert [str(row[5]) for row in found] == ["70.00", "33.33", "None"]
    assert found[1][1] == "Kabupaten Merauke"
    assert _rows(loaded, "protection_in_areas_now", "registered_count") == [
        ("93.01", 9),
        ("93.01.01", 3),
    ]


def test_before_anything_later_is_published_the_areas_are_those_of_then(
    loaded: sa.Engine,
) -> None:
    _publish(loaded, "91", BEFORE, [("91.01", 40, 120)])
    assert _rows(loaded, "coverage_in_areas_now", "carried") == [("91.01", "sama")]


def test_a_divided_area_is_no_data_for_its_parts(loaded: sa.Engine) -> None:
    _publish(loaded, "91", BEFORE, [("91", 100, 200)], [("91", 50)])
    _publish(loaded, "93", NOW)
    wanted = ("then_codes", "carried", "active_count", "eligible_count", "coverage_pct")
    assert _rows(loaded, "coverage_in_areas_now", *wanted) == [
        ("91", "91", "terbagi", None, None, None),
        ("93", "91", "terbagi", None, None, None),
    ]
    assert _rows(loaded, "protection_in_areas_now", "registered_count") == [
        ("91", None),
        ("93", None),
    ]
    assert _rows(loaded, "coverage_in_areas_then", "active_count") == [("91", 100)]


@pytest.fixture
def changed_again(loaded: sa.Engine) -> sa.Engine:
    """Two areas of South Papua joined and one divided, as nobody decided."""
    with loaded.begin() as connection:
        for before, after, kind in MADE_UP:
            connection.execute(
                core.area_links.insert().values(
                    predecessor_code=before,
                    successor_code=after,
                    kind=kind,
                    valid_from=MADE_UP_DAY,
                    source="contoh uji",
                    certainty="U",
                )
            )
    return loaded


def test_joined_areas_are_summed_and_percentages_computed_again(
    changed_again: sa.Engine,
) -> None:
    _publish(changed_again, "91", BEFORE, [("91.16", 10, 100), ("91.17", 30, 60)])
    _publish(changed_again, "93", NOW)
    columns = ("then_codes", "carried", "active_count", "eligible_count")
    [found] = _rows(changed_again, "coverage_in_areas_now", *columns, "coverage_pct")
    assert found[:5] == ("93.02", "91.16,91.17", "gabungan", 40, 160)
    assert str(found[5]) == "25.00"  # neither 10 nor 50, nor their mean


@pytest.mark.parametrize(
    "figures, active, eligible",
    [
        ([("91.16", 10, 100)], None, None),  # a part is missing
        ([("91.16", 10, 100), ("91.17", None, 60)], None, 160),
        ([("91.16", 10, 100), ("91.17", 30, None)], 40, None),
    ],
)
def test_a_sum_with_a_gap_is_no_data(
    changed_again: sa.Engine,
    figures: list[tuple[str, int | None, int | None]],
    active: int | None,
    eligible: int | None,
) -> None:
    _publish(changed_again, "91", BEFORE, figures)
    _publish(changed_again, "93", NOW)
    columns = ("active_count", "eligible_count", "coverage_pct")
    assert _rows(changed_again, "coverage_in_areas_now", *columns) == [
        ("93.02", active, eligible, None)
    ]


def test_a_division_after_a_new_code_still_divides(changed_again: sa.Engine) -> None:
    _publish(changed_again, "91", BEFORE, [("91.18", 10, 100)])
    _publish(changed_again, "93", NOW)
    columns = ("then_codes", "carried", "active_count")
    assert _rows(changed_again, "coverage_in_areas_now", *columns) == [
        ("93.04", "91.18", "terbagi", None),
        ("93.09", "91.18", "terbagi", None),
    ]


def test_areas_know_their_days(loaded: sa.Engine) -> None:
    with loaded.connect() as connection:
        found = connection.execute(
            sa.text(
                "select area_code, name, valid_from::text, valid_to::text "
                "from mart.areas where area_code in "
                "('64.04', '65', '65.01', '64.11', '64.02', '91.01.01', '93.01.01') "
                "order by area_code"
            )
        ).all()
        [[links]] = connection.execute(
            sa.text(
                "select count(*) from core.area_links "
                "where predecessor_code like '91.01%' and valid_from = '2022-07-25'"
            )
        ).all()
    assert [tuple(row) for row in found] == [
        ("64.02", "Kabupaten Kutai Kartanegara", None, None),
        ("64.04", "Kabupaten Bulungan", None, "2012-11-15"),
        ("64.11", "Kabupaten Mahakam Ulu", "2013-01-11", None),
        ("65", "Kalimantan Utara", "2012-11-16", None),
        ("65.01", "Kabupaten Bulungan", "2012-11-16", None),
        ("91.01.01", "Merauke", None, "2022-07-24"),
        ("93.01.01", "Merauke", "2022-07-25", None),
    ]
    assert links == 1 + 22 + 190  # the regency, its districts and villages
