"""``core``: persons by pseudonym and what is known of them, month by month."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    Table,
    Uuid,
)

from cakupan.core.schema.base import code, col, metadata

RUPIAH = Numeric(18, 0)

#: Large tables have one partition per month, and in it one per province: a slice.
BY_MONTH = "LIST (coverage_month)"

#: Tables about persons have one partition per province.
BY_PROVINCE = "LIST (province_code)"


def _slice() -> list[Column[Any]]:
    return [
        col("coverage_month", Date, "Bulan cakupan, tanggal satu"),
        code("province_code", "Kode provinsi"),
    ]


areas = Table(
    "areas",
    metadata,
    code("area_code", "Kode wilayah Kemendagri, bertitik", key=True),
    code("area_level", "province, regency, district atau village"),
    code("name", "Nama wilayah"),
    code("parent_code", "Kode wilayah induk", null=True),
    code("bps_code", "Kode BPS wilayah yang sama", null=True),
    code(
        "village_kind", "desa, kelurahan atau desa_adat; kosong di atas desa", null=True
    ),
    col("valid_from", Date, "Berlaku sejak", null=True),
    col("valid_to", Date, "Berlaku sampai; kosong bila masih berlaku", null=True),
    schema="core",
    comment="Wilayah administrasi. Satu baris per kode wilayah",
)

denominators = Table(
    "denominators",
    metadata,
    *_slice(),
    code("area_code", "Kode wilayah"),
    code("segment", "PU, BPU atau ALL"),
    code("definition_id", "Definisi penyebut"),
    col("reference_date", Date, "Tanggal acuan penyebut"),
    col("eligible_count", Integer, "Jumlah orang yang menjadi penyebut, orang"),
    code("source", "Sumber angka"),
    code("submission_id", "Kiriman asal; kosong bila data rujukan bawaan", null=True),
    Index(
        "ix_denominators_grain",
        "coverage_month",
        "province_code",
        "area_code",
        "segment",
        "definition_id",
        unique=True,
    ),
    schema="core",
    comment="Penyebut cakupan yang berlaku. Satu baris per bulan, wilayah, segmen, "
    "definisi",
)

targets = Table(
    "targets",
    metadata,
    *_slice(),
    code("area_code", "Kode wilayah"),
    col("target_year", SmallInteger, "Tahun target"),
    code("segment", "PU, BPU, JAKON, PMI atau ALL"),
    code("unit", "orang atau persen"),
    col("value", Numeric(18, 4), "Nilai target dalam satuannya"),
    code("source", "Sumber target"),
    code("submission_id", "Kiriman asal", null=True),
    Index(
        "ix_targets_grain",
        "coverage_month",
        "province_code",
        "area_code",
        "target_year",
        "segment",
        "unit",
        unique=True,
    ),
    schema="core",
    comment="Target cakupan. Satu baris per bulan, wilayah, tahun, segmen, satuan",
)

persons = Table(
    "persons",
    metadata,
    col(
        "person_id",
        Uuid,
        "Nama samaran orang (HMAC-SHA256, 128 bit)",
        key=True,
        sensitivity="personal",
    ),
    code("province_code", "Kode provinsi", key=True),
    code("key_id", "Sidik kunci yang dipakai membuat nama samaran"),
    code("identified_by", "nik, atau kpj bila NIK tidak dapat dipakai"),
    col("birth_year", SmallInteger, "Tahun lahir", null=True, sensitivity="personal"),
    code("sex", "L atau P", null=True, sensitivity="personal"),
    col("first_seen_month", Date, "Bulan pertama orang ini ada dalam data"),
    schema="core",
    postgresql_partition_by=BY_PROVINCE,
    comment="Orang dengan nama samaran. Satu baris per orang dan provinsi",
)

registry = Table(
    "registry",
    metadata,
    *_slice(),
    code("area_code", "Kode wilayah pengirim"),
    code("worker_group", "pekerja_rentan, non_asn, aparatur_desa atau rt_rw"),
    col("person_id", Uuid, "Nama samaran orang", sensitivity="personal"),
    code("village_code", "Kode desa atau kelurahan", null=True),
    code("payer", "Sumber dana menurut daftar; tidak_diketahui bila kosong"),
    code("registration_status", "usulan, terverifikasi atau ditetapkan", null=True),
    code("position", "Jabatan atau pekerjaan", null=True),
    col(
        "income_rupiah",
        RUPIAH,
        "Penghasilan atau upah, rupiah per bulan",
        null=True,
        sensitivity="financial",
    ),
    col("start_date", Date, "Mulai dilindungi menurut daftar", null=True),
    col("end_date", Date, "Selesai menurut daftar", null=True),
    col(
        "age_years",
        SmallInteger,
        "Umur pada akhir bulan, tahun",
        null=True,
        sensitivity="personal",
    ),
    code(
        "protection_state",
        "active, grace_1, grace_2, lapsed, not_enrolled, review; kosong bila tidak ada "
        "data BPJS",
        null=True,
    ),
    col("is_new", Boolean, "Peserta kurang dari 3 bulan (JKM Rp10 juta)", null=True),
    col("is_ineligible", Boolean, "Umur di luar syarat kepesertaan"),
    code("programmes", "Program yang aktif, dipisah koma", null=True),
    code("link_rule", "Aturan yang menghubungkan ke BPJS", null=True),
    code("submission_id", "Kiriman asal"),
    col("source_row", Integer, "Nomor baris pada berkas pengirim"),
    Index(
        "ix_registry_grain",
        "person_id",
        "worker_group",
        "area_code",
        "coverage_month",
        "province_code",
        unique=True,
    ),
    schema="core",
    postgresql_partition_by=BY_MONTH,
    comment="Daftar pekerja yang wajib dilindungi. Satu baris per bulan, wilayah, "
    "kelompok dan orang",
)

participation = Table(
    "participation",
    metadata,
    *_slice(),
    col(
        "membership_id",
        Uuid,
        "Nama samaran kepesertaan (KPJ dan segmen)",
        sensitivity="personal",
    ),
    col("person_id", Uuid, "Nama samaran orang", sensitivity="personal"),
    code("segment", "PU, BPU, JAKON atau PMI"),
    code("area_code", "Kabupaten/kota peserta"),
    code("village_code", "Kode desa bila ada", null=True),
    code("payer", "Sumber iuran; tidak_diketahui bila kosong"),
    code("sector", "Sektor usaha", null=True),
    col("has_jkk", Boolean, "Ikut JKK", null=True),
    col("has_jkm", Boolean, "Ikut JKM", null=True),
    col("has_jht", Boolean, "Ikut JHT", null=True),
    col("has_jp", Boolean, "Ikut JP", null=True),
    col("has_jkp", Boolean, "Ikut JKP", null=True),
    col("registration_date", Date, "Tanggal kepesertaan", null=True),
    col("paid_through_month", Date, "Bulan iuran terakhir yang dibayar", null=True),
    col("unpaid_months", SmallInteger, "Jumlah bulan belum dibayar", null=True),
    code("participation_state", "active, grace_1, grace_2 atau lapsed"),
    col("is_new", Boolean, "Peserta kurang dari 3 bulan", null=True),
    code("period_status", "draft, finalisasi atau posting", null=True),
    code("submission_id", "Kiriman asal"),
    col("source_row", Integer, "Nomor baris pada berkas pengirim"),
    Index(
        "ix_participation_grain",
        "membership_id",
        "coverage_month",
        "province_code",
        unique=True,
    ),
    Index("ix_participation_person", "person_id"),
    schema="core",
    postgresql_partition_by=BY_MONTH,
    comment="Kepesertaan BPJS Ketenagakerjaan. Satu baris per bulan, kepesertaan",
)

links = Table(
    "links",
    metadata,
    *_slice(),
    col("person_id", Uuid, "Nama samaran orang dalam daftar", sensitivity="personal"),
    col("membership_id", Uuid, "Kepesertaan yang terhubung", sensitivity="personal"),
    code("link_rule", "Aturan: nik_equal, nik_conflict, ..."),
    col("probability", Numeric(6, 5), "Peluang orang yang sama, 0 sampai 1"),
    code("evidence", "Kecocokan per kolom, tanpa nilainya"),
    Index(
        "ix_links_grain",
        "person_id",
        "membership_id",
        "coverage_month",
        "province_code",
        unique=True,
    ),
    schema="core",
    postgresql_partition_by=BY_MONTH,
    comment="Hubungan daftar dan kepesertaan. Satu baris per bulan, orang dan "
    "kepesertaan",
)

discrepancies = Table(
    "discrepancies",
    metadata,
    *_slice(),
    code("area_code", "Wilayah tempat ketidaksesuaian dilaporkan"),
    code("kind", "Jenis ketidaksesuaian"),
    col(
        "person_id",
        Uuid,
        "Nama samaran orang; kosong bila NIK tidak dapat dipakai",
        null=True,
        sensitivity="personal",
    ),
    code("worker_group", "Kelompok pekerja; kosong bila dari BPJS", null=True),
    code("detail", "Keterangan tanpa data pribadi"),
    col("rupiah", RUPIAH, "Nilai uang yang terkait, rupiah", null=True),
    code("submission_id", "Kiriman asal", null=True),
    col("source_row", Integer, "Nomor baris pada berkas pengirim", null=True),
    Index("ix_discrepancies_person", "person_id"),
    schema="core",
    postgresql_partition_by=BY_MONTH,
    comment="Ketidaksesuaian. Satu baris per bulan, wilayah, jenis dan orang",
)

#: Tables replaced month by month, in load order.
SLICED = (denominators, targets, registry, participation, links, discrepancies)

#: Those of them whose slice is a partition; the others are small.
PARTITIONED = (registry, participation, links, discrepancies)
