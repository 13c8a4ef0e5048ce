"""``vault``: identities. Only ``cakupan_etl`` and ``cakupan_steward`` may read it."""

from __future__ import annotations

from sqlalchemy import Date, DateTime, Index, Integer, Table, Text, Uuid

from cakupan.core.schema.base import code, col, metadata

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
