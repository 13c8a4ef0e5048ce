"""What the four flows share: assets, tags, default arguments, the month of a run.

Nothing heavy is imported at the top of this file or of a DAG file: the DAG processor
reads them again and again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

from airflow.sdk import Asset, ExceptionRetryPolicy, Param, RetryAction, RetryRule
from airflow.sdk.exceptions import AirflowFailException

from cakupan.core.errors import UsageError
from cakupan.core.month import CoverageMonth


class Tag(StrEnum):
    """Labels of the flows; nothing else is used as a tag."""

    CAKUPAN = "cakupan"
    LANDING = "landing"
    STAGING = "staging"
    QUALITY = "quality"
    RECONCILE = "reconcile"
    WAREHOUSE = "warehouse"
    PUBLISH = "publish"


#: A month has new submissions. Partition key: ``YYYY-MM``.
STAGED_MONTHS = Asset(name="cakupan_staged_months", uri="cakupan://months/staged")

#: A month of some province is in the warehouse anew. Partition key: ``YYYY-MM``.
RECONCILED_MONTHS = Asset(
    name="cakupan_reconciled_months", uri="cakupan://months/reconciled"
)

#: A month of some province has a draft nobody was asked about. Partition key: ``YYYY-MM``.
DRAFTED_RELEASES = Asset(
    name="cakupan_drafted_releases", uri="cakupan://releases/drafted"
)

#: Only what may pass by itself is tried again: a system outside is away. A broken
#: contract or a bug fails at once. The next scan offers waiting files again anyway.
RETRY_POLICY = ExceptionRetryPolicy(
    rules=[
        RetryRule(
            exception="cakupan.core.errors.StaleWriter",
            action=RetryAction.FAIL,
            reason="Proses lain sudah mengambil alih bulan ini.",
        ),
        RetryRule(
            exception=["cakupan.core.errors.OperationalError", "builtins.OSError"],
            action=RetryAction.RETRY,
            reason="Sistem di luar Cakupan sedang terganggu.",
        ),
    ],
    default=RetryAction.FAIL,
)

#: ``retries`` covers what the policy lets pass and processes that were killed.
DEFAULT_ARGS: dict[str, Any] = {
    "owner": "cakupan",
    "retries": 2,
    "retry_delay": timedelta(seconds=10),
    "retry_exponential_backoff": 2,
    "max_retry_delay": timedelta(minutes=2),
    "retry_policy": RETRY_POLICY,
    "execution_timeout": timedelta(minutes=30),
    # what was begun is finished before something new is begun
    "weight_rule": "upstream",
}

#: Form of a run that a person starts.
MONTH_PARAMS: dict[str, Param] = {
    "month": Param(
        None,
        type=["null", "string"],
        pattern=r"^\d{4}-(0[1-9]|1[0-2])$",
        title="Bulan cakupan",
        description="Bulan yang dihitung ulang, ditulis YYYY-MM, misalnya 2026-09.",
    )
}


def announce(event: Any, months: Mapping[str, Any]) -> None:
    """Tell of months, the earliest first, with what ``months`` says of each.

    A report compares with the month before, so that one should be out already. Airflow
    itself keeps the keys as a set, in any order.
    """
    event.extra = {"provinces": dict(months)}
    event.add_partitions(sorted(months))
    event.partition_keys = sorted(months)


def resolve_month(context: Mapping[str, Any]) -> CoverageMonth:
    """The month a run is about: its partition key, else the parameter ``month``.

    Runs started by an asset have no logical date, so dates of the run are never used.

    Raises:
        AirflowFailException: neither says a month.
    """
    text = context["dag_run"].partition_key or context["params"].get("month")
    if not text:
        raise AirflowFailException(
            "Bulan tidak diketahui. Isi parameter `month` dengan YYYY-MM."
        )
    try:
        return CoverageMonth.parse(str(text))
    except UsageError as error:
        raise AirflowFailException(f"Bulan {text!r} bukan YYYY-MM.") from error


def announced_provinces(context: Mapping[str, Any]) -> frozenset[str]:
    """Provinces named by the events that started the run; empty means all."""
    events = context.get("triggering_asset_events") or {}
    month = context["dag_run"].partition_key
    named: set[str] = set()
    for of_asset in events.values():
        for event in of_asset:
            named.update((event.extra or {}).get("provinces", {}).get(month, ()))
    return frozenset(named)


def close_run(
    dag_id: str, run_id: str, results: Iterable[Any], failures: list[str]
) -> dict[str, Any]:
    """Write the digest; turn the run red when a part of it failed.

    Raises:
        AirflowFailException: there are failures. The digest is written first.
    """
    from cakupan.runs.context import open_context
    from cakupan.runs.digest import write_digest

    done = [result for result in results if result]
    with open_context() as context:
        digest = write_digest(context, dag_id, run_id, done, failures)
    if failures:
        raise AirflowFailException(
            f"{len(failures)} bagian gagal, lainnya selesai: {'; '.join(failures)}"
        )
    return {"results": len(done), "failures": 0, "is_mailed": digest["is_mailed"]}
