"""Reads one file inside its own process, a fork of :mod:`cakupan.staging.child_server`.

A file is hostile until it is read: parsers may crash, eat all memory or never end. So
this process limits itself first, and says what it found in a small file. It prints
nothing; a crash is the parent's to interpret.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from importlib import import_module
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

from cakupan.core.contracts import contract
from cakupan.staging.limits import Limits
from cakupan.staging.outcome import Job, Outcome
from cakupan.staging.refusal import FileRefused


def read(job: Job) -> Outcome:
    """Read a file of any format.

    Raises:
        FileRefused: it cannot be read.
    """
    from cakupan.staging.detect import detect  # noqa: PLC0415

    if job.source.stat().st_size > job.limits.file_bytes:
        raise FileRefused("FILE_TOO_LARGE", f"{job.limits.file_bytes >> 20} MB")
    kind = detect(job.source, job.limits)
    allowed = job.contract.formats
    if kind in {"gzip", "csv"}:
        return _read_text(job, kind)
    if kind not in allowed:
        raise FileRefused("FORMAT_NOT_ALLOWED", kind)
    if kind == "parquet":
        from cakupan.staging.columnar import read_parquet  # noqa: PLC0415

        return read_parquet(job)
    from cakupan.staging.sheet import read_sheet  # noqa: PLC0415

    return read_sheet(job, kind)


def _read_text(job: Job, kind: str) -> Outcome:
    from cakupan.staging.detect import detect  # noqa: PLC0415
    from cakupan.staging.encoding import gunzip  # noqa: PLC0415
    from cakupan.staging.text import read_text  # noqa: PLC0415

    if "csv" not in job.contract.formats:
        raise FileRefused("FORMAT_NOT_ALLOWED", "csv")
    if kind == "gzip":
        plain = gunzip(job.source, job.scratch / "unpacked", job.limits)
        if detect(plain, job.limits) != "csv":
            raise FileRefused("FORMAT_NOT_ALLOWED", "gzip")
        job = Job(plain, job.contract, job.target, job.scratch, job.limits)
    return read_text(job)


def outcome_of(job: Job) -> Outcome:
    """Read a file; whatever goes wrong becomes a finding."""
    from pyarrow import ArrowException  # noqa: PLC0415

    try:
        outcome = read(job)
    except FileRefused as refused:
        outcome = _refused(refused)
    except MemoryError:
        outcome = _refused(FileRefused("FILE_BOMB", "memori habis"))
    except (ArrowException, ValueError, OSError, KeyError, IndexError, OverflowError):
        outcome = _refused(FileRefused("FILE_UNREADABLE"))
    outcome.is_refused = outcome.is_refused or any(
        finding.severity == "critical" and finding.grade == "submission"
        for finding in outcome.findings
    )
    return outcome


def _refused(refused: FileRefused) -> Outcome:
    return Outcome({}, is_refused=True, findings=[refused.finding()])


def _bound(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    memory = limits.memory if hard < 0 else min(hard, limits.memory)
    resource.setrlimit(resource.RLIMIT_AS, (memory, hard))
    cpu = int(limits.cpu_seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(int(limits.wall_seconds) + 5)  # ends us even when the parent is gone


class _WithoutPandas(MetaPathFinder):
    """Pyarrow would import pandas to recognise its objects: a third of a small file."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == "pandas":
            raise ImportError(name)


def import_readers() -> None:
    """Import what reading any format needs, to be shared by the forks."""
    sys.meta_path.insert(0, _WithoutPandas())
    for reader in ("columnar", "sheet", "text"):
        import_module(f"cakupan.staging.{reader}")


def main(job_file: str) -> None:
    """Do the job a file describes and write the result beside it."""
    told: dict[str, Any] = json.loads(Path(job_file).read_text("utf-8"))
    limits = Limits(**told["limits"])
    job = Job(
        Path(told["source"]),
        contract(told["dataset"]),
        Path(told["target"]),
        Path(told["scratch"]),
        limits,
    )
    _bound(limits)
    result = outcome_of(job).as_dict()
    done = Path(told["result"])
    done.with_suffix(".part").write_text(json.dumps(result), "utf-8")
    done.with_suffix(".part").replace(done)
