"""Write Parquet while the next rows are being made."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow.parquet as pq


class ParquetSink:
    """One Parquet file, written batch by batch in a thread; at most one batch waits.

    The Arrow schema is not stored, so every reader sees plain Parquet types.

    Args:
        target: file to write.
        schema: of every batch.
    """

    def __init__(self, target: Path, schema: Any) -> None:
        self._writer = pq.ParquetWriter(
            target, schema, compression="zstd", store_schema=False
        )
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._pending: Future[None] | None = None

    def __enter__(self) -> ParquetSink:
        return self

    def write(self, table: Any) -> None:
        """Take the next batch (an Arrow table)."""
        self._settle()
        self._pending = self._thread.submit(self._writer.write_table, table)

    def _settle(self) -> None:
        if self._pending is not None:
            self._pending.result()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._settle()
        finally:
            self._thread.shutdown()
            self._writer.close()
