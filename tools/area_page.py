"""Page of what became of areas: every link of the reference, with its source."""

from __future__ import annotations

from collections.abc import Callable

from cakupan.core import area_reference, areas

Table = Callable[[list[str], list[list[object]]], list[str]]

_CERTAINTY = {
    "V": "terverifikasi",
    "D": "disimpulkan",
    "S": "sumber sekunder",
    "U": "perlu dikonfirmasi",
}
_KINDS = {
    "split": "dibagi",
    "merge": "digabung",
    "recode": "kode lain",
    "rename": "nama lain",
}
_INTRODUCTION = """\
Sebuah bulan dibaca menurut wilayah yang berlaku pada hari terakhirnya. Berkas dengan kode
yang sudah atau belum berlaku pada bulan itu ditolak (`AREA_RETIRED`, `AREA_NOT_YET`), baris
dengan kode lama dikarantina (`AREA_CODE_RETIRED`, `VILLAGE_RETIRED`). NIK tidak berubah:
awalan lama tetap sah. `mart.coverage_in_areas_then` dan `mart.protection_in_areas_then`
menunjukkan tiap bulan menurut wilayah waktu itu, `…_in_areas_now` menurut wilayah sekarang;
wilayah yang dibagi tidak dapat dibagi mundur, jadi tidak ada datanya.

Wilayah yang akan datang ditambahkan dengan berkas sendiri,
`include/reference/areas/history_….csv`, lalu `cakupan init`; kodenya sendiri belum ada di
sini selama belum ditetapkan."""


def page(note: str, table_of: Table) -> str:
    """Every row of ``history*.csv`` in the order of its day."""

    def called(code: str, name: str) -> str:
        return f"{code} {name or areas.name_of(code) or ''}".strip()

    lines = [note, "# Perubahan wilayah", "", _INTRODUCTION, ""]
    lines += table_of(
        ["berlaku", "sebelumnya", "sejak itu", "perubahan", "kode di bawahnya",
         "kepastian", "sumber", "catatan"],
        [
            [
                link.valid_from,
                called(link.predecessor_code, link.predecessor_name),
                called(link.successor_code, link.successor_name),
                _KINDS[link.kind],
                "akhirannya tetap" if link.keeps_tails else "",
                _CERTAINTY[link.certainty],
                link.source,
                link.note,
            ]
            for link in area_reference.links()
        ],
    )  # fmt: skip
    return "\n".join([*lines, ""])
