"""Parquet files as rows of Spark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

import duckdb
from sqlglot import exp

from cakupan.core.spark.types import spark_type

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


#: Spark cannot read a UUID of Parquet; its sixteen bytes it can.
UUID_OF_BYTES = (
    "regexp_replace(lower(hex(`{}`)), "
    "'^(.{{8}})(.{{4}})(.{{4}})(.{{4}})(.{{12}})$', '$1-$2-$3-$4-$5')"
)


@dataclass(frozen=True, slots=True)
class Read:
    """A ``read_parquet`` of a statement.

    Attributes:
        paths: of the files.
        has_filename: whether column ``filename`` is wanted.
        text: the query, as DuckDB reads it.
    """

    paths: tuple[str, ...]
    has_filename: bool
    text: str


def read_of(query: exp.Expr) -> Read | None:
    """The files a query consists of; None when it is another query."""
    for call in query.find_all(exp.ReadParquet):
        listed = [each for each in call.expressions if not isinstance(each, exp.EQ)]
        paths = [
            one.name
            for each in listed
            for one in (each.expressions if isinstance(each, exp.Array) else [each])
        ]
        options = [
            each.this.name for each in call.expressions if isinstance(each, exp.EQ)
        ]
        return Read(tuple(paths), "filename" in options, query.sql(dialect="duckdb"))
    return None


def open_parquet(
    spark: SparkSession, connection: duckdb.DuckDBPyConnection, read: Read
) -> DataFrame:
    """The files as one relation, columns and types as DuckDB sees them."""
    from pyspark.sql import functions as f  # noqa: PLC0415 - an extra

    described = connection.execute(f"describe {read.text}").fetchall()
    kinds = {str(row[0]): str(row[1]) for row in described}
    if read.has_filename:
        del kinds["filename"]
    schema = ", ".join(
        f"`{name}` {'binary' if kind == 'UUID' else spark_type(kind)}"
        for name, kind in kinds.items()
    )
    rows = spark.read.schema(schema).parquet(*(quote(path) for path in read.paths))
    columns = [
        f.expr(UUID_OF_BYTES.format(name)).alias(name)
        if kind == "UUID"
        else f.col(name)
        for name, kind in kinds.items()
    ]
    if read.has_filename:
        path = f.regexp_replace("_metadata.file_path", "^file:/+", "/")
        columns.append(f.url_decode(path).alias("filename"))
    return rows.select(*columns)
