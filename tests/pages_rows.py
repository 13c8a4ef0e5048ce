"""Rows beside the released month of the test site, for single pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from cakupan.core.schema import ops
from publish_rows import sent


def put_submission(
    connection: sa.Connection, dataset: str, area: str, month: dt.date, **more: Any
) -> str:
    """A file that was sent; its number."""
    row = sent(dataset, area, coverage_month=month, **more)
    row["submission_id"] = f"{dataset}-{area}-{month:%Y-%m}-001"
    connection.execute(sa.insert(ops.submissions).values(row))
    return str(row["submission_id"])
