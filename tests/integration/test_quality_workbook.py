"""Correction workbook and template, read back by staging and by openpyxl."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cakupan.core.contracts import DATASETS, contract
from cakupan.core.findings import Finding, Grade, Severity, findings_table
from cakupan.core.settings import Settings
from cakupan.quality.row_sheet import ADDED
from cakupan.quality.template import choices, write_template
from cakupan.quality.workbook import write_workbook
from cakupan.runs.check import Checked, check_file
from expectations.typed_rows import settings_in, slot_of

SLOT = slot_of("pekerja_rentan")
HEADER = "NO;N I K;Nama Lengkap;Tgl Lahir;JK;Alamat;Penghasilan;No SK;Status"
GOOD = "1;6402014107850001;CONTOH SATU;01/07/1985;P;Jl A;1.000.000;;usulan"
FORMULA = '2;6402014107850002;CONTOH DUA;01/07/1985;P;=HYPERLINK("a");1.000.000;;usulan'
BAD_DATE = "3;6402014107850003;CONTOH TIGA;31/02/1985;P;Jl C;1.500.000;;usulan"
WARNED = "4;6402014107850004;CONTOH EMPAT;01/07/1985;L;Jl D;1.500.000;;ditetapkan"
LINES = ["DAFTAR PEKERJA RENTAN", HEADER, GOOD, FORMULA, BAD_DATE, WARNED]


def checked(settings: Settings, source: Path, folder: Path) -> Checked:
    folder.mkdir()
    return check_file(settings, source, source.name, SLOT, folder)


def workbook_of(result: Checked, target: Path, **options: Any) -> Path:
    write_workbook(
        target,
        raw=result.raw,
        layout=result.layout,
        findings=result.findings,
        slot=SLOT,
        area_name="Kabupaten Kutai Kartanegara",
        submission_id="pekerja_rentan-64.02-2026-09-001",
        counts={
            "state": result.state,
            "received_count": result.received_count,
            "accepted_count": result.accepted_count,
            "quarantined_count": result.quarantined_count,
            "rejected_count": result.rejected_count,
        },
        **options,
    )
    return target


@pytest.fixture
def sent(tmp_path: Path) -> Checked:
    source = tmp_path / "kiriman.csv"
    source.write_text("\n".join(LINES) + "\n", "utf-8")
    return checked(settings_in(tmp_path), source, tmp_path / "first")


@pytest.mark.parametrize("there", [False, True])
def test_only_its_owner_reads_it(sent: Checked, tmp_path: Path, there: bool) -> None:
    target = tmp_path / "p.xlsx"
    if there:
        target.touch(0o644)
    workbook_of(sent, target)
    assert target.stat().st_mode & 0o777 == 0o600


def test_it_holds_the_senders_rows_with_reason_and_fix_beside(
    sent: Checked, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(workbook_of(sent, tmp_path / "p.xlsx"))
    assert book.sheetnames == ["Perbaikan", "Ringkasan", "Petunjuk"]
    sheet = book["Perbaikan"]
    header, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert header == [*HEADER.split(";"), *ADDED]
    assert [row[:9] for row in rows] == [
        [value or None for value in line.split(";")] for line in LINES[2:]
    ]
    assert rows[0][9:] == ["3", None, None, None]
    assert rows[2][10] == "DATE_INVALID"
    assert "Tgl Lahir" in rows[2][11]
    assert rows[2][12].startswith("Tulis tanggal")
    assert rows[3][10] == "NIK_SEX_DIFFERS, STATUS_WITHOUT_DECREE"
    red, yellow = sheet["D4"], sheet["E5"]
    assert red.fill.start_color.rgb == "FFFFC7CE"
    assert yellow.fill.start_color.rgb == "FFFFEB9C"
    assert "kalender" in red.comment.text
    assert sheet["B2"].fill.fill_type is None
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:M5"


def test_every_cell_is_text_and_no_text_is_a_formula(
    sent: Checked, tmp_path: Path
) -> None:
    path = workbook_of(sent, tmp_path / "p.xlsx")
    sheet = openpyxl.load_workbook(path)["Perbaikan"]
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            assert cell.data_type in {"s", "inlineStr", "n"}
            assert cell.data_type != "n" or cell.value is None
            assert cell.number_format == "@" or cell.value is None
    assert sheet["F3"].value == '=HYPERLINK("a")'
    with zipfile.ZipFile(path) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_sent_back_as_it_is_it_reads_the_same(sent: Checked, tmp_path: Path) -> None:
    path = workbook_of(sent, tmp_path / "p.xlsx")
    again = checked(settings_in(tmp_path), path, tmp_path / "second")

    def about_rows(result: Checked, shift: int) -> list[tuple[str, str, int]]:
        return [
            (finding["code"], finding["field"], finding["source_row"] + shift)
            for finding in result.findings.to_pylist()
            if finding["grade"] == "record"
        ]

    # the title row above the header is gone
    assert about_rows(again, 1) == about_rows(sent, 0)
    assert again.accepted_count == sent.accepted_count == 3
    # the workbook of a workbook has the added columns once
    twice = openpyxl.load_workbook(workbook_of(again, tmp_path / "p2.xlsx"))
    assert [cell.value for cell in twice["Perbaikan"][1]] == [
        *HEADER.split(";"),
        *ADDED,
    ]


def test_corrected_and_sent_back_it_is_accepted(sent: Checked, tmp_path: Path) -> None:
    path = workbook_of(sent, tmp_path / "p.xlsx")
    book = openpyxl.load_workbook(path)
    book["Perbaikan"]["D4"].value = "28/02/1985"
    book.save(path)
    again = checked(settings_in(tmp_path), path, tmp_path / "second")
    assert (again.accepted_count, again.quarantined_count) == (4, 0)


def test_digits_excel_has_lost_do_not_come_back_looking_whole(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["nik", "nama", "tanggal_lahir", "penghasilan"])
    sheet.append([6402014107850010, "CONTOH SATU", "01/07/1985", 1000000.5])
    sheet.append(["6402014107850002", "CONTOH DUA", "01/07/1985", 1500000])
    source = tmp_path / "kiriman.xlsx"
    book.save(source)
    first = checked(settings_in(tmp_path), source, tmp_path / "first")
    path = workbook_of(first, tmp_path / "p.xlsx")
    second = checked(settings_in(tmp_path), path, tmp_path / "second")
    for result in (first, second):
        assert "NIK_PRECISION_LOSS" in result.findings["code"].to_pylist()
        assert (result.accepted_count, result.quarantined_count) == (1, 1)
        assert "RUPIAH_AMBIGUOUS" not in result.findings["code"].to_pylist()


def test_more_rows_than_a_sheet_holds_shows_the_noted_ones_only(
    sent: Checked, tmp_path: Path
) -> None:
    path = workbook_of(sent, tmp_path / "p.xlsx", last_row=3)
    book = openpyxl.load_workbook(path)
    assert book["Perbaikan"].max_row == 3
    summary = [cell.value for row in book["Ringkasan"].iter_rows() for cell in row]
    assert any("JANGAN kirim buku kerja ini" in str(value) for value in summary)
    # and it cannot be taken for the whole file
    again = checked(settings_in(tmp_path), path, tmp_path / "second")
    assert again.state == "refused"
    [one] = openpyxl.load_workbook(workbook_of(sent, tmp_path / "q.xlsx", last_row=1))[
        "Perbaikan"
    ].iter_rows(min_row=2)
    assert one[9].value == "5"


def test_an_unreadable_file_gets_summary_and_guide(tmp_path: Path) -> None:
    target = tmp_path / "p.xlsx"
    refusal = Finding("FILE_ENCRYPTED", Grade.SUBMISSION, Severity.CRITICAL)
    write_workbook(
        target,
        raw=None,
        layout=None,
        findings=findings_table([refusal]),
        slot=SLOT,
        area_name="",
        submission_id="-",
        counts={"state": "refused", "received_count": 0},
    )
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["Ringkasan", "Petunjuk"]
    summary = [cell.value for row in book["Ringkasan"].iter_rows() for cell in row]
    assert "Seluruh berkas: Wajib diperbaiki" in summary
    assert any("DITOLAK" in str(value) for value in summary)


def test_equal_content_gives_equal_bytes(sent: Checked, tmp_path: Path) -> None:
    first = workbook_of(sent, tmp_path / "a.xlsx").read_bytes()
    assert workbook_of(sent, tmp_path / "b.xlsx").read_bytes() == first


def test_hostile_text_survives(tmp_path: Path) -> None:
    source = tmp_path / "kiriman.csv"
    odd = "_x0041_ \x0b +cmd|' /C calc'!A0 @SUM(1) {=1} http://a.b \U0001f600"
    line = f'1;6402014107850001;CONTOH SATU;01/07/1985;P;"{odd}";1.000.000;;apa'
    source.write_text(f"{HEADER}\n{line}\n", "utf-8")
    result = checked(settings_in(tmp_path), source, tmp_path / "first")
    path = workbook_of(result, tmp_path / "p.xlsx")
    assert openpyxl.load_workbook(path)["Perbaikan"]["F2"].data_type != "f"
    again = checked(settings_in(tmp_path), path, tmp_path / "second")
    assert again.accepted_count == 1


@pytest.mark.parametrize("dataset", DATASETS)
def test_an_untouched_template_is_a_nil_report(dataset: str, tmp_path: Path) -> None:
    path = tmp_path / "templat.xlsx"
    write_template(dataset, path)
    folder = tmp_path / "work"
    folder.mkdir()
    result = check_file(
        settings_in(tmp_path), path, path.name, slot_of(dataset), folder
    )
    assert (result.state, result.is_nil, result.received_count) == ("accepted", True, 0)


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_template_offers_every_choice_and_explains_every_column(
    dataset: str, tmp_path: Path
) -> None:
    path = tmp_path / "templat.xlsx"
    write_template(dataset, path)
    book = openpyxl.load_workbook(path)
    data, guide = book["Data"], book["Petunjuk"]
    columns = contract(dataset).columns
    assert [cell.value for cell in data[1]] == [column.name for column in columns]
    lists = {
        str(rule.sqref).split(":")[0].rstrip("0123456789"): rule.formula1
        for rule in data.data_validations.dataValidation
        if rule.type == "list"
    }
    for cell, column in zip(data[1], columns, strict=True):
        assert column.description in cell.comment.text
        allowed = choices(column)
        if allowed:
            assert lists[cell.column_letter] == f'"{",".join(allowed)}"'
    explained = [row[0].value for row in guide.iter_rows()]
    assert [column.name for column in columns] == explained[-len(columns) :]


def test_a_template_filled_with_its_examples_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "templat.xlsx"
    write_template("pekerja_rentan", path)
    book = openpyxl.load_workbook(path)
    examples = {
        column.name: column.example for column in contract("pekerja_rentan").columns
    }
    for cell in book["Data"][1]:
        if cell.value not in {"desa", "kecamatan"}:  # the example place is made up
            book["Data"].cell(2, cell.column).value = examples[cell.value]
    book.save(path)
    result = checked(settings_in(tmp_path), path, tmp_path / "work")
    assert (result.accepted_count, result.quarantined_count) == (1, 0)
