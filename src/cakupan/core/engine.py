"""What the stages ask of the engine that runs their SQL.

DuckDB's own connection has it all; ``core/spark`` gives the same on Spark. The SQL is
that of DuckDB on either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


class Result(Protocol):
    """Rows a statement gave; read once."""

    @property
    def description(self) -> Any:
        """One tuple per column, its name first."""

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row."""

    def fetchall(self) -> list[Any]:
        """All rows that are left."""

    def df(self) -> pd.DataFrame:
        """All rows that are left."""


class Rows(Protocol):
    """Rows as columns."""

    def to_arrow_table(self) -> pa.Table:
        """All rows."""


class Session(Protocol):
    """Relations by name, gone when the session is closed."""

    def execute(self, query: Any, parameters: Any = None, /) -> Result:
        """Run one statement, or several without parameters; the last one's result."""

    def sql(self, query: Any, /, *, params: Any = None) -> Rows:
        """The rows of a query."""

    def register(self, name: str, rows: Any, /) -> Any:
        """Make an Arrow table a relation."""

    def unregister(self, name: str, /) -> Any:
        """Forget it."""
