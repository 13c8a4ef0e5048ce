"""The correction workbook of a submission, and which submissions need one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cakupan.core import areas, ledger
from cakupan.core.context import Context
from cakupan.core.contracts import DATASETS, contract
from cakupan.core.month import CoverageMonth
from cakupan.quality.summary import FindingGroup, summarise
from cakupan.quality.workbook import write_workbook

_COUNTS = (
    "state",
    "received_count",
    "accepted_count",
    "quarantined_count",
    "rejected_count",
)


def write_correction(
    context: Context, submission_id: str, target: Path, *, with_rows: bool = True
) -> None:
    """Write the correction workbook of one submission: the sender's own rows.

    Args:
        context: store and warehouse.
        submission_id: which submission.
        target: XLSX file to write.
        with_rows: with the rows; else with the findings only.

    Raises:
        UsageError: there is no such submission.
    """
    found = ledger.get(context.engine, submission_id)
    detail = ledger.details(context.engine, submission_id)
    table = ledger.findings(context.engine, submission_id)
    key = f"{found.lake_prefix}/raw.parquet"

    def write(raw: Path | None) -> None:
        write_workbook(
            target,
            raw=raw,
            layout=detail["layout"] or {},
            findings=table,
            slot=found.slot,
            area_name=areas.name_of(str(found.slot.area)) or "",
            submission_id=submission_id,
            counts={name: detail[name] for name in _COUNTS},
        )

    if with_rows and context.store.exists(key):
        with context.store.local(key) as raw:
            write(raw)
    else:
        write(None)


@dataclass(frozen=True, slots=True)
class Correction:
    """A submission its sender has to look at.

    Attributes:
        submission_id: which submission.
        dataset: as it was filed.
        state: ``accepted`` or ``refused``.
        findings: groups that ask for something, most urgent first.
    """

    submission_id: str
    dataset: str
    state: str
    findings: tuple[FindingGroup, ...]

    @property
    def is_own(self) -> bool:
        """Whether the rows may go back to the area whose slot they lie in."""
        return not any(found.code == "AREA_MISMATCH" for found in self.findings)

    @property
    def is_for_the_area(self) -> bool:
        """Whether it is the area's to correct: not what others say about its people."""
        return not self.has_workbook or not contract(self.dataset).is_of_others

    @property
    def has_workbook(self) -> bool:
        """A file nobody knows the dataset of has no workbook."""
        return self.dataset in DATASETS


def to_correct(
    context: Context, province: str, month: CoverageMonth
) -> dict[str, list[Correction]]:
    """Latest submission per dataset that has something to correct, by area.

    A duplicate says nothing new; the submission it repeats counts. What only informs
    is no reason. An area with a file that still waits is left out until it is checked.
    """
    rows = ledger.submissions_table(context.engine, province, month)
    waiting = {row["area_code"] for row in rows if row["state"] == "received"}
    latest = {
        (row["area_code"], row["dataset"]): row
        for row in rows
        if row["state"] in {"accepted", "refused"} and row["area_code"] not in waiting
    }
    wanted: dict[str, list[Correction]] = {}
    for (area, dataset), row in sorted(latest.items()):
        groups = tuple(
            group
            for group in summarise(
                ledger.findings(context.engine, row["submission_id"])
            )
            if group.severity in {"critical", "warning"}
        )
        if groups:
            wanted.setdefault(area, []).append(
                Correction(row["submission_id"], dataset, row["state"], groups)
            )
    return wanted
