"""The dry run: the same checks as an upload, nothing stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from cakupan.core.contracts import contract
from cakupan.core.findings import Finding, findings_table
from cakupan.core.scratch import scratch_folder
from cakupan.core.settings import Settings
from cakupan.core.submission import Slot
from cakupan.quality.check import check_rows
from cakupan.staging.read import read_file
from cakupan.staging.typed import type_rows


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks say of a file. Counts are rows.

    Attributes:
        state: ``accepted`` or ``refused``.
        is_nil: it reports zero.
        findings: table per ``FINDING_SCHEMA``.
        layout: how the file was read, ``{}`` when it could not be.
        raw: the sender's rows as text, ``None`` when the file could not be read.
        accepted: Parquet of the rows that go on, ``None`` when there are none.
        quarantined: Parquet of the rows that do not, ``None`` when there are none.
    """

    state: str
    is_nil: bool
    file_format: str | None
    received_count: int
    accepted_count: int
    quarantined_count: int
    rejected_count: int
    findings: pa.Table
    layout: dict[str, Any]
    raw: Path | None
    accepted: Path | None
    quarantined: Path | None


def check_file(
    settings: Settings, source: Path, file_name: str, slot: Slot, folder: Path
) -> Checked:
    """Staging and quality of one file; everything it writes lies in ``folder``.

    Raises:
        InvariantBroken: the counts of the file do not balance.
    """
    raw, typed = folder / "raw.parquet", folder / "typed.parquet"
    read = read_file(settings, source, file_name, contract(slot.dataset), raw)
    findings: list[Finding] = list(read.findings)
    layout = read.layout
    if read.is_refused or read.is_nil:
        # nothing to type: the reading itself is the result
        table = findings_table(findings)
        is_refused = read.is_refused
        accepted = quarantined = 0
        rejected = read.received_count if is_refused else 0
    else:
        reading = type_rows(settings, raw, slot, layout, typed)
        layout = {**layout, "notations": reading.notations}
        verdict = check_rows(
            settings,
            typed,
            slot,
            folder,
            findings + list(reading.findings),
            read.received_count,
        )
        table, is_refused = verdict.findings, verdict.is_refused
        accepted, quarantined = verdict.accepted_count, verdict.quarantined_count
        rejected = verdict.rejected_count

    def part(name: str) -> Path | None:
        path = folder / f"{name}.parquet"
        return path if path.exists() else None

    return Checked(
        state="refused" if is_refused else "accepted",
        is_nil=read.is_nil and not is_refused,
        file_format=read.file_format,
        received_count=accepted + quarantined + rejected,
        accepted_count=accepted,
        quarantined_count=quarantined,
        rejected_count=rejected,
        findings=table,
        layout=layout,
        raw=part("raw"),
        accepted=None if is_refused else part("accepted"),
        quarantined=None if is_refused else part("quarantined"),
    )


@contextmanager
def checked(settings: Settings, source: Path, slot: Slot) -> Iterator[Checked]:
    """Check a local file; its working files are removed on leaving."""
    with scratch_folder(settings.work_dir, "check") as folder:
        yield check_file(settings, source, source.name, slot, folder)
