"""# Terbitkan cakupan

**Tujuan.** Menghitung tabel cakupan bulanan dan menerbitkannya sebagai rilis yang tidak
dapat diubah.

**Satu kali jalan** menerbitkan satu bulan, satu tugas per provinsi. Jalan dengan
sendirinya setelah `reconcile_enrolments`. Isi yang sama menghasilkan rilis yang sama;
koreksi menjadi rilis baru.

**Masukan.** Hasil pencocokan bulan itu di gudang data.

**Keluaran.** Tabel `mart.*`, baris di `mart.releases`, berkas rilis (CSV, XLSX,
Parquet, `SHA256SUMS`) di `releases/<provinsi>/<YYYY-MM>/<release_id>/`, dan laporan bulan
itu di `reports/`.

| langkah | isi |
|---|---|
| `plan_provinces` | provinsi mana yang diterbitkan |
| `publish_province` | menghitung dan menerbitkan satu provinsi |
| `request_approvals` | memberi tahu `approve_releases` bila ada draf yang perlu disetujui |
| `write_digest` | satu ringkasan; merah bila ada provinsi yang gagal |

Bulan yang laporannya belum lengkap terbit sebagai *sementara* dengan tingkat
kelengkapannya. Wilayah yang belum melapor tampil sebagai "tidak ada data", bukan nol.

**Draf dan rilis.** Bila `CAKUPAN_APPROVERS` terisi, rilis baru adalah *draf*: tampak di
`mart.*` bagi analis, tetapi tidak dikirim dan tidak menjadi edisi publik sebelum seorang
pejabat menyetujuinya (alur `approve_releases` atau `cakupan approve`). Bila kosong, rilis
dilepas seketika dan `mart.releases.approval` berisi `not_required`.

**Menerbitkan ulang sebuah bulan.** Tekan *Trigger*, isi `month` dengan `YYYY-MM`; atau
`airflow dags clear publish_coverage --partition-key 2026-09`.

**Bila merah.** Tidak ada yang terbit untuk provinsi itu; rilis sebelumnya tetap berlaku.
Baca kode galat pada baris terakhir log `publish_province`. `MONTH_NOT_RECONCILED`
berarti alur `reconcile_enrolments` untuk bulan itu belum berhasil.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, IdentityMapper, PartitionedAssetTimetable, task
from airflow.sdk.exceptions import AirflowSkipException

from _months import plan_provinces, write_digest
from _steps import run_step
from _wiring import (
    DEFAULT_ARGS,
    DRAFTED_RELEASES,
    MONTH_PARAMS,
    RECONCILED_MONTHS,
    Tag,
    announce,
)


@task(
    map_index_template="{{ task.op_kwargs['province'] }} {{ task.op_kwargs['month'] }}",
    execution_timeout=timedelta(hours=2),
)
def publish_province(province: str, month: str) -> dict[str, Any]:
    """Marts and release of one province and month."""
    return run_step("publish", province, month)


@task(trigger_rule="all_done", outlets=[DRAFTED_RELEASES])
def request_approvals(
    published: Sequence[Any] | None, *, outlet_events: Any
) -> dict[str, list[str]]:
    """Tell the flow of approvals which months have a draft nobody was asked about."""
    months: dict[str, list[str]] = {}
    for made in published or ():
        if made and made["is_to_be_requested"]:
            months.setdefault(made["month"], []).append(made["province"])
    if not months:
        raise AirflowSkipException("Tidak ada draf yang perlu disetujui.")
    announce(outlet_events[DRAFTED_RELEASES], months)
    return months


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
    published = publish_province.expand_kwargs(plan)
    request_approvals(published) >> write_digest(plan, published)
