"""What codes are called in a report, in Bahasa Indonesia."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from cakupan.core import areas
from cakupan.core.contracts import contract
from cakupan.core.horizons import funding_rules
from cakupan.core.resources import include

SEGMENTS = {
    "PU": "PU (penerima upah)",
    "BPU": "BPU (bukan penerima upah)",
    "JAKON": "Jasa konstruksi",
    "PMI": "Pekerja migran",
    "ALL": "Semua segmen",
}

GROUPS = {
    "pekerja_rentan": "Pekerja rentan",
    "non_asn": "Pegawai non-ASN",
    "aparatur_desa": "Aparatur desa",
    "rt_rw": "Ketua RT dan RW",
    "tidak_terdaftar": "Di luar daftar",
    "ALL": "Semua",
}

PAYERS = {
    "mandiri": "Mandiri",
    "perusahaan": "Perusahaan",
    "apbd_prov": "APBD provinsi",
    "apbd_kab": "APBD kabupaten/kota",
    "apbdes": "APB Desa",
    "dbh_sawit": "DBH sawit",
    "csr": "CSR",
    "apbn": "APBN",
    "campuran": "Lebih dari satu sumber",
    "tidak_diketahui": "Tidak disebutkan",
    "ALL": "Semua sumber",
}

WARNINGS = {
    "unpaid_1": "Menunggak 1 bulan",
    "unpaid_2": "Menunggak 2 bulan (bulan depan berhenti)",
    "under_3_months": "Peserta kurang dari 3 bulan (santunan kematian belum penuh)",
    "reaching_age_limit": "Mencapai batas umur dalam {age_limit_months} bulan",
    "decree_expiring": "Masa dalam daftar berakhir dalam {decree_months} bulan",
    "policy_expiring": "Kebijakan berakhir dalam {policy_months} bulan",
}

SHORT_WARNINGS = {
    "unpaid_1": "Menunggak 1 bulan",
    "unpaid_2": "Menunggak 2 bulan",
    "under_3_months": "Kurang dari 3 bulan",
    "reaching_age_limit": "Batas umur",
    "decree_expiring": "Masa daftar",
    "policy_expiring": "Kebijakan",
}

DISCREPANCIES = {
    "not_enrolled": "Terdaftar, belum menjadi peserta",
    "lapsed": "Terdaftar, kepesertaan berhenti",
    "in_grace": "Terdaftar, menunggak 1-2 bulan",
    "paid_not_active": "Dibayar, tidak aktif",
    "active_not_registered": "Aktif atas biaya pemerintah, tidak terdaftar",
    "double_registered": "Terdaftar di dua wilayah atau kelompok",
    "double_funded": "Dibayar dua sumber untuk bulan yang sama",
    "covered_by_employer": "Diusulkan, sudah ditanggung pemberi kerja",
    "ineligible_age": "Umur tidak memenuhi syarat",
    "deceased": "Meninggal dunia",
    "became_asn": "Sudah menjadi ASN",
    "identity_conflict": "NIK sama, orang berbeda",
    "nik_invalid": "NIK tidak sah (jumlah baris)",
    "claim_not_participant": "Klaim dari yang bukan peserta",
}

STATES = {
    "on_time": "tepat waktu",
    "late": "terlambat",
    "missing": "belum ada",
    "nil": "nihil",
}


def area(code: str) -> str:
    """Official name of an area, or its code."""
    return areas.name_of(code) or code


def short_area(code: str) -> str:
    """Name of a regency without its kind where that stays clear."""
    return area(code).replace("Kabupaten ", "Kab. ")


def warning(kind: str) -> str:
    """An early warning with the months it looks ahead (``reference/funding.yml``)."""
    return WARNINGS.get(kind, kind).format_map(funding_rules())


def dataset(name: str) -> str:
    """Title of a dataset by its contract."""
    return contract(name).title


def named(names: dict[str, str], code: str) -> str:
    """What a code is called; the code itself where it has no name."""
    return names.get(code, code)


@dataclass(frozen=True, slots=True)
class Programme:
    """A promise of a province: so many people of a group are to be protected.

    Attributes:
        province: two-digit code.
        group: worker group.
        name: Indonesian.
        goal_count: persons.
        legal_basis: Indonesian.
        source: where the number is published.
        certainty: V, D, S or U, see ``include/reference/README.md``.
        note: what is not clear, ``""`` for nothing.
    """

    province: str
    group: str
    name: str
    goal_count: int
    legal_basis: str
    source: str
    certainty: str
    note: str


@cache
def programmes() -> tuple[Programme, ...]:
    """``include/reference/programmes.csv``."""
    path = include("reference", "programmes.csv")
    return tuple(
        Programme(
            province=row["province_code"],
            group=row["worker_group"],
            name=row["name"],
            goal_count=int(row["goal_count"]),
            legal_basis=row["legal_basis"],
            source=row["source"],
            certainty=row["certainty"],
            note=row["note"],
        )
        for row in csv.DictReader(path.read_text("utf-8").splitlines())
    )
