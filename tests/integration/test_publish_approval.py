"""Draft, approved, rejected, superseded: what is decided, by whom, and what is seen."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import replace
from typing import Any

import pypdf
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from cakupan.core.area import AreaCode
from cakupan.core.context import Context
from cakupan.core.errors import CakupanError, UsageError
from cakupan.core.settings import Approver, Settings
from cakupan.core.store import prepare_store
from cakupan.publish import queries
from cakupan.publish.approval import approval_of, decide, settle, was_requested
from cakupan.report.build import build_report
from cakupan.report.document import Document, Table
from cakupan.report.pdf import pdf_bytes
from cakupan.runs.approvals import decide as runs_decide
from cakupan.runs.reports import keep_report
from integration.published_month import publish_case
from publish_rows import MONTH

PROVINCE = AreaCode("64")
SEKDA = Approver("sekda", "Dr. Siti Aminah, M.Si.")


@pytest.fixture
def context(settings: Settings, engine: sa.Engine) -> Context:
    named = replace(settings, approvers=(SEKDA, Approver("kadis", "kadis")))
    return Context(settings=named, store=prepare_store(settings), engine=engine)


def shown(context: Context, release_id: str) -> dict[str, Any]:
    """The row of ``mart.releases``."""
    (row,) = [
        row
        for row in queries.releases(context.engine, MONTH).as_dicts()
        if row["release_id"] == release_id
    ]
    return row


def refused(*given: Any, **more: Any) -> str:
    with pytest.raises(CakupanError) as caught:
        decide(*given, **{"channel": "cli", **more})
    return caught.value.code


def test_a_draft_is_current_but_not_released(context: Context) -> None:
    draft = publish_case(context)
    row = shown(context, draft)
    assert (row["approval"], row["is_current"]) == ("pending", True)
    assert not row["is_released"]
    assert not row["is_latest_released"]
    assert row["decided_at"] is None
    with context.engine.connect() as connection:
        seen = connection.scalar(
            sa.text(
                "select count(*) from mart.monthly_coverage where release_id = :id"
            ),
            {"id": draft},
        )
    assert seen
    words = build_report(context.engine, PROVINCE, MONTH, "internal").status
    assert "DRAF, menunggu persetujuan" in words
    with pytest.raises(UsageError) as caught:
        build_report(context.engine, PROVINCE, MONTH, "public")
    assert caught.value.code == "RELEASE_NOT_APPROVED"
    assert keep_report(context, "64", MONTH, draft).endswith("/draf.pdf")


def test_approval_is_kept_with_who_when_and_checksum(context: Context) -> None:
    draft = publish_case(context)
    before = context.store.read(f"releases/64/2026-09/{draft}/SHA256SUMS")
    note = "Sudah dibaca; nomor 6402010101900001\nlihat lampiran"
    decide(context, draft, "approved", by="sekda", note=note, channel="cli")
    row = shown(context, draft)
    assert row["approval"] == "approved"
    assert row["is_released"]
    assert row["is_latest_released"]
    assert (row["decided_by"], row["decided_by_name"]) == (SEKDA.user_id, SEKDA.name)
    assert row["decided_at"] is not None
    assert row["files_sha256"] == hashlib.sha256(before).hexdigest()
    # a number a person typed is masked, the words stay on one line
    assert row["decision_note"] == f"Sudah dibaca; nomor {'*' * 16} lihat lampiran"
    # the release is what it was
    assert context.store.read(f"releases/64/2026-09/{draft}/SHA256SUMS") == before

    key = keep_report(context, "64", MONTH, draft)
    assert key.endswith("/laporan.pdf")
    pages = pypdf.PdfReader(io.BytesIO(context.store.read(key))).pages
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))
    assert f"Disetujui {SEKDA.name}" in text
    assert "WITA" in text
    assert row["files_sha256"] in text.replace(" ", "")
    public = pdf_bytes(build_report(context.engine, PROVINCE, MONTH, "public"))
    assert public.startswith(b"%PDF")


def test_who_may_not_decide_and_what_cannot_be_decided(context: Context) -> None:
    draft = publish_case(context)
    assert refused(context, draft, "approved", by="orang lain") == "APPROVER_UNKNOWN"
    nobody = replace(context, settings=replace(context.settings, approvers=()))
    assert refused(nobody, draft, "approved", by="sekda") == "APPROVERS_NOT_SET"
    assert refused(context, draft, "rejected", by="sekda", note=" ") == "REASON_MISSING"
    assert refused(context, draft, "approved", by="sekda", note="x" * 501) == (
        "NOTE_TOO_LONG"
    )
    unknown = "64-2026-09-000000000000"
    assert refused(context, unknown, "approved", by="sekda") == "RELEASE_UNKNOWN"
    assert approval_of(context.engine, draft).state == "pending"

    decide(context, draft, "approved", by=SEKDA.name, channel="airflow")
    again = refused(context, draft, "approved", by="kadis")
    assert again == "RELEASE_ALREADY_RELEASED"
    late = refused(context, draft, "rejected", by="kadis", note="terlambat")
    assert late == "RELEASE_ALREADY_RELEASED"


def test_rejection_keeps_the_draft_with_the_reason_until_somebody_approves(
    context: Context,
) -> None:
    draft = publish_case(context)
    decide(
        context,
        draft,
        "rejected",
        by="kadis",
        note="Angka Berau janggal",
        channel="cli",
    )
    row = shown(context, draft)
    assert (row["approval"], row["is_released"]) == ("rejected", False)
    assert row["decision_note"] == "Angka Berau janggal"
    words = build_report(context.engine, PROVINCE, MONTH, "internal").status
    assert "DRAF, ditolak kadis" in words
    assert "Angka Berau janggal" in words
    decide(context, draft, "approved", by="sekda", channel="cli")
    assert shown(context, draft)["approval"] == "approved"


def test_a_newer_draft_voids_the_question_and_hides_nothing(context: Context) -> None:
    first = publish_case(context)
    decide(context, first, "approved", by="sekda", channel="cli")
    second = publish_case(context, people=40)
    third = publish_case(context, people=30)
    assert len({first, second, third}) == 3
    assert refused(context, second, "approved", by="sekda") == "RELEASE_SUPERSEDED"
    # what was approved stays what leaves the office
    assert shown(context, first)["is_latest_released"]
    assert build_report(context.engine, PROVINCE, MONTH, "public").release_id == first
    assert build_report(context.engine, PROVINCE, MONTH, "internal").release_id == third
    decide(context, third, "approved", by="sekda", channel="cli")
    assert not shown(context, first)["is_latest_released"]
    assert build_report(context.engine, PROVINCE, MONTH, "public").release_id == third


def test_the_report_lists_what_a_correction_moved(context: Context) -> None:
    publish_case(context)
    second = publish_case(context, people=40)
    decide(context, second, "approved", by="sekda", channel="cli")
    with context.engine.connect() as connection:
        moved = {
            (row.before_value, row.after_value)
            for row in connection.execute(
                sa.text(
                    "select before_value, after_value from mart.release_differences"
                    " where release_id = :id and area_code = '64' and cell_key"
                    " like 'BPU%' and measure = 'active_count'"
                ),
                {"id": second},
            )
        }
    assert moved
    shown = _table(build_report(context.engine, PROVINCE, MONTH, "internal"))
    assert shown is not None
    pairs = {(str(row[3]), str(row[4])) for row in shown.rows}
    assert moved <= pairs
    assert {str(row[0]) for row in shown.rows[:3]} == {"Kalimantan Timur"}
    # before and after were judged by nobody: the public edition counts them only
    public = build_report(context.engine, PROVINCE, MONTH, "public")
    assert _table(public) is None
    assert "Edisi publik tidak merincinya" in str(public)


def _table(document: Document) -> Table | None:
    return next(
        (
            block
            for _, block in document.blocks()
            if isinstance(block, Table) and block.sheet == "Angka berubah"
        ),
        None,
    )


def test_without_approvers_a_release_is_released_and_says_so(context: Context) -> None:
    free = replace(context, settings=replace(context.settings, approvers=()))
    draft = publish_case(context)
    release = queries.release_of(context.engine, draft)
    assert settle(context, release).state == "pending"  # approvers are named
    settle(free, release)
    settle(free, release)
    row = shown(context, draft)
    assert (row["approval"], row["is_released"]) == ("not_required", True)
    assert row["files_sha256"]
    with context.engine.connect() as connection:
        count = connection.scalar(sa.text("select count(*) from ops.release_decisions"))
    assert count == 1
    words = build_report(context.engine, PROVINCE, MONTH, "internal").status
    assert "Dilepas tanpa persetujuan" in words
    # a person may still put a name to it, but not take it back
    assert refused(context, draft, "rejected", by="sekda", note="x") == (
        "RELEASE_ALREADY_RELEASED"
    )
    key = keep_report(context, "64", MONTH, draft)
    before = context.store.read(key)
    runs_decide(context, draft, "approved", by="sekda", note="", channel="cli")
    assert shown(context, draft)["approval"] == "approved"
    # the kept report says so from then on
    pages = pypdf.PdfReader(io.BytesIO(context.store.read(key))).pages
    assert context.store.read(key) != before
    assert f"Disetujui {SEKDA.name}" in pages[0].extract_text()


def test_damaged_files_cannot_be_approved(context: Context) -> None:
    draft = publish_case(context)
    context.store.put(f"releases/64/2026-09/{draft}/areas.csv", b"lain")
    assert refused(context, draft, "approved", by="sekda") == "RELEASE_FILE_DAMAGED"
    assert approval_of(context.engine, draft).state == "pending"


def test_decisions_cannot_be_changed(context: Context) -> None:
    draft = publish_case(context)
    queries.note_request(context, queries.release_of(context.engine, draft))
    assert was_requested(context.engine, draft)
    assert approval_of(context.engine, draft).state == "pending"
    for statement in (
        "update ops.release_decisions set decision = 'approved'",
        "delete from ops.release_decisions",
    ):
        with pytest.raises(DatabaseError), context.engine.begin() as connection:
            connection.execute(sa.text(statement))
