"""What stands beside the numbers, in Bahasa Indonesia: titles, status, rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cakupan.core import areas
from cakupan.core.codes import describe
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
    "Satu orang dihitung sekali per wilayah dan segmen, dan sekali dalam semua segmen; "
    "keadaan terbaik yang dipakai. Jangan menjumlahkan segmen untuk mendapat jumlah "
    "orang.",
    "Peserta aktif = iuran lunas sampai bulan laporan ditambah yang menunggak 1-2 "
    "bulan. Menunggak 3 bulan atau lebih = berhenti.",
    "Persentase berdampingan dengan jumlah, penyebut, definisi, sumber, dan "
    "tanggalnya; dibulatkan ke dua desimal dan tidak dibatasi 100. Di atas 100 "
    "berarti penyebut terlalu kecil atau ada peserta dari luar wilayah.",
    "Jangan membandingkan dua bulan dengan definisi penyebut yang berbeda, dan jangan "
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

LIKENESS = (
    "orang dalam daftar dikenali sebagai peserta dari NIK yang sama; bila NIK salah "
    "ketik atau tidak ada, dari kemiripan data dengan peluang tinggi. "
    "Yang meragukan dihitung sebagai diperiksa sampai petugas memutuskan."
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


#: Finding about a share above 100 percent.
ABOVE_100 = "COVERAGE_ABOVE_100"


def why_above_100() -> str:
    """What a share above 100 percent means, as the rest of a sentence."""
    text = describe(ABOVE_100).text
    return text[0].lower() + text[1:].rstrip(".")


def above_100(row: Mapping[str, Any]) -> str:
    """The finding about one coverage row above 100 percent, with its figures."""
    share = str(row["coverage_pct"]).replace(".", ",")
    counts = (
        f"{number(row['active_count'])} peserta aktif, penyebut "
        f"{number(row['eligible_count'])} orang"
    )
    return (
        f"{row['area_code']} {row['segment']} {row['definition_id']}: {share} persen "
        f"({counts}), {why_above_100()}. [{ABOVE_100}]"
    )


def number(count: int) -> str:
    """A count with points between the thousands."""
    return f"{count:,}".replace(",", ".")


def shares_above_100(content: ReleaseContent) -> list[str]:
    """One line per share of the province and its regencies above 100 percent."""
    coverage = content.tables["monthly_coverage"].select(
        ["area_code", "segment", "definition_id", "active_count", "eligible_count",
         "coverage_pct", "is_above_100", "area_level", "programme"]
    )  # fmt: skip
    return [
        above_100(row)
        for row in coverage.to_pylist()
        if row["is_above_100"]
        and row["programme"] == "ANY"
        and row["area_level"] in {"province", "regency"}
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
