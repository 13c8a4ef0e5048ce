"""The correction workbook: the sender's own rows with what to correct beside them.

It is a valid upload itself. The reader takes its first sheet and ignores the columns
added at the end, so a corrected workbook is sent back as it is.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from cakupan.core.contracts import contract
from cakupan.core.findings import Grade
from cakupan.core.submission import Slot
from cakupan.quality.row_sheet import LAST_ROW, RowSheet, notes_by_row
from cakupan.quality.sheets import (
    SEVERITY_WORDS,
    Formats,
    fit_height,
    formats,
    open_workbook,
    page_setup,
    write_lines,
)
from cakupan.quality.summary import FindingGroup, summarise

_GUIDE = [
    "1. Perbaiki sel yang berwarna pada lembar Perbaikan. Merah muda: wajib "
    "diperbaiki, baris itu belum dipakai. Kuning: periksa, baris sudah dipakai. Biru: "
    "informasi.",
    "2. Sebab dan cara memperbaiki tertulis di empat kolom paling kanan: Baris Asal "
    "(nomor baris pada berkas yang Anda kirim), Kode Temuan, Keterangan, Cara "
    "Memperbaiki. Keempat kolom itu boleh dibiarkan atau dihapus.",
    "3. Pakai tombol saring pada judul kolom Kode Temuan untuk melihat baris yang "
    "bermasalah saja (buang centang pada yang kosong).",
    "4. Jangan ubah judul kolom dan jangan hapus baris yang sudah benar: kiriman baru "
    "menggantikan seluruh kiriman lama.",
    "5. Semua sel berformat Teks supaya angka NIK tetap utuh. Ketik NIK apa adanya, "
    "tanpa tanda petik.",
    "6. Simpan, lalu kirim berkas ini seperti biasa. Boleh berkali-kali; yang terakhir "
    "yang berlaku.",
]


def write_workbook(
    target: Path,
    *,
    raw: Path | None,
    layout: Mapping[str, Any] | None,
    findings: pa.Table,
    slot: Slot,
    area_name: str,
    submission_id: str,
    counts: Mapping[str, Any],
    last_row: int = LAST_ROW,
) -> None:
    """Write the correction workbook of one submission.

    Args:
        target: XLSX file to write; mode 0600, whatever was there before.
        raw: ``raw.parquet`` of the submission, ``None`` when it could not be read; then
            there is no sheet of rows.
        layout: how the file was read, for the sender's own headers.
        findings: table per ``FINDING_SCHEMA``.
        slot: dataset, area and month.
        area_name: official name of the area.
        submission_id: as in ``ops.submissions``.
        counts: ``state`` and the four ``…_count`` of rows.
        last_row: rows a sheet can hold below its header.
    """
    title = f"Perbaikan {contract(slot.dataset).title}"
    _make_private(target)
    workbook = open_workbook(target, title=title)
    form = formats(workbook)
    remarks = []
    if raw is not None:
        notes = notes_by_row(findings)
        writer = RowSheet(workbook.add_worksheet("Perbaikan"), form, slot)
        remarks = writer.write(raw, layout or {}, notes, last_row)
    facts = [
        ("Dataset", f"{contract(slot.dataset).title} ({slot.dataset})"),
        ("Wilayah", f"{slot.area} {area_name}".strip()),
        ("Bulan", str(slot.month)),
        ("Nomor kiriman", submission_id),
        *_count_lines(counts),
        *(("Catatan", remark) for remark in remarks),
    ]
    _write_summary(
        workbook.add_worksheet("Ringkasan"), form, title, facts, summarise(findings)
    )
    write_lines(workbook.add_worksheet("Petunjuk"), form, "Cara memakai", _GUIDE)
    workbook.close()


def _make_private(target: Path) -> None:
    """Nobody but the owner reads the file, from before the first row is in it."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
    target.chmod(0o600)


def _count_lines(counts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    state = counts.get("state")
    if state == "refused":
        yield (
            "Keadaan",
            "DITOLAK: perbaiki lalu kirim lagi; tidak ada baris yang dipakai",
        )
    elif state == "accepted":
        yield "Keadaan", "DITERIMA"
    for key, label in (
        ("received_count", "Baris diterima"),
        ("accepted_count", "Baris dipakai"),
        ("quarantined_count", "Baris dikarantina (wajib diperbaiki)"),
        ("rejected_count", "Baris ditolak bersama berkasnya"),
    ):
        if counts.get(key) is not None:
            yield label, f"{int(counts[key]):,}".replace(",", ".")


def _write_summary(
    sheet: Any,
    form: Formats,
    title: str,
    facts: list[tuple[str, str]],
    groups: list[FindingGroup],
) -> None:
    page_setup(sheet)
    sheet.hide_gridlines(2)
    for column, width in enumerate((38, 34, 20, 12, 60, 60)):
        sheet.set_column(column, column, width, form.wrap)
    sheet.write_string(0, 0, title, form.title)
    row = 2
    for label, value in facts:
        sheet.write_string(row, 0, label, form.label)
        fit_height(sheet, row, {30: value if label == "Catatan" else ""})
        sheet.write_string(row, 1, value, form.wrap)
        row += 1
    row += 1
    heads = ("Tingkat", "Temuan", "Kolom", "Baris", "Keterangan", "Cara memperbaiki")
    for column, text in enumerate(heads):
        sheet.write_string(row, column, text, form.header)
    for group in groups:
        row += 1
        scope = "Seluruh berkas: " if group.grade != str(Grade.RECORD) else ""
        cells = (
            scope + SEVERITY_WORDS[group.severity],
            f"{group.title} ({group.code})",
            group.field,
            f"{group.row_count:,}".replace(",", ".") if group.row_count else "",
            group.text,
            group.fix,
        )
        longest = max(group.text, group.fix, key=len)
        fit_height(sheet, row, {55: longest, 30: cells[1]})
        for column, text in enumerate(cells):
            fill = form.fills[group.severity] if column == 0 else form.wrap
            sheet.write_string(row, column, text, fill)
    if not groups:
        sheet.write_string(row + 1, 0, "Tidak ada temuan.", form.text)
