"""SQL files of several statements, with bound parameters."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa

from cakupan.core.lake import sql_text


def run_file(
    connection: sa.Connection,
    table: str,
    parameters: Mapping[str, object],
    file: str = "load.sql",
) -> None:
    """Run the statements of ``include/sql/05_warehouse/<table>/<file>`` in turn.

    Args:
        connection: inside a transaction.
        table: folder.
        parameters: values; a statement gets those it names.
        file: its file.
    """
    for part in sql_text("05_warehouse", table, file).split(";\n"):
        lines = (line for line in part.splitlines() if not line.startswith("--"))
        statement = "\n".join(lines).strip()
        if not statement:
            continue
        bound = sa.text(statement)
        connection.execute(
            bound, {name: parameters[name] for name in bound.compile().params}
        )


def run_beside(connection: sa.Connection, revision: str) -> None:
    """Run the SQL file that lies beside a revision and has its name.

    Args:
        connection: inside a transaction.
        revision: path of the Python file of the revision.
    """
    connection.exec_driver_sql(Path(revision).with_suffix(".sql").read_text("utf-8"))
