"""``core``: what is budgeted, pledged, paid and claimed, month by month.

Amounts are rupiah to the sen, as the files state them. Budgets, pledges and policies are
what holds in the month: the latest list an area has sent up to it.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Date, Index, Integer, Numeric, SmallInteger, Table, Uuid

from cakupan.core.schema.base import (
    AMOUNT,
    BY_MONTH,
    code,
    col,
    metadata,
    slice_columns,
)

budget_reports = Table(
    "budget_reports",
    metadata,
    *slice_columns(),
    code("area_code", "Kode wilayah pengirim"),
    col("fiscal_year", SmallInteger, "Tahun anggaran"),
    col("reported_month", Date, "Bulan cakupan berkas yang berlaku"),
    col("is_nil", Boolean, "Melaporkan bahwa tidak ada anggaran"),
    code("submission_id", "Kiriman asal"),
    Index(
        "ix_budget_reports_grain",
        "coverage_month",
        "province_code",
        "area_code",
        "fiscal_year",
        unique=True,
    ),
    schema="core",
    comment="Wilayah yang sudah melaporkan anggarannya. Satu baris per bulan, wilayah, "
    "tahun anggaran",
)

budgets = Table(
    "budgets",
    metadata,
    *slice_columns(),
    code("area_code", "Kode wilayah pengirim"),
    col("fiscal_year", SmallInteger, "Tahun anggaran"),
    code("worker_group", "Kelompok pekerja yang dianggarkan"),
    code("payer", "Sumber dana"),
    code("budget_document", "Nomor DPA", null=True),
    col("budgeted_count", Integer, "Jumlah orang yang dianggarkan, orang", null=True),
    col("budgeted_months", Numeric(5, 2), "Jumlah bulan yang dianggarkan", null=True),
    col("budget_rupiah", AMOUNT, "Pagu, rupiah"),
    col(
        "realised_rupiah",
        AMOUNT,
        "Realisasi kumulatif sejak awal tahun, rupiah",
        null=True,
    ),
    code("submission_id", "Kiriman asal"),
    col("source_row", Integer, "Nomor baris pada berkas pengirim"),
    Index(
        "ix_budgets_grain",
        "submission_id",
        "source_row",
        "coverage_month",
        "province_code",
        unique=True,
    ),
    schema="core",
    comment="Anggaran iuran yang berlaku. Satu baris per bulan dan baris berkas "
    "anggaran",
)

pledges = Table(
    "pledges",
    metadata,
    *slice_columns(),
    code("area_code", "Kode wilayah pengirim"),
    code("company", "Perusahaan"),
    code("agreement_number", "Nomor perjanjian kerja sama", null=True),
    code("worker_group", "Kelompok pekerja; tidak_diketahui bila kosong"),
    col("pledged_count", Integer, "Jumlah orang yang dijanjikan, orang", null=True),
    col("pledged_months", Numeric(5, 2), "Jumlah bulan yang dijanjikan", null=True),
    col("pledge_rupiah", AMOUNT, "Nilai dukungan, rupiah", null=True),
    code("submission_id", "Kiriman asal"),
    col("source_row", Integer, "Nomor baris pada berkas pengirim"),
    Index(
        "ix_pledges_grain",
        "submission_id",
        "source_row",
        "coverage_month",
        "province_code",
        unique=True,
    ),
    schema="core",
    comment="Dukungan iuran dari perusahaan yang berlaku. Satu baris per bulan dan "
    "baris berkas CSR",
)

policies = Table(
    "policies",
    metadata,
    *slice_columns(),
    code("area_code", "Kode wilayah pengirim"),
    code("policy_kind", "pergub, perda, perbup, perwali, pks atau sk"),
    code("policy_number", "Nomor"),
    col("issued_date", Date, "Tanggal ditetapkan"),
    col("valid_to", Date, "Berlaku sampai; kosong bila tidak dibatasi", null=True),
    code("title", "Tentang", null=True),
    code("submission_id", "Kiriman asal"),
    col("source_row", Integer, "Nomor baris pada berkas pengirim"),
    Index(
        "ix_policies_grain",
        "submission_id",
        "source_row",
        "coverage_month",
        "province_code",
        unique=True,
    ),
    schema="core",
    comment="Kebijakan yang berlaku atau pernah dilaporkan. Satu baris per bulan dan "
    "baris berkas kebijakan",
)

contributions = Table(
    "contributions",
    metadata,
    *slice_columns(),
    code(
        "area_code",
        "Wilayah yang mendaftarkan orangnya, bila tidak terdaftar kabupaten/kota "
        "peserta, bila tidak dikenal wilayah pengirim",
    ),
    code("worker_group", "Kelompok pekerja; tidak_terdaftar bila di luar daftar"),
    code("payer", "Sumber iuran; tidak_diketahui bila kosong"),
    col(
        "membership_id",
        Uuid,
        "Nama samaran kepesertaan; kosong bila KPJ tidak ada dalam data peserta",
        null=True,
        sensitivity="personal",
    ),
    col(
        "person_id",
        Uuid,
        "Nama samaran orang; kosong bila KPJ tidak ada dalam data peserta",
        null=True,
        sensitivity="personal",
    ),
    code("segment", "PU, BPU, JAKON atau PMI", null=True),
    col("contribution_month", Date, "Bulan yang dibayar, tanggal satu"),
    col("jkk_rupiah", AMOUNT, "Iuran JKK, rupiah", null=True),
    col("jkm_rupiah", AMOUNT, "Iuran JKM, rupiah", null=True),
    col("jht_rupiah", AMOUNT, "Iuran JHT, rupiah", null=True),
    col("jp_rupiah", AMOUNT, "Iuran JP, rupiah", null=True),
    col("jkp_rupiah", AMOUNT, "Iuran JKP, rupiah", null=True),
    col("total_rupiah", AMOUNT, "Jumlah iuran, rupiah"),
    col("paid_date", Date, "Tanggal bayar", null=True),
    col(
        "is_active",
        Boolean,
        "Kepesertaannya aktif atau dalam masa tenggang; kosong bila tidak dikenal",
        null=True,
    ),
    code(
        "ineligible_kind",
        "Alasan iuran ini tidak semestinya: deceased, became_asn, covered_by_employer "
        "atau ineligible_age",
        null=True,
    ),
    code("submission_id", "Kiriman asal"),
    col("source_row", Integer, "Nomor baris pada berkas pengirim"),
    Index(
        "ix_contributions_grain",
        "submission_id",
        "source_row",
        "coverage_month",
        "province_code",
        unique=True,
    ),
    Index("ix_contributions_person", "person_id"),
    schema="core",
    postgresql_partition_by=BY_MONTH,
    comment="Iuran yang dibayar menurut berkas bulan ini. Satu baris per bulan dan "
    "baris berkas iuran",
)

claims = Table(
    "claims",
    metadata,
    *slice_columns(),
    code("area_code", "Kabupaten/kota peserta, bila tidak dikenal wilayah pengirim"),
    col("claim_id", Uuid, "Nama samaran nomor klaim", sensitivity="personal"),
    code("programme", "JKK, JKM, JHT, JP atau JKP"),
    col(
        "person_id",
        Uuid,
        "Nama samaran orang; kosong bila tidak dikenal sebagai peserta atau terdaftar",
        null=True,
        sensitivity="personal",
    ),
    col("event_date", Date, "Tanggal kejadian", null=True),
    col("paid_date", Date, "Tanggal bayar"),
    col("paid_rupiah", AMOUNT, "Manfaat yang dibayar, rupiah"),
    col("is_participant", Boolean, "Ada dalam data peserta bulan ini", null=True),
    code("submission_id", "Kiriman asal"),
    col("source_row", Integer, "Nomor baris pada berkas pengirim"),
    Index(
        "ix_claims_grain",
        "submission_id",
        "source_row",
        "coverage_month",
        "province_code",
        unique=True,
    ),
    schema="core",
    comment="Klaim yang dibayar menurut berkas bulan ini. Satu baris per bulan, klaim "
    "dan program",
)

verifications = Table(
    "verifications",
    metadata,
    *slice_columns(),
    col("person_id", Uuid, "Nama samaran orang", sensitivity="personal"),
    code("match_status", "padan, tidak_padan atau meninggal"),
    col("status_date", Date, "Tanggal status; bagi meninggal tanggal kematian"),
    code("submission_id", "Kiriman asal"),
    col("source_row", Integer, "Nomor baris pada berkas pengirim"),
    Index(
        "ix_verifications_grain",
        "person_id",
        "coverage_month",
        "province_code",
        unique=True,
    ),
    schema="core",
    comment="Hasil pemadanan Dukcapil terakhir sampai bulan ini. Satu baris per bulan "
    "dan orang",
)

#: In load order.
SLICED = (
    budget_reports,
    budgets,
    pledges,
    policies,
    contributions,
    claims,
    verifications,
)
