"""What becomes of budgets, pledges, policies, payments, claims and matches as sent.

Each case is a file: header, rows, and what every row ends as. ``!CODE`` quarantines the
row, ``CODE`` reports it, nothing accepts it silently. Synthetic figures.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cakupan.core.area import AreaCode
from cakupan.core.month import CoverageMonth
from cakupan.core.submission import Slot
from cakupan.runs.check import Checked
from checked_files import checked

MONTH = CoverageMonth(2026, 9)
BUDGET = "No;Tahun Anggaran;Sumber Dana;Kelompok Sasaran;Jumlah Peserta;Jml Bulan;"
BUDGET += "Pagu Anggaran (Rp);Realisasi s/d Bulan Ini;No. DPA"
PLEDGE = "Nama Perusahaan;Kelompok;Jumlah Orang;Nilai CSR (Rp);No. PKS"
POLICY = "Jenis;Nomor;Tgl Penetapan;Berlaku s/d;Tentang"
PAYMENT = "No. KPJ;BLTH;Sumber Iuran;JKK;JKM;JHT;Tgl Bayar"
CLAIM = "No Klaim;KPJ;NIK;Program;Tanggal Kejadian;Tanggal Pembayaran;Jumlah Dibayar"
MATCH = "NIK;Hasil Pemadanan;Tanggal Pemadanan"

#: name -> dataset, header, [(row, what it ends as)]
SPEC: dict[str, tuple[str, str, list[tuple[str, str]]]] = {
    "budgets as offices write them": (
        "anggaran",
        BUDGET,
        [
            ("1;2026;APBD Kab.;Pekerja Rentan;15.000;12;3.024.000.000;0;A", ""),
            ("2;2026;DBH Sawit;pekerja rentan;5.000;12;1.008.000.000,00;-;A", ""),
            ("3;2026;APB Desa;Perangkat Desa;871;12;175.593.600;1.000,50;A", ""),
            ("4;2026;APBD Kab;Ketua RT/RW;3.108;12;Rp 626.572.800;;A", ""),
        ],
    ),
    "a budget nobody can place is quarantined": (
        "anggaran",
        BUDGET,
        [
            ("1;;APBD Kab;Non ASN;10;12;1.000.000.000;0;A", "!VALUE_MISSING"),
            ("2;26;APBD Kab;Non ASN;10;12;1.000.000;0;A", "!NUMBER_INVALID"),
            ("3;2026;Hibah;Non ASN;10;12;1.000.000;0;B", "!VALUE_UNKNOWN"),
            ("4;2026;APBD Kab;Nelayan;10;12;1.000.000;0;C", "!VALUE_UNKNOWN"),
            ("5;2026;APBD Kab;Honorer;10;12;tiga miliar;0;D", "!RUPIAH_INVALID"),
            ("6;2026;APBD Kab;Honorer;10;12;;0;E", "!VALUE_MISSING"),
            ("7;2062;APBD Kab;Honorer;10;12;1.000.000;0;F", "!YEAR_FAR"),
            ("8;2026;APBD Kab;Honorer;10;12;1.000.000;#REF!;G", "!RUPIAH_INVALID"),
            ("9;2026;APBD Kab;Honorer;10;12;1.000.000;0;H", ""),
        ],
    ),
    "more spent than budgeted is reported, not corrected": (
        "anggaran",
        BUDGET,
        [
            (
                "1;2026;APBD Kab;RT/RW;1;12;1.000.000;1.000.000,01;A",
                "REALISATION_ABOVE_BUDGET",
            )
        ],
    ),
    "an amount that contradicts its column is never guessed": (
        "anggaran",
        BUDGET,
        [
            ("1;2026;APBD Kab;RT/RW;1;12;1.500.000;0;A", ""),
            ("2;2026;APBD Kab;RT/RW;1;12;16,800;0;B", "!RUPIAH_AMBIGUOUS"),
            ("3;2026;APBD Kab;RT/RW;1;12;-1.500.000;0;C", "!RUPIAH_NEGATIVE"),
            ("4;2026;APBD Kab;RT/RW;1;12;(1.500.000);0;D", "!RUPIAH_NEGATIVE"),
            ("5;2026;APBD Kab;RT/RW;1;12;1.500.000,125;0;E", "!RUPIAH_INVALID"),
        ],
    ),
    "the same head twice": (
        "anggaran",
        BUDGET,
        [
            ("1;2026;APBD Kab;Non ASN;10;12;1.000.000;0;A", ""),
            ("2;2026;APBD Kab;Non ASN;10;12;1.000.000;0;A", "!DUPLICATE_ROW"),
            ("3;2026;APBD Kab;Non ASN;10;12;1.000.000;0;B", ""),
            ("4;2025;APBD Kab;Non ASN;10;12;1.000.000;0;A", ""),
        ],
    ),
    "totals and signatures below a budget are no heads": (
        "anggaran",
        BUDGET,
        [("1;2026;APBD Kab;Non ASN;10;12;1.000.000;0;A", "")],
    ),
    "pledges; a company called Total is no totals row": (
        "csr",
        PLEDGE,
        [
            ("TOTAL CONTOH INDONESIE;Rentan;500;100.800.000;1", ""),
            ("PT Contoh Sawit;;500;;2", ""),
            ("PT Contoh Batu;Guru;500;1.000.000;3", "!VALUE_UNKNOWN"),
            ("PT Contoh Kapal;Rentan;banyak;1.000.000;4", "!NUMBER_INVALID"),
        ],
    ),
    "policies": (
        "kebijakan",
        POLICY,
        [
            ("Peraturan Gubernur;19/CONTOH;13 Juni 2023;;Perlindungan", ""),
            ("Perbup;1/CONTOH;01/02/2024;31/12/2023;Iuran", "END_BEFORE_START"),
            ("Surat Edaran;2/CONTOH;01/02/2024;;Iuran", "!VALUE_UNKNOWN"),
            ("Perda;;01/02/2024;;Iuran", "!VALUE_MISSING"),
            ("SK;3/CONTOH;31/02/2024;;Iuran", "!DATE_INVALID"),
        ],
    ),
    "payments": (
        "bpjs_iuran",
        PAYMENT,
        [
            ("26000000011;09/2026;apbd kab;10,000.00;6,800.00;0.00;10-09-2026", ""),
            ("26000000011;09/2026;apbd prov;10,000.00;6,800.00;0.00;10-09-2026", ""),
            ("26000000011;09/2026;apbd kab;1.00;0;0;09-09-2026", "!DUPLICATE_ROW"),
            ("26000000012;2026-08;;10,000.00;6,800.00;20,000.00;", ""),
            ("26000000013;13/2026;;1.00;;;", "!MONTH_INVALID"),
            ("26000000014;09/2026;sponsor;1.00;;;", "VALUE_UNKNOWN"),
            ("26000000015;09/2026;;0.00;;0.00;", "CONTRIBUTION_EMPTY"),
            ("26000000016;09/2026;;10.000;;;", "!RUPIAH_AMBIGUOUS"),
        ],
    ),
    "claims": (
        "bpjs_klaim",
        CLAIM,
        [
            (
                "K-01;26000000011;6402014107850001;JKM;02/09/2026;20/09/2026;42.000.000",
                "",
            ),
            (
                "K-02;26000000012;;Jaminan Kematian;;20/09/2026;10.000.000",
                "NIK_MISSING",
            ),
            ("K-03;26000000013;;JKM;;20/09/2026;36.000.000", "BENEFIT_AMOUNT_UNUSUAL"),
            (
                "K-04;26000000014;;JHT;21/09/2026;20/09/2026;1.000.000",
                "PAID_BEFORE_EVENT",
            ),
            ("K-05;;;JKK;;20/09/2026;1.000.000", "CLAIM_WITHOUT_PERSON"),
            ("K-06;26000000015;;JKK;;;1.000.000", "!VALUE_MISSING"),
            ("K-07;26000000016;;PENSIUN X;;20/09/2026;1.000.000", "!VALUE_UNKNOWN"),
        ],
    ),
    "what Dukcapil says": (
        "dukcapil_padan",
        MATCH,
        [
            ("6402014107850001;Padan;30/09/2026", ""),
            ("6402014107850002;Meninggal Dunia;30/09/2026", ""),
            ("6402014107850003;Tidak Padan;30-09-2026", ""),
            ("6402014107850004;ganda;30/09/2026", "!VALUE_UNKNOWN"),
            ("640201410785000;Padan;30/09/2026", "!NIK_LENGTH"),
        ],
    ),
}
_BELOW = (
    ";;;JUMLAH;10;;1.000.000;;\n;;;;;;;Tenggarong, 1 Oktober 2026;\n;;;;;;;Bupati,;\n"
)


def check(folder: Path, dataset: str, text: str) -> Checked:
    source = folder / f"{dataset}.csv"
    source.write_text(text, "utf-8")
    slot = Slot(dataset, AreaCode("64"), MONTH)
    return checked(folder, source, source.name, slot)


@pytest.mark.parametrize("name", list(SPEC))
def test_rows_end_as_specified(tmp_path: Path, name: str) -> None:
    dataset, header, cases = SPEC[name]
    text = "\n".join([header, *(row for row, _ in cases)]) + "\n"
    if "signatures" in name:
        text += _BELOW
    found = check(tmp_path, dataset, text)
    assert found.state == "accepted"
    told: dict[int, set[str]] = {}
    for finding in found.findings.to_pylist():
        if finding["source_row"] is not None and finding["code"] != "NIK_MISSING":
            mark = "!" if finding["severity"] == "critical" else ""
            told.setdefault(finding["source_row"], set()).add(mark + finding["code"])
    expected = {
        number: {code}
        for number, (_, code) in enumerate(cases, start=2)
        if code and code != "NIK_MISSING"
    }
    assert told == expected
    held = sum(code.startswith("!") for _, code in cases)
    assert (found.received_count, found.quarantined_count) == (len(cases), held)
    assert found.accepted_count + found.quarantined_count == found.received_count


def accepted(
    folder: Path, dataset: str, header: str, *rows: str
) -> list[dict[str, Any]]:
    found = check(folder, dataset, "\n".join([header, *rows]) + "\n")
    return pq.read_table(found.accepted).to_pylist()


def test_values_of_a_budget(tmp_path: Path) -> None:
    row = "1;2026;APBD Kab.;Pekerja Rentan;15.000;12;3.024.000.000;1.000,50;DPA 1"
    [found] = accepted(tmp_path, "anggaran", BUDGET, row)
    assert {name: value for name, value in found.items() if "__" not in name} == {
        "source_row": 2,
        "tahun": 2026,
        "sumber_dana": "apbd_kab",
        "kelompok": "pekerja_rentan",
        "jumlah_orang": 15000,
        "jumlah_bulan": 12,
        "pagu": Decimal("3024000000.00"),
        "realisasi": Decimal("1000.50"),
        "nomor_dpa": "DPA 1",
    }


def test_values_of_a_payment_and_a_claim(tmp_path: Path) -> None:
    row = "26000000011;September 2026;Dana Kampung;10,000.00;6,800.00;;10-09-2026"
    [paid] = accepted(tmp_path, "bpjs_iuran", PAYMENT, row)
    assert paid["bulan_iuran"] == dt.date(2026, 9, 1)
    assert paid["sumber_iuran"] == "apbdes"
    assert (paid["jkk_rupiah"], paid["jht_rupiah"]) == (Decimal(10000), None)
    row = "K-01;26000000011;;JK;02/09/2026;20/09/2026;42.000.000"
    [claim] = accepted(tmp_path, "bpjs_klaim", CLAIM, row)
    assert (claim["program"], claim["jumlah"]) == ("JKM", Decimal(42000000))
    assert claim["tanggal_kejadian"] == dt.date(2026, 9, 2)


@pytest.mark.parametrize("dataset", sorted({case[0] for case in SPEC.values()}))
def test_a_nil_report_is_zero_and_not_missing(tmp_path: Path, dataset: str) -> None:
    header = next(case[1] for case in SPEC.values() if case[0] == dataset)
    found = check(tmp_path, dataset, f"{header}\nNIHIL\n")
    assert (found.state, found.is_nil, found.received_count) == ("accepted", True, 0)


@pytest.mark.parametrize("dataset", sorted({case[0] for case in SPEC.values()}))
def test_a_file_without_a_required_column_is_refused(
    tmp_path: Path, dataset: str
) -> None:
    _, header, cases = next(case for case in SPEC.values() if case[0] == dataset)
    rows = [header, cases[0][0]]
    cut = 2 if dataset == "anggaran" else 1
    text = "\n".join(";".join(row.split(";")[cut:]) for row in rows)
    found = check(tmp_path, dataset, text)
    codes = set(found.findings["code"].to_pylist())
    assert found.state == "refused"
    assert codes & {"COLUMN_MISSING", "HEADER_NOT_FOUND"}
    assert found.rejected_count == found.received_count
