"""# Setujui rilis

**Tujuan.** Meminta persetujuan seorang pejabat sebelum rilis dilepas: laporan dikirim ke
kantor gubernur dan edisi publik dibuat hanya dari rilis yang disetujui.

**Satu kali jalan** menanyakan satu bulan, satu tugas per provinsi. Jalan dengan sendirinya
bila `publish_coverage` membuat draf baru dan `CAKUPAN_APPROVERS` terisi. Tanpa pemberi
persetujuan, rilis dilepas sendiri dan alur ini tidak pernah jalan.

**Masukan.** Draf yang berlaku (`mart.releases`, `approval = 'pending'`) dan laporannya.

**Keluaran.** Keputusan di `ops.release_decisions` (siapa, kapan, catatan, sidik berkas),
tampak di `mart.releases` dan dalam laporan `laporan.pdf`.

| langkah | isi |
|---|---|
| `plan_provinces` | provinsi mana yang ditanyakan |
| `await_approval` | menunggu jawaban *Setujui* atau *Tolak* (menu *Required Actions*) |
| `write_digest` | satu ringkasan; merah bila ada jawaban yang tidak dapat dipakai |

Selama menunggu tidak ada proses yang jalan, dan bulan lain tidak terhalang. Yang boleh
menjawab hanya akun dalam `CAKUPAN_APPROVERS`. Penolakan perlu alasan; rilisnya tetap draf.
Draf yang sudah digantikan tidak dapat disetujui lagi (`RELEASE_SUPERSEDED`): jawab
pertanyaan untuk draf yang baru. Pertanyaan yang tidak dijawab berakhir setelah 60 hari.

**Menanyakan lagi.** Tekan *Trigger*, isi `month` dengan `YYYY-MM`. Tanpa Airflow:
`cakupan approve RILIS --by AKUN`.

**Bila merah.** Baca kode galat pada baris terakhir log `await_approval`; keputusannya tidak
tercatat. Perbaiki sebabnya, lalu tanyakan lagi.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, IdentityMapper, PartitionedAssetTimetable

from _approval import ReleaseApproval
from _months import plan_provinces, write_digest
from _wiring import DEFAULT_ARGS, DRAFTED_RELEASES, MONTH_PARAMS, Tag

with DAG(
    "approve_releases",
    dag_display_name="4. Setujui rilis",
    description="Persetujuan draf oleh seorang pejabat, satu bulan per jalan",
    doc_md=__doc__,
    schedule=PartitionedAssetTimetable(
        assets=DRAFTED_RELEASES, default_partition_mapper=IdentityMapper()
    ),
    catchup=False,
    # a run waits for a person: it must not hold up the other months
    max_active_runs=120,
    is_paused_upon_creation=False,
    default_args=DEFAULT_ARGS,
    params=MONTH_PARAMS,
    tags=[Tag.CAKUPAN, Tag.PUBLISH],
) as dag:
    plan: Any = plan_provinces()
    answers: Any = ReleaseApproval.partial(
        task_id="await_approval",
        map_index_template="{{ task.province }} {{ task.month }}",
    ).expand_kwargs(plan)
    write_digest(plan, answers.output)
