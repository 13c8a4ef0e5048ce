"""What was expected, what came and how it ended, as it stands now."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from cakupan.core import areas, ledger
from cakupan.core.context import Context
from cakupan.core.month import CoverageMonth
from cakupan.publish.reporting import reporting_now
from cakupan.runs.months import months_to_run


def latest_month(context: Context) -> CoverageMonth | None:
    """The latest month anything landed for; ``None`` when nothing did."""
    return max(months_to_run(context), default=None)


def matrix(context: Context, month: CoverageMonth) -> list[dict[str, Any]]:
    """One row per area and dataset expected or received, of every province served then.

    ``submission_id`` is that of the file shown: the revision in force, else the last
    one that came.
    """
    rows = []
    for province in context.settings.provinces:
        if not areas.is_known(province, month.last_day):
            continue
        shown = shown_submissions(context.engine, province, month)
        for row in reporting_now(context, province, month):
            key = row["area_code"], row["dataset"]
            rows.append(
                {
                    **row,
                    "name": areas.name_of(row["area_code"], month.last_day) or "",
                    "submission_id": shown.get(key),
                }
            )
    return rows


def submissions(context: Context, month: CoverageMonth) -> list[dict[str, Any]]:
    """Every file that landed for the month, in the order of arrival per slot."""
    wanted = (
        "submission_id",
        "state",
        "revision",
        "duplicate_of",
        "file_name",
        "sha256",
        "received_at",
        "received_count",
        "accepted_count",
        "quarantined_count",
        "rejected_count",
    )
    return [
        {name: row[name] for name in wanted}
        for province in context.settings.provinces
        for row in ledger.submissions_table(context.engine, province, month)
    ]


def shown_submissions(
    engine: sa.Engine, province: str, month: CoverageMonth
) -> dict[tuple[str, str], str]:
    """Submission per area and dataset: the last accepted one, else the last one."""
    rows = ledger.submissions_table(engine, province, month)
    shown: dict[tuple[str, str], tuple[bool, int, str]] = {}
    for row in rows:
        if row["state"] == "duplicate":
            continue
        key = row["area_code"], row["dataset"]
        rank = row["state"] == "accepted", row["attempt"], row["submission_id"]
        shown[key] = max(shown.get(key, (False, 0, "")), rank)
    return {key: rank[2] for key, rank in shown.items()}
