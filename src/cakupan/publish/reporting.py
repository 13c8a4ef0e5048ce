"""The reporting matrix as it stands now, before anything is published."""

from __future__ import annotations

from typing import Any

from cakupan.core.context import Context
from cakupan.core.lake import duckdb_session, run_sql
from cakupan.core.month import CoverageMonth
from cakupan.publish.content import area_table
from cakupan.publish.marts import STAGE, register_contracts
from cakupan.publish.release import submissions_of


def reporting_now(
    context: Context, province: str, month: CoverageMonth
) -> list[dict[str, Any]]:
    """Rows of ``monthly_reporting`` from the ledger, by area and dataset.

    The same SQL as the published table, so both always tell the same.
    """
    submissions = submissions_of(context, province, month)
    parameters = {"province_code": province, "first_day": month.first_day}
    with duckdb_session(context.settings) as connection:
        connection.register("areas", area_table(province, month))
        connection.register("submissions", submissions)
        register_contracts(connection, province, month, context.settings)
        for table in ("area_scope", "reports", "monthly_reporting"):
            run_sql(connection, STAGE, table, "load.sql", parameters=parameters)
        found = connection.sql("from monthly_reporting order by area_code, dataset")
        shown: list[dict[str, Any]] = found.to_arrow_table().to_pylist()
        return shown
