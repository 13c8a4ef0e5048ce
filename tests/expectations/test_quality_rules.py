"""What each rule says of a row: given a change to a good row, expect these codes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from expectations.typed_rows import gate, row

NO_NIK: dict[str, Any] = {"nik": None}

#: dataset -> (given, expected codes; a code in capitals alone is critical)
CASES: dict[str, list[tuple[dict[str, Any], set[str]]]] = {
    "pekerja_rentan": [
        ({}, set()),
        ({"nik": None}, {"NIK_MISSING!"}),
        ({"nik": None, "nik__defect": "NIK_MISSING"}, {"NIK_MISSING!"}),
        ({"nik": None, "nik__defect": "NIK_PRECISION_LOSS"}, {"NIK_PRECISION_LOSS!"}),
        ({"nik__note": "NIK_REPAIRED"}, {"NIK_REPAIRED"}),
        ({"nik__note": "NIK_FLOAT_TAIL"}, {"NIK_FLOAT_TAIL"}),
        # the NIK is never corrected when the birth date is: a warning, never more
        ({"tanggal_lahir": dt.date(1985, 7, 2)}, {"NIK_BIRTH_DATE_DIFFERS"}),
        ({"tanggal_lahir": dt.date(1885, 7, 1)}, set()),  # the century is not in it
        ({"jenis_kelamin": "L"}, {"NIK_SEX_DIFFERS"}),
        ({"jenis_kelamin": None}, set()),
        # a date of this century, later than the birth, not + 40: a family card number
        ({"nik": "6402010509120001"}, {"NIK_POSSIBLY_NKK", "NIK_SEX_DIFFERS"}),
        ({"nik": "6402014509120001"}, {"NIK_BIRTH_DATE_DIFFERS"}),
        ({"nik": "6472014107850001"}, {"NIK_AREA_DIFFERS"}),
        ({"nama": None}, {"NAME_MISSING!"}),
        ({"nama": None, "nama__defect": "NAME_INVALID"}, {"NAME_INVALID!"}),
        (
            {"tanggal_lahir": None, "umur": None},
            {"VALUE_MISSING!"},
        ),
        (
            {"tanggal_lahir": None, "tanggal_lahir__defect": "DATE_INVALID"},
            {"DATE_INVALID!"},
        ),
        (
            {"tanggal_lahir": None, "tanggal_lahir__defect": "BIRTH_DATE_FUTURE"},
            {"BIRTH_DATE_FUTURE!"},
        ),
        (
            {"tanggal_lahir": dt.date(1985, 1, 1), "nik": "6402014101850001"},
            {"BIRTH_DATE_PLACEHOLDER"},
        ),
        ({"umur": 17}, {"AGE_INELIGIBLE"}),
        ({"umur": 18}, set()),
        ({"umur": 64}, set()),
        ({"umur": 65}, {"AGE_INELIGIBLE"}),
        ({"kode_desa": None}, set()),
        (
            {"kode_desa": None, "kode_desa__defect": "VILLAGE_UNKNOWN"},
            {"VILLAGE_UNKNOWN!"},
        ),
        ({"penghasilan": Decimal("5000000.00")}, set()),
        ({"penghasilan": Decimal("5000000.01")}, {"INCOME_HIGH"}),
        (
            {"penghasilan": None, "penghasilan__defect": "RUPIAH_AMBIGUOUS"},
            {"RUPIAH_AMBIGUOUS!"},
        ),
        ({"status": None, "status__defect": "VALUE_UNKNOWN"}, {"VALUE_UNKNOWN"}),
        ({"nomor_sk": None}, {"STATUS_WITHOUT_DECREE"}),
        ({"nomor_sk": None, "status": "usulan"}, set()),
        ({"selesai": dt.date(2025, 12, 31)}, {"END_BEFORE_START"}),
        ({"selesai": dt.date(2026, 1, 1)}, set()),
        ({"selesai": None}, set()),
        ({"row__defect": "ROW_RAGGED"}, {"ROW_RAGGED!"}),
    ],
    "bpjs_kepesertaan": [
        ({}, set()),
        # the NIK is optional: an insured person stays in the numerator
        ({"nik": None, "nik__defect": "NIK_MISSING"}, {"NIK_MISSING"}),
        ({"nik": None, "nik__defect": "NIK_LENGTH"}, {"NIK_LENGTH"}),
        ({"kpj": None}, {"KPJ_MISSING!"}),
        ({"kpj": None, "kpj__defect": "KPJ_INVALID"}, {"KPJ_INVALID!"}),
        ({"nama": None}, {"NAME_MISSING!"}),
        ({"segmen": None, "segmen__defect": "VALUE_UNKNOWN"}, {"VALUE_UNKNOWN!"}),
        ({"segmen": "LAIN"}, {"VALUE_UNKNOWN!"}),
        ({"jkk": None, "jkk__defect": "FLAG_INVALID"}, {"FLAG_INVALID"}),
        (
            {"kode_kabkota": None, "kode_kabkota__defect": "AREA_CODE_OTHER_PROVINCE"},
            {"AREA_CODE_OTHER_PROVINCE!"},
        ),
        ({"bulan_iuran_terakhir": None}, {"PAID_THROUGH_MISSING"}),
        (
            {
                "bulan_iuran_terakhir": None,
                "bulan_iuran_terakhir__defect": "MONTH_INVALID",
            },
            {"MONTH_INVALID!"},
        ),
        # three months unpaid is inactive; two are grace
        ({"bulan_iuran_terakhir": dt.date(2026, 7, 1)}, set()),
        ({"bulan_iuran_terakhir": dt.date(2026, 6, 1)}, {"STATUS_CONFLICT"}),
        ({"status": "tidak_aktif"}, {"STATUS_CONFLICT"}),
        (
            {"status": "tidak_aktif", "bulan_iuran_terakhir": dt.date(2026, 8, 1)},
            set(),
        ),
    ],
    "non_asn": [
        ({}, set()),
        ({"upah": Decimal("20000000.01")}, {"INCOME_HIGH"}),
        ({"upah": None, "upah__defect": "RUPIAH_NEGATIVE"}, {"RUPIAH_NEGATIVE!"}),
    ],
    "aparatur_desa": [
        ({}, set()),
        ({"kode_desa": None}, {"VALUE_MISSING!"}),
        ({"kode_desa": None, "kode_desa__defect": "VALUE_MISSING"}, {"VALUE_MISSING!"}),
        (
            {"kode_desa": None, "kode_desa__defect": "VILLAGE_AMBIGUOUS"},
            {"VILLAGE_AMBIGUOUS!"},
        ),
    ],
    "rt_rw": [({}, set()), ({"kode_desa": None}, {"VALUE_MISSING!"})],
    "penyebut": [
        ({}, set()),
        ({"jumlah_orang": 0}, set()),
        ({"jumlah_orang": None}, {"VALUE_MISSING!"}),
        ({"sumber": None}, {"VALUE_MISSING!"}),
        ({"segmen": "JAKON"}, {"VALUE_UNKNOWN!"}),
        (
            {"kode_wilayah": None, "kode_wilayah__defect": "AREA_CODE_UNKNOWN"},
            {"AREA_CODE_UNKNOWN!"},
        ),
        (
            {"kode_wilayah": None, "kode_wilayah__defect": "AREA_CODE_RETIRED"},
            {"AREA_CODE_RETIRED!"},
        ),
        # Sakernas of February and of August are two series, never one definition
        ({"definisi": "bps_sakernas_agustus_bekerja"}, set()),
        (
            {
                "definisi": "bps_sakernas_agustus_bekerja",
                "tanggal_acuan": dt.date(2025, 2, 28),
            },
            {"SURVEY_MONTH_MIXED!"},
        ),
        ({"definisi": "Sakernas Februari"}, {"SURVEY_MONTH_MIXED!"}),
        ({"definisi": "sakernas_satu"}, set()),
        ({"definisi": "sakernas_dua"}, {"SURVEY_MONTH_MIXED!"}),
        (
            {"definisi": "sakernas_dua", "tanggal_acuan": dt.date(2025, 2, 28)},
            {"SURVEY_MONTH_MIXED!"},
        ),
        # a monthly register may be of any month
        ({"definisi": "potensi"}, set()),
        ({"definisi": "potensi", "tanggal_acuan": dt.date(2025, 2, 28)}, set()),
    ],
    "anggaran": [
        ({}, set()),
        # a budget without a year, of an unknown payer or group counts for nobody
        ({"tahun": None}, {"VALUE_MISSING!"}),
        ({"tahun": None, "tahun__defect": "NUMBER_INVALID"}, {"NUMBER_INVALID!"}),
        ({"tahun": 1999}, {"NUMBER_INVALID!", "YEAR_FAR!"}),
        # the month is September 2026
        ({"tahun": 2021}, set()),
        ({"tahun": 2020}, {"YEAR_FAR!"}),
        ({"tahun": 2027}, set()),
        ({"tahun": 2062}, {"YEAR_FAR!"}),
        (
            {"sumber_dana": None, "sumber_dana__defect": "VALUE_UNKNOWN"},
            {"VALUE_UNKNOWN!"},
        ),
        ({"sumber_dana": "hibah"}, {"VALUE_UNKNOWN!"}),
        ({"kelompok": None}, {"VALUE_MISSING!"}),
        ({"kelompok": "nelayan"}, {"VALUE_UNKNOWN!"}),
        ({"pagu": None}, {"VALUE_MISSING!"}),
        ({"pagu": None, "pagu__defect": "RUPIAH_AMBIGUOUS"}, {"RUPIAH_AMBIGUOUS!"}),
        ({"pagu": Decimal("0.00"), "realisasi": None}, set()),
        (
            {"realisasi": None, "realisasi__defect": "RUPIAH_INVALID"},
            {"RUPIAH_INVALID!"},
        ),
        ({"realisasi": Decimal("3024000000.00")}, set()),
        ({"realisasi": Decimal("3024000000.01")}, {"REALISATION_ABOVE_BUDGET"}),
        ({"realisasi": Decimal("-1.00")}, {"RUPIAH_NEGATIVE!"}),
        ({"jumlah_bulan": 0}, {"MONTH_COUNT_UNUSUAL"}),
        ({"jumlah_bulan": 13}, {"MONTH_COUNT_UNUSUAL"}),
        (
            {"jumlah_orang": None, "jumlah_orang__defect": "NUMBER_INVALID"},
            {"NUMBER_INVALID"},
        ),
    ],
    "csr": [
        ({}, set()),
        ({"perusahaan": None}, {"VALUE_MISSING!"}),
        ({"kelompok": None}, set()),
        ({"kelompok": None, "kelompok__defect": "VALUE_UNKNOWN"}, {"VALUE_UNKNOWN!"}),
        ({"jumlah_orang": None}, {"VALUE_MISSING!"}),
        ({"nilai": None}, set()),
        ({"nilai": None, "nilai__defect": "RUPIAH_INVALID"}, {"RUPIAH_INVALID!"}),
        ({"jumlah_bulan": 60}, set()),
        ({"jumlah_bulan": 61}, {"MONTH_COUNT_UNUSUAL"}),
    ],
    "kebijakan": [
        ({}, set()),
        ({"jenis": "edaran"}, {"VALUE_UNKNOWN!"}),
        ({"nomor": None}, {"VALUE_MISSING!"}),
        ({"tanggal": None, "tanggal__defect": "DATE_AMBIGUOUS"}, {"DATE_AMBIGUOUS!"}),
        ({"berlaku_sampai": None}, set()),
        ({"berlaku_sampai": dt.date(2026, 6, 13)}, set()),
        ({"berlaku_sampai": dt.date(2026, 6, 12)}, {"END_BEFORE_START"}),
    ],
    "bpjs_iuran": [
        ({}, set()),
        ({"kpj": None}, {"KPJ_MISSING!"}),
        ({"bulan_iuran": None}, {"VALUE_MISSING!"}),
        (
            {"bulan_iuran": None, "bulan_iuran__defect": "MONTH_INVALID"},
            {"MONTH_INVALID!"},
        ),
        ({"sumber_iuran": None}, set()),
        # the payment is real whoever made it
        (
            {"sumber_iuran": None, "sumber_iuran__defect": "VALUE_UNKNOWN"},
            {"VALUE_UNKNOWN"},
        ),
        (
            {"jkk_rupiah": None, "jkk_rupiah__defect": "RUPIAH_AMBIGUOUS"},
            {"RUPIAH_AMBIGUOUS!"},
        ),
        ({"jkk_rupiah": None, "jkm_rupiah": None}, {"CONTRIBUTION_EMPTY"}),
        (
            {"jkk_rupiah": Decimal("0.00"), "jkm_rupiah": None},
            {"CONTRIBUTION_EMPTY"},
        ),
        ({"jkk_rupiah": None}, set()),
        ({"total_rupiah": Decimal("16801.00")}, set()),  # rounded
        ({"total_rupiah": Decimal("16801.01")}, {"CONTRIBUTION_TOTAL_DIFFERS"}),
        (
            {
                "jht_rupiah": Decimal("20000.00"),
                "jht_pemberi_kerja_rupiah": Decimal("12980.00"),
                "jht_tenaga_kerja_rupiah": Decimal("7000.00"),
            },
            {"CONTRIBUTION_TOTAL_DIFFERS"},
        ),
    ],
    "bpjs_klaim": [
        ({}, set()),
        ({"nomor_klaim": None}, {"VALUE_MISSING!"}),
        ({"jumlah": Decimal("10000000.00")}, set()),
        ({"jumlah": Decimal("42000000.01")}, {"BENEFIT_AMOUNT_UNUSUAL"}),
        ({"jumlah": Decimal("5000000.00"), "program": "JHT"}, set()),
        ({"program": "BPU"}, {"VALUE_UNKNOWN!"}),
        ({"jumlah": None}, {"VALUE_MISSING!"}),
        ({"tanggal_bayar": dt.date(2026, 9, 1)}, {"PAID_BEFORE_EVENT"}),
        ({"tanggal_bayar": dt.date(2026, 9, 2)}, set()),
        ({"tanggal_kejadian": None}, set()),
        ({"nik": None, "nik__defect": "NIK_MISSING"}, {"NIK_MISSING"}),
        ({"kpj": None}, set()),
        ({"kpj": None, "kpj__defect": "KPJ_INVALID"}, {"KPJ_INVALID"}),
        ({"kpj": None, "nik": None}, {"CLAIM_WITHOUT_PERSON"}),
    ],
    "dukcapil_padan": [
        ({}, set()),
        ({"nik": None}, {"NIK_MISSING!"}),
        ({"nik": None, "nik__defect": "NIK_LENGTH"}, {"NIK_LENGTH!"}),
        ({"status": "meninggal"}, set()),
        ({"status": None, "status__defect": "VALUE_UNKNOWN"}, {"VALUE_UNKNOWN!"}),
        ({"tanggal": None}, {"VALUE_MISSING!"}),
    ],
    "target": [
        ({}, set()),
        ({"nilai": -1.0}, {"NUMBER_INVALID!"}),
        ({"satuan": None}, {"VALUE_MISSING!"}),
    ],
}


@pytest.mark.parametrize("row_level_limit", [1_000, 0], ids=["gx", "bulk"])
@pytest.mark.parametrize("dataset", list(CASES))
def test_rules(dataset: str, row_level_limit: int, tmp_path: Path) -> None:
    cases = CASES[dataset]
    rows = []
    for number, (given, _) in enumerate(cases, start=1):
        made = row(dataset, number)
        changes = dict(given)
        nik = changes.pop("nik", made.get("nik"))
        if nik is not None and nik != made["nik"]:
            nik = f"{nik[:12]}{number:04d}"  # one NIK, one row
        made.update(changes)
        if "nik" in made:
            made["nik"] = nik
        rows.append(made)
    verdict = gate(tmp_path, dataset, rows, limit=row_level_limit)
    found: dict[int, set[str]] = {}
    for finding in verdict.findings.to_pylist():
        if finding["source_row"] is not None:
            mark = "!" if finding["severity"] == "critical" else ""
            found.setdefault(finding["source_row"], set()).add(finding["code"] + mark)
    for made, (given, expected) in zip(rows, cases, strict=True):
        assert found.get(made["source_row"], set()) == expected, given
