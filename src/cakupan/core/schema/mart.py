"""``mart``: what is published. Tables ``…_history`` hold every release; the views
without that ending show the current one (they are made by the migrations)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    Numeric,
    SmallInteger,
    Table,
)

from cakupan.core.schema.base import AMOUNT, code, col, metadata

PERCENT = Numeric(9, 2)


def _key() -> list[Column[Any]]:
    return [
        code("release_id", "Nomor rilis", key=True),
        col("coverage_month", Date, "Bulan cakupan, tanggal satu", key=True),
        code("area_code", "Kode wilayah Kemendagri", key=True),
        code("area_level", "province, regency, district atau village"),
    ]


def _count(name: str, comment: str) -> Column[Any]:
    return col(name, Integer, comment + ". Kosong berarti tidak ada data", null=True)


monthly_coverage = Table(
    "monthly_coverage_history",
    metadata,
    *_key(),
    code("segment", "PU, BPU, JAKON, PMI atau ALL (orang dihitung sekali)", key=True),
    code("programme", "ANY, JKK, JKM, JHT, JP atau JKP", key=True),
    code("definition_id", "Definisi penyebut; tidak_ada bila tanpa penyebut", key=True),
    _count("active_count", "Peserta aktif termasuk masa tenggang, orang"),
    _count("paid_up_count", "Peserta yang lunas sampai bulan ini, orang"),
    _count("grace_count", "Peserta menunggak 1-2 bulan, orang"),
    _count("lapsed_count", "Peserta menunggak 3 bulan atau lebih, orang"),
    _count("membership_count", "Kepesertaan aktif, kepesertaan (bukan orang)"),
    _count("eligible_count", "Penyebut, orang"),
    col("coverage_pct", PERCENT, "Cakupan, persen, tidak dibatasi 100", null=True),
    col(
        "is_above_100",
        Boolean,
        "Peserta aktif lebih banyak daripada penyebut: penyebut terlalu kecil atau ada "
        "peserta dari luar wilayah",
        null=True,
    ),
    _count("target_count", "Target, orang"),
    col("target_pct", PERCENT, "Target, persen", null=True),
    code("denominator_source", "Sumber penyebut", null=True),
    col("denominator_date", Date, "Tanggal acuan penyebut", null=True),
    code("denominator_vintage", "Edisi atau revisi penyebut", null=True),
    schema="mart",
    comment="Cakupan bulanan. Satu baris per rilis, wilayah, segmen, program, definisi",
)

monthly_protection = Table(
    "monthly_protection_history",
    metadata,
    *_key(),
    code("worker_group", "Kelompok pekerja", key=True),
    code("payer", "Sumber dana menurut daftar", key=True),
    _count("registered_count", "Terdaftar, orang"),
    _count("verified_count", "Terverifikasi atau ditetapkan, orang"),
    _count("determined_count", "Ditetapkan dengan SK, orang"),
    _count("active_count", "Terlindungi termasuk masa tenggang, orang"),
    _count("grace_count", "Terlindungi tetapi menunggak 1-2 bulan, orang"),
    _count("lapsed_count", "Kepesertaan berhenti, orang"),
    _count("unenrolled_count", "Belum menjadi peserta, orang"),
    _count("ineligible_count", "Umur tidak memenuhi syarat, orang"),
    _count("review_count", "Perlu diperiksa identitasnya, orang"),
    _count(
        "probable_count",
        "Bagian active_count yang dikenali dari kemiripan data, bukan NIK yang sama, "
        "orang",
    ),
    col(
        "probable_pct",
        PERCENT,
        "probable_count dari active_count, persen; kosong bila tidak ada yang aktif",
        null=True,
    ),
    schema="mart",
    comment="Perlindungan per kelompok. Satu baris per rilis, wilayah, kelompok, "
    "sumber dana",
)

monthly_village_coverage = Table(
    "monthly_village_coverage_history",
    metadata,
    *_key(),
    code("worker_group", "Kelompok pekerja", key=True),
    _count("registered_count", "Terdaftar, orang"),
    _count("active_count", "Terlindungi termasuk masa tenggang, orang"),
    col("is_covered", Boolean, "Desa: ada anggota yang terlindungi", null=True),
    code("programmes", "Program yang aktif, dipisah koma", null=True),
    _count("village_count", "Jumlah desa yang dapat memiliki kelompok ini, desa"),
    _count("covered_village_count", "Jumlah desa terlindungi, desa"),
    col("covered_village_pct", PERCENT, "Desa terlindungi, persen", null=True),
    schema="mart",
    comment="Perlindungan per desa. Satu baris per rilis, wilayah, kelompok",
)

monthly_reporting = Table(
    "monthly_reporting_history",
    metadata,
    *_key(),
    code("dataset", "Nama dataset", key=True),
    col("due_at", DateTime(timezone=True), "Batas waktu (UTC)", null=True),
    col("received_at", DateTime(timezone=True), "Saat diterima (UTC)", null=True),
    code(
        "state",
        "Keadaan laporan; on_time (tepat waktu), late (terlambat), missing (belum ada) "
        "atau nil (nihil)",
    ),
    col("is_expected", Boolean, "Laporan ini wajib ada"),
    col("is_refused", Boolean, "Berkas terakhir ditolak"),
    col("revision", Integer, "Revisi yang dipakai", null=True),
    _count("received_count", "Baris diterima"),
    _count("accepted_count", "Baris diolah"),
    _count("quarantined_count", "Baris dikarantina"),
    _count("rejected_count", "Baris dalam berkas yang ditolak"),
    schema="mart",
    comment="Kepatuhan pelaporan. Satu baris per rilis, wilayah, dataset",
)

monthly_discrepancies = Table(
    "monthly_discrepancies_history",
    metadata,
    *_key(),
    code("kind", "Jenis ketidaksesuaian", key=True),
    _count("person_count", "Jumlah orang (nik_invalid: jumlah baris)"),
    col("rupiah", AMOUNT, "Nilai uang yang terkait, rupiah", null=True),
    schema="mart",
    comment="Ketidaksesuaian bulanan. Satu baris per rilis, wilayah, jenis",
)


def _rupiah(name: str, comment: str) -> Column[Any]:
    return col(
        name, AMOUNT, comment + ", rupiah. Kosong berarti tidak ada data", null=True
    )


monthly_funding = Table(
    "monthly_funding_history",
    metadata,
    *_key(),
    col("fiscal_year", SmallInteger, "Tahun anggaran", key=True),
    code(
        "worker_group",
        "Kelompok pekerja; ALL semua kelompok; tidak_terdaftar di luar daftar",
        key=True,
    ),
    code("payer", "Sumber dana; ALL semua sumber (orang dihitung sekali)", key=True),
    col(
        "has_budget",
        Boolean,
        "Ada anggaran. Kosong berarti anggaran belum dilaporkan",
        null=True,
    ),
    _rupiah("budget_rupiah", "Pagu setahun, dukungan CSR termasuk"),
    _rupiah("realised_rupiah", "Realisasi anggaran kumulatif"),
    _count("budgeted_count", "Orang yang dianggarkan, orang"),
    col(
        "months_covered",
        Numeric(9, 2),
        "Bulan yang terbiayai: pagu dibagi orang kali iuran JKK dan JKM sebulan",
        null=True,
    ),
    _count("registered_count", "Terdaftar, orang"),
    _count("active_count", "Terlindungi termasuk masa tenggang, orang"),
    _count(
        "budgeted_not_active_count",
        "Dianggarkan tetapi tidak terlindungi: selisih orang dianggarkan dan terlindungi",
    ),
    _rupiah("expected_rupiah", "Iuran yang seharusnya dibayar untuk bulan ini"),
    _count("unpriced_count", "Terdaftar yang iurannya tidak dapat dihitung, orang"),
    _rupiah("paid_rupiah", "Iuran yang dibayar menurut berkas bulan ini"),
    _count("double_funded_count", "Dibayar dua sumber untuk bulan yang sama, orang"),
    _rupiah(
        "ineligible_rupiah",
        "Dibayar untuk yang tidak berhak: meninggal, menjadi ASN, sudah ditanggung "
        "pemberi kerja, atau di luar umur",
    ),
    code(
        "ineligible_basis",
        "Dasar ineligible_rupiah: iuran (yang dibayar), tarif, atau iuran+tarif bila "
        "hanya sebagian wilayah mengirim iuran",
        null=True,
    ),
    schema="mart",
    comment="Pendanaan. Satu baris per rilis, wilayah, tahun anggaran, kelompok, sumber "
    "dana",
)

monthly_benefits = Table(
    "monthly_benefits_history",
    metadata,
    *_key(),
    code("programme", "JKK, JKM, JHT, JP, JKP atau ALL", key=True),
    _count("claim_count", "Klaim yang dibayar, klaim"),
    _rupiah("paid_rupiah", "Manfaat yang dibayar"),
    schema="mart",
    comment="Manfaat yang dibayar. Satu baris per rilis, wilayah, program",
)

monthly_early_warning = Table(
    "monthly_early_warning_history",
    metadata,
    *_key(),
    code(
        "kind",
        "unpaid_1, unpaid_2 (menunggak), under_3_months (JKM Rp10 juta), "
        "reaching_age_limit, decree_expiring, policy_expiring",
        key=True,
    ),
    code("worker_group", "Kelompok pekerja; ALL semua peserta", key=True),
    _count("person_count", "Jumlah orang (policy_expiring: jumlah kebijakan)"),
    schema="mart",
    comment="Peringatan dini. Satu baris per rilis, wilayah, jenis, kelompok",
)

#: Published tables in the order of the release files; name without ``_history``.
PUBLISHED = {
    str(table.name).removesuffix("_history"): table
    for table in (
        monthly_coverage,
        monthly_protection,
        monthly_village_coverage,
        monthly_reporting,
        monthly_discrepancies,
        monthly_funding,
        monthly_benefits,
        monthly_early_warning,
    )
}


def _pair() -> list[Column[Any]]:
    return [
        code("release_id", "Rilis yang menggantikan", key=True),
        code("previous_release_id", "Rilis yang digantikan", key=True),
        col("coverage_month", Date, "Bulan cakupan, tanggal satu"),
    ]


release_differences = Table(
    "release_differences",
    metadata,
    *_pair(),
    code("table_name", "Tabel yang dirilis, tanpa akhiran _history", key=True),
    code("area_code", "Kode wilayah Kemendagri", key=True),
    code(
        "cell_key",
        "Kunci baris selain wilayah, dipisah garis miring, mis. BPU / ANY / definisi",
        key=True,
    ),
    code("measure", "Kolom yang angkanya berubah", key=True),
    code("before_value", "Nilai dalam rilis lama; kosong bila tidak ada", null=True),
    code("after_value", "Nilai dalam rilis baru; kosong bila tidak ada", null=True),
    schema="mart",
    comment="Selisih dua rilis bulan yang sama. Satu baris per pasangan rilis, tabel, "
    "wilayah, kunci dan kolom yang berubah",
)

release_movements = Table(
    "release_movements",
    metadata,
    *_pair(),
    code("area_code", "Kode wilayah Kemendagri", key=True),
    code("source", "registry (daftar daerah) atau participation (data BPJS)", key=True),
    code("group_code", "Kelompok pekerja pada daftar, segmen pada data BPJS", key=True),
    col("entered_count", Integer, "Masuk karena koreksi, orang"),
    col("left_count", Integer, "Keluar karena koreksi, orang"),
    col("changed_count", Integer, "Tetap ada tetapi keterangannya berubah, orang"),
    schema="mart",
    comment="Orang yang masuk, keluar atau berubah karena koreksi. Satu baris per "
    "pasangan rilis, wilayah, sumber dan kelompok. Baris provinsi ada bila pembandingan "
    "dapat dilakukan, juga bila nol",
)

#: What a correction moved; written with the release and never changed.
CHANGES = (release_differences, release_movements)
