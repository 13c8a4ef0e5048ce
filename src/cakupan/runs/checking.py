"""Checks for somebody who waits: one warm process, so that a file takes seconds.

The process is a fork of a server that has imported Great Expectations; it runs the very
function of ``cakupan check``. The file itself is still read in a child of its own.
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from cakupan.core.errors import OperationalError
from cakupan.core.settings import Settings, environment
from cakupan.core.submission import Slot
from cakupan.runs.check import Checked, check_file
from cakupan.runs.workers import begin, forkserver

#: Somebody waits: longer than this is told to send the file without a check before.
SECONDS = 180

#: Who may wait at the same time.
_WAITING = 4


class Checker:
    """One process that checks files, one after the other."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._places = threading.BoundedSemaphore(_WAITING)
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def warm(self) -> None:
        """Start the process in the background, unless it runs."""
        if self._pool is None:
            threading.Thread(target=self._start, daemon=True).start()

    def check(self, source: Path, file_name: str, slot: Slot, folder: Path) -> Checked:
        """Staging and quality of one file, as :func:`cakupan.runs.check.check_file`.

        Raises:
            OperationalError: ``CHECK_BUSY``, ``CHECK_TOO_SLOW`` or ``WORKER_LOST``.
            InvariantBroken: the counts of the file do not balance.
        """
        if not self._places.acquire(blocking=False):
            raise OperationalError(
                "CHECK_BUSY",
                "Beberapa berkas lain sedang diperiksa.",
                "Tunggu sebentar, lalu unggah lagi.",
            )
        pool = self._running()
        try:
            return pool.submit(
                check_file, self._settings, source, file_name, slot, folder
            ).result(SECONDS)
        except TookTooLong:
            self.close()
            raise OperationalError(
                "CHECK_TOO_SLOW",
                f"Pemeriksaan tidak selesai dalam {SECONDS} detik.",
                "Kirim berkas ini lewat pengelola sistem; temuannya menyusul.",
            ) from None
        except BrokenProcessPool:
            self.close()
            raise OperationalError(
                "WORKER_LOST",
                "Proses pemeriksa berhenti.",
                "Unggah lagi; bila terulang, beri tahu pengelola sistem.",
            ) from None
        finally:
            self._places.release()

    def close(self) -> None:
        """End the process; the next check starts another."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            for process in list((pool._processes or {}).values()):
                process.kill()
            pool.shutdown(wait=False, cancel_futures=True)

    def _start(self) -> None:
        # waits for the server's imports: seconds, when it is the first
        self._running().submit(_ready)

    def _running(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(
                    1,
                    mp_context=forkserver(),
                    initializer=begin,
                    initargs=(
                        logging.getLogger().getEffectiveLevel(),
                        environment(),
                    ),
                )
            return self._pool


def _ready() -> None:
    """Nothing: the process runs once it has done this."""
