"""Reference data of the warehouse: the areas of the country, of all times."""

from __future__ import annotations

import pyarrow as pa
import sqlalchemy as sa

from cakupan.core import area_history, areas
from cakupan.core.copy import copy_arrow
from cakupan.core.database import database_errors
from cakupan.core.lake import sql_text
from cakupan.core.schema import core
from cakupan.warehouse.partitions import lock


def load_areas(engine: sa.Engine) -> int:
    """Bring ``core.areas`` and ``core.area_links`` to the reference of this version.

    Areas that are the same are not touched, so repeating costs no more than a look.

    Args:
        engine: the warehouse.

    Returns:
        Number of areas, those that are not in force any more included.

    Raises:
        OperationalError: the database is away or refused the work.
    """
    with database_errors(), engine.begin() as connection:
        lock(connection, "areas")
        count = _replace(connection, core.areas, areas.listing_of_all_times())
        _replace(connection, core.area_links, _links())
    return count


def _links() -> pa.Table:
    found = list(area_history.all_links())
    columns = {
        column.name: [getattr(link, column.name) or None for link in found]
        for column in core.area_links.columns
    }
    return pa.table(
        {
            name: pa.array(values, pa.date32() if name == "valid_from" else pa.string())
            for name, values in columns.items()
        }
    )


def _replace(connection: sa.Connection, table: sa.Table, rows: pa.Table) -> int:
    """Run the load of a table, its new rows in ``staged_<table>``."""
    staged = f"staged_{table.name}"
    connection.execute(
        sa.text(f"create temp table {staged} (like {table}) on commit drop")
    )
    names = [column.name for column in table.columns]
    count = copy_arrow(connection, f"pg_temp.{staged}", rows.select(names))
    for statement in sql_text("05_warehouse", str(table.name), "load.sql").split(";\n"):
        if statement.strip():
            connection.execute(sa.text(statement))
    return count
