"""Relations of a session, and which of them a query names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlglot import exp

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@dataclass(slots=True)
class Relation:
    """A name of the session.

    Attributes:
        view: its name in Spark, None while Spark has no need of it.
        rows: those of Spark; None for a table of the driver.
        made_by: statement of a view and its parameters.
        is_stale: whether a name the view reads stands for something else by now.
    """

    view: str | None = None
    rows: DataFrame | None = None
    made_by: tuple[exp.Create, Mapping[str, Any]] | None = None
    is_stale: bool = False

    def reads(self, name: str) -> bool:
        """Whether it is a view of a relation of that name."""
        read = outside(self.made_by[0].expression) if self.made_by else []
        return any(table.name.lower() == name for table in read)


def outside(query: exp.Expr) -> list[exp.Table]:
    """Tables a query reads that are none of its own: no CTE, no function."""
    return list(_outside(query))


def _outside(query: exp.Expr) -> Iterator[exp.Table]:
    for table in query.find_all(exp.Table):
        if isinstance(table.this, exp.Identifier) and not _is_cte(table):
            yield table


def _is_cte(table: exp.Table) -> bool:
    """Whether a name is a CTE in force where it stands.

    A CTE sees those before it, and not itself.
    """
    name = table.name.lower()
    node: exp.Expr = table
    while (parent := node.parent) is not None:
        if isinstance(node, exp.CTE):
            before = parent.expressions[: node.index or 0]
            around = parent.parent  # the query its WITH belongs to
        else:
            own = parent.args.get("with_")
            before = own.expressions if own is not None else []
            around = parent
        if any(one.alias.lower() == name for one in before):
            return True
        if around is None:
            return False
        node = around
    return False


def refer(query: exp.Expr, view: Callable[[str], str]) -> None:
    """Put the names of Spark's views for the relations of the session."""
    for table in outside(query):
        name = table.name
        if not table.alias:
            table.set("alias", exp.TableAlias(this=exp.to_identifier(name)))
        table.set("this", exp.to_identifier(view(name.lower())))
