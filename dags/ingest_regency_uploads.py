"""# Terima berkas kabupaten/kota

**Tujuan.** Memeriksa setiap berkas yang dikirim kabupaten/kota dan provinsi: data
pekerja (`pekerja_rentan`, `non_asn`, `aparatur_desa`, `rt_rw`) dan berkas acuan
(`penyebut`, `target`, dan sejenisnya).

**Satu kali jalan** mengolah semua berkas yang menunggu. Setiap menit folder masuk
dilihat; bila tidak ada yang baru, alur berhenti pada langkah pertama.

**Masukan.** `landing/<dataset>/<wilayah>/<YYYY-MM>/<nama berkas>` di penyimpanan objek.

**Keluaran.** Baris yang diterima dan yang dikarantina (Parquet), temuan di
`ops.findings`, status berkas di `ops.submissions`, dan pemberitahuan bulan yang berubah
untuk alur `reconcile_enrolments`.

| langkah | isi |
|---|---|
| `scan_landing` | mencatat berkas baru menurut nama dan sha256 |
| `process_regency_month` | satu tugas per kabupaten/kota dan bulan |
| `announce_months` | memberi tahu bulan mana yang berubah |
| `write_digest` | satu ringkasan; merah bila ada wilayah yang gagal |

**Berkas yang ditolak bukan kegagalan.** Ia tercatat dengan kode temuan; pengirim
memperbaiki dan mengirim ulang. Untuk setiap berkas: diterima = diolah + dikarantina +
ditolak.

**Bila merah.** Buka tugas `process_regency_month` yang merah (namanya memuat wilayah dan
bulan) dan baca kode galat pada baris terakhir lognya. Wilayah lain sudah selesai.
Perbaiki penyebabnya (penyimpanan objek atau basis data tidak terjangkau). Berkas yang
tertunda dicoba lagi setelah jeda 1, 2, 4, … paling lama 60 menit; segera, bila *Trigger*
alur ini atau *Clear* tugas itu ditekan.
"""

from __future__ import annotations

from airflow.sdk import DAG

from _ingest import ingest_dag

dag: DAG = ingest_dag(
    "ingest_regency_uploads",
    "regency",
    "1a. Terima berkas kabupaten/kota",
    __doc__ or "",
)
