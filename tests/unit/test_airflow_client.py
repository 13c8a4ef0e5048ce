"""Waiting for a busy Airflow."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cakupan.core.errors import OperationalError
from cakupan.local import airflow_client
from cakupan.local.airflow_client import AirflowClient


def answers(*said: bool | str) -> Callable[[], bool]:
    """One after the other: whether it holds, or the code of what went wrong."""
    left = list(said)

    def next_one() -> bool:
        told = left.pop(0)
        if isinstance(told, str):
            raise OperationalError(told, "x", "x")
        return told

    return next_one


def test_a_server_too_busy_to_answer_is_asked_again() -> None:
    seen: list[int] = []
    AirflowClient("http://x").wait(
        answers(False, "AIRFLOW_UNREACHABLE", "AIRFLOW_UNREACHABLE", True),
        timeout=60,
        on_poll=lambda: seen.append(1),
        interval=0,
    )
    assert len(seen) == 2


def test_a_server_that_is_gone_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(airflow_client, "PATIENCE", -1.0)
    with pytest.raises(OperationalError, match="AIRFLOW_UNREACHABLE"):
        AirflowClient("http://x").wait(answers("AIRFLOW_UNREACHABLE"), 60, interval=0)


def test_a_refusal_is_not_waited_out() -> None:
    with pytest.raises(OperationalError, match="AIRFLOW_REFUSED"):
        AirflowClient("http://x").wait(answers("AIRFLOW_REFUSED"), 60, interval=0)


def test_what_never_holds_ends() -> None:
    with pytest.raises(OperationalError, match="AIRFLOW_TOO_SLOW"):
        AirflowClient("http://x").wait(lambda: False, timeout=-1, interval=0)
