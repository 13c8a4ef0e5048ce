"""The transforms on Apache Spark, from the same SQL files.

``session`` is what :func:`cakupan.core.lake.session` opens with ``CAKUPAN_ENGINE=spark``.
Nothing here is imported otherwise: pyspark and sqlglot are an extra (``cakupan[spark]``).
"""

from __future__ import annotations

from importlib.util import find_spec

from cakupan.core.errors import ConfigurationError


def require_packages() -> None:
    """Say so when the extra is missing.

    Raises:
        ConfigurationError: pyspark or sqlglot is not installed.
    """
    if find_spec("pyspark") is None or find_spec("sqlglot") is None:
        raise ConfigurationError(
            "SPARK_NOT_INSTALLED",
            "CAKUPAN_ENGINE=spark needs the extra packages of Spark.",
            "Install cakupan[spark], or leave CAKUPAN_ENGINE out to use DuckDB.",
        )
