"""Deployments of their own, as the end-to-end tests have them; the disk of Spark."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.conftest import new_home, server

__all__ = ["new_home", "server", "spark_scratch"]


@pytest.fixture(scope="session", autouse=True)
def spark_scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the Spark of this process keeps rows; before Java starts."""
    folder = tmp_path_factory.mktemp("spark")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SPARK_LOCAL_DIRS", str(folder))
        yield folder
