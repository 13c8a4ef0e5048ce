"""One name, many spellings: the key they share, in Python and in SQL."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cakupan.core import areas
from cakupan.core.area import AreaLevel

LEVELS: tuple[AreaLevel, ...] = ("province", "regency", "district", "village")

SPEC: list[tuple[AreaLevel, str, str]] = [
    # level, as written, key
    ("province", "Provinsi Kalimantan Timur", "kalimantantimur"),
    ("province", "Pemprov  KALTIM", "kaltim"),
    ("regency", "Kab. Kutai Kartanegara", "kutaikartanegara"),
    ("regency", "KABUPATEN KUTAI-KARTANEGARA", "kutaikartanegara"),
    ("regency", "Pemkab Berau", "berau"),
    ("regency", "Kota Bontang", "bontang"),
    ("regency", "Kotawaringin Timur", "kotawaringintimur"),
    ("regency", "Kota", "kota"),
    ("district", "Kota Bangun", "kotabangun"),
    ("district", "Kec. Kota Bangun", "kotabangun"),
    ("district", "Kecamatan Sei Kunjang", "sungaikunjang"),
    ("district", "Sungai Kunjang", "sungaikunjang"),
    ("district", "Distrik Merauke", "merauke"),
    ("village", "Desa Sumber Sari", "sumbersari"),
    ("village", "Kel. Kampung Baru", "kampungbaru"),
    ("village", "Kampung Baru", "kampungbaru"),
    ("village", "Kp. Baru", "kampungbaru"),
    ("village", "Desa/Kelurahan Loa Ipuh", "loaipuh"),
    ("village", "Tj. Harapan", "tanjungharapan"),
    ("village", "Gn Samarinda", "gunungsamarinda"),
    ("village", "Gunungsamarinda", "gunungsamarinda"),
    ("village", "Desa", "desa"),
    ("village", "Long Ba'gun", "longbagun"),
    ("village", " \t", ""),
    ("village", "", ""),
]


@pytest.fixture(scope="module")
def session() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": "1"}) as connection:
        areas.register(connection, ("64", "93"))
        yield connection


def _sql(session: duckdb.DuckDBPyConnection, text: str, level: str) -> object:
    rows = session.execute("select area_name_key(?, ?)", [text, level]).fetchall()
    return rows[0][0]


@pytest.mark.parametrize("level, written, key", SPEC)
def test_key(
    session: duckdb.DuckDBPyConnection, level: AreaLevel, written: str, key: str
) -> None:
    assert areas.name_key(written, level) == key
    assert _sql(session, written, level) == key


@settings(max_examples=150, deadline=None)
@given(text=st.text(st.characters(exclude_characters="\x00", codec="utf-8")))
def test_python_and_sql_agree(session: duckdb.DuckDBPyConnection, text: str) -> None:
    for level in LEVELS:
        assert _sql(session, text, level) == areas.name_key(text, level)


@settings(max_examples=150, deadline=None)
@given(
    words=st.lists(
        st.sampled_from(
            ["Desa", "Kel.", "Kp", "Kampung", "Sei", "sei", "Tj.", "Gn", "Kab.", "Kota",
             "Kec.", "Adat", "Baru", "II", "Pemkot", "Administrasi", "/", "Pemerintah"]
        ),
        max_size=6,
    )
)  # fmt: skip
def test_python_and_sql_agree_on_kind_words(
    session: duckdb.DuckDBPyConnection, words: list[str]
) -> None:
    for level in LEVELS:
        text = " ".join(words)
        assert _sql(session, text, level) == areas.name_key(text, level)


def _codes(
    session: duckdb.DuckDBPyConnection, parent: str, name: str, level: str
) -> list[str]:
    rows = session.execute(
        "select area_code from area_names where name_key = area_name_key($name, $level)"
        " and starts_with(parent_code, $parent) and area_level = $level order by all",
        {"name": name, "level": level, "parent": parent},
    ).fetchall()
    return [code for (code,) in rows]


@pytest.mark.parametrize(
    "parent, level, name, expected",
    [
        ("64", "district", "Kota Bangun", ["64.02.08"]),
        ("64", "district", "Bangun", []),
        ("64.07.07", "village", "Pepes Asa", ["64.07.07.2008"]),  # 3.1.2
        ("64.07.07", "village", "Pepas Asa", ["64.07.07.2008"]),  # 4.0.1
        ("64.07.07", "village", "Kampung Pepas Asa", ["64.07.07.2008"]),
        ("64.02.12", "village", "Desa Kampung Baru", ["64.02.12.2008"]),
        ("64.02.12", "village", "Baru", []),
        ("64.71.03", "village", "Kel. Gunung Samarinda", ["64.71.03.1002"]),
        ("64.71.03", "village", "Gunungsamarinda", ["64.71.03.1002"]),
        ("93.02.20", "village", "Biwage Dua", ["93.02.20.2005"]),
    ],
)
def test_area_names(
    session: duckdb.DuckDBPyConnection,
    parent: str,
    level: str,
    name: str,
    expected: list[str],
) -> None:
    assert _codes(session, parent, name, level) == expected


def test_repeated_village_names_need_their_district(
    session: duckdb.DuckDBPyConnection,
) -> None:
    assert len(_codes(session, "64.02", "Sumber Sari", "village")) == 3
    rows = session.execute(
        "select parent_code, name_key from area_names where area_level = 'village'"
        " and starts_with(area_code, '64') group by all having count(*) > 1"
    ).fetchall()
    assert rows == []  # within a district every key is one village


def test_every_official_name_finds_its_area(
    session: duckdb.DuckDBPyConnection,
) -> None:
    rows = session.execute(
        "select areas.area_code from areas anti join area_names on"
        " areas.area_code = area_names.area_code"
        " and area_names.name_key = area_name_key(areas.name, areas.area_level)"
    ).fetchall()
    assert rows == []


def test_tables_agree_with_the_functions(
    session: duckdb.DuckDBPyConnection,
) -> None:
    rows = session.execute(
        "select area_code, name, parent_code, village_kind, bps_code from areas"
    ).fetchall()
    for code, name, parent, kind, bps_code in rows:
        assert areas.name_of(code) == name
        assert code.rpartition(".")[0] == (parent or "")
        assert areas.village_kind(code) == kind
        assert areas.bps_from_regency(code) == bps_code
    prefixes = session.execute("from nik_prefixes").fetchall()
    assert {"640201", "640701", "6404", "9101"} <= {prefix for (prefix,) in prefixes}
    assert all(
        areas.nik_prefix_known(p if len(p) == 6 else f"{p}01") for (p,) in prefixes
    )
    codes = session.execute("select bps_code, area_code from bps_regencies").fetchall()
    assert all(areas.regency_from_bps(bps) == code for bps, code in codes)
