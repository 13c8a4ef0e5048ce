"""The question to a person whether a draft may be released."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Param
from airflow.sdk.exceptions import AirflowFailException

APPROVE, REJECT = "Setujui", "Tolak"

#: A question nobody answers ends by itself; the release stays a draft.
ANSWER_WITHIN = timedelta(days=60)


class ReleaseApproval(HITLOperator):
    """Asks the approvers about the current draft of a province and month.

    While it waits it is in state ``awaiting_input``: no process, no worker slot and no
    trigger. Only the logins of ``CAKUPAN_APPROVERS`` may answer. The answer is taken by
    the same function as ``cakupan approve``.

    Args:
        province: two-digit Kemendagri code.
        month: ``YYYY-MM``.
    """

    template_fields = ("province", "month", *HITLOperator.template_fields)

    def __init__(self, *, province: str, month: str, **kwargs: Any) -> None:
        # unmapping hands over the default arguments too: what is ours goes above them.
        # The task itself is short; waiting is bounded by the deadline of the answer.
        kwargs |= {
            "subject": "",
            "options": [APPROVE, REJECT],
            "params": {
                "catatan": Param(
                    None,
                    # a page of Airflow asks for what may not be null
                    type=["null", "string"],
                    maxLength=500,
                    title="Catatan",
                    description="Wajib bila ditolak: alasannya.",
                )
            },
            "response_timeout": ANSWER_WITHIN,
            "execution_timeout": None,
        }
        super().__init__(**kwargs)
        self.province = province
        self.month = month

    def execute(self, context: Any) -> Any:
        """Ask; nothing is asked when there is no draft any more."""
        from cakupan.core.month import CoverageMonth
        from cakupan.runs.approvals import note_request, question
        from cakupan.runs.context import open_context

        month = CoverageMonth.parse(self.month)
        with open_context() as opened:
            asked = question(opened, self.province, month)
            if asked is None:
                return self._result("nothing to approve")
            note_request(opened, asked["release_id"])
        context["ti"].xcom_push(key="release_id", value=asked["release_id"])
        self.subject, self.body = asked["subject"], asked["body"]
        self.assigned_users = asked["assigned_users"]
        return super().execute(context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        """Take the answer of a person.

        Raises:
            AirflowFailException: it cannot be taken (the draft was replaced, the person
                may not decide, a rejection without a reason); the code says which.
        """
        from cakupan.core.errors import CakupanError, OperationalError
        from cakupan.runs.approvals import decide
        from cakupan.runs.context import open_context

        if event.get("error_type") == "timeout":
            return self._result("unanswered")
        answer = super().execute_complete(context, event)
        ti = context["ti"]
        person = answer["responded_by_user"]
        try:
            with open_context() as opened:
                return decide(
                    opened,
                    ti.xcom_pull(
                        task_ids=ti.task_id, key="release_id", map_indexes=ti.map_index
                    ),
                    "approved" if answer["chosen_options"] == [APPROVE] else "rejected",
                    by=person["id"],
                    note=str(answer["params_input"].get("catatan") or ""),
                    channel="airflow",
                )
        except OperationalError:
            raise
        except CakupanError as error:
            raise AirflowFailException(str(error)) from None

    def _result(self, approval: str) -> dict[str, str]:
        return {"province": self.province, "month": self.month, "approval": approval}
