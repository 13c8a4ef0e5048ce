"""The invented month of the report tests, published to a real warehouse."""

from __future__ import annotations

from typing import Any

from cakupan.core import slices
from cakupan.core.context import Context
from cakupan.core.schema import ops
from cakupan.publish.release import publish_month
from publish_rows import MONTH, reconciled
from report_case import inputs


def publish_case(context: Context, people: int | None = None) -> str:
    """Publish :func:`report_case.inputs`; the release that is current then.

    Args:
        context: a warehouse without that month, or with it.
        people: leave all but so many participants out: another content.
    """
    given: dict[str, Any] = inputs()
    given["participation"] = given["participation"][:people]
    rows = given.pop("submissions")
    with context.engine.begin() as connection:
        connection.execute(ops.submissions.delete())
        connection.execute(ops.submissions.insert(), rows)
    with context.scratch("publish") as folder:
        return publish_month(
            context,
            "64",
            MONTH,
            generation=slices.claim(context.engine, "64", MONTH, "publish"),
            inputs_hash="x" * 64,
            slice_hash="y" * 64,
            reconciled=reconciled(folder / "in", **given),
            inputs=[row["submission_id"] for row in rows],
            folder=folder,
        ).release_id
