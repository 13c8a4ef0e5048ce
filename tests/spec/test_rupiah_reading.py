"""What becomes of amounts: one notation per column, decided by its cells together."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from staged_rows import typed

A = "RUPIAH_AMBIGUOUS"
I = "RUPIAH_INVALID"  # noqa: E741
N = "RUPIAH_NEGATIVE"

# column as sent ("#" before a numeric cell) -> notation, [amount or defect]
SPEC: list[tuple[list[str], str, list[str | None]]] = [
    (["1500000", "16800"], "plain", ["1500000", "16800"]),
    (["1.500.000"], "id", ["1500000"]),
    (["1.500.000,00", "16.800"], "id", ["1500000", "16800"]),
    (["1.234.567,89"], "id", ["1234567.89"]),
    (["1234567,5"], "id", ["1234567.5"]),
    (["1,500,000"], "us", ["1500000"]),
    (["1,500,000.00", "16,800"], "us", ["1500000", "16800"]),
    (["1,234,567.89"], "us", ["1234567.89"]),
    (["1500000.0", "2000000.5"], "us", ["1500000", "2000000.5"]),
    # one group of three says nothing by itself: Indonesian thousands with a dot
    (["16.800"], "id", ["16800"]),
    (["16.800", "850.000"], "id", ["16800", "850000"]),
    (["16,800"], "us", ["16800"]),
    (["16.800", "16,800"], "mixed", [A, A]),
    # evidence of the column decides its doubtful cells, or leaves them in doubt
    (["16.800", "1.500.000"], "id", ["16800", "1500000"]),
    (["16,800", "1.500.000"], "id", [A, "1500000"]),
    (["16.800", "1,500,000"], "us", [A, "1500000"]),
    (["16.800", "1.5"], "us", [A, "1.5"]),
    # contradicting evidence: only what has one reading is read
    (
        ["1.500.000", "1,500,000", "16.800", "16,800", "900000"],
        "mixed",
        ["1500000", "1500000", A, A, "900000"],
    ),
    # currency words and tails
    (["Rp 1.234.567"], "id", ["1234567"]),
    (["Rp. 1.234.567,00"], "id", ["1234567"]),
    (["Rp1.000.000,-"], "id", ["1000000"]),
    (["IDR 1,000,000.00"], "us", ["1000000"]),
    (["1.000.000 / bulan"], "id", ["1000000"]),
    (["Rp 1 000 000"], "plain", ["1000000"]),
    (["\u00a01.000.000\u00a0"], "id", ["1000000"]),
    # numeric cells are exact, and prove nothing about the others
    (["#1500000", "#16.8", "16.800"], "id", ["1500000", "16.8", "16800"]),
    (["#0.1"], "plain", ["0.1"]),
    # sen are the last decimals: more of them are no amount, or residue of a formula
    (["1.234.567,891", "1.000,005"], "id", [I, I]),
    (["1,234,567.00001"], "us", [I]),
    (["1.234.567,100"], "id", ["1234567.1"]),
    (["#1333333.3333", "#16800.000000000004"], "plain", ["1333333.33", "16800"]),
    # a formula that failed was meant to be an amount; a mark of absence was not
    ([" #REF!", " #N/A", "-", "1.500.000"], "id", [I, I, None, "1500000"]),
    # not amounts
    (["5 juta"], "plain", [I]),
    (["1.000.000 - 2.000.000"], "plain", [I]),
    (["1.00.000"], "plain", [I]),
    (["1.000,000.00"], "plain", [I]),
    (["seribu"], "plain", [I]),
    (["99999999999999999999"], "plain", [I]),
    (["-16800"], "plain", [N]),
    (["-1.500.000"], "id", [N]),
    (["(1.500.000)"], "plain", [N]),
    (["#-5"], "plain", [N]),
    (["0"], "plain", ["0"]),
    (["", "-", "Rp"], "plain", [None, None, I]),
]


def _row(text: str) -> dict[str, str]:
    return {
        "nik": "6402014107850001",
        "nama": "CONTOH",
        "tanggal_lahir": "01/07/1985",
        "penghasilan": text.removeprefix("#"),
        "penghasilan__kind": "n" if text.startswith("#") else "t",
    }


@pytest.mark.parametrize("cells, notation, expected", SPEC)
def test_column(
    tmp_path: Path, cells: list[str], notation: str, expected: list[str | None]
) -> None:
    rows, findings, notations = typed(
        tmp_path, "pekerja_rentan", [_row(cell) for cell in cells]
    )
    assert notations == {"penghasilan": notation}
    told = [finding.code for finding in findings]
    assert told == (["NOTATION_MIXED"] if notation == "mixed" else [])
    for row, wanted in zip(rows, expected, strict=True):
        if wanted is None or wanted.startswith("RUPIAH"):
            assert (row["penghasilan"], row["penghasilan__defect"]) == (None, wanted)
        else:
            assert row["penghasilan__defect"] is None
            assert row["penghasilan"] == Decimal(wanted)


def test_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    cells = ["16.800", "1.500.000", "900000", "16,800"]
    there = typed(tmp_path, "pekerja_rentan", [_row(c) for c in cells])[0]
    back = typed(tmp_path, "pekerja_rentan", [_row(c) for c in cells[::-1]])[0]
    assert [row["penghasilan"] for row in there] == [
        row["penghasilan"] for row in back[::-1]
    ]


@pytest.mark.parametrize(
    "cells, expected",
    [
        (["51086", "51.086"], [51086, 51086]),
        (["51,086"], [51086]),
        (["#51086"], [51086]),
        (["#51086.5", "-3", "banyak", ""], [None, None, None, None]),
    ],
)
def test_counts_are_whole_numbers(
    tmp_path: Path, cells: list[str], expected: list[int | None]
) -> None:
    rows = [
        {
            "kode_wilayah": "64.02",
            "segmen": "BPU",
            "definisi": "potensi_bpjs",
            "jumlah_orang": cell.removeprefix("#"),
            "jumlah_orang__kind": "n" if cell.startswith("#") else "t",
            "sumber": "contoh",
            "tanggal_acuan": "31/08/2025",
        }
        for cell in cells
    ]
    found = typed(tmp_path, "penyebut", rows, area="64")[0]
    assert [row["jumlah_orang"] for row in found] == expected
    for cell, row in zip(cells, found, strict=True):
        if row["jumlah_orang"] is None:
            code = "NUMBER_INVALID" if cell else "VALUE_MISSING"
            assert row["jumlah_orang__defect"] == code
