"""``vault``: identities. Only ``cakupan_etl`` and ``cakupan_steward`` may read it."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
)

from cakupan.core.schema.base import code, col, metadata, slice_columns

identities = Table(
    "identities",
    metadata,
    col(
        "person_id", Uuid, "Nama samaran orang (HMAC)", key=True, sensitivity="personal"
    ),
    code("province_code", "Kode provinsi pemilik data", key=True),
    col("nik", Text, "NIK 16 angka", null=True, sensitivity="identity"),
    col(
        "kpj",
        Text,
        "Nomor peserta bila NIK tidak ada",
        null=True,
        sensitivity="identity",
    ),
    col("name", Text, "Nama lengkap", null=True, sensitivity="identity"),
    col("birth_date", Date, "Tanggal lahir", null=True, sensitivity="identity"),
    col("address", Text, "Alamat", null=True, sensitivity="identity"),
    col("phone", Text, "Nomor telepon", null=True, sensitivity="identity"),
    col("last_seen_month", Date, "Bulan terakhir orang ini ada dalam data"),
    Index("ix_identities_nik", "nik"),
    schema="vault",
    postgresql_partition_by="LIST (province_code)",
    comment="Identitas. Satu baris per orang dan provinsi. Akses terbatas",
)

review_records = Table(
    "review_records",
    metadata,
    *slice_columns(),
    col("pair_id", Uuid, "Nomor pasangan"),
    code("side", "daftar atau bpjs"),
    code("area_code", "Wilayah menurut sisi itu"),
    col("nik", Text, "NIK 16 angka", null=True, sensitivity="identity"),
    col("kpj", Text, "Nomor peserta", null=True, sensitivity="identity"),
    col("name", Text, "Nama lengkap", null=True, sensitivity="identity"),
    col("birth_date", Date, "Tanggal lahir", null=True, sensitivity="identity"),
    code("sex", "L atau P", null=True, sensitivity="personal"),
    code("village_code", "Kode desa bila ada", null=True, sensitivity="personal"),
    col("address", Text, "Alamat", null=True, sensitivity="identity"),
    Index(
        "ix_review_records_grain",
        "coverage_month",
        "province_code",
        "pair_id",
        "side",
        unique=True,
    ),
    schema="vault",
    comment="Kedua sisi pasangan yang menunggu atau sudah mendapat keputusan. Satu "
    "baris per bulan, pasangan dan sisi. Akses terbatas",
)

review_decisions = Table(
    "review_decisions",
    metadata,
    col("decision_id", Integer, "Nomor urut", key=True, autoincrement=True),
    code("province_code", "Kode provinsi"),
    col("coverage_month", Date, "Bulan pasangan itu dilihat; berlaku sejak bulan ini"),
    col("pair_id", Uuid, "Nomor pasangan"),
    col("person_id", Uuid, "Nama samaran orang dalam daftar", sensitivity="personal"),
    col("other_id", Uuid, "Nama samaran peserta", sensitivity="personal"),
    code("decision", "same, different atau unsure"),
    code("decided_by", "Siapa yang memutuskan"),
    code("role_name", "Peran basis data yang mencatat"),
    col("decided_at", DateTime(timezone=True), "Saat diputuskan (UTC)"),
    CheckConstraint("decision in ('same', 'different', 'unsure')", name="decision"),
    Index("ix_review_decisions_pair", "province_code", "pair_id", "decision_id"),
    schema="vault",
    comment="Keputusan petugas tentang pasangan yang meragukan; hanya ditambah. Satu "
    "baris per keputusan; yang terakhir berlaku",
)

#: Tables replaced month by month, beside those of ``core``.
SLICED = (review_records,)

access_log = Table(
    "access_log",
    metadata,
    col("access_id", Integer, "Nomor urut", key=True, autoincrement=True),
    col("accessed_at", DateTime(timezone=True), "Saat akses (UTC)"),
    code("role_name", "Peran yang membaca"),
    code("purpose", "Keperluan"),
    col("row_count", Integer, "Jumlah baris dibaca"),
    schema="vault",
    comment="Catatan akses identitas. Satu baris per akses",
)
