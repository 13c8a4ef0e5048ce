"""Read any submitted file into text rows, safely: the parse runs in a child process."""

from __future__ import annotations

import json
import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cakupan.core.contracts import Contract
from cakupan.core.findings import Finding
from cakupan.core.scratch import scratch_folder
from cakupan.core.settings import Settings
from cakupan.staging.child_process import run_child
from cakupan.staging.limits import Limits
from cakupan.staging.outcome import finding_from
from cakupan.staging.refusal import FileRefused


@dataclass(frozen=True, slots=True)
class ReadResult:
    """How one file was read.

    Attributes:
        layout: ``format``, ``sheet``, ``encoding``, ``delimiter``, ``header_row``,
            ``columns`` (``index`` from 1, ``letter``, ``header``, ``name`` or null; those
            a form gives to all rows last) and ``form``, the name of a known form.
        file_format: ``csv``, ``xlsx``, ``xls``, ``ods``, ``parquet``; ``""`` unknown.
        received_count: data rows, those with a wrong number of cells included.
        is_nil: a nil report: a header without rows, or the marker NIHIL.
        is_refused: a finding refuses the file as a whole.
        findings: what was noticed.
    """

    layout: dict[str, Any]
    file_format: str
    received_count: int
    is_nil: bool
    is_refused: bool
    findings: list[Finding] = field(default_factory=list)


def read_file(
    settings: Settings,
    source: Path,
    file_name: str,
    contract: Contract,
    target: Path,
    *,
    limits: Limits | None = None,
) -> ReadResult:
    """Read a file into ``raw.parquet`` (see "Staged rows" of docs/architecture.md).

    Args:
        settings: scratch space.
        source: the file's bytes; its name and extension do not matter.
        file_name: name as sent; only for the caller's records, never trusted.
        contract: the dataset it should hold.
        target: Parquet file to write; absent when nothing could be read.
        limits: bounds of the child process.

    Returns:
        The result; a file that cannot be read is a result too, never an exception.

    Raises:
        OperationalError: no process to read it can be had.
    """
    del file_name
    bounds = limits or Limits()
    with scratch_folder(settings.work_dir, "read") as scratch:
        job = scratch / "job.json"
        result = scratch / "result.json"
        part = scratch / "raw.parquet"
        told = {
            "source": str(source.resolve()),
            "dataset": contract.dataset,
            "target": str(part),
            "scratch": str(scratch),
            "result": str(result),
            "limits": bounds.as_dict(),
        }
        job.write_text(json.dumps(told), "utf-8")
        trouble = _run(job, scratch, bounds)
        if trouble is None and not result.is_file():
            trouble = FileRefused("FILE_UNREADABLE", "pembaca berhenti")
        if trouble is not None:
            return ReadResult({}, "", 0, False, True, [trouble.finding()])
        said = json.loads(result.read_text("utf-8"))
        if part.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            _move(part, target)
    return ReadResult(
        said["layout"],
        said["file_format"],
        said["received_count"],
        said["is_nil"],
        said["is_refused"],
        [finding_from(values) for values in said["findings"]],
    )


def _move(part: Path, target: Path) -> None:
    """Move within or across file systems; the target appears whole."""
    beside = target.with_name(target.name + ".part")
    beside.unlink(missing_ok=True)
    try:
        part.replace(beside)
    except OSError:
        beside.write_bytes(part.read_bytes())
    beside.replace(target)


def _run(job: Path, scratch: Path, limits: Limits) -> FileRefused | None:
    """Run the child; what went wrong with it, or ``None``."""
    status = run_child(scratch.resolve(), job.resolve(), limits.wall_seconds)
    if status is None:
        return FileRefused("FILE_TIMEOUT", f"{limits.wall_seconds:.0f} s")
    if status in {-signal.SIGXCPU, -signal.SIGALRM}:
        return FileRefused("FILE_TIMEOUT", f"{limits.cpu_seconds} s")
    if status in {-signal.SIGABRT, -signal.SIGKILL, -signal.SIGBUS}:
        return FileRefused("FILE_BOMB", "memori habis")
    if status != 0:
        return FileRefused("FILE_UNREADABLE", "pembaca berhenti")
    return None
