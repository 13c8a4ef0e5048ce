"""Asking for the approval of a draft, and taking the answer."""

from __future__ import annotations

from typing import Any, Literal

from cakupan.core import areas, names
from cakupan.core.context import Context
from cakupan.core.month import CoverageMonth
from cakupan.publish import queries
from cakupan.runs.reports import DRAFT_NAME, keep_report, link_of, report_key


def is_to_be_requested(context: Context, release_id: str) -> bool:
    """Whether a draft waits for a person nobody has asked yet."""
    return (
        bool(context.settings.approvers)
        and queries.approval_of(context.engine, release_id).state == "pending"
        and not queries.was_requested(context.engine, release_id)
    )


def question(
    context: Context, province: str, month: CoverageMonth
) -> dict[str, Any] | None:
    """What the approvers are asked about the current draft of a month.

    Returns:
        ``{"release_id", "subject", "body", "assigned_users"}``; ``None`` when there is
        no draft or nobody is named as approver.
    """
    release = queries.current_release(context.engine, province, month)
    if release is None or not context.settings.approvers:
        return None
    if queries.approval_of(context.engine, release.release_id).is_released:
        return None
    place = report_key(province, month, release.release_id, DRAFT_NAME)
    name = f"{areas.name_of(province) or province}, {month.in_words}"
    return {
        "release_id": release.release_id,
        "subject": f"Setujui rilis cakupan {name}?",
        "body": "\n".join(
            (
                f"- Rilis `{release.release_id}` "
                f"({names.RELEASE_STATES[release.status]}), "
                f"{release.present_count} dari {release.expected_count} laporan wajib "
                "ada.",
                f"- Sidik isi: `{release.content_sha256}`",
                f"- Laporan draf: {link_of(context.settings, place)}",
                "- Selisih dengan rilis sebelumnya: halaman Cakupan, Pelepasan; juga "
                "dalam bab terakhir laporan draf.",
                "",
                "Setelah disetujui, laporan dikirim dan edisi publik dapat dibuat. Bila "
                "ditolak, rilis tetap draf; tulis alasannya pada catatan.",
            )
        ),
        "assigned_users": [
            {"id": one.user_id, "name": one.name} for one in context.settings.approvers
        ],
    }


def note_request(context: Context, release_id: str) -> None:
    """Keep that the approvers were asked, so that they are asked once."""
    queries.note_request(context, queries.release_of(context.engine, release_id))


def decide(
    context: Context,
    release_id: str,
    decision: Literal["approved", "rejected"],
    *,
    by: str,
    note: str,
    channel: Literal["airflow", "cli"],
) -> dict[str, Any]:
    """Take a person's decision and keep the report that says so.

    Returns:
        ``{"province", "month", "release_id", "status", "approval", "decided_by_name"}``.

    Raises:
        CakupanError: see :func:`cakupan.publish.approval.decide`.
    """
    decided = queries.decide(
        context, release_id, decision, by=by, note=note, channel=channel
    )
    release = queries.release_of(context.engine, release_id)
    month = CoverageMonth.of(release.coverage_month)
    keep_report(context, release.province_code, month, release_id, is_decided_anew=True)
    return {
        "province": release.province_code,
        "month": str(month),
        "release_id": release_id,
        "status": release.status,
        "approval": decided.state,
        "decided_by_name": decided.name,
    }
