"""Errors of Spark as ours, without their text: it quotes values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from cakupan.core.errors import OperationalError

#: Conditions of Spark that say that a value does not fit a type.
_OF_VALUES = re.compile(
    "CAST_INVALID_INPUT|CAST_OVERFLOW|NUMERIC_VALUE_OUT_OF_RANGE|ARITHMETIC_OVERFLOW"
)


@contextmanager
def spark_errors() -> Iterator[None]:
    """Tell a value that does not fit from a cluster that failed.

    Raises:
        duckdb.ConversionException: a value does not fit; as on DuckDB.
        OperationalError: Spark could not finish.
    """
    from py4j.protocol import Py4JError  # noqa: PLC0415 - an extra
    from pyspark.errors import PySparkException  # noqa: PLC0415 - an extra

    try:
        yield
    except (Py4JError, PySparkException) as error:
        if _OF_VALUES.search(str(error)):
            raise duckdb.ConversionException("a value does not fit") from None
        condition = re.search(r"\[([A-Z_]{3,}[A-Z_.]*)\]", str(error))
        named = f" ({condition[1]})" if condition else ""
        raise OperationalError(
            "SPARK_FAILED",
            f"Spark could not finish: {type(error).__name__}{named}.",
            "See the log of Spark; executors or memory may be short.",
        ) from None
