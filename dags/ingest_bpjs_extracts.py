"""# Terima ekstrak BPJS Ketenagakerjaan

**Tujuan.** Memeriksa ekstrak bulanan kepesertaan dari BPJS Ketenagakerjaan
(`bpjs_kepesertaan`): satu potret seluruh provinsi per bulan.

**Satu kali jalan** mengolah semua ekstrak yang menunggu. Setiap menit folder masuk
dilihat; bila tidak ada yang baru, alur berhenti pada langkah pertama.

**Masukan.** `landing/bpjs_kepesertaan/<provinsi>/<YYYY-MM>/<nama berkas>`.

**Keluaran.** Baris yang diterima dan yang dikarantina (Parquet), temuan di
`ops.findings`, status berkas di `ops.submissions`, dan pemberitahuan bulan yang berubah
untuk alur `reconcile_enrolments`.

| langkah | isi |
|---|---|
| `scan_landing` | mencatat berkas baru menurut nama dan sha256 |
| `process_regency_month` | satu tugas per wilayah dan bulan |
| `announce_months` | memberi tahu bulan mana yang berubah |
| `write_digest` | satu ringkasan; merah bila ada ekstrak yang gagal |

NIK yang rusak pada ekstrak hanya menjadi peringatan: pesertanya tetap dihitung menurut
nomor KPJ, sebab mengeluarkan peserta dari pembilang akan menyesatkan.

**Bila merah.** Baca kode galat pada baris terakhir log tugas yang merah. Ekstrak yang
tertunda dicoba lagi setelah jeda 1, 2, 4, … paling lama 60 menit; segera, bila *Trigger*
alur ini ditekan. Bila ekstrak ditolak (bukan merah, tetapi `refused` pada ringkasan),
minta BPJS Ketenagakerjaan mengirim ulang menurut temuannya.
"""

from __future__ import annotations

from airflow.sdk import DAG

from _ingest import ingest_dag

dag: DAG = ingest_dag(
    "ingest_bpjs_extracts",
    "bpjs",
    "1b. Terima ekstrak BPJS Ketenagakerjaan",
    __doc__ or "",
)
