"""Batches processed side by side, each in a process of its own, as Airflow does it.

The processes are forks of one server that has imported what a batch needs, so the
seconds of Great Expectations are spent once.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import connection

import sqlalchemy as sa

from cakupan.core.context import Context
from cakupan.core.database import engine_for
from cakupan.core.errors import CakupanError, OperationalError
from cakupan.core.settings import Settings, environment, take_over
from cakupan.core.store import open_store
from cakupan.runs import ingest
from cakupan.runs.context import mask_logs
from cakupan.runs.ingest import Batch, SubmissionResult

#: Fewer batches are done before the processes have started.
WORTHWHILE = 4

Ended = tuple[list[SubmissionResult], list[CakupanError]]

_context: Context | None = None


def process_all(
    context: Context, batches: Sequence[Batch], on_step: Callable[[str], None]
) -> list[tuple[Batch, Ended]]:
    """Process batches, several at once where that pays.

    Args:
        context: store and warehouse.
        batches: what to do; the largest first is quickest.
        on_step: told of each batch in turn.

    Returns:
        What :func:`cakupan.runs.ingest.try_batch` told of each, in the order given.
    """
    count = min(context.settings.threads, len(batches))
    if count < 2 or len(batches) < WORTHWHILE:
        return [
            (batch, ingest.try_batch(context, batch.as_dict()))
            for batch in _told(batches, on_step)
        ]
    share = max(1, context.settings.threads // count)
    pool = ProcessPoolExecutor(
        count,
        mp_context=forkserver(),
        initializer=_begin,
        initargs=(
            replace(context.settings, threads=share),
            context.engine.url,
            logging.getLogger().getEffectiveLevel(),
            environment(),
        ),
    )
    try:
        results = [pool.submit(_one, batch) for batch in batches]
        return [
            (batch, _ended(result))
            for batch, result in zip(_told(batches, on_step), results, strict=True)
        ]
    finally:
        pool.shutdown(cancel_futures=True)


def _told(batches: Sequence[Batch], on_step: Callable[[str], None]) -> Iterator[Batch]:
    for batch in batches:
        on_step(f"staging, quality: {batch.label}")
        yield batch


def _ended(result: Future[Ended]) -> Ended:
    try:
        return result.result()
    except BrokenProcessPool:
        lost = OperationalError(
            "WORKER_LOST",
            "A process that checks files was ended from outside.",
            "Its files wait for the next run. If memory was short, lower "
            "CAKUPAN_MEMORY_LIMIT or CAKUPAN_THREADS.",
        )
        return [], [lost]


def forkserver() -> multiprocessing.context.ForkServerContext:
    """Processes that are forks of one that has imported what a check needs."""
    ours = multiprocessing.get_context("forkserver")
    ours.set_forkserver_preload(["cakupan.runs.preloaded"])
    return ours


def _begin(
    settings: Settings, url: sa.URL, log_level: int, variables: dict[str, str]
) -> None:
    """Prepare a process: its own handles, and an end when the parent has ended."""
    global _context  # noqa: PLW0603 - what a process of the pool is made for
    begin(log_level, variables)
    engine = engine_for(url.render_as_string(hide_password=False))
    _context = Context(settings, open_store(settings), engine)


def begin(log_level: int, variables: dict[str, str]) -> None:
    """Prepare a process of a pool: environment, logs, an end with its parent."""
    take_over(variables)  # the server has that of the day it was started
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    logging.basicConfig(level=log_level)
    mask_logs()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _one(batch: Batch) -> Ended:
    if _context is None:
        raise RuntimeError("a process of the pool has not begun")
    return ingest.try_batch(_context, batch.as_dict())
