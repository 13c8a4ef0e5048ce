"""A session on Spark that takes what a DuckDB session takes.

Beside Spark a DuckDB session holds the same relations without their rows. It says which
types a statement has, so that every table has the types it has without Spark, and it
holds the small tables the driver makes: constants, reference data, what was inserted row
by row. Results come to the driver and are cast, put in order and written by DuckDB: the
same rows are the same bytes.
"""

from __future__ import annotations

import gc
import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeGuard

import duckdb
import pyarrow as pa
from sqlglot import exp

from cakupan.core.settings import Settings
from cakupan.core.spark import by_name, dialect, inline, results, whole_rows
from cakupan.core.spark.bridge import function, returned_type
from cakupan.core.spark.failures import spark_errors
from cakupan.core.spark.files import open_parquet, read_of
from cakupan.core.spark.jvm import spark_session
from cakupan.core.spark.macros import BRIDGED, Macros
from cakupan.core.spark.relations import Relation, outside, refer
from cakupan.core.spark.types import CROSSING, spark_type

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_NUMBERS = itertools.count()


@contextmanager
def spark_lake(
    settings: Settings, driver: duckdb.DuckDBPyConnection
) -> Iterator[SparkLake]:
    """A session on the Spark master of the settings.

    Args:
        settings: master and configuration of Spark.
        driver: an empty session of DuckDB.
    """
    lake = SparkLake(spark_session(settings), driver)
    try:
        yield lake
    finally:
        lake.close()


