"""What stands beside the numbers, in Bahasa Indonesia: titles, status, rules."""

from __future__ import annotations

from decimal import Decimal

from cakupan.core import areas
from cakupan.core.month import CoverageMonth
from cakupan.publish.content import ReleaseContent, rows_of

TITLES = {
    "monthly_coverage": "Cakupan kepesertaan",
    "monthly_protection": "Perlindungan per kelompok pekerja",
    "monthly_village_coverage": "Perlindungan per desa",
    "monthly_reporting": "Kepatuhan pelaporan",
    "monthly_discrepancies": "Ketidaksesuaian data",
    "monthly_funding": "Pendanaan iuran",
    "monthly_benefits": "Manfaat yang dibayar",
    "monthly_early_warning": "Peringatan dini",
    "areas": "Daftar wilayah",
}

#: How to read the numbers; the rules that decide them.
RULES = (
    "Satu orang dihitung sekali per wilayah dan segmen, dan sekali dalam ALL; keadaan "
    "terbaik yang dipakai. Jangan menjumlahkan segmen untuk mendapat jumlah orang.",
    "Peserta aktif = iuran lunas sampai bulan laporan (paid_up) ditambah yang "
    "menunggak 1-2 bulan (grace). Menunggak 3 bulan atau lebih = berhenti (lapsed).",
    "Persentase berdampingan dengan jumlah, penyebut, definisi, sumber, dan "
    "tanggalnya; dibulatkan ke dua desimal dan tidak dibatasi 100. Di atas 100 "
    "berarti penyebut terlalu kecil atau ada peserta dari luar wilayah.",
    "Jangan membandingkan dua bulan dengan definition_id yang berbeda, dan jangan "
    "merata-ratakan persentase kabupaten/kota.",
    "Sel kosong berarti tidak ada data, bukan nol. Laporan NIHIL berarti nol.",
    "Baris kecamatan dan desa hanya memuat orang yang desanya diketahui; jumlahnya "
    "dapat lebih kecil daripada baris kabupaten/kota.",
    "Terdaftar = aktif + berhenti + belum menjadi peserta + perlu diperiksa.",
    "Desa terlindungi bila paling sedikit satu anggota kelompok yang terdaftar di sana "
    "aktif; pembaginya semua desa yang dapat memiliki kelompok itu, sudah melapor atau "
    "belum.",
)

PRIVACY = (
    "Edisi internal: baris desa dapat memuat jumlah yang sangat kecil sehingga "
    "orangnya dapat dikenali. Jangan diteruskan ke umum tanpa menyamarkan sel kecil. "
    "Tidak ada NIK, nama, tanggal lahir, atau alamat dalam berkas ini."
)

FILES = (
    "Tabel yang sama ada sebagai CSV, Parquet, dan lembar cakupan.xlsx; saat diterima "
    "dan saat dirilis hanya ada di gudang data."
)

AREA_RIGHTS = (
    "Kode dan nama wilayah: idn-area-data (Open Database License 1.0), menurut "
    "Kepmendagri 300.2.2-2430/2025"
)


def month_name(month: CoverageMonth) -> str:
    """``September 2026``."""
    return month.in_words


def province_name(content: ReleaseContent) -> str:
    """Official name of the province, or its code."""
    return areas.name_of(content.province) or content.province


def title(content: ReleaseContent) -> str:
    """Title of the release."""
    return (
        "Cakupan jaminan sosial ketenagakerjaan "
        f"{province_name(content)}, {month_name(content.month)}"
    )


def percent(content: ReleaseContent) -> str:
    """Completeness with a decimal comma."""
    return str(content.completeness_pct).replace(".", ",")


def status(content: ReleaseContent) -> str:
    """Whether the release is final, and why not."""
    share = (
        f"{content.present_count} dari {content.expected_count} laporan wajib ada "
        f"({percent(content)} persen)"
    )
    if content.status == "final":
        return f"FINAL: {share}."
    reasons = [share]
    if not content.is_posted:
        reasons.append("data BPJS memuat periode yang belum diposting")
    return f"SEMENTARA (provisional): {'; '.join(reasons)}."


#: Why a share above 100 percent is shown as it is, and what it means.
ABOVE_100 = (
    "di atas 100 persen: penyebut terlalu kecil atau ada peserta dari luar wilayah; "
    "angka tidak dibatasi, jangan dibaca sebagai cakupan penuh"
)


def above_100(area_code: str, segment: str, definition_id: str, pct: Decimal) -> str:
    """The warning beside one share above 100 percent."""
    share = str(pct).replace(".", ",")
    return f"{area_code} {segment} {definition_id}: {share} persen, {ABOVE_100}."


def shares_above_100(content: ReleaseContent) -> list[str]:
    """One line per share of the province and its regencies above 100 percent."""
    coverage = content.tables["monthly_coverage"].select(
        ["area_code", "segment", "definition_id", "coverage_pct", "is_above_100",
         "area_level", "programme"]
    )  # fmt: skip
    return [
        above_100(code, segment, definition, pct)
        for code, segment, definition, pct, is_above, level, programme in rows_of(
            coverage
        )
        if is_above and programme == "ANY" and level in {"province", "regency"}
    ]


def missing_reports(content: ReleaseContent) -> list[str]:
    """One line per expected report that is not there, refused ones said so."""
    reporting = content.tables["monthly_reporting"].select(
        ["area_code", "dataset", "state", "is_expected", "is_refused"]
    )
    return [
        f"{code} {areas.name_of(code) or ''}: {dataset}"
        + (" (berkas ditolak)" if is_refused else "")
        for code, dataset, state, is_expected, is_refused in rows_of(reporting)
        if is_expected and state == "missing"
    ]
