"""The month of a run and what is tried again."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cakupan.core.errors import (
    InvariantBroken,
    OperationalError,
    StaleWriter,
    SubmissionRefused,
)

DAGS = str(Path(__file__).resolve().parents[2] / "dags")


@pytest.fixture(scope="module")
def wiring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The shared module, found as Airflow finds it; Airflow's own warnings are its."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patch.setenv("AIRFLOW_HOME", str(tmp_path_factory.mktemp("airflow")))
        patch.syspath_prepend(DAGS)
        import _wiring

        yield _wiring
        sys.modules.pop("_wiring")


def _run(partition_key: str | None = None, **rest: Any) -> dict[str, Any]:
    return {
        "dag_run": SimpleNamespace(partition_key=partition_key),
        "params": {"month": None},
        **rest,
    }


@pytest.mark.parametrize(
    ("partition_key", "parameter", "month"),
    [
        ("2026-09", None, "2026-09"),
        (None, "2026-08", "2026-08"),
        ("2026-09", "2026-08", "2026-09"),  # what started the run decides
    ],
)
def test_month_of_a_run(
    wiring: Any, partition_key: str | None, parameter: str | None, month: str
) -> None:
    context = _run(partition_key, params={"month": parameter})
    assert str(wiring.resolve_month(context)) == month


@pytest.mark.parametrize(
    ("key", "parameter"), [(None, None), (None, ""), ("2026-13", None)]
)
def test_a_run_without_a_month_fails_at_once(
    wiring: Any, key: str | None, parameter: str | None
) -> None:
    from airflow.sdk.exceptions import AirflowFailException

    with pytest.raises(AirflowFailException):
        wiring.resolve_month(_run(key, params={"month": parameter}))


def test_provinces_come_from_every_event_of_the_month(wiring: Any) -> None:
    def event(provinces: Any) -> Any:
        return SimpleNamespace(extra={"provinces": provinces})

    context = _run(
        "2026-09",
        triggering_asset_events={
            "asset": [
                event({"2026-09": ["64"]}),
                event({"2026-09": ["62"], "2026-08": ["93"]}),
                SimpleNamespace(extra=None),
            ]
        },
    )
    assert wiring.announced_provinces(context) == {"62", "64"}
    assert wiring.announced_provinces(_run(None)) == frozenset()


@pytest.mark.parametrize(
    ("error", "action"),
    [
        (OperationalError("STORE_UNREACHABLE", "away"), "retry"),
        (ConnectionResetError(), "retry"),
        (StaleWriter("STALE_WRITER", "another run"), "fail"),
        (InvariantBroken("SUM", "does not add up"), "fail"),
        (SubmissionRefused("FILE_EMPTY", "empty"), "fail"),
        (KeyError("bug"), "fail"),
    ],
)
def test_only_what_may_pass_by_itself_is_tried_again(
    wiring: Any, error: Exception, action: str
) -> None:
    decision = wiring.RETRY_POLICY.evaluate(error, try_number=1, max_tries=2)
    assert decision.action.value == action


def test_months_are_announced_earliest_first(wiring: Any) -> None:
    """A report compares with the month before; Airflow's own set has no order."""
    from airflow.sdk.execution_time.context import OutletEventAccessors
    from airflow.sdk.execution_time.task_runner import _serialize_outlet_events

    months = [f"2026-{number:02d}" for number in (9, 3, 12, 1, 7, 5, 11)]
    news = {month: ["64"] for month in months}
    events = OutletEventAccessors()
    wiring.announce(events[wiring.STAGED_MONTHS], news)
    told = list(_serialize_outlet_events(events))
    assert [one["partition_key"] for one in told] == sorted(months)
    assert told[0]["extra"] == {"provinces": news}
