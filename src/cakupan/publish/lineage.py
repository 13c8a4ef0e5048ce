"""What stands behind each published table: core tables, datasets and rules.

The numbers are those of ``docs/architecture.md``; the texts say what they mean there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cakupan.core.contracts import DATASETS, registries

#: Rules a published number can rest on, by number.
RULE_TEXTS: Mapping[int, str] = {
    1: "Keadaan kepesertaan dari bulan iuran terakhir; menunggak 1-2 bulan masih aktif",
    2: "Orang: NIK yang sah, bila tidak ada NIK lain milik KPJ itu, lalu KPJ; satu "
    "orang dihitung sekali",
    3: "Keadaan orang terdaftar: NIK sama dengan data BPJS seluruh provinsi, bila tidak "
    "ada NIK hampir sama atau data yang mirip; yang bertentangan atau meragukan menjadi "
    "perlu diperiksa",
    4: "Tidak ada data bukan nol; laporan NIHIL berarti nol",
    5: "Penyebut: tanggal acuan terakhir sampai akhir bulan, bila tidak ada yang paling "
    "awal sesudahnya; tidak dibatasi 100 persen",
    6: "Revisi terakhir yang diterima yang berlaku",
    8: "Iuran menurut tarif bulan itu, segmen, program, dan pembayar; rupiah bulat",
    9: "Batas waktu menurut kontrak dan hari kerja, waktu setempat",
    10: "Anggaran yang berlaku: berkas terakhir yang menyebut tahun itu; belum "
    "dilaporkan berbeda dari tidak dianggarkan",
    11: "Uang dihitung dalam bulan berkas yang memuatnya; tiap rupiah di satu baris",
    12: "Iuran yang seharusnya: tarif bulan itu bagi yang berhak; yang tidak diketahui "
    "dihitung terpisah",
    13: "Dibayar dua kali: dua pembayar untuk satu orang-bulan yang jumlahnya melebihi "
    "tarif penuh",
    14: "Tidak berhak dibayari: meninggal, menjadi ASN, ditanggung pemberi kerja, di "
    "luar umur",
    15: "Peringatan dini: menunggak, peserta kurang dari 3 bulan, batas umur, penetapan "
    "dan kebijakan yang akan berakhir",
}

_LISTS = (*registries(),)


@dataclass(frozen=True, slots=True)
class Lineage:
    """What one published table is made of.

    Attributes:
        sources: tables of ``core`` whose rows are counted; none where the files
            themselves are.
        datasets: files that can be behind it.
        rules: keys of :data:`RULE_TEXTS`, in the order they are applied.
        denominator: what it is divided by, Indonesian; ``""`` when it is a count.
    """

    sources: tuple[str, ...]
    datasets: tuple[str, ...]
    rules: tuple[int, ...]
    denominator: str = ""


#: By name of the published table without ``monthly_``. Coverage has a trace of its own.
LINEAGES: Mapping[str, Lineage] = {
    "protection": Lineage(
        ("registry",), (*_LISTS, "bpjs_kepesertaan"), (1, 2, 3, 4, 6)
    ),
    "village_coverage": Lineage(
        ("registry",),
        (*_LISTS, "bpjs_kepesertaan"),
        (1, 2, 3, 4, 6),
        "village_count: semua desa yang dapat memiliki kelompok itu, sudah melapor "
        "atau belum, menurut daftar wilayah",
    ),
    "funding": Lineage(
        ("registry", "budgets", "pledges", "contributions"),
        (*_LISTS, "bpjs_kepesertaan", "anggaran", "csr", "bpjs_iuran", "bpjs_klaim",
         "dukcapil_padan"),
        (2, 3, 6, 8, 10, 11, 12, 13, 14),
        "months_covered: pagu dibagi jumlah orang kali iuran JKK dan JKM sebulan",
    ),
    "benefits": Lineage(
        ("claims",), ("bpjs_klaim", "bpjs_kepesertaan", *_LISTS), (2, 6, 11)
    ),
    "discrepancies": Lineage(
        ("discrepancies",),
        (*_LISTS, "bpjs_kepesertaan", "bpjs_iuran", "bpjs_klaim", "dukcapil_padan"),
        (1, 2, 3, 4, 6, 11, 13, 14),
    ),
    "early_warning": Lineage(
        ("participation", "registry", "policies"),
        (*_LISTS, "bpjs_kepesertaan", "kebijakan"),
        (1, 2, 3, 4, 6, 15),
    ),
    "reporting": Lineage((), DATASETS, (4, 6, 9)),
}  # fmt: skip
