"""Rule 5: which denominator and which target are in force in a month."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cakupan.core import denominators
from cakupan.core.denominators import Denominator
from cakupan.core.month import CoverageMonth
from reconcile_case import Sent, day, reconcile

AUGUST, SEPTEMBER = CoverageMonth(2026, 8), CoverageMonth(2026, 9)


@pytest.fixture(autouse=True)
def _nothing_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(denominators, "shipped", lambda province: ())


def penyebut(count: int, date: str, **values: Any) -> dict[str, Any]:
    return {
        "kode_wilayah": "64.02",
        "segmen": "BPU",
        "definisi": "sakernas",
        "jumlah_orang": count,
        "sumber": "Contoh",
        "tanggal_acuan": day(date),
    } | values


def target(value: float, **values: Any) -> dict[str, Any]:
    return {
        "kode_wilayah": "64",
        "tahun": 2026,
        "segmen": "ALL",
        "satuan": "persen",
        "nilai": value,
        "sumber": "Contoh",
    } | values


#: reference dates of the rows sent -> the one in force in September 2026
DATES = [
    (["2025-08-31", "2024-08-31"], "2025-08-31"),
    (["2024-08-31", "2026-09-30"], "2026-09-30"),
    (["2024-08-31", "2026-10-01"], "2024-08-31"),
    (["2027-08-31", "2026-10-01"], "2026-10-01"),
    (["2027-08-31"], "2027-08-31"),
]


@pytest.mark.parametrize(("sent", "in_force"), DATES)
def test_latest_date_up_to_the_month_else_earliest_after(
    tmp_path: Path, sent: list[str], in_force: str
) -> None:
    rows = [penyebut(100 + at, date) for at, date in enumerate(sent)]
    found = reconcile(tmp_path, Sent("penyebut", "64", rows)).one("denominators")
    assert found["reference_date"] == day(in_force)
    assert found["eligible_count"] == 100 + sent.index(in_force)


@pytest.mark.parametrize("is_swapped", [False, True])
def test_a_later_landing_month_replaces_the_same_key(
    tmp_path: Path, is_swapped: bool
) -> None:
    files = [
        Sent("penyebut", "64", [penyebut(900, "2025-08-31")], month=AUGUST),
        Sent("penyebut", "64", [penyebut(800, "2025-08-31")], month=SEPTEMBER),
    ]
    found = reconcile(tmp_path, *(reversed(files) if is_swapped else files))
    row = found.one("denominators")
    assert row["eligible_count"] == 800
    assert row["submission_id"] == "penyebut-64-2026-09-001"


def test_segments_definitions_and_areas_stand_beside_each_other(tmp_path: Path) -> None:
    rows = [
        penyebut(1, "2025-08-31"),
        penyebut(2, "2025-08-31", segmen="PU"),
        penyebut(3, "2025-08-31", definisi="potensi_bpjs"),
        penyebut(4, "2025-08-31", kode_wilayah="64"),
        penyebut(5, "2025-08-31", kode_wilayah="62.01"),  # of another province
    ]
    found = reconcile(tmp_path, Sent("penyebut", "64", rows))
    assert found.values("denominators", "area_code", "segment", "definition_id") == [
        ("64", "BPU", "sakernas"),
        ("64.02", "BPU", "potensi_bpjs"),
        ("64.02", "BPU", "sakernas"),
        ("64.02", "PU", "sakernas"),
    ]


#: dates and counts: shipped, sent -> count and origin in force
SHIPPED = [
    ([("2025-08-31", 10)], [], 10, None),
    ([("2025-08-31", 10)], [("2025-08-31", 20)], 20, "penyebut-64-2026-08-001"),
    ([("2025-08-31", 10)], [("2024-08-31", 20)], 10, None),
    ([("2024-08-31", 10)], [("2025-08-31", 20)], 20, "penyebut-64-2026-08-001"),
]


@pytest.mark.parametrize(("shipped", "sent", "count", "origin"), SHIPPED)
def test_a_shipped_figure_loses_to_a_sent_one_of_its_date(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    shipped: list[tuple[str, int]],
    sent: list[tuple[str, int]],
    count: int,
    origin: str | None,
) -> None:
    figures = tuple(
        Denominator(
            "64.02",
            "BPU",
            "sakernas",
            day(date),
            number,
            "BPS",
            "edisi contoh",
            "V",
            "",
        )  # type: ignore[arg-type]
        for date, number in shipped
    )
    monkeypatch.setattr(denominators, "shipped", lambda province: figures)
    rows = [penyebut(number, date) for date, number in sent]
    found = reconcile(tmp_path, Sent("penyebut", "64", rows, month=AUGUST))
    row = found.one("denominators")
    assert (row["eligible_count"], row["submission_id"]) == (count, origin)
    assert row["vintage"] == ("edisi contoh" if origin is None else None)


def test_a_revised_figure_says_which_edition_it_is(tmp_path: Path) -> None:
    found = reconcile(
        tmp_path,
        Sent("penyebut", "64", [penyebut(900, "2025-08-31", edisi="awal")], AUGUST),
        Sent("penyebut", "64", [penyebut(910, "2025-08-31", edisi="revisi Mei 2026")]),
    )
    row = found.one("denominators")
    assert (row["eligible_count"], row["vintage"]) == (910, "revisi Mei 2026")


def test_targets_of_all_years_the_later_file_wins(tmp_path: Path) -> None:
    found = reconcile(
        tmp_path,
        Sent("target", "64", [target(35.0), target(50.0, tahun=2027)], month=AUGUST),
        Sent("target", "64", [target(40.25), target(900.0, satuan="orang")]),
    )
    assert found.values("targets", "target_year", "unit", "value") == [
        (2026, "orang", Decimal("900.0000")),
        (2026, "persen", Decimal("40.2500")),
        (2027, "persen", Decimal("50.0000")),
    ]
