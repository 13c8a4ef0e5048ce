"""What stewards decided about pairs in doubt, as a month needs it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from cakupan.core.database import database_errors
from cakupan.core.month import CoverageMonth
from cakupan.core.schema.vault import review_decisions
from cakupan.reconcile.inputs import Decision


def decisions_until(
    engine: sa.Engine, province: str, month: CoverageMonth
) -> tuple[Decision, ...]:
    """The last decision per pair of those made on this month or an earlier one.

    A decision made on a later month does not reach back: months before it stay as they
    were released.
    """
    table = review_decisions
    query = (
        sa.select(
            table.c.pair_id, table.c.person_id, table.c.other_id, table.c.decision
        )
        .ext(distinct_on(table.c.pair_id))
        .where(table.c.province_code == province)
        .where(table.c.coverage_month <= month.first_day)
        .order_by(table.c.pair_id, table.c.decision_id.desc())
    )
    with database_errors(), engine.connect() as connection:
        return tuple(Decision(*row) for row in connection.execute(query))
