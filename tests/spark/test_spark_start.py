"""What Spark needs before it starts, and what is said when it is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from cakupan.core.errors import OperationalError
from cakupan.core.settings import Settings, environment
from cakupan.core.spark import jvm


def test_master_that_does_not_answer(tmp_path: Path) -> None:
    settings = Settings(tmp_path, engine="spark", spark_master="spark://127.0.0.1:9")
    with pytest.raises(OperationalError, match="SPARK_UNREACHABLE") as caught:
        jvm.spark_session(settings)
    assert caught.value.exit_status == 6


def test_java_of_the_wheel_where_the_system_has_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JAVA_HOME", "")
    monkeypatch.setenv("PATH", str(tmp_path))
    jvm._find_java()
    assert (Path(environment()["JAVA_HOME"]) / "bin" / "java").exists()
