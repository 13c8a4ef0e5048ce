"""What codes are called in reports, pages and lists, in Bahasa Indonesia."""

from __future__ import annotations

from cakupan.core import areas
from cakupan.core.contracts import contract
from cakupan.core.denominators import NO_DEFINITION, definitions
from cakupan.core.horizons import funding_rules

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
    "tidak_diketahui": "Tidak disebutkan",
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

#: Of a person of the lists, by the best membership.
PROTECTION_STATES = {
    "active": "Aktif",
    "grace_1": "Menunggak 1 bulan",
    "grace_2": "Menunggak 2 bulan",
    "lapsed": "Berhenti",
    "not_enrolled": "Belum menjadi peserta",
    "review": "Perlu ditinjau",
}

#: Of a report that was due.
STATES = {
    "on_time": "tepat waktu",
    "late": "terlambat",
    "missing": "belum ada",
    "nil": "nihil",
}

#: Of a release: whether more may come, and what a person has decided.
RELEASE_STATES = {"final": "final", "provisional": "sementara"}
APPROVALS = {
    "pending": "menunggu persetujuan",
    "approved": "disetujui",
    "rejected": "ditolak",
    "not_required": "dilepas tanpa persetujuan",
}

PROGRAMMES = {"ANY": "Semua program", "ALL": "Semua program"}


def area(code: str) -> str:
    """Official name of an area, or its code."""
    return areas.name_of(code) or code


def short_area(code: str) -> str:
    """Name of a regency without its kind where that stays clear."""
    return area(code).replace("Kabupaten ", "Kab. ")


def segment(code: str) -> str:
    """A segment inside a sentence: ``PU (penerima upah)``, ``semua segmen``."""
    name = named(SEGMENTS, code)
    return name if name[:2].isupper() else name[0].lower() + name[1:]


def short_segment(code: str) -> str:
    """The same where there is little room: ``PU``, ``semua segmen``."""
    return segment(code).partition(" (")[0]


def definition(code: str) -> str:
    """What the definition of a denominator is called; a sender's own by its code."""
    if code == NO_DEFINITION:
        return "penyebut belum ada"
    known = definitions().get(code)
    return known.name if known else code


def warning(kind: str) -> str:
    """An early warning with the months it looks ahead (``reference/funding.yml``)."""
    return WARNINGS.get(kind, kind).format_map(funding_rules())


def state(code: str | None) -> str | None:
    """A state of protection, or the kind of a discrepancy or warning."""
    if code is None:
        return None
    if code in WARNINGS:
        return warning(code)
    return DISCREPANCIES.get(code) or named(PROTECTION_STATES, code)


def dataset(name: str) -> str:
    """Title of a dataset by its contract."""
    return contract(name).title


def named(names: dict[str, str], code: str) -> str:
    """What a code is called; the code itself where it has no name."""
    return names.get(code, code)


def listed(names: dict[str, str], codes: str | None) -> str | None:
    """What each of the codes of a list ``a, b`` is called."""
    if codes is None:
        return None
    return ", ".join(named(names, code) for code in codes.split(", "))
