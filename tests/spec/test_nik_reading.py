"""What becomes of the text in the NIK column: every defect its code, nothing guessed.

NIK: PPKKCC DDMMYY SSSS, day + 40 for women, serial from 0001 (PP 37/2007 art. 37).
People and numbers here are made up.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from staged_rows import typed

GOOD = "6402014107850001"

SPEC: list[tuple[str, str, str | None, str | None, str | None]] = [
    # text of the cell, its kind, NIK, defect, note
    (GOOD, "t", GOOD, None, None),
    ("6402010107850001", "t", "6402010107850001", None, None),
    (f"  {GOOD} ", "t", GOOD, None, None),
    # marks around and between the digits are taken off and reported
    (f"'{GOOD}", "t", GOOD, None, "NIK_REPAIRED"),
    (f'"{GOOD}"', "t", GOOD, None, "NIK_REPAIRED"),
    ("6402 0141 0785 0001", "t", GOOD, None, "NIK_REPAIRED"),
    ("640201.410785.0001", "t", GOOD, None, "NIK_REPAIRED"),
    ("6402-0141-0785-0001", "t", GOOD, None, "NIK_REPAIRED"),
    ("6402\u20130141\u20130785\u20130001", "t", GOOD, None, "NIK_REPAIRED"),
    (f"\u00a0{GOOD}\u200b", "t", GOOD, None, "NIK_REPAIRED"),
    (f"\u2019{GOOD}", "t", GOOD, None, "NIK_REPAIRED"),
    # numbers: exact up to 2**53 = 9007199254740992, so Kalimantan survives, Papua not
    (f"{GOOD}.0", "t", GOOD, None, "NIK_FLOAT_TAIL"),
    (f"{GOOD},00", "t", GOOD, None, "NIK_FLOAT_TAIL"),
    (GOOD, "n", GOOD, None, "NIK_FLOAT_TAIL"),
    ("9101010101900001.0", "t", None, "NIK_FLOAT_INEXACT", None),
    ("9101010101900001", "n", None, "NIK_FLOAT_INEXACT", None),
    ("9101010101900001", "t", "9101010101900001", None, None),
    # Excel keeps fifteen digits; a typed 0 in a text cell is an ordinary digit
    ("6402014107850010", "n", None, "NIK_PRECISION_LOSS", None),
    ("6402014107850000", "n", None, "NIK_PRECISION_LOSS", None),
    ("6402014107850010", "t", "6402014107850010", None, None),
    ("6.40E+15", "t", None, "NIK_SCIENTIFIC", None),
    ("6,40201E+15", "t", None, "NIK_SCIENTIFIC", None),
    ("6.40201410785e15", "t", None, "NIK_SCIENTIFIC", None),
    # dates in the wrong cell
    ("1971-10-02 00:00:00", "t", None, "NIK_DATE_CELL", None),
    ("1971-10-02", "d", None, "NIK_DATE_CELL", None),
    ("02/10/1971", "t", None, "NIK_DATE_CELL", None),
    # length and letters: said, never filled in
    ("640201410785001", "t", None, "NIK_LENGTH", None),
    ("64020141078500011", "t", None, "NIK_LENGTH", None),
    ("640201410785001", "n", None, "NIK_LENGTH", None),
    ("64020141O7850001", "t", None, "NIK_LETTERS", None),
    ("640201410785000l", "t", None, "NIK_LETTERS", None),
    (f"{GOOD}*", "t", None, "NIK_LETTERS", None),
    # no number at all
    ("", "t", None, "NIK_MISSING", None),
    ("   ", "t", None, "NIK_MISSING", None),
    ("-", "t", None, "NIK_MISSING", None),
    ("'", "t", None, "NIK_MISSING", None),
    ("belum ada", "t", None, "NIK_MISSING", None),
    # numbers nobody has
    ("0000000000000000", "t", None, "NIK_DUMMY", None),
    ("9999999999999999", "t", None, "NIK_DUMMY", None),
    ("1234567890123456", "t", None, "NIK_DUMMY", None),
    ("6402014107850000", "t", None, "NIK_SERIAL_ZERO", None),
    # the date part
    ("6402010007850001", "t", None, "NIK_DATE_INVALID", None),
    ("6402013207850001", "t", None, "NIK_DATE_INVALID", None),
    ("6402014007850001", "t", None, "NIK_DATE_INVALID", None),
    ("6402017207850001", "t", None, "NIK_DATE_INVALID", None),
    ("6402010113850001", "t", None, "NIK_DATE_INVALID", None),
    ("6402013006850001", "t", "6402013006850001", None, None),
    ("6402013106850001", "t", None, "NIK_DATE_INVALID", None),
    ("6402012902840001", "t", "6402012902840001", None, None),
    ("6402012902850001", "t", None, "NIK_DATE_INVALID", None),
    ("6402016902000001", "t", "6402016902000001", None, None),
    # the area: retired codes live on in NIKs (Kaltara, Mahakam Ulu, Merauke until 2022)
    ("6404010107850001", "t", "6404010107850001", None, None),
    ("6405010107850001", "t", "6405010107850001", None, None),
    ("6406010107850001", "t", "6406010107850001", None, None),
    ("6410010107850001", "t", "6410010107850001", None, None),  # Tana Tidung
    ("6473010107850001", "t", "6473010107850001", None, None),
    ("6407010107850001", "t", "6407010107850001", None, None),
    ("6407020107850001", "t", "6407020107850001", None, None),
    ("6407030107850001", "t", "6407030107850001", None, None),
    ("6407040107850001", "t", "6407040107850001", None, None),
    ("9101010107850001", "t", "9101010107850001", None, None),
    ("9301010107850001", "t", "9301010107850001", None, None),
    ("6412010107850001", "t", None, "NIK_AREA_UNKNOWN", None),
    ("9901010107850001", "t", None, "NIK_AREA_UNKNOWN", None),
    ("6402990107850001", "t", None, "NIK_AREA_UNKNOWN", None),
    ("6404000107850001", "t", None, "NIK_AREA_UNKNOWN", None),
]


def _person(nik: str, kind: str) -> dict[str, str]:
    return {
        "nik": nik,
        "nik__kind": kind,
        "nama": "CONTOH SATU",
        "tanggal_lahir": "01/07/1985",
    }


@pytest.fixture(scope="module")
def readings(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    rows = [_person(text, kind) for text, kind, *_ in SPEC]
    return typed(tmp_path_factory.mktemp("nik"), "pekerja_rentan", rows)[0]


@pytest.mark.parametrize("number", range(len(SPEC)))
def test_reading(number: int, readings: list[dict[str, Any]]) -> None:
    _, _, nik, defect, note = SPEC[number]
    row = readings[number]
    assert (row["nik"], row["nik__defect"], row["nik__note"]) == (nik, defect, note)


def test_nik_equal_to_the_family_card_number(tmp_path: Path) -> None:
    rows = [_person(GOOD, "t") | {"x_5": GOOD}, _person(GOOD, "t") | {"x_5": "1"}]
    layout = {"columns": [{"index": 5, "header": "No. KK", "name": None}]}
    found, _, _ = typed(tmp_path, "pekerja_rentan", rows, layout=layout)
    assert [row["nik__defect"] for row in found] == ["NIK_IS_NKK", None]


@pytest.mark.parametrize(
    "zeros, rows, is_alarm",
    [(3, 20, True), (2, 20, False), (19, 19, False), (11, 100, True), (10, 100, False)],
)
def test_alarm_when_too_many_numbers_end_in_zero(
    tmp_path: Path, zeros: int, rows: int, is_alarm: bool
) -> None:
    given = [
        _person(f"640201410785{(i + 1) * 10 if i < zeros else i * 10 + 1:04d}", "t")
        for i in range(rows)
    ]
    found, findings, _ = typed(tmp_path, "pekerja_rentan", given)
    codes = [finding.code for finding in findings]
    assert ("NIK_PRECISION_LOSS_FILE" in codes) is is_alarm
    assert {row["nik__defect"] for row in found} == {None}, "text cells stay in"


def test_in_the_extract_the_row_goes_on_without_its_nik(tmp_path: Path) -> None:
    row = {
        "kpj": "26000000011",
        "nik": "6.40E+15",
        "nama": "CONTOH",
        "segmen": "BPU",
        "kode_kabkota": "64.02",
    }
    found, _, _ = typed(tmp_path, "bpjs_kepesertaan", [row], area="64")
    assert (found[0]["nik"], found[0]["nik__defect"]) == (None, "NIK_SCIENTIFIC")
    assert found[0]["kpj"] == "26000000011"
