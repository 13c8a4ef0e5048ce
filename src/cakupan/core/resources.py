"""Where the files shipped beside the code are: SQL, contracts, reference data, suites.

In a checkout they are the top-level folders; in a wheel the same files lie inside the
package (see ``force-include`` in ``pyproject.toml``).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def _root() -> Path:
    packaged = _PACKAGE / "_assets"
    return packaged if packaged.is_dir() else _PACKAGE.parent.parent


def include(*parts: str) -> Path:
    """Path below ``include/``."""
    return _root().joinpath("include", *parts)


def expectations(*parts: str) -> Path:
    """Path below ``expectations/``."""
    return _root().joinpath("expectations", *parts)


def dags() -> Path:
    """The folder Airflow reads the flows from."""
    return _root() / "dags"


def plugins() -> Path:
    """The folder Airflow reads its plugins from."""
    return _root() / "plugins"
