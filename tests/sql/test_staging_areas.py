"""Villages, area codes and their scheme, on the shipped area reference."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cakupan.core.findings import Grade, Severity
from staged_rows import typed

PERSON = {"nik": "6402014107850001", "nama": "CONTOH", "tanggal_lahir": "01/07/1985"}
MEMBER = {"kpj": "26000000011", "nama": "CONTOH", "segmen": "BPU"}

# kode_desa, desa, kecamatan -> village, defect; sender 64.02
VILLAGES: list[tuple[str, str, str, str | None, str | None]] = [
    ("64.02.02.2004", "", "", "64.02.02.2004", None),
    ("6402022004", "", "", "64.02.02.2004", None),
    ("64 02 02 2004", "", "", "64.02.02.2004", None),
    ("", "Loa Kulu Kota", "Loa Kulu", "64.02.02.2004", None),
    ("", "DESA LOA KULU KOTA", "Kec. Loa Kulu", "64.02.02.2004", None),
    ("", "loa-kulu kota", "LOA  KULU", "64.02.02.2004", None),
    ("", "Loa Kulu Kota", "", "64.02.02.2004", None),
    # names repeat inside Kutai Kartanegara: the district is needed
    ("", "Sumber Sari", "", None, "VILLAGE_AMBIGUOUS"),
    ("", "Sumber Sari", "Loa Kulu", "64.02.02.2014", None),
    ("", "Sumber Sari", "Samboja", None, "VILLAGE_UNKNOWN"),
    ("", "Desa Tidak Ada", "Loa Kulu", None, "VILLAGE_UNKNOWN"),
    ("64.02.02.9999", "Loa Kulu Kota", "Loa Kulu", None, "VILLAGE_UNKNOWN"),
    ("6402", "", "", None, "VILLAGE_UNKNOWN"),
    ("abc", "", "", None, "VILLAGE_UNKNOWN"),
    # its district went to Mahakam Ulu; its regency became 93.01
    ("64.07.01.2001", "", "", None, "VILLAGE_RETIRED"),
    ("91.01.01.1001", "", "", None, "VILLAGE_RETIRED"),
    # a village of another regency is readable, and not the sender's
    ("64.72.01.1001", "", "", "64.72.01.1001", "VILLAGE_OTHER_AREA"),
    ("62.01.01.1011", "", "", "62.01.01.1011", "VILLAGE_OTHER_AREA"),
    ("62.01.01.9999", "", "", None, "VILLAGE_UNKNOWN"),
    ("", "", "", None, None),
    ("", "", "Loa Kulu", None, None),
]


def test_villages_by_code_and_by_name(tmp_path: Path) -> None:
    rows = [
        PERSON | {"kode_desa": code, "desa": name, "kecamatan": district}
        for code, name, district, *_ in VILLAGES
    ]
    found, findings, _ = typed(tmp_path, "pekerja_rentan", rows)
    got = [(row["kode_desa"], row["kode_desa__defect"]) for row in found]
    assert got == [(village, defect) for *_, village, defect in VILLAGES]
    assert findings == []


def test_a_village_is_required_where_the_contract_says_so(tmp_path: Path) -> None:
    rows = [PERSON | {"kode_desa": "", "desa": "", "kecamatan": "Loa Kulu"}]
    found, _, _ = typed(tmp_path, "rt_rw", rows)
    assert found[0]["kode_desa__defect"] == "VALUE_MISSING"


@pytest.mark.parametrize("elsewhere, is_refused", [(1, False), (2, False), (3, True)])
def test_file_of_another_area(tmp_path: Path, elsewhere: int, is_refused: bool) -> None:
    here, there = "64.02.02.2004", "64.72.01.1001"
    codes = [there] * elsewhere + [here] * (4 - elsewhere) + ["", "99.99.99.9999"]
    rows = [PERSON | {"kode_desa": code} for code in codes]
    _, findings, _ = typed(tmp_path, "pekerja_rentan", rows)
    told = [(f.code, f.grade, f.severity) for f in findings]
    wanted = ("AREA_MISMATCH", Grade.SUBMISSION, Severity.CRITICAL)
    assert told == ([wanted] if is_refused else [])


def test_file_of_another_province(tmp_path: Path) -> None:
    rows = [PERSON | {"kode_desa": "62.01.01.1011"}]
    _, findings, _ = typed(tmp_path, "pekerja_rentan", rows)
    assert [finding.code for finding in findings] == ["AREA_MISMATCH"]


def _members(codes: list[tuple[str, str]], kind: str = "t") -> list[dict[str, str]]:
    return [
        MEMBER
        | {"kode_kabkota": code, "skema_kode": scheme, "kode_kabkota__kind": kind}
        for code, scheme in codes
    ]


# (code, scheme) of the rows -> regency or defect per row, findings of the file
SCHEMES: list[tuple[list[tuple[str, str]], list[str], list[str]]] = [
    ([("64.02", "")], ["64.02"], []),
    ([("6402", "kemendagri")], ["64.02"], []),
    ([("6402", "BPS")], ["64.07"], []),
    ([("6403", "bps"), ("6402", "Kode Kemendagri")], ["64.02", "64.02"], []),
    ([("6411", "bps")], ["64.11"], []),
    # undeclared: the same in both schemes
    ([("6401", ""), ("6409", ""), ("6472", "")], ["64.01", "64.09", "64.72"], []),
    # undeclared: only Kemendagri has 6407 and 6408
    ([("6402", ""), ("6407", "")], ["64.02", "64.07"], []),
    ([("6408", ""), ("6403", "")], ["64.08", "64.03"], []),
    # undeclared: cannot be told
    ([("6402", "")], ["64.02"], ["SCHEME_UNDECLARED"]),
    ([("6402", ""), ("6472", "")], ["64.02", "64.72"], ["SCHEME_UNDECLARED"]),
    (
        [("6404", ""), ("6401", "")],
        ["AREA_CODE_RETIRED", "64.01"],
        ["SCHEME_UNDECLARED"],
    ),
    (
        [("6404", ""), ("6408", "")],
        ["AREA_CODE_RETIRED", "64.08"],
        ["SCHEME_UNDECLARED"],
    ),
    # rubbish in one row does not spoil the file
    (
        [("6401", ""), ("9999", ""), ("x", "")],
        ["64.01"] + ["AREA_CODE_UNKNOWN"] * 2,
        [],
    ),
    # retired and unknown codes, other provinces, missing
    ([("64.04", "")], ["AREA_CODE_RETIRED"], []),
    ([("6404", "kemendagri")], ["AREA_CODE_RETIRED"], []),
    ([("91.01", "")], ["AREA_CODE_RETIRED"], []),
    ([("64.12", "")], ["AREA_CODE_UNKNOWN"], []),
    ([("6407", "bps")], ["AREA_CODE_UNKNOWN"], []),
    ([("64.02", "bps")], ["AREA_CODE_UNKNOWN"], []),
    ([("64", "")], ["AREA_CODE_UNKNOWN"], []),
    ([("64.02.01", "")], ["AREA_CODE_UNKNOWN"], []),
    ([("", ""), ("64.01", "")], ["VALUE_MISSING", "64.01"], []),
    ([("64.01", "dukun"), ("64.01", "")], ["64.01", "64.01"], ["SCHEME_UNKNOWN"]),
]


@pytest.mark.parametrize("cells, expected, told", SCHEMES)
def test_scheme_of_area_codes(
    tmp_path: Path, cells: list[tuple[str, str]], expected: list[str], told: list[str]
) -> None:
    found, findings, _ = typed(tmp_path, "bpjs_kepesertaan", _members(cells), area="64")
    got = [row["kode_kabkota__defect"] or row["kode_kabkota"] for row in found]
    assert got == expected
    assert [finding.code for finding in findings] == told


def test_code_of_another_province(tmp_path: Path) -> None:
    cells = [("62.01", ""), ("64.01", ""), ("64.02", "")]
    found, findings, _ = typed(tmp_path, "bpjs_kepesertaan", _members(cells), area="64")
    assert found[0]["kode_kabkota__defect"] == "AREA_CODE_OTHER_PROVINCE"
    assert findings == []
    _, findings, _ = typed(tmp_path, "bpjs_kepesertaan", _members(cells[:1]), area="64")
    assert [finding.code for finding in findings] == ["AREA_MISMATCH"]


def test_a_numeric_cell_loses_the_last_zero(tmp_path: Path) -> None:
    numeric = _members([("62.1", "")], "n") + _members([("62.1", "")], "t")
    found, _, _ = typed(tmp_path, "bpjs_kepesertaan", numeric, area="62")
    assert found[0]["kode_kabkota"] == "62.10"
    assert found[1]["kode_kabkota__defect"] == "AREA_CODE_UNKNOWN"


@pytest.mark.parametrize(
    "code, scheme, regency, village, defect",
    [
        ("64.02.02.2004", "", "64.02", "64.02.02.2004", None),
        ("6402022004", "", "64.02", "64.02.02.2004", None),
        ("64.02.02.9999", "", "64.02", None, "VILLAGE_UNKNOWN"),
        ("64.72.01.1001", "", "64.02", "64.72.01.1001", "VILLAGE_OTHER_AREA"),
        ("6403020001", "bps", "6403", None, None),
        ("", "", "64.02", None, None),
    ],
)
def test_village_of_a_participant(
    tmp_path: Path, code: str, scheme: str, regency: str, village: Any, defect: Any
) -> None:
    rows = [MEMBER | {"kode_kabkota": regency, "skema_kode": scheme, "kode_desa": code}]
    row = typed(tmp_path, "bpjs_kepesertaan", rows, area="64")[0][0]
    assert (row["kode_desa"], row["kode_desa__defect"]) == (village, defect)


@pytest.mark.parametrize(
    "code, scheme, expected",
    [
        ("64", "", "64"),
        ("64", "bps", "64"),
        ("64.02", "", "64.02"),
        ("6403", "bps", "64.02"),
        ("64.02.01", "", "AREA_CODE_UNKNOWN"),
    ],
)
def test_reference_files_may_name_the_province(
    tmp_path: Path, code: str, scheme: str, expected: str
) -> None:
    rows = [
        {
            "kode_wilayah": code,
            "skema_kode": scheme,
            "tahun": "2026",
            "segmen": "semua",
            "satuan": "%",
            "nilai": "43,92",
            "sumber": "contoh",
        }
    ]
    row = typed(tmp_path, "target", rows, area="64")[0][0]
    assert (row["kode_wilayah__defect"] or row["kode_wilayah"]) == expected
    assert (row["segmen"], row["satuan"], str(row["nilai"])) == (
        "ALL",
        "persen",
        "43.9200",
    )
    assert row["tahun"] == 2026
