"""Which months have to be computed again after files were processed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cakupan.core import ledger
from cakupan.core.context import Context
from cakupan.core.contracts import contract
from cakupan.runs.ingest import pending_batches


def months_with_news(
    context: Context, batches: Iterable[Mapping[str, Any]]
) -> dict[str, list[str]]:
    """Months touched by batches that were worked on, with the provinces touched.

    Asks the ledger and not the tasks, so a batch of which only some files could be
    processed counts too, and asking again gives the same answer. A refused file is
    news: the reporting table changes. A reference file (denominators, targets) touches
    its own month and every later one that is known.

    Args:
        context: store and warehouse.
        batches: what the run took, as ``Batch.as_dict()`` gives it.

    Returns:
        ``{"2026-09": ["64"]}``, months and provinces in order.
    """
    waiting = {
        submission_id
        for batch in pending_batches(context)
        for submission_id in batch.submission_ids
    }
    news: dict[str, set[str]] = {}
    for batch in batches:
        judged = [name for name in batch["submission_ids"] if name not in waiting]
        if not judged:
            continue
        province = str(batch["area_code"])[:2]
        known = {str(m) for m in ledger.months_known(context.engine, province)}
        touched = {str(batch["month"])}
        if any(_is_reference(context, name) for name in judged):
            touched |= {month for month in known if month >= batch["month"]}
        for month in touched & known:
            news.setdefault(month, set()).add(province)
    return {month: sorted(news[month]) for month in sorted(news)}


def _is_reference(context: Context, submission_id: str) -> bool:
    dataset = ledger.get(context.engine, submission_id).slot.dataset
    return contract(dataset).kind == "reference"
