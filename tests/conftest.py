"""What all tests share.

Kinds of tests and what belongs in each: see tests/README.md.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engines import IS_SPARK

OFFLINE = ("unit", "spec", "sql", "expectations", "architecture")


@pytest.fixture(autouse=True)
def _offline(request: pytest.FixtureRequest, monkeypatch: Any) -> Iterator[None]:
    """Tests outside integration, dags and e2e may not open a connection at all."""
    kind = Path(str(request.path)).parent.name
    if kind in OFFLINE and not IS_SPARK:

        def refuse(*_: object, **__: object) -> None:
            raise RuntimeError("this kind of test may not use the network")

        monkeypatch.setattr(socket.socket, "connect", refuse)
    yield


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: Any, tmp_path: Path) -> None:
    """No test reads the settings of the person who runs it."""
    import os

    for name in list(os.environ):
        if name.startswith(("CAKUPAN_", "AIRFLOW_", "AWS_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("CAKUPAN_HOME", str(tmp_path / "home"))
