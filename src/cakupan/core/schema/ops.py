"""``ops``: what was received, what was found, what was loaded and released."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from cakupan.core.schema.base import code, col, metadata

INSTANT = DateTime(timezone=True)

submissions = Table(
    "submissions",
    metadata,
    code("submission_id", "Nomor kiriman: dataset-wilayah-bulan-urutan", key=True),
    code("dataset", "Nama dataset menurut kontrak"),
    code("area_code", "Kode wilayah pengirim (Kemendagri)"),
    code("province_code", "Kode provinsi"),
    col("coverage_month", Date, "Bulan cakupan, tanggal satu"),
    col(
        "attempt",
        Integer,
        "Urutan kiriman untuk dataset, wilayah dan bulan ini, mulai 1",
    ),
    col(
        "revision",
        Integer,
        "Revisi; kosong bila duplikat. Revisi baru menggantikan yang lama",
        null=True,
    ),
    Column(
        "landing_number",
        BigInteger,
        Identity(always=True),
        nullable=False,
        comment="Urutan pencatatan semua kiriman",
        info={"sensitivity": "public"},
    ),
    code("landing_key_sha256", "Sidik kunci berkas di area pendaratan"),
    code("landing_etag", "Tanda isi berkas dari penyimpanan objek", null=True),
    code("file_name", "Nama berkas; deret angka panjang disamarkan"),
    code("file_format", "Format berkas: csv, xlsx, xls, ods, parquet", null=True),
    code("sha256", "Sidik isi berkas asli (arsip)"),
    col("size_bytes", BigInteger, "Ukuran berkas, byte"),
    code("state", "received, duplicate, refused atau accepted"),
    code("duplicate_of", "Kiriman yang isinya sama", null=True),
    col("received_at", INSTANT, "Saat berkas diterima di area pendaratan (UTC)"),
    col("processed_at", INSTANT, "Saat selesai diperiksa (UTC)", null=True),
    col(
        "tried_count",
        Integer,
        "Berapa kali pemeriksaan dimulai",
        server_default=text("0"),
    ),
    col("tried_at", INSTANT, "Saat pemeriksaan terakhir dimulai (UTC)", null=True),
    col("is_nil", Boolean, "Laporan NIHIL: nol, bukan tidak ada", null=True),
    col("received_count", Integer, "Jumlah baris data diterima", null=True),
    col("accepted_count", Integer, "Jumlah baris diterima untuk diolah", null=True),
    col("quarantined_count", Integer, "Jumlah baris dikarantina", null=True),
    col("rejected_count", Integer, "Jumlah baris dalam berkas yang ditolak", null=True),
    col("layout", JSONB, "Tata letak berkas: lembar, baris judul, kolom", null=True),
    col("staged_sha256", Text, "Sidik hasil olahan di danau data", null=True),
    CheckConstraint(
        "state in ('received', 'duplicate', 'refused', 'accepted')", name="state"
    ),
    CheckConstraint(
        "received_count is null or "
        "received_count = accepted_count + quarantined_count + rejected_count",
        name="balance",
    ),
    Index(None, "dataset", "area_code", "coverage_month", "attempt", unique=True),
    Index(None, "province_code", "coverage_month"),
    Index(None, "landing_key_sha256", "landing_number"),
    schema="ops",
    comment="Kiriman berkas. Satu baris per berkas yang mendarat",
)

findings = Table(
    "findings",
    metadata,
    code("submission_id", "Nomor kiriman"),
    code("code", "Kode temuan, lihat expectations/codes.yml"),
    code("grade", "record, submission atau integrity"),
    code("severity", "critical, warning atau info"),
    code("field", "Kolom yang dimaksud; kosong bila tidak ada"),
    col("source_row", Integer, "Nomor baris pada berkas pengirim", null=True),
    col("row_count", Integer, "Jumlah baris yang terkena"),
    code("detail", "Tempat atau angka, tidak pernah data pribadi"),
    Index(None, "submission_id"),
    schema="ops",
    comment="Temuan pemeriksaan. Satu baris per temuan per baris berkas",
)

slices = Table(
    "slices",
    metadata,
    code("province_code", "Kode provinsi", key=True),
    col("coverage_month", Date, "Bulan cakupan, tanggal satu", key=True),
    code("stage", "warehouse atau publish", key=True),
    col(
        "generation",
        BigInteger,
        "Nomor pengambilalihan; penulis dengan nomor lama harus berhenti",
        server_default=text("0"),
    ),
    code("inputs_hash", "Sidik semua masukan dari isi yang termuat", null=True),
    col("loaded_at", INSTANT, "Saat dimuat (UTC)", null=True),
    schema="ops",
    comment="Potongan gudang data. Satu baris per provinsi, bulan dan tahap",
)

releases = Table(
    "releases",
    metadata,
    code("release_id", "Nomor rilis: provinsi-bulan-sidik isi", key=True),
    code("province_code", "Kode provinsi"),
    col("coverage_month", Date, "Bulan cakupan, tanggal satu"),
    col("sequence", Integer, "Urutan rilis bulan ini, mulai 1"),
    code("status", "provisional (belum lengkap) atau final"),
    col("expected_count", Integer, "Jumlah laporan yang wajib ada"),
    col("present_count", Integer, "Jumlah laporan wajib yang ada"),
    col("completeness_pct", Numeric(6, 2), "Kelengkapan laporan, persen"),
    code("content_sha256", "Sidik isi semua tabel yang dirilis"),
    code("inputs_hash", "Sidik semua masukan"),
    code("files_prefix", "Awalan kunci berkas rilis di penyimpanan objek"),
    col("released_at", INSTANT, "Saat dirilis (UTC)"),
    code("supersedes", "Rilis yang digantikan", null=True),
    Index(None, "province_code", "coverage_month"),
    schema="ops",
    comment="Rilis bulanan; tidak pernah berubah. Satu baris per rilis",
)

release_decisions = Table(
    "release_decisions",
    metadata,
    Column(
        "decision_id",
        BigInteger,
        Identity(always=True),
        primary_key=True,
        comment="Urutan keputusan",
        info={"sensitivity": "public"},
    ),
    code("release_id", "Nomor rilis"),
    code(
        "decision",
        "requested (persetujuan diminta), approved, rejected, atau not_required "
        "(dilepas tanpa persetujuan karena tidak ada pemberi persetujuan)",
    ),
    col("decided_at", INSTANT, "Saat diputuskan (UTC)"),
    code("decided_by", "Akun pemberi keputusan; kosong bila bukan orang", null=True),
    code("decided_by_name", "Nama pemberi keputusan", null=True),
    code("note", "Catatan; pada penolakan: alasannya", null=True),
    code("channel", "airflow, cli, publish atau migration"),
    code("content_sha256", "Sidik isi rilis yang diputuskan"),
    code("files_sha256", "Sidik berkas SHA256SUMS rilis itu", null=True),
    CheckConstraint(
        "decision in ('requested', 'approved', 'rejected', 'not_required')",
        name="decision",
    ),
    CheckConstraint(
        "decision not in ('approved', 'rejected') or decided_by is not null",
        name="person",
    ),
    Index(None, "release_id"),
    schema="ops",
    comment="Keputusan tentang rilis; hanya bertambah. Satu baris per keputusan",
)

current_releases = Table(
    "current_releases",
    metadata,
    code("province_code", "Kode provinsi", key=True),
    col("coverage_month", Date, "Bulan cakupan, tanggal satu", key=True),
    code("release_id", "Rilis yang berlaku sekarang"),
    schema="ops",
    comment="Rilis yang berlaku. Satu baris per provinsi dan bulan",
)

release_inputs = Table(
    "release_inputs",
    metadata,
    code("release_id", "Nomor rilis", key=True),
    code("submission_id", "Nomor kiriman yang dipakai", key=True),
    schema="ops",
    comment="Kiriman di balik tiap rilis. Satu baris per rilis dan kiriman",
)

run_digests = Table(
    "run_digests",
    metadata,
    code("run_id", "Nomor jalannya alur", key=True),
    code("dag_id", "Nama alur"),
    col("written_at", INSTANT, "Saat ditulis (UTC)"),
    code("content_sha256", "Sidik isi ringkasan; surel dikirim sekali per sidik"),
    col("content", JSONB, "Ringkasan: kiriman, jumlah, kegagalan"),
    col("mailed_at", INSTANT, "Saat surel terkirim (UTC)", null=True),
    code(
        "mail_code", "Kode galat pengiriman terakhir; kosong bila tidak ada", null=True
    ),
    schema="ops",
    comment="Ringkasan tiap jalannya alur. Satu baris per jalan",
)

deliveries = Table(
    "deliveries",
    metadata,
    code(
        "delivery_id",
        "Sidik isi dan penerima; satu surel hanya terkirim sekali",
        key=True,
    ),
    code("kind", "report (internal), public (edisi publik) atau regency"),
    code("area_code", "Kode provinsi, atau kabupaten/kota penerima"),
    col("coverage_month", Date, "Bulan cakupan, tanggal satu"),
    code("release_id", "Rilis yang dikirim; kosong bila hanya perbaikan", null=True),
    col("submissions", JSONB, "Nomor kiriman yang perbaikannya dilampirkan"),
    code("recipient", "Alamat yang disamarkan"),
    code("state", "pending, sent, failed (dicoba lagi) atau refused (ditolak tetap)"),
    col("attempt_count", Integer, "Berapa kali dicoba", server_default=text("0")),
    code("code", "Kode galat percobaan terakhir", null=True),
    col("created_at", INSTANT, "Saat pertama perlu dikirim (UTC)"),
    col("tried_at", INSTANT, "Saat percobaan terakhir (UTC)", null=True),
    col("sent_at", INSTANT, "Saat diterima server surel (UTC)", null=True),
    CheckConstraint("state in ('pending', 'sent', 'failed', 'refused')", name="state"),
    Index(None, "coverage_month", "area_code"),
    schema="ops",
    comment="Surel laporan. Satu baris per isi dan penerima",
)

finding_codes = Table(
    "finding_codes",
    metadata,
    code("finding_code", "Kode temuan", key=True),
    code("grade", "record, submission atau integrity"),
    code("severity", "critical, warning atau info"),
    code("title", "Judul singkat"),
    code("explanation", "Apa yang ditemukan; {field}, {detail} diisi per temuan"),
    code("fix_hint", "Apa yang harus dilakukan"),
    schema="ops",
    comment="Arti tiap kode temuan. Satu baris per kode",
)

column_facts = Table(
    "column_facts",
    metadata,
    code("schema_name", "Skema", key=True),
    code("table_name", "Tabel atau tampilan", key=True),
    code("column_name", "Kolom", key=True),
    code("sensitivity", "public, personal, financial atau identity"),
    code("unit", "Satuan; kosong bila bukan ukuran", null=True),
    schema="ops",
    comment="Sifat kolom untuk kamus data. Satu baris per kolom",
)

#: Rows that never change once written.
KEPT = (releases, release_decisions)
