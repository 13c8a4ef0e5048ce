"""# Terbitkan cakupan

**Tujuan.** Menghitung tabel cakupan bulanan dan menerbitkannya sebagai rilis yang tidak
dapat diubah.

**Satu kali jalan** menerbitkan satu bulan, satu tugas per provinsi. Jalan dengan
sendirinya setelah `reconcile_enrolments`. Isi yang sama menghasilkan rilis yang sama;
koreksi menjadi rilis baru.

**Masukan.** Hasil pencocokan bulan itu di gudang data.

**Keluaran.** Tabel `mart.*`, baris di `mart.releases`, dan berkas rilis (CSV, XLSX,
Parquet, `SHA256SUMS`) di `releases/<provinsi>/<YYYY-MM>/<release_id>/`.

| langkah | isi |
|---|---|
| `plan_provinces` | provinsi mana yang diterbitkan |
| `publish_province` | menghitung dan menerbitkan satu provinsi |
| `write_digest` | satu ringkasan; merah bila ada provinsi yang gagal |

Bulan yang laporannya belum lengkap terbit sebagai *sementara* dengan tingkat
kelengkapannya. Wilayah yang belum melapor tampil sebagai "tidak ada data", bukan nol.

**Menerbitkan ulang sebuah bulan.** Tekan *Trigger*, isi `month` dengan `YYYY-MM`; atau
`airflow dags clear publish_coverage --partition-key 2026-09`.

**Bila merah.** Tidak ada yang terbit untuk provinsi itu; rilis sebelumnya tetap berlaku.
Baca kode galat pada baris terakhir log `publish_province`. `MONTH_NOT_RECONCILED`
berarti alur `reconcile_enrolments` untuk bulan itu belum berhasil.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, IdentityMapper, PartitionedAssetTimetable, task

from _months import plan_provinces, write_digest
from _wiring import DEFAULT_ARGS, MONTH_PARAMS, RECONCILED_MONTHS, Tag


@task(
    map_index_template="{{ task.op_kwargs['province'] }} {{ task.op_kwargs['month'] }}",
    execution_timeout=timedelta(hours=2),
)
def publish_province(province: str, month: str) -> dict[str, Any]:
    """Marts and release of one province and month."""
    from cakupan.core.month import CoverageMonth
    from cakupan.runs.context import open_context
    from cakupan.runs.months import publish

    with open_context() as context:
        return publish(context, province, CoverageMonth.parse(month))


with DAG(
    "publish_coverage",
    dag_display_name="3. Terbitkan cakupan",
    description="Tabel cakupan dan rilis, satu bulan per jalan",
    doc_md=__doc__,
    schedule=PartitionedAssetTimetable(
        assets=RECONCILED_MONTHS, default_partition_mapper=IdentityMapper()
    ),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=DEFAULT_ARGS,
    params=MONTH_PARAMS,
    tags=[Tag.CAKUPAN, Tag.PUBLISH],
) as dag:
    plan = plan_provinces()
    write_digest(plan, publish_province.expand_kwargs(plan))
