"""# Kirim laporan

**Tujuan.** Mengirim surel: laporan rilis yang sudah dilepas ke penerima yang ditetapkan,
dan kepada tiap kabupaten/kota rapor satu halaman serta buku kerja perbaikannya sendiri.

**Satu kali jalan** mengirim semua yang perlu dikirim dan belum terkirim. Setiap sepuluh
menit dilihat; bila tidak ada, alur berhenti pada langkah pertama.

**Masukan.** Rilis yang dilepas dalam 30 hari terakhir (`mart.releases`), temuan kiriman
terakhir, dan pengaturan `CAKUPAN_SMTP_URL`, `CAKUPAN_REPORT_TO`,
`CAKUPAN_REPORT_PUBLIC_TO`, `CAKUPAN_MAIL_AREAS`.

**Keluaran.** Surel; catatannya di `ops.deliveries`. Satu isi hanya terkirim sekali kepada
satu penerima.

| langkah | isi |
|---|---|
| `deliver_letters` | mengirim yang belum terkirim, juga ringkasan yang tertunda |
| `write_digest` | satu ringkasan; merah bila ada surel yang tidak sampai |

Draf tidak dikirim. Rilis sementara tanpa persetujuan dikirim setelah semua batas waktu
lewat, supaya tidak ada surel untuk setiap berkas yang masuk. Wilayah tanpa alamat disebut
dalam ringkasan; berkasnya tidak pernah dikirim ke wilayah lain.

**Bila merah.** Lihat kode pada ringkasan. `MAIL_FAILED`, `MAIL_DEFERRED`,
`MAIL_LOGIN_REFUSED`, `MAIL_NOT_ENCRYPTED`: dicoba lagi dengan sendirinya setelah sebabnya
hilang. `MAIL_REFUSED`: alamat ditolak; perbaiki alamatnya, atau `cakupan deliver
--refused`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, get_current_context, task

from _wiring import DEFAULT_ARGS, Tag, close_run


@task.short_circuit(execution_timeout=timedelta(hours=1))
def deliver_letters() -> dict[str, Any]:
    """Mail what is due; nothing tried ends the run here."""
    from cakupan.runs.context import open_context
    from cakupan.runs.deliveries import deliver
    from cakupan.runs.digest import mail_unsent

    with open_context() as context:
        if not context.settings.smtp_url:
            return {}
        mail_unsent(context)
        outcome = deliver(context)
    if not outcome.delivered:
        return {}
    return {"results": outcome.as_results(), "failures": outcome.failures()}


@task(trigger_rule="all_done")
def write_digest(outcome: dict[str, Any] | None) -> dict[str, Any]:
    """One digest for the run; the run is red when a letter did not arrive."""
    context = get_current_context()
    told = outcome or {"results": [], "failures": ["surel tidak dapat diolah"]}
    return close_run(
        context["dag"].dag_id, context["run_id"], told["results"], told["failures"]
    )


with DAG(
    "deliver_reports",
    dag_display_name="5. Kirim laporan",
    description="Surel laporan, rapor dan perbaikan, sekali per isi dan penerima",
    doc_md=__doc__,
    schedule="*/10 * * * *",
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=DEFAULT_ARGS,
    tags=[Tag.CAKUPAN, Tag.PUBLISH],
) as dag:
    outcome: Any = deliver_letters()
    write_digest(outcome)
