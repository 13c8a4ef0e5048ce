"""# Cocokkan pendaftaran dengan kepesertaan

**Tujuan.** Menentukan siapa orangnya dan bagaimana perlindungannya: data pekerja dari
kabupaten/kota dicocokkan dengan potret BPJS Ketenagakerjaan, lalu dimuat ke gudang data.

**Satu kali jalan** menghitung satu bulan, satu tugas per provinsi. Jalan dengan
sendirinya bila alur penerimaan memberi tahu bahwa bulan itu berubah, juga karena berkas
yang terlambat. Menjalankannya dua kali tidak mengubah apa pun.

**Masukan.** Baris yang diterima pada bulan itu dan berkas acuan yang berlaku.

**Keluaran.** Tabel `core` dan `vault` untuk bulan itu (diganti seluruhnya dalam satu
transaksi) dan pemberitahuan untuk alur `publish_coverage`.

| langkah | isi |
|---|---|
| `plan_provinces` | provinsi mana yang dihitung; bulan yang sudah terbit dilewati |
| `reconcile_province` | mencocokkan dan memuat satu provinsi |
| `write_digest` | satu ringkasan; merah bila ada provinsi yang gagal |

**Menghitung ulang sebuah bulan.** Tekan *Trigger*, isi `month` dengan `YYYY-MM`; atau
`airflow dags clear reconcile_enrolments --partition-key 2026-09`. Jangan memakai
`airflow partitions clear`: perintah itu hanya menghapus nama bulannya.

**Bila merah.** Baca kode galat pada baris terakhir log `reconcile_province`. Isi gudang
data tidak berubah sebelum tugas selesai. `STALE_WRITER` berarti jalan lain sudah
mengambil alih bulan itu: tidak perlu tindakan.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, IdentityMapper, PartitionedAssetTimetable, task

from _months import plan_provinces, write_digest
from _steps import run_step
from _wiring import (
    DEFAULT_ARGS,
    MONTH_PARAMS,
    RECONCILED_MONTHS,
    STAGED_MONTHS,
    Tag,
    announce,
)


@task(
    map_index_template="{{ task.op_kwargs['province'] }} {{ task.op_kwargs['month'] }}",
    outlets=[RECONCILED_MONTHS],
    execution_timeout=timedelta(hours=2),
)
def reconcile_province(
    province: str, month: str, *, outlet_events: Any
) -> dict[str, Any]:
    """Who is who and who is covered, loaded into the warehouse."""
    result = run_step("reconcile", province, month)
    announce(outlet_events[RECONCILED_MONTHS], {month: [province]})
    return result


with DAG(
    "reconcile_enrolments",
    dag_display_name="2. Cocokkan pendaftaran dengan kepesertaan",
    description="Siapa orangnya dan bagaimana perlindungannya, satu bulan per jalan",
    doc_md=__doc__,
    schedule=PartitionedAssetTimetable(
        assets=STAGED_MONTHS, default_partition_mapper=IdentityMapper()
    ),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=DEFAULT_ARGS,
    params=MONTH_PARAMS,
    tags=[Tag.CAKUPAN, Tag.RECONCILE, Tag.WAREHOUSE],
) as dag:
    plan = plan_provinces(is_done_once=True)
    write_digest(plan, reconcile_province.expand_kwargs(plan))
