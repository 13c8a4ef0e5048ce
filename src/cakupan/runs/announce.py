"""What an ingest flow takes up, and which months have to be computed afterwards."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from cakupan.core import areas, ledger
from cakupan.core.context import Context
from cakupan.runs import ingest, months
from cakupan.runs.ingest import Batch, Group


def take_up(
    context: Context, group: Group, *, is_asked: bool = False
) -> list[dict[str, Any]]:
    """Register what is new in the landing area; the work of one ingest run.

    A file that was refused on arrival (unknown area, a key nobody understands) waits
    for nothing, yet its regency and month are named too: the reporting table changes.

    Args:
        context: store and warehouse.
        group: which waiting submissions to take.
        is_asked: a person wants them now, also those that rest after a failed try.

    Returns:
        Batches as ``Batch.as_dict()`` gives them, by month and area; empty when there
        is nothing new. A file that could not be processed is offered again after a
        rest, so that what stays broken does not make a run red every minute.
    """
    registered = ingest.scan_landing(context)
    now = None if is_asked else dt.datetime.now(dt.UTC)
    batches = {
        (batch.month, batch.area_code): batch
        for batch in ingest.pending_batches(context, group, due_at=now)
    }
    for submission_id in registered:
        found = ledger.get(context.engine, submission_id)
        key = (str(found.slot.month), str(found.slot.area))
        if found.state == "refused":
            label = f"{key[1]} {areas.name_of(key[1]) or ''} {key[0]}"
            batch = batches.get(key, Batch(key[1], key[0], label, ()))
            ids = (*batch.submission_ids, submission_id)
            batches[key] = replace(batch, submission_ids=ids)
    return [batches[key].as_dict() for key in sorted(batches)]


def months_with_news(
    context: Context, waits_for: Group | None = None
) -> dict[str, list[str]]:
    """Months whose warehouse or release is behind the ledger, with the provinces.

    Asks the ledger and not the tasks of a run: a batch of which only some files could
    be processed counts too, a denominator that changes later months names them all,
    and what an interrupted run did not announce is announced by the next.

    Args:
        context: store and warehouse.
        waits_for: leave out months of which files of this group are still waiting;
            the flow of that group announces them when it is through.

    Returns:
        ``{"2026-09": ["64"]}``, months and provinces in order.
    """
    held: set[str] = set()
    if waits_for is not None:
        held = {batch.month for batch in ingest.pending_batches(context, waits_for)}
    news: dict[str, list[str]] = {}
    for month in months.months_to_run(context):
        if str(month) in held:
            continue
        behind = [
            province
            for province in months.provinces_of(context, month)
            if months.is_behind(context, province, month)
        ]
        if behind:
            news[str(month)] = behind
    return news
