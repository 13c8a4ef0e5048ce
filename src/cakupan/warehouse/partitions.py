"""Build a partition beside the table and swap it in at the end.

A fresh table is filled without indexes, indexed, and attached in place of the old one.
Readers see the old rows until the commit and wait only for the swap itself; nothing is
left behind when the transaction ends early.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import sqlalchemy as sa
from psycopg import sql

from cakupan.core.month import CoverageMonth


@dataclass(frozen=True, slots=True)
class Leaf:
    """The partition of a table for one province, or one province and month.

    Attributes:
        table: the partitioned table.
        province: two-digit code.
        month: for tables that have a partition per month first.
        generation: makes the name of the fresh table unique.
    """

    table: sa.Table
    province: str
    month: CoverageMonth | None
    generation: int

    @property
    def schema(self) -> str:
        """Schema of the table and its partitions."""
        return str(self.table.schema)

    @property
    def name(self) -> str:
        """Name of the partition once it is in place."""
        return f"{self.parent}_{self.province}"

    @property
    def parent(self) -> str:
        """Name of the table it is attached to."""
        if self.month is None:
            return str(self.table.name)
        return f"{self.table.name}_{str(self.month).replace('-', '_')}"

    @property
    def fresh(self) -> str:
        """Name while it is being built."""
        return f"{self.name}_g{self.generation}"

    def exists(self, connection: sa.Connection) -> bool:
        """Whether there is such a partition now."""
        return _exists(connection, self.schema, self.name)

    def create(self, connection: sa.Connection) -> None:
        """Make the fresh table: columns and the bound of its slice, no index."""
        _run(
            connection,
            "create table {fresh} (like {table} including comments)",
            fresh=_at(self.schema, self.fresh),
            table=_at(self.schema, str(self.table.name)),
        )
        # Attaching then needs no scan to see that every row belongs here.
        _run(
            connection,
            "alter table {fresh} add constraint slice_bound check ({bound})",
            fresh=_at(self.schema, self.fresh),
            bound=self._bound(),
        )

    def add_indexes(self, connection: sa.Connection) -> None:
        """Build the indexes the table declares; unique ones prove the grain.

        The planner learns the size of the rows as well.
        """
        fresh = _at(self.schema, self.fresh)
        key = [column.name for column in self.table.primary_key.columns]
        if key:
            _run(
                connection,
                "alter table {fresh} add primary key ({columns})",
                fresh=fresh,
                columns=_names(key),
            )
        for index in sorted(self.table.indexes, key=lambda index: str(index.name)):
            _run(
                connection,
                "create {unique} index on {fresh} ({columns})",
                unique=sql.SQL("unique" if index.unique else ""),
                fresh=fresh,
                columns=_names([column.name for column in index.columns]),
            )
        _run(connection, "analyze {fresh}", fresh=fresh)

    def swap(self, connection: sa.Connection) -> None:
        """Put the fresh table in the place of the old one.

        Takes an exclusive lock on the partitioned table until the commit.
        """
        if self.month is not None and not _exists(connection, self.schema, self.parent):
            self._make_month(connection)
        _run(connection, "drop table if exists {old}", old=_at(self.schema, self.name))
        _run(
            connection,
            "alter table {fresh} rename to {name}",
            fresh=_at(self.schema, self.fresh),
            name=sql.Identifier(self.name),
        )
        _run(
            connection,
            "alter table {parent} attach partition {leaf} for values in ({province})",
            parent=_at(self.schema, self.parent),
            leaf=_at(self.schema, self.name),
            province=sql.Literal(self.province),
        )

    def _make_month(self, connection: sa.Connection) -> None:
        month = sql.Literal(self.month.first_day if self.month else None)
        _run(
            connection,
            "create table {parent} (like {table} including comments) "
            "partition by list (province_code)",
            parent=_at(self.schema, self.parent),
            table=_at(self.schema, str(self.table.name)),
        )
        _run(
            connection,
            "alter table {table} attach partition {parent} for values in ({month})",
            table=_at(self.schema, str(self.table.name)),
            parent=_at(self.schema, self.parent),
            month=month,
        )

    def _bound(self) -> sql.Composed:
        bound = sql.SQL("province_code = {}").format(self.province)
        if self.month is None:
            return bound
        return sql.SQL("{} and coverage_month = {}::date").format(
            bound, str(self.month.first_day)
        )


def lock(connection: sa.Connection, name: str) -> None:
    """Wait for and hold a named lock until the transaction ends."""
    digest = hashlib.sha256(f"cakupan/{name}".encode()).digest()
    connection.execute(
        sa.text("select pg_advisory_xact_lock(:lock)"),
        {"lock": int.from_bytes(digest[:8], "big", signed=True)},
    )


def _exists(connection: sa.Connection, schema: str, name: str) -> bool:
    found = connection.scalar(
        sa.text("select to_regclass(:name)::text"), {"name": f'{schema}."{name}"'}
    )
    return found is not None


def _at(schema: str, name: str) -> sql.Identifier:
    return sql.Identifier(schema, name)


def _names(columns: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in columns)


def _run(connection: sa.Connection, statement: str, **parts: sql.Composable) -> None:
    """DDL takes no bound parameters; psycopg quotes the names and literals."""
    text = sql.SQL(statement).format(**parts)
    driver = connection.connection.driver_connection
    connection.exec_driver_sql(text.as_string(driver))
