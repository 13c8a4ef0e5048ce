"""A file somebody sent, as the stages pass it on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cakupan.core.area import AreaCode
from cakupan.core.month import CoverageMonth


@dataclass(frozen=True, slots=True)
class Slot:
    """What a file is about: one dataset of one area and month."""

    dataset: str
    area: AreaCode
    month: CoverageMonth

    def __str__(self) -> str:
        return f"{self.dataset}/{self.area}/{self.month}"


@dataclass(frozen=True, slots=True)
class Submission:
    """One landed file.

    Attributes:
        submission_id: ``dataset-area-month-attempt``, e.g. ``rt_rw-64.02-2026-09-001``.
        slot: what it is about.
        attempt: 1 for the first file of the slot, duplicates count.
        revision: 1 for the first file with new content, ``None`` for a duplicate.
        sha256: of the original bytes; they lie under :attr:`archive_key`.
        size_bytes: length of the original.
        file_name: as sent, long digit runs masked.
        received_at: when it landed, UTC.
        state: ``received``, ``duplicate``, ``refused`` or ``accepted``.
    """

    submission_id: str
    slot: Slot
    attempt: int
    revision: int | None
    sha256: str
    size_bytes: int
    file_name: str
    received_at: dt.datetime
    state: str

    @property
    def archive_key(self) -> str:
        """Store key of the original bytes."""
        return f"archive/{self.sha256[:2]}/{self.sha256}"

    @property
    def lake_prefix(self) -> str:
        """Store prefix of its Parquet files."""
        slot = self.slot
        return f"lake/{slot.dataset}/{slot.area}/{slot.month}/{self.submission_id}"
