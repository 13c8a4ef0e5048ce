"""Talking to the local Airflow through its REST interface."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from cakupan.core.errors import OperationalError

#: The flows, in the order data pass through them.
DAG_IDS = (
    "ingest_regency_uploads",
    "ingest_bpjs_extracts",
    "reconcile_enrolments",
    "publish_coverage",
)
#: Every flow; one that waits for a person is no work under way.
FLOWS = (*DAG_IDS, "approve_releases", "deliver_reports")
ACTIVE = frozenset({"queued", "running"})

#: Seconds a busy server may leave somebody who waits without an answer.
PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a flow.

    Attributes:
        dag_id: which flow.
        run_id: which run.
        state: ``queued``, ``running``, ``success`` or ``failed``.
        month: partition key, ``None`` for runs that have none.
        started_at: ISO instant, ``None`` while queued.
    """

    dag_id: str
    run_id: str
    state: str
    month: str | None
    started_at: str | None


@dataclass(slots=True)
class AirflowClient:
    """A login at one api server.

    Attributes:
        url: address without a slash at its end.
        user: name of the user.
        password: kept out of what is printed.
    """

    url: str
    user: str = ""
    password: str = field(default="", repr=False)
    _token: str = field(default="", repr=False)

    def health(self) -> dict[str, dict[str, Any]]:
        """Components with their status and last heartbeat; needs no login."""
        known: dict[str, dict[str, Any]] = self._send(
            "GET", "/api/v2/monitor/health", is_open=True
        )
        return known

    def dag_ids(self) -> set[str]:
        """Flows Airflow knows now."""
        return {dag["dag_id"] for dag in self._get("/api/v2/dags", limit=100)["dags"]}

    def import_errors(self) -> list[str]:
        """Files Airflow could not read, with the reason."""
        errors = self._get("/api/v2/importErrors")["import_errors"]
        return [f"{e['filename']}: {e['stack_trace']}" for e in errors]

    def trigger(self, dag_id: str, month: str | None = None) -> str:
        """Start a run as a person would; its run id.

        Args:
            dag_id: which flow.
            month: ``YYYY-MM`` for the flows that compute a month.
        """
        made = self._send(
            "POST",
            f"/api/v2/dags/{quote(dag_id)}/dagRuns",
            {"logical_date": None, "conf": {"month": month} if month else {}},
        )
        return str(made["dag_run_id"])

    def pause(self, dag_id: str, *, is_paused: bool) -> None:
        """Hold a flow back, or let it go on."""
        self._send("PATCH", f"/api/v2/dags/{quote(dag_id)}", {"is_paused": is_paused})

    def runs(self, dag_id: str | None = None, limit: int = 100) -> list[Run]:
        """Runs, newest first.

        Args:
            dag_id: one flow, ``None`` for all.
            limit: at most so many, 100 is what Airflow gives in one answer.
        """
        page = self._get(
            f"/api/v2/dags/{quote(dag_id or '~')}/dagRuns",
            limit=limit,
            order_by="-run_after",
        )
        return [
            Run(
                dag_id=run["dag_id"],
                run_id=run["dag_run_id"],
                state=run["state"],
                month=run.get("partition_key"),
                started_at=run.get("start_date"),
            )
            for run in page["dag_runs"]
        ]

    def task_states(self, dag_id: str, run_id: str) -> dict[tuple[str, str], str]:
        """State of every task of a run by task id and label (``""`` when not mapped)."""
        page = self._get(
            f"/api/v2/dags/{quote(dag_id)}/dagRuns/{quote(run_id)}/taskInstances",
            limit=100,
        )
        return {
            (
                one["task_id"],
                one.get("rendered_map_index")
                or (str(one["map_index"]) if one["map_index"] >= 0 else ""),
            ): str(one["state"])
            for one in page["task_instances"]
        }

    def open_questions(self, dag_id: str) -> list[dict[str, Any]]:
        """What persons are asked and have not answered: ``run_id``, ``map_index``, …"""
        page = self._get(
            f"/api/v2/dags/{quote(dag_id)}/dagRuns/~/hitlDetails",
            response_received="false",
            limit=100,
        )
        return [
            {
                "run_id": one["task_instance"]["dag_run_id"],
                "task_id": one["task_instance"]["task_id"],
                "map_index": one["task_instance"]["map_index"],
                "state": one["task_instance"]["state"],
                "subject": one["subject"],
                "body": one["body"],
                "users": [user["id"] for user in one["assigned_users"]],
            }
            for one in page["hitl_details"]
        ]

    def answer(
        self, dag_id: str, question: Mapping[str, Any], option: str, note: str = ""
    ) -> None:
        """Answer one of :meth:`open_questions` as this user.

        Raises:
            OperationalError: the user may not, or it was answered before.
        """
        self._send(
            "PATCH",
            f"/api/v2/dags/{quote(dag_id)}/dagRuns/{quote(question['run_id'])}"
            f"/taskInstances/{question['task_id']}/{question['map_index']}/hitlDetails",
            {"chosen_options": [option], "params_input": {"catatan": note}},
        )

    def pending_months(self) -> list[tuple[str, str]]:
        """Announced months no run was made for yet: pairs of flow and month."""
        page = self._get("/ui/partitioned_dag_runs", has_created_dag_run_id="false")
        return [
            (one["dag_id"], one["partition_key"])
            for one in page["partitioned_dag_runs"]
        ]

    def is_settled(self) -> bool:
        """Whether no run is under way and no announced month waits for one."""
        if self.pending_months():
            return False
        return not any(
            self._get(f"/api/v2/dags/{dag_id}/dagRuns", limit=1, state=state)[
                "dag_runs"
            ]
            for dag_id in DAG_IDS
            for state in sorted(ACTIVE)
        )

    def wait(
        self,
        is_done: Callable[[], bool],
        timeout: float,
        on_poll: Callable[[], None] = lambda: None,
        interval: float = 1.0,
    ) -> None:
        """Ask again and again until something holds.

        A server that is too busy to answer is asked again, for :data:`PATIENCE`.

        Args:
            is_done: what to wait for.
            timeout: seconds.
            on_poll: called after every look, e.g. to show progress.
            interval: seconds between two looks.

        Raises:
            OperationalError: it does not hold in time, or Airflow is gone.
        """
        answered = time.monotonic()
        end = answered + timeout
        while True:
            try:
                is_met = is_done()
                on_poll()
                answered = time.monotonic()
            except OperationalError as error:
                if error.code != "AIRFLOW_UNREACHABLE":
                    raise
                if time.monotonic() - answered > PATIENCE:
                    raise
                is_met = False
            if is_met:
                return
            if time.monotonic() > end:
                raise OperationalError(
                    "AIRFLOW_TOO_SLOW",
                    f"Airflow did not finish within {timeout:.0f} seconds.",
                    f"Look at {self.url} and below $CAKUPAN_HOME/airflow/logs.",
                )
            time.sleep(interval)

    def _get(self, path: str, **query: object) -> Any:
        return self._send("GET", f"{path}?{urlencode(query)}" if query else path)

    def _send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        is_open: bool = False,
        is_again: bool = False,
    ) -> Any:
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        if not is_open:
            self._token = self._token or self._login()
            headers["Authorization"] = f"Bearer {self._token}"
        request = urllib.request.Request(  # noqa: S310 - always http to our server
            self.url + path,
            data=None if body is None else json.dumps(body).encode(),
            headers=headers,
            method=method,
        )
        # no proxy: the server is on this machine
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == 401 and not is_open and not is_again:
                self._token = ""
                return self._send(method, path, body, is_again=True)
            raise OperationalError(
                "AIRFLOW_REFUSED",
                f"Airflow answered {error.code} to {method} {path.partition('?')[0]}.",
                "See $CAKUPAN_HOME/airflow/logs/api-server.log.",
            ) from None
        except (OSError, ValueError) as error:
            raise OperationalError(
                "AIRFLOW_UNREACHABLE",
                f"Airflow does not answer at {self.url} ({type(error).__name__}).",
                "Start it with `cakupan up`.",
            ) from None

    def _login(self) -> str:
        made = self._send(
            "POST",
            "/auth/token",
            {"username": self.user, "password": self.password},
            is_open=True,
        )
        return str(made["access_token"])
