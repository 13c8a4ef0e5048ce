"""Reference data of the warehouse: the areas of the country."""

from __future__ import annotations

import sqlalchemy as sa

from cakupan.core import areas
from cakupan.core.copy import copy_arrow
from cakupan.core.database import database_errors
from cakupan.core.lake import session, sql_text
from cakupan.core.schema import core
from cakupan.core.settings import Settings
from cakupan.warehouse.partitions import lock


def load_areas(settings: Settings, engine: sa.Engine) -> int:
    """Bring ``core.areas`` to the area reference this version ships.

    Rows that are the same are not touched, so repeating costs no more than a look.

    Args:
        settings: memory limit and scratch folder.
        engine: the warehouse.

    Returns:
        Number of areas.

    Raises:
        OperationalError: the database is away or refused the work.
    """
    names = [column.name for column in core.areas.columns]
    with session(settings) as duck:
        areas.register(duck)
        known = {row[0] for row in duck.execute("describe areas").fetchall()}
        chosen = ", ".join(
            name if name in known else f"null::date as {name}" for name in names
        )
        table = duck.sql(f"select {chosen} from areas").to_arrow_table()
    with database_errors(), engine.begin() as connection:
        lock(connection, "areas")
        connection.execute(
            sa.text("create temp table staged_areas (like core.areas) on commit drop")
        )
        count = copy_arrow(connection, "pg_temp.staged_areas", table)
        for statement in sql_text("05_warehouse", "areas", "load.sql").split(";\n"):
            if statement.strip():
                connection.execute(sa.text(statement))
    return count
