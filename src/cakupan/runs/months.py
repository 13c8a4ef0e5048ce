"""Reconcile to publish: what happens to a month of one province."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from cakupan.core import ledger, slices
from cakupan.core.context import Context
from cakupan.core.contracts import STANDING, contract
from cakupan.core.errors import InvariantBroken
from cakupan.core.lake import reconciled_prefix
from cakupan.core.month import CoverageMonth
from cakupan.core.privacy import load_person_key
from cakupan.core.schema import core, vault
from cakupan.core.submission import Slot, Submission
from cakupan.publish import queries, release
from cakupan.publish.marts import INPUTS
from cakupan.reconcile.inputs import inputs_hash
from cakupan.reconcile.month import MonthInput, MonthInputs, reconcile_month
from cakupan.runs.approvals import is_to_be_requested
from cakupan.runs.decisions import decisions_until
from cakupan.runs.linker import engine_linker
from cakupan.runs.reports import keep_report
from cakupan.warehouse.load import load_month

logger = logging.getLogger(__name__)

_REPORTED = (
    "submission_id",
    "state",
    "revision",
    "received_at",
    "is_nil",
    "received_count",
    "accepted_count",
    "quarantined_count",
    "rejected_count",
)

TABLES = (
    *(table.name for table in (*core.SLICED, *vault.SLICED)),
    "persons",
    "identities",
)


def inputs_of(
    context: Context, province: str, month: CoverageMonth
) -> list[Submission]:
    """Submissions whose rows decide the numbers of a month."""
    monthly = [
        found
        for found in ledger.in_force(context.engine, province, month)
        if contract(found.slot.dataset).kind not in STANDING
    ]
    return monthly + ledger.in_force_reference(context.engine, province, month)


def provinces_of(context: Context, month: CoverageMonth) -> list[str]:
    """Served provinces that sent a registry or an extract for the month."""
    return [
        province
        for province in context.settings.provinces
        if month in ledger.months_known(context.engine, province)
    ]


def months_to_run(context: Context) -> list[CoverageMonth]:
    """Months of any served province for which a registry or an extract landed."""
    known: set[CoverageMonth] = set()
    for province in context.settings.provinces:
        known.update(ledger.months_known(context.engine, province))
    return sorted(known)


@dataclass(frozen=True, slots=True)
class _Used:
    slot: Slot
    sha256: str
    staged_sha256: str | None


def _fingerprint(
    context: Context,
    province: str,
    month: CoverageMonth,
    submissions: Iterable[Submission],
) -> str:
    submissions = list(submissions)
    staged = ledger.fingerprints(context.engine, submissions)
    used = [
        _Used(found.slot, found.sha256, staged[found.submission_id])
        for found in submissions
    ]
    return inputs_hash(
        province,
        month,
        used,
        load_person_key(context.settings),
        decisions_until(context.engine, province, month),
    )


def is_reconciled(context: Context, province: str, month: CoverageMonth) -> bool:
    """Whether the warehouse holds the result of what is in force now."""
    wanted = _fingerprint(context, province, month, inputs_of(context, province, month))
    loaded = slices.loaded_hash(context.engine, province, month, "warehouse")
    return loaded == wanted


def is_published(context: Context, province: str, month: CoverageMonth) -> bool:
    """Whether the current release rests on today's warehouse and ledger."""
    loaded = slices.loaded_hash(context.engine, province, month, "warehouse")
    published = slices.loaded_hash(context.engine, province, month, "publish")
    return loaded is not None and published == _reported(
        context, province, month, loaded
    )


def is_behind(context: Context, province: str, month: CoverageMonth) -> bool:
    """Whether the warehouse or the release of a month is behind the ledger."""
    return not (
        is_reconciled(context, province, month)
        and is_published(context, province, month)
    )


def _reported(
    context: Context, province: str, month: CoverageMonth, fingerprint: str
) -> str:
    """Fingerprint of the warehouse and of how every file of the month ended.

    A refused file changes the reporting table and nothing in the warehouse.
    """
    rows = ledger.submissions_table(context.engine, province, month)
    lines = [
        " ".join(str(row[name]) for name in _REPORTED)
        for row in rows
        if row["state"] in {"accepted", "refused"}
    ]
    return hashlib.sha256("\n".join([fingerprint, *sorted(lines)]).encode()).hexdigest()


