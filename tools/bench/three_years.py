"""One released month of the synthetic province, repeated for the months before it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from cakupan.cli.demo import run_demo
from cakupan.core.context import Context
from cakupan.core.month import CoverageMonth
from cakupan.core.schema import ops
from cakupan.core.schema.mart import PUBLISHED
from cakupan.core.settings import Settings
from cakupan.publish import queries
from cakupan.runs.context import open_context

MONTHS = 36

#: Tables that are filled for every month, parents first.
_COPIED = (
    *PUBLISHED.values(),
    ops.releases,
    ops.current_releases,
    ops.release_inputs,
    ops.submissions,
    ops.findings,
    ops.slices,
)


def fill(settings: Settings, province: str) -> CoverageMonth:
    """Three years of released months; the latest one is computed from files.

    Marts and ledger hold every month; ``core`` holds the latest, as only the trace of
    a number reads it.
    """
    if not (settings.home / "three_years").exists():
        run_demo(months=1, scale=1.0, seed=64, through_airflow=False)
    with open_context(settings) as context:
        latest = queries.released_months(context.engine, province)[0]
        known = len(queries.released_months(context.engine, province))
        for back in range(known, MONTHS):
            _copy(context, latest, latest.plus(-back))
        with context.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(
                sa.text("analyze")
            )
    (settings.home / "three_years").touch()
    return latest


def _copy(context: Context, latest: CoverageMonth, month: CoverageMonth) -> None:
    with context.engine.begin() as connection:
        for table in _COPIED:
            connection.execute(_statement(table, latest, month))


def _statement(
    table: sa.Table, latest: CoverageMonth, month: CoverageMonth
) -> sa.Insert:
    def value(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
        if column.name == "coverage_month":
            return sa.literal(month.first_day)
        if column.name == "landing_key_sha256":
            return sa.func.md5(column + str(month))
        if column.name in {"release_id", "submission_id"}:
            return sa.func.replace(column, str(latest), str(month))
        return column

    columns = [column for column in table.columns if column.identity is None]
    chosen = sa.select(*(value(column).label(column.name) for column in columns))
    if "coverage_month" in table.c:
        chosen = chosen.where(table.c.coverage_month == latest.first_day)
    else:
        key = table.c.release_id if "release_id" in table.c else table.c.submission_id
        chosen = chosen.where(key.like(f"%{latest}%"))
    return sa.insert(table).from_select([column.name for column in columns], chosen)


def rows(settings: Settings) -> int:
    """Rows of all published tables."""
    with open_context(settings) as context, context.engine.connect() as connection:
        return sum(
            connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in PUBLISHED.values()
        )
