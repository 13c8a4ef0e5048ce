"""Find what is new in the landing area, archive its bytes and register it.

Everything is registered in one transaction at the end, while a lock keeps other scans
out. Archiving before that is harmless to repeat: an archived object is named by its
content. So a scan that is killed leaves nothing half done.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from cakupan.core.context import Context
from cakupan.core.database import database_errors
from cakupan.core.ledger_rows import FIELDS, LEDGER, add_entries, lock, to_submission
from cakupan.core.schema.ops import submissions
from cakupan.core.store.base import StoredObject
from cakupan.core.submission import Slot, Submission
from cakupan.landing.intake import take_in
from cakupan.landing.naming import LANDING, is_ignored
from cakupan.landing.revisions import Arrival, SlotHistory, key_fingerprint

logger = logging.getLogger(__name__)

_READERS = 4


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a scan found.

    Attributes:
        registered: new submissions, in the order of their registration.
        unchanged_count: objects known before.
        unread_count: objects that could not be read or kept changing; they are tried
            again by the next scan.
    """

    registered: tuple[Submission, ...]
    unchanged_count: int
    unread_count: int = 0


@dataclass(frozen=True, slots=True)
class _Known:
    number: int
    etag: str
    sha256: str


def scan(context: Context) -> ScanResult:
    """Register every new object below ``landing/``, oldest first.

    An object is new when its key is, or when its bytes differ from those last
    registered under its key. A file whose key cannot be understood is registered too,
    as refused. Two scans at once wait for each other.

    Raises:
        OperationalError: the store or the warehouse cannot be used; nothing was
            registered.
    """
    with database_errors(), context.engine.begin() as connection:
        lock(connection, "scan")
        connection.execute(sa.text("set local idle_in_transaction_session_timeout = 0"))
        known = _known_keys(connection)
        fresh: list[StoredObject] = []
        unchanged = 0
        for stored in context.store.list(LANDING):
            if is_ignored(stored.key):
                continue
            last = known.get(key_fingerprint(stored.key))
            if last is not None and last.etag == stored.etag:
                unchanged += 1
            else:
                fresh.append(stored)
        arrivals: list[Arrival] = []
        touched: list[tuple[int, str]] = []
        unread = 0
        for arrival in _read_all(context, fresh):
            if arrival is None:
                unread += 1
                continue
            last = known.get(key_fingerprint(arrival.key))
            if last is not None and last.sha256 == arrival.sha256:
                unchanged += 1
                touched.append((last.number, arrival.etag))
            else:
                arrivals.append(arrival)
        registered = _register(connection, arrivals)
        _remember(connection, touched)
    if registered or unread:
        logger.info(
            "landing: %d registered, %d unchanged, %d unread",
            len(registered),
            unchanged,
            unread,
        )
    return ScanResult(tuple(registered), unchanged, unread)


def _known_keys(connection: sa.Connection) -> dict[str, _Known]:
    key = submissions.c.landing_key_sha256
    query = (
        sa.select(
            key,
            submissions.c.landing_number,
            submissions.c.landing_etag,
            submissions.c.sha256,
        )
        .ext(distinct_on(key))
        .order_by(key, submissions.c.landing_number.desc())
    )
    return {
        row.landing_key_sha256: _Known(row.landing_number, row.landing_etag, row.sha256)
        for row in connection.execute(query)
    }


def _read_all(context: Context, fresh: list[StoredObject]) -> Iterable[Arrival | None]:
    if not fresh:
        return
    with context.scratch("landing") as folder, ThreadPoolExecutor(_READERS) as readers:

        def read(numbered: tuple[int, StoredObject]) -> Arrival | None:
            number, stored = numbered
            return take_in(context, stored, folder / str(number))

        yield from readers.map(read, enumerate(fresh))


def _register(
    connection: sa.Connection, arrivals: Iterable[Arrival]
) -> list[Submission]:
    ordered = sorted(arrivals, key=lambda arrival: (arrival.stored_at, arrival.key))
    if not ordered:
        return []
    lock(connection, LEDGER)
    histories = {arrival.slot: SlotHistory(arrival.slot) for arrival in ordered}
    for found in _earlier(connection, histories):
        histories[found.slot].add(found)
    entries = [histories[arrival.slot].register(arrival) for arrival in ordered]
    add_entries(connection, entries, dt.datetime.now(dt.UTC))
    return [entry.submission for entry in entries]


def _earlier(connection: sa.Connection, slots: Iterable[Slot]) -> Iterable[Submission]:
    wanted = set(slots)
    query = (
        sa.select(*FIELDS)
        .where(
            submissions.c.coverage_month.in_({slot.month.first_day for slot in wanted})
        )
        .where(submissions.c.dataset.in_({slot.dataset for slot in wanted}))
        .order_by(submissions.c.attempt)
    )
    for row in connection.execute(query):
        found = to_submission(row)
        if found.slot in wanted:
            yield found


def _remember(connection: sa.Connection, touched: list[tuple[int, str]]) -> None:
    """Keep the new etag of bytes that are the same, so they are not read each time."""
    if touched:
        connection.execute(
            sa.update(submissions)
            .where(submissions.c.landing_number == sa.bindparam("number"))
            .values(landing_etag=sa.bindparam("etag")),
            [{"number": number, "etag": etag} for number, etag in touched],
        )