@dataclass(slots=True)
class SparkLake:
    """See the module; methods are those of a DuckDB connection.

    Attributes:
        spark: session of Spark.
        driver: DuckDB of the driver, for types, small tables and results.
    """

    spark: SparkSession
    driver: duckdb.DuckDBPyConnection
    _macros: Macros = field(default_factory=Macros)
    _relations: dict[str, Relation] = field(default_factory=dict)
    _functions: set[str] = field(default_factory=set)
    _kept: list[DataFrame] = field(default_factory=list)
    _views: list[str] = field(default_factory=list)

    def execute(self, query: Any, parameters: Any = None) -> duckdb.DuckDBPyConnection:
        """Run statements of DuckDB SQL; the result of the last one."""
        text = query if isinstance(query, str) else str(query.query)
        result = self.driver
        if isinstance(parameters, list | tuple):
            return self._fill(text, parameters)
        found = dialect.statements(text)
        with spark_errors():
            for statement in found:
                if _is_macro(statement):
                    given = text if len(found) == 1 else statement.sql(dialect="duckdb")
                    self._macros.define(statement, given)
                    result = self.driver.execute(given)
                else:
                    result = self._run(statement, parameters or {})
        return result

    def sql(self, query: str, *, params: Any = None) -> duckdb.DuckDBPyRelation:
        """The rows of a query."""
        statement: Any = dialect.statements(query)[0]
        with spark_errors():
            self._renew(statement)
            selected, connection = self._collected(statement, params or {})
            return connection.sql(selected.sql(dialect="duckdb"))

    def register(self, name: str, rows: pa.Table) -> None:
        """Make an Arrow table a relation."""
        self.driver.register(name, rows)
        self._relations[name.lower()] = Relation()
        self._outdate(name.lower())

    def unregister(self, name: str) -> None:
        """Forget it."""
        self.driver.unregister(name)
        self._forget(name.lower())

    def _run(
        self, statement: exp.Expr, parameters: Mapping[str, Any]
    ) -> duckdb.DuckDBPyConnection:
        self._renew(statement)
        match statement:
            case exp.Create(kind="VIEW" | "TABLE"):
                return self._create(statement, parameters)
            case exp.Insert():
                return self._insert(statement, parameters)
            case exp.Copy():
                return self._copy(statement)
            case exp.Query():
                return self._query(statement, parameters)
            case exp.Drop():
                for table in statement.find_all(exp.Table):
                    self._drop(table.name.lower())
        return self.driver.execute(statement.sql(dialect="duckdb"))

    def _drop(self, name: str) -> None:
        """Forget a relation; what was made of it can still be computed again."""
        known = self._relations.get(name)
        if known is not None and known.rows is not None:
            known.rows.unpersist()
        self._forget(name)

    def _fill(self, text: str, values: Sequence[Any]) -> duckdb.DuckDBPyConnection:
        """``insert … values``: rows of a table of the driver."""
        result = self.driver.execute(text, list(values))
        [statement] = dialect.statements(text)
        self._forget(_target(statement), keep_rows=True)
        self._outdate(_target(statement))
        return result

    def _create(
        self, statement: exp.Create, parameters: Mapping[str, Any]
    ) -> duckdb.DuckDBPyConnection:
        result = self._make(statement, parameters)
        self._outdate(_target(statement))
        return result

    def _outdate(self, name: str) -> None:
        """A view of Spark reads what a name stood for; of DuckDB, what it stands for."""
        for view, relation in self._relations.items():
            if not relation.is_stale and relation.reads(name):
                relation.is_stale = True
                self._outdate(view)

    def _renew(self, statement: exp.Expr) -> None:
        """Make the views a statement reads anew where they are stale."""
        is_made = isinstance(statement, exp.Create | exp.Insert)
        query = statement.args.get("expression") if is_made else statement
        for table in outside(query) if query is not None else ():
            known = self._relations.get(table.name.lower())
            if known is not None and known.is_stale and known.made_by is not None:
                self._run(*known.made_by)

    def _make(
        self, statement: exp.Create, parameters: Mapping[str, Any]
    ) -> duckdb.DuckDBPyConnection:
        name = _target(statement)
        query = statement.expression
        is_view = statement.kind == "VIEW"
        if query is None:
            result = self.driver.execute(statement.sql(dialect="duckdb"))
            if not (statement.args.get("exists") and name in self._relations):
                self._relations[name] = Relation()
            return result
        read = read_of(query)
        if read is not None:
            rows = open_parquet(self.spark, self.driver, read)
            self._shadow(statement, parameters, is_empty=True)
        elif outside(query):
            rows = self._frame(query, parameters)
            self._shadow(statement, parameters)
            if not is_view:
                rows = self._computed_once(self._cast(rows, name))
        else:
            self._relations[name] = Relation()
            return self._shadow(statement, parameters)
        self._show(name, rows)
        if is_view and read is None:
            again = statement.copy()
            again.set("replace", True)
            self._relations[name].made_by = (again, parameters)
        return self.driver

    def _insert(
        self, statement: exp.Insert, parameters: Mapping[str, Any]
    ) -> duckdb.DuckDBPyConnection:
        name = _target(statement)
        added = self._cast(self._frame(statement.expression, parameters), name)
        added = self._computed_once(added)
        self._shadow(statement, parameters, is_empty=True)
        known = self._relations[name]
        before = known.rows
        if before is None and self._count(name):
            before = self._uploaded(name)
        self._show(name, added if before is None else before.unionAll(added))
        self._outdate(name)
        return self.driver

    def _count(self, name: str) -> int:
        found = self.driver.execute(f'select count(*) from "{name}"').fetchone()
        return int(found[0]) if found else 0

    def _copy(self, statement: exp.Copy) -> duckdb.DuckDBPyConnection:
        source = statement.this
        query = source.this if isinstance(source, exp.Subquery) else source
        if not isinstance(query, exp.Query):
            query = exp.select("*").from_(query)
        selected, connection = self._collected(query, {})
        copied = statement.copy()
        copied.set("this", exp.Subquery(this=selected))
        text = copied.sql(dialect="duckdb").replace("COPY INTO", "COPY", 1)
        return connection.execute(text)

    def _query(
        self, query: exp.Query, parameters: Mapping[str, Any]
    ) -> duckdb.DuckDBPyConnection:
        if not outside(query):
            return self.driver.execute(
                query.sql(dialect="duckdb"), _named(query, parameters)
            )
        selected, connection = self._collected(query, parameters)
        return connection.execute(selected.sql(dialect="duckdb"))

    def _collected(
        self, query: exp.Query, parameters: Mapping[str, Any]
    ) -> tuple[exp.Select, duckdb.DuckDBPyConnection]:
        """The query of DuckDB that types and orders rows of Spark, and where it runs."""
        types = self._described(query, parameters)
        query, order = results.without_order(query, types)
        rows = self._frame(query, parameters).toArrow()
        return results.on_driver(self.driver, rows, types, order)

    def _frame(self, query: exp.Expr, parameters: Mapping[str, Any]) -> DataFrame:
        """A query of DuckDB SQL as rows of Spark."""
        query = dialect.bound(query, parameters)
        query = by_name.spelled_out(query, self.driver)
        query = whole_rows.spelled_out(query, self.driver)
        query = self._macros.expand(query)
        self._know_functions(query)
        query = dialect.rewritten(query)
        refer(query, self._view)
        return self.spark.sql(dialect.spark_text(query))

    def _know_functions(self, query: exp.Expr) -> None:
        used = {str(one.name) for one in query.find_all(exp.Anonymous)}
        for name, arguments in self._macros.bridged.items():
            if BRIDGED + name in used and name not in self._functions:
                returns = returned_type(self.driver, name, arguments)
                macros, tables = self._macros.behind(name)
                made = function(
                    name,
                    arguments,
                    returns,
                    macros,
                    {each: self._rows(each) for each in tables},
                )
                self.spark.udf.register(BRIDGED + name, made)
                self._functions.add(name)

    def _view(self, name: str) -> str:
        """Name in Spark of a relation of the session."""
        known = self._relations.get(name)
        if known is None:
            raise duckdb.CatalogException(f"relation {name} does not exist")
        if known.view is None:
            self._show(name, self._uploaded(name))
        return str(self._relations[name].view)

    def _uploaded(self, name: str) -> DataFrame:
        """A table of the driver, for Spark."""
        rows, types = self._rows(name), self._types(name)
        if written := inline.relation(rows, types):
            return self.spark.sql(dialect.spark_text(written))
        return self.spark.createDataFrame(rows)

    def _rows(self, name: str) -> pa.Table:
        """Rows of a table of the driver."""
        columns = ", ".join(
            f'"{column}"::{CROSSING.get(kind, kind)} as "{column}"'
            for column, kind in self._types(name).items()
        )
        return self.driver.sql(f'select {columns} from "{name}"').to_arrow_table()

    def _show(self, name: str, rows: DataFrame) -> None:
        view = f"cakupan_{next(_NUMBERS)}_{name}"
        rows.createOrReplaceTempView(view)
        self._views.append(view)
        self._relations[name] = Relation(view, rows)

    def _forget(self, name: str, *, keep_rows: bool = False) -> None:
        known = self._relations.pop(name, None)
        if known is not None and keep_rows:
            self._relations[name] = Relation()

    def _cast(self, rows: DataFrame, name: str) -> DataFrame:
        """Columns by position, with the names and types of a table of the driver."""
        types = {name: spark_type(kind) for name, kind in self._types(name).items()}
        have = [(each.name, each.dataType.simpleString()) for each in rows.schema]
        if have == list(types.items()):
            return rows
        columns = [
            _column(each, column, kind)
            for (each, _), (column, kind) in zip(have, types.items(), strict=True)
        ]
        return rows.select(*columns)

    def _computed_once(self, rows: DataFrame) -> DataFrame:
        """Rows the executors keep, as a plan that does not grow.

        Spark would look through everything before with every statement. What is lost
        with an executor is computed again.
        """
        from pyspark.sql.classic.dataframe import (  # noqa: PLC0415 - an extra
            DataFrame as ClassicFrame,
        )

        session: Any = self.spark
        java = rows._jdf
        leaf = session._jsparkSession.internalCreateDataFrame(
            java.queryExecution().toRdd(), java.schema(), False
        )
        kept = ClassicFrame(leaf, session).persist()
        self._kept.append(kept)
        return kept

    def _shadow(
        self,
        statement: exp.Expr,
        parameters: Mapping[str, Any],
        *,
        is_empty: bool = False,
    ) -> duckdb.DuckDBPyConnection:
        """The same statement on the driver; ``is_empty``: without any row."""
        statement = statement.copy()
        if is_empty:
            query = exp.select("*").from_(statement.expression.subquery("nothing"))
            statement.set("expression", query.limit(0))
            if isinstance(statement, exp.Create):
                statement.set("kind", "TABLE")
        return self.driver.execute(
            statement.sql(dialect="duckdb"), _named(statement, parameters)
        )

    def _described(
        self, query: exp.Expr, parameters: Mapping[str, Any]
    ) -> dict[str, str]:
        return by_name.described(self.driver, dialect.bound(query, parameters))

    def _types(self, name: str) -> dict[str, str]:
        rows = self.driver.execute(f'describe "{name}"').fetchall()
        return {str(row[0]): str(row[1]) for row in rows}

    def close(self) -> None:
        """Give back what Spark keeps for this session; a Spark that died keeps nothing.

        What went from task to task goes from the disks when Java forgets the rows, and
        Java does when Python has: objects of both name each other in circles.
        """
        from py4j.protocol import Py4JError  # noqa: PLC0415 - an extra

        with suppress(Py4JError):
            while self._kept:
                self._kept.pop().unpersist()
            for view in self._views:
                self.spark.catalog.dropTempView(view)
        self._relations.clear()
        gc.collect()


def _is_macro(statement: exp.Expr) -> TypeGuard[exp.Create]:
    return isinstance(statement, exp.Create) and statement.kind in {"MACRO", "FUNCTION"}


def _column(given: str, name: str, kind: str) -> Any:
    from pyspark.sql.functions import col  # noqa: PLC0415 - an extra

    return col(f"`{given}`").cast(kind).alias(name)


def _target(statement: exp.Expr) -> str:
    this = statement.this
    table = this.this if isinstance(this, exp.Schema) else this
    return str(table.name).lower()


def _named(statement: exp.Expr, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    marks = statement.find_all(exp.Parameter, exp.Placeholder)
    return {mark.name: parameters[mark.name] for mark in marks} or None
