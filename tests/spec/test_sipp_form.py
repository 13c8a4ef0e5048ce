"""SIPP Formulir 2a PU, "Rincian Iuran Tenaga Kerja": one form, two datasets.

The layout (header block, columns in their order, US-style numbers, dd-mm-yyyy) is known
from secondary sources. Synthetic people.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import xlsxwriter

from cakupan.core.area import AreaCode
from cakupan.core.month import CoverageMonth
from cakupan.core.submission import Slot
from cakupan.quality.workbook import write_workbook
from cakupan.runs.check import Checked
from checked_files import checked

ABOVE = [
    ["RINCIAN IURAN TENAGA KERJA"],
    ["NPP", ":", "15000001"],
    ["Nama Perusahaan : PT CONTOH SATU"],
    ["Nama Unit Kerja", "", "PUSAT"],
    ["Periode Pelaporan", "08-2026"],
    [],
]
TITLES = [
    "No", "Nomor Referensi", "NIK", "Nomor Pegawai", "Nama Tenaga Kerja", "Tgl Lahir",
    "Tgl Kepesertaan", "Upah", "Rapel", "JKK", "JKM", "JHT Pemberi Kerja",
    "JHT Tenaga Kerja", "JP PK", "JP TK", "JKP PK", "JKP Pemerintah", "Total Iuran",
]  # fmt: skip
GROUPS = [*TITLES[:11], "JHT", "", "JP", "", "JKP", "", "Total Iuran"]
BELOW = [
    *[""] * 11, "Pemberi Kerja", "Tenaga Kerja", "PK", "TK", "PK", "Pemerintah", "",
]  # fmt: skip
FIRST = [
    "1", "26000000011", "6402014107850001", "P-1", "CONTOH SITI AMINAH", "01-07-1985",
    "01-03-2024", "3,500,000.00", "0.00", "8,400.00", "10,500.00", "129,500.00",
    "70,000.00", "70,000.00", "35,000.00", "0.00", "0.00", "323,400.00",
]  # fmt: skip
SECOND = [
    "2", "26000000022", "6402010107850002", "P-2", "CONTOH BUDI", "01-07-1985",
    "15-01-2020", "1,000,000.00", "0.00", "2,400.00", "3,000.00", "0.00", "0.00",
    "0.00", "0.00", "0.00", "0.00", "5,400.00",
]  # fmt: skip
TOTALS = ["", "", "", "", "TOTAL", "", "", "4,500,000.00", *[""] * 9, "328,800.00"]
FORM = [*ABOVE, TITLES, FIRST, SECOND, TOTALS]
STACKED = [*ABOVE, GROUPS, BELOW, FIRST, SECOND, TOTALS]


def _book(rows: list[list[str]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Rincian")
        for number, row in enumerate(rows):
            for place, text in enumerate(row):
                if text:
                    sheet.write_string(number, place, text)
    return stream.getvalue()


def _text(rows: list[list[str]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode()


def check(folder: Path, dataset: str, data: bytes, area: str = "64.02") -> Checked:
    folder.mkdir(exist_ok=True)
    source = folder / "form"
    source.write_bytes(data)
    slot = Slot(dataset, AreaCode.parse(area), CoverageMonth(2026, 9))
    return checked(folder, source, "form", slot)


def rows_of(found: Checked) -> list[dict[str, Any]]:
    assert found.accepted is not None
    return pq.read_table(found.accepted).to_pylist()


def codes(found: Checked) -> set[str]:
    return set(found.findings["code"].to_pylist())


@pytest.mark.parametrize("write", [_text, _book])
@pytest.mark.parametrize("rows", [FORM, STACKED], ids=["one row", "two rows"])
def test_participation(tmp_path: Path, write: Any, rows: list[list[str]]) -> None:
    found = check(tmp_path, "bpjs_kepesertaan", write(rows))
    assert (found.state, found.received_count) == ("accepted", 2)
    assert found.layout["form"] == "sipp_formulir_2a"
    first, second = rows_of(found)
    assert (first["kpj"], first["nik"]) == ("26000000011", "6402014107850001")
    assert first["tanggal_kepesertaan"] == dt.date(2024, 3, 1)
    assert first["upah"] == Decimal(3500000)
    assert first["npp"] == "15000001"
    assert first["nama_perusahaan"] == "PT CONTOH SATU"
    assert first["bulan_iuran_terakhir"] == dt.date(2026, 8, 1)
    assert {row["segmen"] for row in (first, second)} == {"PU"}
    assert {row["kode_kabkota"] for row in (first, second)} == {"64.02"}
    flags = ("jkk", "jkm", "jht", "jp", "jkp")
    assert [first[name] for name in flags] == [True, True, True, True, False]
    assert [second[name] for name in flags] == [True, True, False, False, False]
    assert codes(found) == {
        "PREAMBLE_SKIPPED", "TOTALS_ROW_SKIPPED", "COLUMN_UNKNOWN",
    }  # fmt: skip


@pytest.mark.parametrize("write", [_text, _book])
@pytest.mark.parametrize("rows", [FORM, STACKED], ids=["one row", "two rows"])
def test_contributions(tmp_path: Path, write: Any, rows: list[list[str]]) -> None:
    found = check(tmp_path, "bpjs_iuran", write(rows), "64")
    first, second = rows_of(found)
    assert first["bulan_iuran"] == second["bulan_iuran"] == dt.date(2026, 8, 1)
    assert first["sumber_iuran"] is None
    amounts = ("jkk", "jkm", "jht", "jp", "jkp", "total")
    assert [first[f"{name}_rupiah"] for name in amounts] == [
        Decimal(text) for text in ("8400", "10500", "199500", "105000", "0", "323400")
    ]
    assert second["jht_rupiah"] == 0
    assert first["npp"] == "15000001"
    assert "CONTRIBUTION_TOTAL_DIFFERS" not in codes(found)
    # rupiah in = rupiah out, by the total the form prints itself
    paid = sum(row[f"{name}_rupiah"] for row in (first, second) for name in amounts[:5])
    assert paid == Decimal("328800.00")


def test_a_total_that_does_not_add_up_is_told(tmp_path: Path) -> None:
    wrong = [*FIRST[:-1], "323,402.00"]
    found = check(tmp_path, "bpjs_iuran", _text([*ABOVE, TITLES, wrong, SECOND]))
    assert "CONTRIBUTION_TOTAL_DIFFERS" in codes(found)
    assert found.accepted_count == 2


def test_a_part_that_cannot_be_read_quarantines_the_sum(tmp_path: Path) -> None:
    wrong = list(FIRST)
    wrong[12] = "70.000"  # not the notation of its column
    third = ["3", "26000000033", *FIRST[2:]]
    found = check(tmp_path, "bpjs_iuran", _text([*ABOVE, TITLES, wrong, third]))
    assert (found.accepted_count, found.quarantined_count) == (1, 1)
    held = pq.read_table(found.quarantined).to_pylist()[0]
    assert held["jht_rupiah"] is None
    assert held["codes"] == ["RUPIAH_AMBIGUOUS"]


def test_without_a_period_no_contribution_can_be_placed(tmp_path: Path) -> None:
    found = check(tmp_path, "bpjs_iuran", _text([TITLES, FIRST]))
    assert found.state == "refused"
    assert "COLUMN_MISSING" in codes(found)


def test_participation_of_a_province_names_no_regency(tmp_path: Path) -> None:
    """The office of a branch is no domicile, and neither is a province."""
    found = check(tmp_path, "bpjs_kepesertaan", _text(FORM), "64")
    assert (found.state, found.rejected_count) == ("refused", 2)
    assert "COLUMN_MISSING" in codes(found)


@pytest.mark.parametrize("dataset", ["bpjs_kepesertaan", "bpjs_iuran"])
def test_the_correction_workbook_comes_back_the_same(
    tmp_path: Path, dataset: str
) -> None:
    found = check(tmp_path / "a", dataset, _book(FORM))
    target = tmp_path / "perbaikan.xlsx"
    write_workbook(
        target,
        raw=found.raw,
        layout=found.layout,
        findings=found.findings,
        slot=Slot(dataset, AreaCode.parse("64.02"), CoverageMonth(2026, 9)),
        area_name="Contoh",
        submission_id="x",
        counts={"state": "accepted", "received_count": 2},
    )
    again = check(tmp_path / "b", dataset, target.read_bytes())

    def values(one: Checked) -> list[dict[str, Any]]:
        return [row | {"source_row": 0} for row in rows_of(one)]

    assert values(again) == values(found)


def test_an_ordinary_extract_is_not_taken_for_the_form(tmp_path: Path) -> None:
    head = "kpj;nama;segmen;kode_kabkota;jkk;nomor pegawai"
    row = "26000000011;CONTOH SATU;BPU;64.02;Y;1"
    found = check(tmp_path, "bpjs_kepesertaan", f"{head}\n{row}\n".encode(), "64")
    assert "form" not in found.layout
    assert rows_of(found)[0]["jkk"] is True


# --- result of a mass upload ----------------------------------------------------------

UPLOAD = ["No", "KPJ", "NIK", "Nama Lengkap", "Tanggal Lahir", "Status Pegawai",
          "Tanggal Awal Bekerja", "Upah", "Lokasi Pekerjaan", "Status Validasi",
          "Keterangan Gagal"]  # fmt: skip
KNOWN = ["1", "26000000011", "6402014107850001", "CONTOH SITI AMINAH", "01-07-1985",
         "Tetap", "01-03-2024", "3500000", "SAMARINDA", "Valid", ""]  # fmt: skip
FAILED = ["2", "26000000022", "6402010107850002", "CONTOH BUDI", "01-07-1985", "Tetap",
          "15-01-2020", "1000000", "SAMARINDA", "Tidak Valid", "NIK"]  # fmt: skip
NEW = ["3", "", "6402010107850003", "CONTOH ANI", "01-07-1985", "Tetap",
       "15-01-2020", "1000000", "SAMARINDA", "Valid", ""]  # fmt: skip


@pytest.mark.parametrize("write", [_text, _book])
def test_only_valid_rows_with_a_number_are_members(tmp_path: Path, write: Any) -> None:
    above = [["Total Valid : 2"], ["Total Tidak Valid", "1"]]
    found = check(
        tmp_path, "bpjs_kepesertaan", write([*above, UPLOAD, KNOWN, FAILED, NEW])
    )
    assert found.layout["form"] == "sipp_unggah_tk"
    assert (found.received_count, found.quarantined_count) == (3, 2)
    [row] = rows_of(found)
    assert (row["kpj"], row["segmen"], row["kode_kabkota"]) == (
        "26000000011", "PU", "64.02",
    )  # fmt: skip
    assert row["tanggal_kepesertaan"] is None  # the start of work is none
    assert {"UPLOAD_REJECTED", "KPJ_MISSING"} <= codes(found)
    assert "UPLOAD_COUNTS_DIFFER" not in codes(found)


def test_new_workers_without_any_number_alone_are_no_extract(tmp_path: Path) -> None:
    cut = [row[:1] + row[2:9] for row in (UPLOAD, KNOWN, NEW)]
    found = check(tmp_path, "bpjs_kepesertaan", _text(cut))
    assert (found.state, found.accepted_count) == ("refused", 0)
    assert found.rejected_count == found.received_count == 2
    assert {"KPJ_MISSING", "NOTHING_USABLE"} <= codes(found)


def test_counts_that_do_not_match_the_rows_are_told(tmp_path: Path) -> None:
    above = [["Total Valid : 5"], ["Total Tidak Valid : 1"]]
    found = check(tmp_path, "bpjs_kepesertaan", _text([*above, UPLOAD, KNOWN, FAILED]))
    assert "UPLOAD_COUNTS_DIFFER" in codes(found)


def test_a_deactivation_sheet_is_not_taken_for_participants(tmp_path: Path) -> None:
    head = ["KPJ", "nama lengkap", "tanggal lahir", "sebab NA", "tanggal kejadian"]
    row = ["26000000011", "CONTOH SITI AMINAH", "01-07-1985", "Keluar", "01-08-2026"]
    found = check(tmp_path, "bpjs_kepesertaan", _text([head, row]))
    assert found.state == "refused"
