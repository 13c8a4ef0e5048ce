"""What was released never changes: triggers that refuse, whoever asks."""

from __future__ import annotations

import sqlalchemy as sa

from cakupan.core.lake import sql_text
from cakupan.core.schema.mart import CHANGES, PUBLISHED
from cakupan.core.schema.ops import KEPT


def create(connection: sa.Connection) -> None:
    """Guard releases and their differences against any change of a row."""
    connection.execute(sa.text(sql_text("05_warehouse", "guards", "create.sql")))
    for table in (*PUBLISHED.values(), *CHANGES, *KEPT):
        connection.execute(
            sa.text(
                "create or replace trigger released_rows_stay "
                f"before update or delete or truncate on {table} "
                "for each statement execute function ops.refuse_change()"
            )
        )
