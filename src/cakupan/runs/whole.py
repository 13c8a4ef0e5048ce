"""Everything that has landed, from file to release, without Airflow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cakupan.core.context import Context
from cakupan.core.errors import CakupanError, InvariantBroken
from cakupan.core.month import CoverageMonth
from cakupan.runs import ingest
from cakupan.runs import months as month_runs
from cakupan.runs.ingest import SubmissionResult
from cakupan.runs.workers import process_all


@dataclass(slots=True)
class Outcome:
    """What a run did.

    Attributes:
        submissions: how each submission of this run ended.
        releases: what ``publish`` returned per month.
        failures: submissions or months that failed operationally, with code.
    """

    submissions: list[SubmissionResult] = field(default_factory=list)
    releases: list[dict[str, Any]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def run_landed(
    context: Context,
    *,
    months: Sequence[CoverageMonth] | None,
    stages: Sequence[str],
    on_step: Callable[[str], None],
) -> Outcome:
    """Run stages over what has landed.

    Args:
        context: store and warehouse.
        months: only these months; all that have news when ``None``.
        stages: names of stages; staging and quality run together, so do reconcile and
            warehouse.
        on_step: told before each step what is being done.

    Raises:
        InvariantBroken: the data contradict themselves; that month is not published.
    """
    outcome = Outcome()
    wanted = set(stages)
    if "landing" in wanted:
        on_step("landing")
        ended, unread = ingest.scan_landing_results(context, months)
        outcome.submissions += ended
        if unread:
            outcome.failures.append(
                f"landing: {unread} objects could not be read; the next scan tries again"
            )
    if wanted & {"staging", "quality"}:
        batches = ingest.pending_batches(context, months=months)
        for batch, (results, failures) in process_all(context, batches, on_step):
            outcome.submissions += results
            outcome.failures += [f"{batch.label}: {error}" for error in failures]
    if wanted & {"reconcile", "warehouse", "publish"}:
        _months(context, months, wanted, on_step, outcome)
    return outcome


def _months(
    context: Context,
    months: Sequence[CoverageMonth] | None,
    wanted: set[str],
    on_step: Callable[[str], None],
    outcome: Outcome,
) -> None:
    """Every month of every province; one that fails does not stop the others."""
    broken: InvariantBroken | None = None
    for month in months or month_runs.months_to_run(context):
        for province in month_runs.provinces_of(context, month):
            try:
                for made in month_runs.run_month(
                    context, province, month, wanted, on_step
                ):
                    if "release_id" in made and (months or made["is_new"]):
                        outcome.releases.append(made)
            except InvariantBroken as error:
                broken = broken or error
            except CakupanError as error:
                outcome.failures.append(f"{province} {month}: {error}")
    if broken is not None:
        raise broken
