"""Landing to quality: what happens to each file that was sent."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any, Literal

from cakupan.core import areas, ledger
from cakupan.core.context import Context
from cakupan.core.contracts import contract
from cakupan.core.errors import CakupanError
from cakupan.core.month import CoverageMonth
from cakupan.core.submission import Submission
from cakupan.landing.scan import scan
from cakupan.runs.check import Checked, check_file

logger = logging.getLogger(__name__)

Group = Literal["regency", "bpjs"]

_COUNTS = ("received_count", "accepted_count", "quarantined_count", "rejected_count")


@dataclass(frozen=True, slots=True)
class Batch:
    """All waiting submissions of one area and month: the work of one task.

    Attributes:
        area_code: sender.
        month: ``YYYY-MM``.
        label: how a person recognises it, e.g. ``64.02 Kabupaten … 2026-09``.
        submission_ids: in the order they landed.
    """

    area_code: str
    month: str
    label: str
    submission_ids: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, fit for XCom."""
        return {**asdict(self), "submission_ids": list(self.submission_ids)}


@dataclass(frozen=True, slots=True)
class SubmissionResult:
    """How one submission ended. Counts are rows."""

    submission_id: str
    state: str
    received_count: int
    accepted_count: int
    quarantined_count: int
    rejected_count: int


def scan_landing(context: Context) -> list[str]:
    """Register what is new in the landing area; ids of the new submissions."""
    return [found.submission_id for found in scan(context).registered]


def scan_landing_results(
    context: Context, months: Iterable[CoverageMonth] | None = None
) -> tuple[list[SubmissionResult], int]:
    """Register what is new.

    Returns:
        Results of the submissions that ended there (duplicate, refused), and how many
        objects could not be read and wait for the next scan.
    """
    wanted = None if months is None else set(months)
    scanned = scan(context)
    return [
        SubmissionResult(found.submission_id, found.state, 0, 0, 0, 0)
        for found in scanned.registered
        if found.state != "received" and (wanted is None or found.slot.month in wanted)
    ], scanned.unread_count


def pending_batches(
    context: Context,
    group: Group | None = None,
    months: Iterable[CoverageMonth] | None = None,
    *,
    due_at: dt.datetime | None = None,
) -> list[Batch]:
    """Waiting submissions, one batch per area and month.

    Args:
        context: store and warehouse.
        group: ``bpjs`` for extracts of BPJS, ``regency`` for everything else, ``None``
            for all.
        months: only these months.
        due_at: leave out what rests then after a try that came to no end.
    """
    wanted = None if months is None else set(months)
    waiting = [
        submission
        for submission in ledger.pending(
            context.engine, context.settings.provinces, due_at=due_at
        )
        if (wanted is None or submission.slot.month in wanted)
        and (group is None or _group_of(submission) == group)
    ]

    def key(submission: Submission) -> tuple[str, str]:
        return str(submission.slot.month), str(submission.slot.area)

    return [
        Batch(
            area_code=area,
            month=month,
            label=f"{area} {areas.name_of(area) or ''} {month}",
            submission_ids=tuple(member.submission_id for member in members),
        )
        for (month, area), members in groupby(sorted(waiting, key=key), key=key)
    ]


def _group_of(submission: Submission) -> Group:
    kind = contract(submission.slot.dataset).kind
    return "bpjs" if kind in {"participation", "extract"} else "regency"


def process_batch(context: Context, batch: dict[str, Any]) -> dict[str, Any]:
    """Process every submission of a batch; one that fails does not stop the others.

    Returns:
        ``{"area", "month", "submissions": [{"submission_id", "state", counts…}]}``.

    Raises:
        CakupanError: the first failure, after all others were processed.
    """
    results, failures = try_batch(context, batch)
    if failures:
        raise failures[0]
    return {
        "area": batch["area_code"],
        "month": batch["month"],
        "submissions": [asdict(result) for result in results],
    }


def try_batch(
    context: Context, batch: dict[str, Any]
) -> tuple[list[SubmissionResult], list[CakupanError]]:
    """Process every submission of a batch; results, and errors of those that failed.

    What has ended already (refused on arrival, or processed before the task was tried
    again) is a result as the ledger has it.
    """
    results: list[SubmissionResult] = []
    failures: list[CakupanError] = []
    for submission_id in batch["submission_ids"]:
        submission = ledger.get(context.engine, submission_id)
        if submission.state != "received":
            results.append(_ended(context, submission_id))
            continue
        try:
            ledger.record_try(context.engine, submission_id)
            results.append(process_submission(context, submission))
        except CakupanError as error:
            logger.error("%s: %s", submission_id, error)
            failures.append(error)
    return results, failures


def _ended(context: Context, submission_id: str) -> SubmissionResult:
    row = ledger.details(context.engine, submission_id)
    return SubmissionResult(
        submission_id, row["state"], *(row[name] or 0 for name in _COUNTS)
    )


def process_submission(context: Context, submission: Submission) -> SubmissionResult:
    """Staging and quality of one submission, stored in the lake and the ledger.

    Running it again gives the same result; a refused file is a result, not an error.

    Raises:
        OperationalError: the archive or the warehouse is away.
        InvariantBroken: the counts of the file do not balance.
    """
    with context.scratch("submission") as folder:
        with context.store.local(submission.archive_key) as source:
            result = check_file(
                context.settings, source, submission.file_name, submission.slot, folder
            )
        staged = _store_rows(context, submission, result)
    ledger.record_result(
        context.engine,
        submission.submission_id,
        state=result.state,
        received_count=result.received_count,
        accepted_count=result.accepted_count,
        quarantined_count=result.quarantined_count,
        rejected_count=result.rejected_count,
        is_nil=result.is_nil,
        file_format=result.file_format,
        layout=result.layout,
        staged_sha256=staged,
        findings=result.findings,
    )
    ended = SubmissionResult(
        submission_id=submission.submission_id,
        state=result.state,
        received_count=result.received_count,
        accepted_count=result.accepted_count,
        quarantined_count=result.quarantined_count,
        rejected_count=result.rejected_count,
    )
    logger.info(
        "%s %s: received %d = accepted %d + quarantined %d + rejected %d",
        *asdict(ended).values(),
    )
    return ended


def _store_rows(context: Context, submission: Submission, result: Checked) -> str:
    """Put the Parquet files into the lake; the fingerprint of the rows that go on."""
    digest = hashlib.sha256()
    for path in (result.raw, result.accepted, result.quarantined):
        if path is None:
            continue
        context.store.put(f"{submission.lake_prefix}/{path.name}", path)
        if path is not result.raw:
            with path.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def registered_count(context: Context, months: Iterable[CoverageMonth]) -> int:
    """How many files are known for some months, in every state."""
    return sum(
        len(ledger.submissions_table(context.engine, province, month))
        for province in context.settings.provinces
        for month in months
    )
