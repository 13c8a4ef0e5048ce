"""The upload template of a dataset: text columns, drop-down lists, instructions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cakupan.core.contracts import Contract, ContractColumn, contract
from cakupan.quality.sheets import (
    Formats,
    fit_height,
    formats,
    open_workbook,
    page_setup,
)

DROP_DOWN_ROWS = 10_000
_CHOICES = {"sex": ("L", "P"), "flag": ("Y", "T"), "scheme": ("kemendagri", "bps")}
_HOW = {
    "nik": "16 angka, sebagai teks",
    "kpj": "9 sampai 11 angka atau huruf, sebagai teks",
    "name": "nama lengkap sesuai KTP",
    "date": "hari/bulan/tahun, misalnya 17/08/1985",
    "month": "tahun-bulan, misalnya 2026-09",
    "rupiah": "angka saja; satu cara menulis untuk seluruh kolom",
    "count": "bilangan bulat",
    "decimal": "angka",
    "year": "tahun empat angka",
    "village_code": "kode Kemendagri bertitik, misalnya 64.02.01.2003",
    "area_code": "kode Kemendagri bertitik, misalnya 64.02",
}


def write_template(dataset: str, target: Path) -> None:
    """Write an empty upload template. Sent back untouched it is a nil report.

    Args:
        dataset: name of the dataset.
        target: XLSX file to write.

    Raises:
        UsageError: there is no such dataset.
    """
    agreed = contract(dataset)
    workbook = open_workbook(target, title=f"Templat {agreed.title}")
    form = formats(workbook)
    _write_data(workbook.add_worksheet("Data"), form, agreed)
    _write_guide(workbook.add_worksheet("Petunjuk"), form, agreed)
    workbook.close()


def choices(column: ContractColumn) -> tuple[str, ...]:
    """Values a column may have; none when it is free."""
    if column.type == "enum":
        return tuple(column.values)
    return _CHOICES.get(column.type, ())


def _write_data(sheet: Any, form: Formats, agreed: Contract) -> None:
    for place, column in enumerate(agreed.columns):
        sheet.set_column(place, place, max(14, len(column.name) + 4), form.text)
        head = form.required if column.required else form.header
        sheet.write_string(0, place, column.name, head)
        sheet.write_comment(0, place, _note(agreed, column))
        allowed = choices(column)
        if allowed:
            sheet.data_validation(
                1,
                place,
                DROP_DOWN_ROWS,
                place,
                {
                    "validate": "list",
                    "source": list(allowed),
                    "error_title": column.name,
                    "error_message": "Pilih salah satu dari daftar.",
                },
            )
        elif column.type == "nik":
            sheet.data_validation(
                1,
                place,
                DROP_DOWN_ROWS,
                place,
                {
                    "validate": "length",
                    "criteria": "==",
                    "value": 16,
                    "error_type": "warning",
                    "error_title": column.name,
                    "error_message": "NIK harus 16 angka.",
                },
            )
    sheet.freeze_panes(1, 0)
    page_setup(sheet)
    last = len(agreed.columns) - 1
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.autofilter(0, 0, 1, last)


def _need(agreed: Contract, column: ContractColumn) -> str:
    instead = agreed.either_or.get(column.name)
    if column.required and instead:
        return f"wajib, atau isi {' dan '.join(instead)}"
    return "wajib" if column.required else "boleh kosong"


def _how(column: ContractColumn) -> str:
    allowed = choices(column)
    return (
        ("pilih: " + ", ".join(allowed)) if allowed else _HOW.get(column.type, "teks")
    )


def _note(agreed: Contract, column: ContractColumn) -> str:
    return f"{column.description}\n{_how(column)}\n({_need(agreed, column)})"


def _write_guide(sheet: Any, form: Formats, agreed: Contract) -> None:
    page_setup(sheet)
    sheet.hide_gridlines(2)
    for place, width in enumerate((24, 26, 60, 50, 26)):
        sheet.set_column(place, place, width, form.wrap)
    sheet.write_string(0, 0, f"Templat {agreed.title}", form.title)
    due = (
        f"Kirim paling lambat tanggal {agreed.due_day} bulan berikutnya, atau hari "
        "kerja berikutnya bila libur."
        if agreed.due_day is not None
        else "Kirim setiap kali ada data baru."
    )
    sender = "64.02" if "regency" in agreed.senders else "64"
    lines = (
        "Isi lembar Data mulai baris 2: satu orang atau satu catatan per baris. Judul "
        "kolom jangan diubah.",
        "Kolom berwarna jingga wajib diisi. Kolom lain boleh dikosongkan atau dihapus.",
        "Semua kolom berformat Teks supaya NIK tidak rusak. Bila menyalin dari berkas "
        "lain, tempel sebagai nilai (Paste Special, Values).",
        f"Beri nama {agreed.dataset}_KODEWILAYAH_TAHUN-BULAN.xlsx, misalnya "
        f"{agreed.dataset}_{sender}_2026-09.xlsx.",
        "Bila tidak ada yang dilaporkan, kirim templat ini tanpa isi: tercatat NIHIL, "
        "bukan belum lapor.",
        due,
    )
    row = 2
    for number, line in enumerate(lines, start=1):
        sheet.merge_range(row, 0, row, 4, f"{number}. {line}", form.wrap)
        row += 1
    row += 1
    heads = ("Nama kolom", "Keperluan", "Penjelasan", "Cara mengisi", "Contoh (rekaan)")
    for place, text in enumerate(heads):
        sheet.write_string(row, place, text, form.header)
    for column in agreed.columns:
        row += 1
        cells = (
            column.name,
            _need(agreed, column),
            column.description,
            _how(column),
            column.example,
        )
        fit_height(sheet, row, {55: cells[2], 45: cells[3], 24: cells[1]})
        for place, text in enumerate(cells):
            sheet.write_string(row, place, text, form.wrap)
