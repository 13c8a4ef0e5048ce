"""The tasks of both ingest flows; they differ only in the datasets they take."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal

from airflow.sdk import DAG, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from _wiring import DEFAULT_ARGS, STAGED_MONTHS, Tag, announce, close_run

#: Regency months one run takes; the next scan takes what is left over.
BATCHES_PER_RUN = 200


def ingest_dag(
    dag_id: str, group: Literal["regency", "bpjs"], title: str, doc: str
) -> DAG:
    """Build one ingest flow.

    Args:
        dag_id: name of the flow, also of its file.
        group: which datasets: registries and reference files, or BPJS extracts.
        title: what the list of flows shows.
        doc: the manual.
    """
    dag = DAG(
        dag_id,
        dag_display_name=title,
        description=title,
        doc_md=doc,
        schedule="* * * * *",
        catchup=False,
        max_active_runs=1,
        is_paused_upon_creation=False,
        default_args=DEFAULT_ARGS,
        tags=[Tag.CAKUPAN, Tag.LANDING, Tag.STAGING, Tag.QUALITY],
    )
    with dag:
        batches = scan_landing(group)
        processed = process_regency_month.expand(batch=batches)
        announced = announce_months(group)
        digest = write_digest(batches, processed)
        processed >> announced >> digest
    return dag


@task.short_circuit(execution_timeout=timedelta(minutes=10))
def scan_landing(group: Literal["regency", "bpjs"]) -> list[dict[str, Any]]:
    """Register new objects; what waits, one entry per regency and month.

    Nothing waiting ends the run here. What came to no end before is offered again
    after a rest; at once when a person started the run.
    """
    from cakupan.runs.announce import take_up
    from cakupan.runs.context import open_context

    is_asked = get_current_context()["dag_run"].run_type == "manual"
    with open_context() as context:
        return take_up(context, group, is_asked=is_asked)[:BATCHES_PER_RUN]


# once more at once is enough: later scans offer the same files again
@task(map_index_template="{{ task.op_kwargs['batch']['label'] }}", retries=1)
def process_regency_month(batch: dict[str, Any]) -> dict[str, Any]:
    """Staging and quality of all waiting files of one regency and month.

    A refused file is a result. Only a failure of a system makes the task red.
    """
    from cakupan.runs import ingest
    from cakupan.runs.context import open_context

    with open_context() as context:
        return ingest.process_batch(context, batch)


@task(trigger_rule="all_done", outlets=[STAGED_MONTHS])
def announce_months(
    group: Literal["regency", "bpjs"], *, outlet_events: Any
) -> dict[str, list[str]]:
    """Tell the month flow which months have news, of partly failed batches too.

    An extract waits for the lists of its month when they are being worked on, so that
    a month is not computed twice; lists wait for nothing.
    """
    from cakupan.runs.announce import months_with_news
    from cakupan.runs.context import open_context

    with open_context() as context:
        months = months_with_news(context, "regency" if group == "bpjs" else None)
    if not months:
        raise AirflowSkipException("Tidak ada bulan yang berubah.")
    announce(outlet_events[STAGED_MONTHS], months)
    return months


@task(trigger_rule="all_done")
def write_digest(
    batches: list[dict[str, Any]] | None, processed: Sequence[Any] | None
) -> dict[str, Any]:
    """One digest for the run; the run is red when a regency failed."""
    context = get_current_context()
    results = [result for result in processed or () if result]
    done = {(result["area"], result["month"]) for result in results}
    failures = [
        batch["label"]
        for batch in batches or ()
        if (batch["area_code"], batch["month"]) not in done
    ]
    if batches is None:
        failures = ["folder masuk tidak dapat dibaca (scan_landing)"]
    return close_run(context["dag"].dag_id, context["run_id"], results, failures)
