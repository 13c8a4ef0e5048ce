"""The tasks of both month flows: plan the provinces, do one task each, close the run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from airflow.sdk import get_current_context, task

from _wiring import announced_provinces, close_run, resolve_month


@task.short_circuit(execution_timeout=timedelta(minutes=10))
def plan_provinces(*, is_done_once: bool = False) -> list[dict[str, str]]:
    """Which provinces to compute: those with news, all when a person started the run.

    Args:
        is_done_once: two flows may tell of the same news; leave out a month that has
            been computed and published since.
    """
    from cakupan.runs.context import open_context
    from cakupan.runs.months import is_behind, provinces_of

    airflow = get_current_context()
    month = resolve_month(airflow)
    named = announced_provinces(airflow)
    is_asked = airflow["dag_run"].run_type == "manual"
    with open_context() as context:
        return [
            {"province": code, "month": str(month)}
            for code in provinces_of(context, month)
            if not named or code in named
            if is_asked or not is_done_once or is_behind(context, code, month)
        ]


@task(trigger_rule="all_done")
def write_digest(
    plan: list[dict[str, str]] | None, computed: Sequence[Any] | None
) -> dict[str, Any]:
    """One digest for the run; the run is red when a province failed."""
    context = get_current_context()
    results = [result for result in computed or () if result]
    done = {(result["province"], result["month"]) for result in results}
    failures = [
        f"{item['province']} {item['month']}"
        for item in plan or ()
        if (item["province"], item["month"]) not in done
    ]
    if plan is None:
        failures = ["provinsi tidak dapat ditentukan (plan_provinces)"]
    return close_run(context["dag"].dag_id, context["run_id"], results, failures)
