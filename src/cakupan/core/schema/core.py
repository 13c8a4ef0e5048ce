"""``core``: persons by pseudonym and what is known of them, month by month."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Date,
    DateTime,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    Table,
    Uuid,
)

from cakupan.core.schema import money
from cakupan.core.schema.base import (
    AMOUNT,
    BY_MONTH,
    BY_PROVINCE,
    RUPIAH,
    code,
    col,
    metadata,
    slice_columns,
)

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
    col("valid_from", Date, "Berlaku sejak; kosong bila tidak diketahui", null=True),
    col("valid_to", Date, "Berlaku sampai; kosong bila masih berlaku", null=True),
    schema="core",
    comment="Wilayah administrasi, yang tidak berlaku lagi juga. Satu baris per kode "
    "wilayah",
)

area_links = Table(
    "area_links",
    metadata,
    code("predecessor_code", "Kode wilayah sebelum tanggal itu", key=True),
    code(
        "successor_code",
        "Kode wilayah sejak tanggal itu; sama dengan asalnya bila wilayah itu berlanjut "
        "dengan batas lain",
        key=True,
    ),
    code(
        "kind",
        "split (dibagi), merge (digabung), recode (wilayah sama, kode lain) atau rename "
        "(kode sama, nama lain)",
    ),
    col("valid_from", Date, "Hari pertama wilayah penerus", key=True),
    code("predecessor_name", "Nama sebelum tanggal itu, bila lain", null=True),
    code("source", "Sumber"),
    code(
        "certainty",
        "V terverifikasi, D disimpulkan, S sumber sekunder, U perlu dikonfirmasi",
    ),
    code("note", "Yang perlu dikonfirmasi", null=True),
    schema="core",
    comment="Perubahan wilayah. Satu baris per wilayah asal, wilayah penerus dan tanggal",
)

denominators = Table(
    "denominators",
    metadata,
    *slice_columns(),
    code("area_code", "Kode wilayah"),
    code("segment", "PU, BPU atau ALL"),
    code("definition_id", "Definisi penyebut"),
    col("reference_date", Date, "Tanggal acuan penyebut"),
    col("eligible_count", Integer, "Jumlah orang yang menjadi penyebut, orang"),
    code("source", "Sumber angka"),
    code("vintage", "Edisi atau revisi angka; kosong bila tidak disebut", null=True),
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
    *slice_columns(),
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
    *slice_columns(),
    code("area_code", "Kode wilayah pengirim"),
    code("worker_group", "pekerja_rentan, non_asn, aparatur_desa atau rt_rw"),
    col("person_id", Uuid, "Nama samaran orang", sensitivity="personal"),
    code("village_code", "Kode desa atau kelurahan", null=True),
    code("payer", "Sumber dana menurut daftar; tidak_diketahui bila kosong"),
    code(
        "funding_payer",
        "Pembayar iuran: menurut daftar, bila kosong menurut BPJS; tidak_diketahui bila "
        "keduanya kosong",
    ),
    col(
        "expected_rupiah",
        RUPIAH,
        "Iuran yang seharusnya dibayar untuk bulan ini, rupiah; kosong bila tarif atau "
        "upah tidak diketahui",
        null=True,
    ),
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
    col(
        "is_reaching_age_limit",
        Boolean,
        "Melewati batas umur dalam enam bulan setelah bulan ini",
    ),
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
    *slice_columns(),
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

participation_history = Table(
    "participation_history",
    metadata,
    code("province_code", "Kode provinsi"),
    col(
        "membership_id",
        Uuid,
        "Nama samaran kepesertaan (KPJ dan segmen)",
        sensitivity="personal",
    ),
    col("person_id", Uuid, "Nama samaran orang", sensitivity="personal"),
    code("segment", "PU, BPU, JAKON atau PMI"),
    code("area_code", "Kabupaten/kota peserta"),
    code("payer", "Sumber iuran; tidak_diketahui bila kosong"),
    code("sector", "Sektor usaha", null=True),
    col("has_jkk", Boolean, "Ikut JKK", null=True),
    col("has_jkm", Boolean, "Ikut JKM", null=True),
    col("has_jht", Boolean, "Ikut JHT", null=True),
    col("has_jp", Boolean, "Ikut JP", null=True),
    col("has_jkp", Boolean, "Ikut JKP", null=True),
    col("registration_date", Date, "Tanggal kepesertaan", null=True),
    col("valid_from", Date, "Bulan pertama keadaan ini, tanggal satu"),
    col(
        "valid_to",
        Date,
        "Bulan terakhir keadaan ini, tanggal satu; kosong bila data bulan terakhir "
        "masih menunjukkannya",
        null=True,
    ),
    col("known_from_at", DateTime(timezone=True), "Diketahui sejak (UTC)"),
    col(
        "known_to_at",
        DateTime(timezone=True),
        "Diketahui sampai (UTC); kosong bila masih dianggap benar",
        null=True,
    ),
    Index(
        "ix_participation_history_grain",
        "membership_id",
        "valid_from",
        "known_from_at",
        "province_code",
        unique=True,
    ),
    schema="core",
    postgresql_partition_by=BY_PROVINCE,
    comment="Riwayat kepesertaan, tanpa bulan iuran terakhir. Satu baris per "
    "kepesertaan, awal masa berlaku dan saat diketahui",
)

participation_snapshots = Table(
    "participation_snapshots",
    metadata,
    code("province_code", "Kode provinsi", key=True),
    col("coverage_month", Date, "Bulan cakupan, tanggal satu", key=True),
    code("area_code", "Wilayah yang dicakup data peserta", key=True),
    col("known_from_at", DateTime(timezone=True), "Diketahui sejak (UTC)", key=True),
    col(
        "known_to_at",
        DateTime(timezone=True),
        "Diketahui sampai (UTC); kosong bila masih berlaku",
        null=True,
    ),
    col("is_final", Boolean, "Semua periode sudah posting"),
    col("membership_count", Integer, "Jumlah kepesertaan, kepesertaan"),
    schema="core",
    comment="Bulan dan wilayah yang ada data pesertanya. Satu baris per bulan, wilayah "
    "dan saat diketahui",
)

links = Table(
    "links",
    metadata,
    *slice_columns(),
    col("person_id", Uuid, "Nama samaran orang dalam daftar", sensitivity="personal"),
    col("membership_id", Uuid, "Kepesertaan yang terhubung", sensitivity="personal"),
    code(
        "link_rule",
        "Aturan: nik_equal, nik_near, kpj_equal, probabilistic, steward (keputusan "
        "petugas) atau nik_conflict",
    ),
    col("probability", Numeric(6, 5), "Peluang orang yang sama, 0 sampai 1"),
    code("evidence", "Kecocokan per kolom, tanpa nilainya"),
    code(
        "link_state",
        "linked (dihitung), review (menunggu petugas) atau different (diputuskan lain)",
    ),
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

review_pairs = Table(
    "review_pairs",
    metadata,
    *slice_columns(),
    col("pair_id", Uuid, "Nomor pasangan; tetap dari bulan ke bulan"),
    code("area_code", "Wilayah yang mendaftarkan orangnya"),
    code("worker_group", "Kelompok pekerja pada daftar"),
    col("person_id", Uuid, "Nama samaran orang dalam daftar", sensitivity="personal"),
    col(
        "other_id",
        Uuid,
        "Nama samaran peserta; dari KPJ bila NIK keduanya sama",
        sensitivity="personal",
    ),
    code("link_rule", "Aturan yang mempertemukan keduanya"),
    col("probability", Numeric(6, 5), "Peluang orang yang sama, 0 sampai 1"),
    code("evidence", "Kecocokan per kolom, tanpa nilainya"),
    code("decision", "unsure bila petugas belum yakin; kosong bila belum", null=True),
    code("submission_id", "Kiriman asal"),
    col("source_row", Integer, "Nomor baris pada berkas pengirim"),
    Index(
        "ix_review_pairs_grain",
        "coverage_month",
        "province_code",
        "pair_id",
        unique=True,
    ),
    schema="core",
    comment="Pasangan yang menunggu atau sudah mendapat keputusan petugas. Satu baris "
    "per bulan dan pasangan",
)

discrepancies = Table(
    "discrepancies",
    metadata,
    *slice_columns(),
    code("area_code", "Wilayah tempat ketidaksesuaian dilaporkan"),
    code("kind", "Jenis ketidaksesuaian"),
    col(
        "person_id",
        Uuid,
        "Nama samaran orang; kosong bila orangnya tidak dikenal",
        null=True,
        sensitivity="personal",
    ),
    code("worker_group", "Kelompok pekerja; kosong bila dari BPJS", null=True),
    code("detail", "Keterangan tanpa data pribadi"),
    col("rupiah", AMOUNT, "Nilai uang yang terkait, rupiah", null=True),
    code("submission_id", "Kiriman asal", null=True),
    col("source_row", Integer, "Nomor baris pada berkas pengirim", null=True),
    Index("ix_discrepancies_person", "person_id"),
    schema="core",
    postgresql_partition_by=BY_MONTH,
    comment="Ketidaksesuaian. Satu baris per bulan, wilayah, jenis dan orang",
)

#: Tables replaced month by month, in load order.
SLICED = (
    denominators,
    targets,
    registry,
    participation,
    links,
    review_pairs,
    *money.SLICED,
    discrepancies,
)

#: Those of them whose slice is a partition; the others are small.
PARTITIONED = (registry, participation, links, money.contributions, discrepancies)
