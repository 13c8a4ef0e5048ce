"""What becomes of the text in a date column. Day first, always; nothing is guessed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from staged_rows import typed

D = dt.date
JULY = D(1985, 7, 1)

BIRTH: list[tuple[str, str, dt.date | None, str | None]] = [
    # text of the cell, its kind, day, defect (coverage month 2026-09)
    ("01/07/1985", "t", JULY, None),
    ("1/7/1985", "t", JULY, None),
    ("01-07-1985", "t", JULY, None),
    ("01.07.1985", "t", JULY, None),
    ("01 07 1985", "t", JULY, None),
    (" 01/07/1985 ", "t", JULY, None),
    ("1985-07-01", "t", JULY, None),
    ("1985/7/1", "t", JULY, None),
    ("1985-07-01 00:00:00", "t", JULY, None),
    ("1985-07-01T00:00:00", "t", JULY, None),
    ("1985-07-01", "d", JULY, None),
    ("1985-07-01 10:30:00", "d", JULY, None),
    ("01/07/1985 08.00 WITA", "t", JULY, None),
    # names of the months: Indonesian, old spelling, abbreviations, English
    ("1 Juli 1985", "t", JULY, None),
    ("1 JULI 1985", "t", JULY, None),
    ("01-Jul-85", "t", JULY, None),
    ("17 Agustus 1990", "t", D(1990, 8, 17), None),
    ("17 Agt 1990", "t", D(1990, 8, 17), None),
    ("17-Ags-1990", "t", D(1990, 8, 17), None),
    ("5 Pebruari 1988", "t", D(1988, 2, 5), None),
    ("10 Nopember 1979", "t", D(1979, 11, 10), None),
    ("12 Desember 1979", "t", D(1979, 12, 12), None),
    ("12 Okt 1979", "t", D(1979, 10, 12), None),
    ("3 May 1980", "t", D(1980, 5, 3), None),
    ("July 1, 1985", "t", JULY, None),
    ("Jum'at, 5 Februari 1988", "t", D(1988, 2, 5), None),
    ("5Mei1990", "t", D(1990, 5, 5), None),
    # eight digits
    ("01071985", "t", JULY, None),
    ("19850701", "t", JULY, None),
    ("1071985", "n", JULY, None),
    # Excel serials only in numeric cells
    ("31229", "n", JULY, None),
    ("31229.5", "n", JULY, None),
    ("31229", "t", None, "DATE_INVALID"),
    # two-digit years: not in the future, younger than 100
    ("01/07/85", "t", JULY, None),
    ("01/07/05", "t", D(2005, 7, 1), None),
    ("01/07/26", "t", D(2026, 7, 1), None),
    ("01/07/27", "t", D(1927, 7, 1), None),
    # leap days
    ("29/02/2000", "t", D(2000, 2, 29), None),
    ("29/02/1984", "t", D(1984, 2, 29), None),
    ("29/02/1985", "t", None, "DATE_INVALID"),
    ("29/02/1900", "t", None, "DATE_INVALID"),
    # impossible, month first, rubbish
    ("00/00/0000", "t", None, "DATE_INVALID"),
    ("31/06/1985", "t", None, "DATE_INVALID"),
    ("32/01/1985", "t", None, "DATE_INVALID"),
    ("07/25/1985", "t", None, "DATE_INVALID"),
    ("01/07/0085", "t", None, "DATE_INVALID"),
    ("01/07/1885", "t", None, "DATE_INVALID"),
    ("1 Juxi 1985", "t", None, "DATE_INVALID"),
    ("tidak tahu", "t", None, "DATE_INVALID"),
    ("1985", "t", None, "DATE_INVALID"),
    ("07/1985", "t", None, "DATE_INVALID"),
    ("12", "n", None, "DATE_INVALID"),
    # nobody is born after the month
    ("01/10/2026", "t", None, "BIRTH_DATE_FUTURE"),
    ("30/09/2026", "t", D(2026, 9, 30), None),
    # nothing
    ("", "t", None, "VALUE_MISSING"),
    ("-", "t", None, "VALUE_MISSING"),
]

MONTHS: list[tuple[str, str, dt.date | None, str | None]] = [
    ("2026-09", "t", D(2026, 9, 1), None),
    ("2026/9", "t", D(2026, 9, 1), None),
    ("09/2026", "t", D(2026, 9, 1), None),
    ("9-2026", "t", D(2026, 9, 1), None),
    ("09-26", "t", D(2026, 9, 1), None),
    ("202609", "t", D(2026, 9, 1), None),
    ("202609", "n", D(2026, 9, 1), None),
    ("092026", "t", D(2026, 9, 1), None),
    ("September 2026", "t", D(2026, 9, 1), None),
    ("Sep-26", "t", D(2026, 9, 1), None),
    ("Nopember 2025", "t", D(2025, 11, 1), None),
    ("2026-09-30", "t", D(2026, 9, 1), None),
    ("2026-09-01", "d", D(2026, 9, 1), None),
    ("30/09/2026", "t", D(2026, 9, 1), None),
    ("46266", "n", D(2026, 9, 1), None),
    ("", "t", None, None),
    ("26-09", "t", None, "MONTH_INVALID"),
    ("13/2026", "t", None, "MONTH_INVALID"),
    ("2026", "t", None, "MONTH_INVALID"),
    ("lunas", "t", None, "MONTH_INVALID"),
]


def _person(text: str, kind: str = "t") -> dict[str, str]:
    return {
        "nik": "6402014107850001",
        "nama": "CONTOH",
        "tanggal_lahir": text,
        "tanggal_lahir__kind": kind,
    }


@pytest.fixture(scope="module")
def births(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    rows = [_person(text, kind) for text, kind, *_ in BIRTH]
    return typed(tmp_path_factory.mktemp("births"), "pekerja_rentan", rows)[0]


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    rows = [
        {
            "kpj": "26000000011",
            "nama": "CONTOH",
            "segmen": "BPU",
            "kode_kabkota": "64.02",
            "bulan_iuran_terakhir": text,
            "bulan_iuran_terakhir__kind": kind,
        }
        for text, kind, *_ in MONTHS
    ]
    return typed(tmp_path_factory.mktemp("m"), "bpjs_kepesertaan", rows, area="64")[0]


@pytest.mark.parametrize("number", range(len(BIRTH)))
def test_birth_date(number: int, births: list[dict[str, Any]]) -> None:
    _, _, day, defect = BIRTH[number]
    row = births[number]
    assert (row["tanggal_lahir"], row["tanggal_lahir__defect"]) == (day, defect)


@pytest.mark.parametrize("number", range(len(MONTHS)))
def test_month(number: int, months: list[dict[str, Any]]) -> None:
    _, _, start, defect = MONTHS[number]
    row = months[number]
    found = (row["bulan_iuran_terakhir"], row["bulan_iuran_terakhir__defect"])
    assert found == (start, defect)


def test_other_dates_of_two_digits_lie_in_this_century(tmp_path: Path) -> None:
    rows = [_person("01/07/1985") | {"selesai": "31/12/27", "mulai": "01/01/98"}]
    row = typed(tmp_path, "pekerja_rentan", rows)[0][0]
    assert (row["mulai"], row["selesai"]) == (D(1998, 1, 1), D(2027, 12, 31))


def test_a_column_written_month_first_is_not_guessed(tmp_path: Path) -> None:
    rows = [_person(text) for text in ("07/25/1985", "07/05/1985", "07/07/1985")]
    found = typed(tmp_path, "pekerja_rentan", rows)[0]
    defects = [row["tanggal_lahir__defect"] for row in found]
    assert defects == ["DATE_INVALID", "DATE_AMBIGUOUS", None]


def test_one_slip_does_not_spoil_a_column_written_day_first(tmp_path: Path) -> None:
    rows = [_person(text) for text in ("25/07/1985", "07/25/1985", "07/05/1985")]
    found = typed(tmp_path, "pekerja_rentan", rows)[0]
    defects = [row["tanggal_lahir__defect"] for row in found]
    assert defects == [None, "DATE_INVALID", None]
    assert found[2]["tanggal_lahir"] == D(1985, 5, 7)


@pytest.mark.parametrize(
    "born, age",
    [("30/09/1985", 41), ("01/10/1985", 40), ("29/02/2004", 22), ("30/09/2026", 0)],
)
def test_age_in_whole_years_at_month_end(tmp_path: Path, born: str, age: int) -> None:
    assert typed(tmp_path, "pekerja_rentan", [_person(born)])[0][0]["umur"] == age
