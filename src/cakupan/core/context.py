"""What a run carries along: settings, object store, warehouse engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from cakupan.core.scratch import scratch_folder
from cakupan.core.settings import Settings
from cakupan.core.store.base import ObjectStore


@dataclass(frozen=True, slots=True)
class Context:
    """Handles shared by the stages of one process.

    Attributes:
        settings: what the deployment was told.
        store: where the bytes are.
        engine: the warehouse, as role ``cakupan_etl``.
    """

    settings: Settings
    store: ObjectStore
    engine: sa.Engine

    @contextmanager
    def scratch(self, purpose: str) -> Iterator[Path]:
        """A folder that is removed on leaving."""
        with scratch_folder(self.settings.work_dir, purpose) as folder:
            yield folder
