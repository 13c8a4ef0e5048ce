"""Area reference against the counts and conflicts the domain documents state."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import duckdb
import pytest

from cakupan.core import areas

EAST_KALIMANTAN = {  # districts, kelurahan, desa
    "64.01": (10, 5, 139),
    "64.02": (20, 44, 193),
    "64.03": (13, 10, 100),
    "64.07": (16, 4, 190),
    "64.08": (18, 2, 139),
    "64.09": (4, 24, 30),
    "64.11": (5, 0, 50),
    "64.71": (6, 34, 0),
    "64.72": (10, 59, 0),
    "64.74": (3, 15, 0),
}
OTHERS = {
    "65.01": (10, 7, 74),
    "65.02": (15, 0, 109),
    "65.03": (21, 8, 232),
    "65.04": (5, 0, 32),
    "65.71": (4, 20, 0),
    "93.01": (22, 11, 179),
    "93.02": (20, 0, 112),
    "93.03": (15, 2, 162),
    "93.04": (25, 0, 224),
}


@pytest.mark.parametrize("code, counts", [*EAST_KALIMANTAN.items(), *OTHERS.items()])
def test_counts_of_a_regency(code: str, counts: tuple[int, int, int]) -> None:
    assert (
        len(areas.children(code)),
        areas.village_count(code, ("kelurahan",)),
        areas.village_count(code, areas.DESA_KINDS),
    ) == counts


@pytest.mark.parametrize(
    "province, districts, kelurahan, desa",
    [("64", 105, 197, 841), ("65", 55, 35, 447), ("62", 136, 139, 1432)],
)
def test_counts_of_a_province(
    province: str, districts: int, kelurahan: int, desa: int
) -> None:
    below = [areas.children(code) for code in areas.regencies(province)]
    assert sum(map(len, below)) == districts
    assert areas.village_count(province, ("kelurahan",)) == kelurahan
    assert areas.village_count(province, ("desa",)) == desa


def test_regencies_come_in_order() -> None:
    assert areas.regencies("64") == tuple(EAST_KALIMANTAN)
    assert len(areas.regencies("62")) == 14
    assert len(areas.children("")) == 38
    assert areas.children("64.02.01.2003") == ()


def test_cities_of_east_kalimantan_have_no_desa() -> None:
    without = [c for c in areas.regencies("64") if not areas.has_desa(c)]
    assert without == ["64.71", "64.72", "64.74"]


def test_known_codes_and_names() -> None:
    assert areas.is_known("64")
    assert areas.is_known("64.02")
    assert areas.is_known("64.02.01.2003")
    assert not areas.is_known("64.04")
    assert not areas.is_known("6402")
    assert not areas.is_known("64.02.99.2003")
    assert not areas.is_known("")
    assert areas.name_of("64.02") == "Kabupaten Kutai Kartanegara"
    assert areas.name_of("64.04") == "Kabupaten Bulungan"  # as it was called
    assert areas.name_of("64.05.01") is None
    assert areas.name_of("64.99") is None


def test_village_names_repeat_inside_kutai_kartanegara() -> None:
    names = Counter(
        areas.name_of(village)
        for district in areas.children("64.02")
        for village in areas.children(district)
    )
    repeated = {name: n for name, n in names.items() if n > 1}
    assert repeated == {
        "Sumber Sari": 3,
        "Tani Bhakti": 2,
        "Sidomulyo": 2,
        "Kampung Baru": 2,
        "Tanjung Harapan": 2,
        "Sedulang": 2,
        "Bukit Raya": 2,
        "Teluk Dalam": 2,
    }


def test_the_two_schemes_swap_codes() -> None:
    assert areas.regency_from_bps("6402") == "64.07"
    assert areas.regency_from_bps("6403") == "64.02"
    assert areas.regency_from_bps("6405") == "64.03"
    assert areas.regency_from_bps("6404") == "64.08"
    assert areas.bps_from_regency("64.02") == "6403"
    assert areas.regency_from_bps("6407") is None
    assert areas.regency_from_bps("6209") == "62.06"
    assert areas.regency_from_bps("6501") == "65.02"


@pytest.mark.parametrize("province", ["62", "64", "65"])
def test_crosswalk_is_one_to_one_and_complete(province: str) -> None:
    codes = [areas.bps_from_regency(code) for code in areas.regencies(province)]
    assert None not in codes
    assert len(set(codes)) == len(codes)
    back = [areas.regency_from_bps(str(code)) for code in codes]
    assert tuple(back) == areas.regencies(province)


def test_south_papua_has_no_verified_bps_code() -> None:
    assert [areas.bps_from_regency(code) for code in areas.regencies("93")] == [
        None
    ] * 4
    assert areas.regency_from_bps("9401") == "93.01"


@pytest.mark.parametrize(
    "code, successor",
    [
        ("64.04", "65.01"),
        ("64.05", "65.03"),
        ("64.06", "65.02"),
        ("64.10", "65.04"),
        ("64.73", "65.71"),
        ("64.07.01", "64.11"),
        ("64.07.04", "64.11"),
        ("91.01", "93.01"),
        ("91.01.05", "93.01"),
        ("91.16", "93.02"),
    ],
)
def test_retired_codes_and_where_they_went(code: str, successor: str) -> None:
    assert areas.is_retired(code)
    assert not areas.is_known(code)
    assert areas.successor_of(code) == successor


def test_a_code_in_use_is_not_retired() -> None:
    assert not areas.is_retired("64.02")
    assert not areas.is_retired("64.99")
    assert areas.successor_of("64.02") is None
    assert {area.certainty for area in areas.retired()} <= {"V", "D", "U"}
    assert not any(areas.is_known(area.code) for area in areas.retired())


@pytest.mark.parametrize(
    "prefix, known",
    [
        ("640201", True),
        ("640404", True),  # Bulungan before 2012, any district
        ("640701", True),  # gone to Mahakam Ulu
        ("640705", True),
        ("910101", True),  # Merauke before 2022
        ("930101", True),
        ("317101", True),
        ("640299", False),
        ("640400", False),
        ("640200", False),
        ("000000", False),
        ("999999", False),
        ("64020", False),
        ("6402011", False),
        ("64O201", False),
        ("6404٠١", False),  # other scripts' digits are not digits of a NIK
        ("", False),
    ],
)
def test_nik_prefixes(prefix: str, known: bool) -> None:
    assert areas.nik_prefix_known(prefix) is known


@pytest.mark.parametrize("month", [dt.date(2011, 5, 31), dt.date(2026, 9, 30), None])
def test_prefixes_of_every_time_are_known_in_every_month(month: dt.date | None) -> None:
    """Tarakan was 64.73 in 2011; which districts it had by that code is not known."""
    with duckdb.connect() as connection:
        areas.register(connection, ["64"], month)
        known = {row[0] for row in connection.execute("from nik_prefixes").fetchall()}
    assert {"6473", "6404", "640201", "657101", "640701"} <= known
    assert not known & {"6402", "6471", "640299"}


@pytest.mark.parametrize(
    "name, province, code",
    [
        ("Kukar", "64", "64.02"),
        ("KAB. KUKAR", "64", "64.02"),
        ("Pemkab Kutai Kertanegara", "64", "64.02"),
        ("Kutai", "64", "64.02"),
        ("Kutim", "64", "64.08"),
        ("kubar", "64", "64.07"),
        ("Mahulu", "64", "64.11"),
        ("Mahakam Hulu", "64", "64.11"),
        ("PPU", "64", "64.09"),
        ("Penajam", "64", "64.09"),
        ("Kabupaten Pasir", "64", "64.01"),
        ("Bpp", "64", "64.71"),
        ("Kota Samarinda", "64", "64.72"),
        ("Pemkot Bontang", "64", "64.74"),
        ("Palangka Raya", "62", "62.71"),
        ("PALANGKARAYA", "62", "62.71"),
        ("Kotim", "62", "62.02"),
        ("Kota Bandung", "32", "32.73"),
        ("Kab. Bandung", "32", "32.04"),
        ("Pemkot Bandung", "32", "32.73"),
        ("Bandung", "32", None),
        ("Kota Baru", "63", "63.02"),
        ("Kotabaru", "63", "63.02"),
        ("Kutai Barat", "65", None),
        ("", "64", None),
    ],
)
def test_find_regency(name: str, province: str, code: str | None) -> None:
    assert areas.find_regency(name, province) == code