def reconcile(context: Context, province: str, month: CoverageMonth) -> dict[str, Any]:
    """Find out who is who and who is covered, and load it into the warehouse.

    Does nothing when the warehouse already holds the result of the same inputs.

    Returns:
        ``{"province", "month", "is_changed", "counts": {table: rows}}``.

    Raises:
        StaleWriter: another run took the month over meanwhile.
        InvariantBroken: the loaded rows are not what was reconciled.
    """
    submissions = inputs_of(context, province, month)
    fingerprint = _fingerprint(context, province, month, submissions)
    result = {"province": province, "month": str(month)}
    if slices.loaded_hash(context.engine, province, month, "warehouse") == fingerprint:
        logger.info("%s %s: warehouse is up to date", province, month)
        return {**result, "is_changed": False, "counts": {}}
    generation = slices.claim(context.engine, province, month, "warehouse")
    with context.scratch("reconcile") as folder, ExitStack() as files:
        inputs = MonthInputs(
            tuple(
                _input(context, found, files)
                for found in submissions
                if _says_something(context, found)
            ),
            decisions_until(context.engine, province, month),
        )
        counts = reconcile_month(
            context.settings,
            load_person_key(context.settings),
            province,
            month,
            inputs,
            folder,
            engine_linker,
        )
        prefix = reconciled_prefix(province, month, fingerprint)
        for table in TABLES:
            path = folder / f"{table}.parquet"
            context.store.put(f"{prefix}/{path.name}", path)
        load_month(
            context,
            province,
            month,
            generation,
            fingerprint,
            folder,
            [
                str(found.slot.area)
                for found in submissions
                if contract(found.slot.dataset).kind == "participation"
                and _says_something(context, found)
            ],
        )
    logger.info("%s %s: reconciled %s", province, month, counts)
    return {**result, "is_changed": True, "counts": counts}


def _says_something(context: Context, submission: Submission) -> bool:
    """False for an extract of which every row is quarantined: no data, not zero."""
    if contract(submission.slot.dataset).kind not in {"participation", "extract"}:
        return True
    row = ledger.details(context.engine, submission.submission_id)
    return bool(row["is_nil"] or row["accepted_count"])


def _input(context: Context, submission: Submission, files: ExitStack) -> MonthInput:
    def part(name: str) -> Any:
        key = f"{submission.lake_prefix}/{name}.parquet"
        if not context.store.exists(key):
            return None
        return files.enter_context(context.store.local(key))

    return MonthInput(
        submission_id=submission.submission_id,
        slot=submission.slot,
        accepted=part("accepted"),
        quarantined=part("quarantined"),
    )


def publish(context: Context, province: str, month: CoverageMonth) -> dict[str, Any]:
    """Compute the marts of a month, release them and keep the report beside them.

    Returns:
        ``{"province", "month", "release_id", "status", "is_new", …}``.

    Raises:
        InvariantBroken: a number would contradict another; nothing is released.
    """
    fingerprint = slices.loaded_hash(context.engine, province, month, "warehouse")
    if fingerprint is None:
        raise InvariantBroken(
            "MONTH_NOT_RECONCILED",
            f"Month {month} of province {province} is not in the warehouse.",
            "Run the reconcile stage first.",
        )
    reported = _reported(context, province, month, fingerprint)
    if slices.loaded_hash(context.engine, province, month, "publish") == reported:
        current = queries.current_release(context.engine, province, month)
        if current is not None:
            return _settled(context, current, is_new=False)
    generation = slices.claim(context.engine, province, month, "publish")
    prefix = reconciled_prefix(province, month, fingerprint)
    with context.scratch("publish") as folder, ExitStack() as files:
        tables = {
            table: files.enter_context(context.store.local(f"{prefix}/{table}.parquet"))
            for table in INPUTS
        }
        made = release.publish_month(
            context,
            province,
            month,
            generation=generation,
            inputs_hash=fingerprint,
            slice_hash=reported,
            reconciled=tables,
            inputs=[
                found.submission_id for found in inputs_of(context, province, month)
            ],
            folder=folder,
        )
    logger.info("%s %s: release %s (%s)", province, month, made.release_id, made.status)
    return _settled(
        context,
        queries.release_of(context.engine, made.release_id),
        is_new=made.is_new,
    )


def _settled(
    context: Context, current: queries.Release, *, is_new: bool
) -> dict[str, Any]:
    """Release the draft where nobody has to approve it; keep the report beside it."""
    month = CoverageMonth.of(current.coverage_month)
    approval = queries.settle(context, current)
    keep_report(context, current.province_code, month, current.release_id)
    return {
        "province": current.province_code,
        "month": str(month),
        "release_id": current.release_id,
        "status": current.status,
        "approval": approval.state,
        "is_to_be_requested": is_to_be_requested(context, current.release_id),
        "completeness_pct": str(current.completeness_pct),
        "is_new": is_new,
    }


def run_month(
    context: Context,
    province: str,
    month: CoverageMonth,
    stages: Iterable[str],
    on_step: Callable[[str], None] = lambda _: None,
) -> Iterator[dict[str, Any]]:
    """Reconcile and publish a month of one province.

    Args:
        context: store and warehouse.
        province: two-digit Kemendagri code.
        month: coverage month.
        stages: any of ``reconcile``, ``warehouse``, ``publish``; the first two are one
            transaction and run together.
        on_step: told before each step what is being done.

    Yields:
        What each step returned.
    """
    wanted = set(stages)
    if wanted & {"reconcile", "warehouse"}:
        on_step(f"reconcile {province} {month}")
        yield reconcile(context, province, month)
    if "publish" in wanted:
        on_step(f"publish {province} {month}")
        yield publish(context, province, month)


#: What one task of a month does, and one program on a Spark cluster.
STEPS: Mapping[str, Callable[[Context, str, CoverageMonth], dict[str, Any]]] = {
    "reconcile": reconcile,
    "publish": publish,
}
