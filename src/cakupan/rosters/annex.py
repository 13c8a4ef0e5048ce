"""The annex of a decree (Lampiran Keputusan): the names a budget covers."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from cakupan.core import areas
from cakupan.rosters.book import WARNING, Book, Column, restricted_book
from cakupan.rosters.choice import Proposed
from cakupan.rosters.proposal import Proposal, summary
from cakupan.rosters.vault import Identity

#: Payers as a decree names them.
PAYER_NAMES = {
    "apbd_kab": "APBD Kabupaten/Kota",
    "apbd_prov": "APBD Provinsi",
    "apbdes": "APB Desa",
    "apbn": "APBN",
    "csr": "CSR/TJSL perusahaan",
    "dbh_sawit": "Dana Bagi Hasil Sawit",
}

COLUMNS = (
    Column("No.", 6, "count"),
    Column("Nama", 30),
    Column("NIK", 19),
    Column("Tanggal lahir", 12, "date"),
    Column("Alamat", 34),
    Column("Desa/Kelurahan", 20),
    Column("Kecamatan", 18),
    Column("Pekerjaan", 20),
    Column("Jumlah bulan", 8, "count"),
    Column("Iuran (Rp)", 13, "rupiah"),
    Column("Keterangan", 28),
)
_RUPIAH = next(at for at, column in enumerate(COLUMNS) if column.kind == "rupiah")


def write_annex(
    target: Path,
    scratch: Path,
    proposal: Proposal,
    people: Mapping[uuid.UUID, Identity],
) -> None:
    """Write the annex: one sheet of names per regency, and a sheet that sums up.

    Args:
        target: XLSX file; mode 0600.
        scratch: folder for the rows while they are written.
        proposal: what was chosen.
        people: identity of everybody covered.

    Raises:
        UsageError: the file cannot be written.
    """
    covered = sorted(
        enumerate(proposal.choice.covered),
        key=lambda placed: (placed[1].candidate.area_code, placed[0]),
    )
    by_regency = {
        code: [one for _, one in group]
        for code, group in groupby(
            covered, key=lambda placed: placed[1].candidate.area_code
        )
    }
    with restricted_book(target, scratch, "Lampiran usulan penerima iuran") as book:
        if not by_regency or list(by_regency) == [proposal.terms.area.code[:5]]:
            rows = [one for found in by_regency.values() for one in found]
            _write_names(
                book, "Lampiran", proposal.terms.area.code, rows, proposal, people
            )
        else:
            for code, rows in by_regency.items():
                name = f"{code} {areas.name_of(code) or ''}".strip()
                _write_names(book, name, code, rows, proposal, people)
        book.lines("Rekapitulasi", "Rekapitulasi usulan", _lines(proposal))


def _write_names(
    book: Book,
    sheet_name: str,
    area_code: str,
    rows: Sequence[Proposed],
    proposal: Proposal,
    people: Mapping[uuid.UUID, Identity],
) -> None:
    terms = proposal.terms
    sheet = book.sheet(sheet_name)
    area = (areas.name_of(area_code) or area_code).upper()
    title = (
        "LAMPIRAN",
        "KEPUTUSAN ........................................",
        "NOMOR       : ........................................",
        "TANGGAL   : ........................................",
        "TENTANG   : PENETAPAN PEKERJA RENTAN PENERIMA BANTUAN IURAN JAMINAN SOSIAL "
        f"KETENAGAKERJAAN {area}",
    )
    first = 0
    for line in title:
        sheet.write_string(first, 0, line, book.formats["title"])
        first += 1
    sheet.write_string(
        first,
        0,
        f"Masa iuran {terms.start.in_words} sampai {terms.end.in_words}; sumber dana "
        f"{PAYER_NAMES[terms.payer]}; program JKK dan JKM; keadaan menurut data "
        f"{terms.month.in_words}",
        book.formats["plain"],
    )
    sheet.write_string(first + 1, 0, WARNING, book.formats["mark"])
    head = first + 3
    book.header(sheet, head, COLUMNS)
    for number, one in enumerate(rows, start=1):
        values = _row(number, one, people[one.candidate.person_id], terms.months)
        book.row(sheet, head + number, COLUMNS, values)
    total = head + len(rows) + 1
    _write_total(book, sheet, total, sum(one.rupiah for one in rows))
    _write_signature(book, sheet, total + 2)


def _row(number: int, one: Proposed, who: Identity, months: int) -> tuple[Any, ...]:
    village = one.candidate.village_code
    return (
        number,
        who.name,
        who.nik,
        who.birth_date,
        who.address,
        areas.name_of(village) if village else None,
        areas.name_of(village[:8]) if village else None,
        one.candidate.occupation,
        months,
        one.rupiah,
        "melewati batas umur dalam enam bulan"
        if one.candidate.is_reaching_age_limit
        else None,
    )


def _write_total(book: Book, sheet: Any, row: int, rupiah: int) -> None:
    for place in range(len(COLUMNS)):
        sheet.write_blank(row, place, None, book.formats["total_label"])
    sheet.write_string(row, 1, "JUMLAH", book.formats["total_label"])
    sheet.write_number(row, _RUPIAH, rupiah, book.formats["total"])


def _write_signature(book: Book, sheet: Any, row: int) -> None:
    lines = (
        "Ditetapkan di ..............................",
        "pada tanggal ..............................",
        "JABATAN ..............................",
        "",
        "",
        "",
        "NAMA ..............................",
        "NIP ..............................",
    )
    for offset, line in enumerate(lines):
        sheet.write_string(row + offset, _RUPIAH - 2, line, book.formats["plain"])


def _lines(proposal: Proposal) -> list[tuple[str, str | int]]:
    told = summary(proposal)
    lines: list[tuple[str, str | int]] = [
        ("Wilayah", f"{told['area_code']} {told['area_name']}"),
        ("Data bulan", proposal.terms.month.in_words),
        ("Sidik data (sha256)", told["inputs_hash"]),
        ("Sumber dana", PAYER_NAMES[proposal.terms.payer]),
        (
            "Masa iuran",
            f"{proposal.terms.start.in_words} sampai {proposal.terms.end.in_words}",
        ),
        ("Jumlah bulan", told["month_count"]),
        ("Anggaran (Rp)", told["budget_rupiah"]),
        ("Terdaftar (orang)", told["registered_count"]),
        ("Dapat diusulkan (orang)", told["candidate_count"]),
        ("Terbiayai (orang)", told["covered_count"]),
        ("Jumlah iuran (Rp)", told["total_rupiah"]),
        ("Sisa anggaran (Rp)", told["left_rupiah"]),
        ("Belum terbiayai (orang)", told["uncovered_count"]),
        ("Kebutuhan yang belum terbiayai (Rp)", told["uncovered_rupiah"]),
    ]
    lines += [
        ("Urutan prioritas", f"{number}. {text}")
        for number, text in enumerate(told["order"], start=1)
    ]
    lines += [
        ("Tidak diusulkan", f"{one['person_count']} orang: {one['text']}")
        for one in told["excluded"]
    ]
    lines += [
        (
            "Tarif per orang",
            f"{one['month']}: {_rupiah(one['other_rupiah'])}, sektor transportasi "
            f"{_rupiah(one['transport_rupiah'])}",
        )
        for one in told["rates"]
    ]
    lines += [
        (
            "Per kabupaten/kota",
            f"{one['area_code']} {one['name']}: {one['covered_count']} dari "
            f"{one['candidate_count']} orang, {_rupiah(one['total_rupiah'])}",
        )
        for one in told["areas"]
    ]
    return lines + [("Perhatian", note) for note in told["notes"]]


def _rupiah(amount: int) -> str:
    """``Rp1.234.567``."""
    return "Rp" + f"{amount:,}".replace(",", ".")
