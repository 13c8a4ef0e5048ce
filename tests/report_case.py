"""The facts of a small invented month of East Kalimantan, for the tests of the report.

The tables are computed by publish from hand-made results of reconcile.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdf

from cakupan.core.schema.mart import PUBLISHED
from cakupan.publish.reading import Release
from cakupan.report.build import document_of
from cakupan.report.coverage import Months
from cakupan.report.document import Document, Edition, Table
from cakupan.report.facts import Facts, facts_of
from cakupan.report.known import public_edition
from cakupan.report.revisions import Revisions
from publish_rows import (
    SEPTEMBER,
    compute,
    denominator,
    discrepancy,
    member,
    registered,
    sent,
)

RELEASE = Release(
    release_id="64-2026-09-0123456789ab",
    province_code="64",
    coverage_month=SEPTEMBER,
    sequence=1,
    status="provisional",
    expected_count=38,
    present_count=4,
    completeness_pct=Decimal("10.53"),
    content_sha256="a" * 64,
    inputs_hash="b" * 64,
    files_prefix="releases/64/2026-09/64-2026-09-0123456789ab/",
    released_at=dt.datetime(2026, 10, 16, tzinfo=dt.UTC),
    supersedes=None,
)
HISTORY = [
    {
        "sequence": 1,
        "release_id": RELEASE.release_id,
        "status": RELEASE.status,
        "completeness_pct": RELEASE.completeness_pct,
        "supersedes": None,
        "approval": "not_required",
        "decided_by_name": None,
        "decided_at": dt.datetime(2026, 10, 16, 1, 30, tzinfo=dt.UTC),
        "decision_note": None,
        "files_sha256": "c" * 64,
    }
]
_STATES = ("active", "active", "active", "active", "grace_1", "lapsed", "active")


def inputs() -> dict[str, Any]:
    """People of two regencies; in the second only a few."""
    people, lists = [], []
    for number in range(1, 61):
        area = "64.02" if number <= 48 else "64.71"
        state = _STATES[number % 7]
        segment = "PU" if number % 3 == 0 else "BPU"
        people.append(member(number, area, state, segment=segment))
        if number % 2:
            payer = "csr" if number % 5 == 0 else "apbd_kab"
            lists.append(
                registered(
                    number,
                    area,
                    state,
                    payer=payer,
                    village_code=f"{area}.01.{2001 if area == '64.02' else 1001}",
                )
            )
    lists += [registered(100 + n, "64.02", "not_enrolled") for n in range(3)]
    budget = {
        "coverage_month": SEPTEMBER,
        "province_code": "64",
        "area_code": "64.02",
        "fiscal_year": 2026,
        "submission_id": "anggaran-64.02-2026-09-001",
    }
    return {
        "submissions": [
            sent("bpjs_kepesertaan", "64"),
            sent("bpjs_klaim", "64"),
            sent("pekerja_rentan", "64.02"),
            sent("pekerja_rentan", "64.71"),
        ],
        "participation": people,
        "registry": lists,
        "denominators": [
            denominator("64", "BPU", 123_456),
            denominator("64.02", "BPU", 80),
            denominator("64.71", "BPU", 5),
            denominator("64", "PU", 1_234_567),
        ],
        "targets": [
            {
                "coverage_month": SEPTEMBER,
                "province_code": "64",
                "area_code": "64",
                "target_year": 2026,
                "segment": "BPU",
                "unit": "persen",
                "value": Decimal(60),
                "source": "Contoh",
            }
        ],
        "discrepancies": [
            discrepancy(100 + n, "64.02", "not_enrolled") for n in range(3)
        ],
        "budget_reports": [{**budget, "reported_month": SEPTEMBER, "is_nil": False}],
        "budgets": [
            {
                **budget,
                "worker_group": "pekerja_rentan",
                "payer": "apbd_kab",
                "budgeted_count": 40,
                "budget_rupiah": Decimal("8064000.50"),
                "realised_rupiah": Decimal("4032000.25"),
                "source_row": 2,
            }
        ],
        "claims": [
            {
                "coverage_month": SEPTEMBER,
                "province_code": "64",
                "area_code": "64.02",
                "claim_id": f"00000000-0000-0000-0000-00000000000{number}",
                "programme": programme,
                "person_id": None,
                "paid_date": dt.date(2026, 9, 20),
                "paid_rupiah": rupiah,
                "is_participant": True,
                "submission_id": "bpjs_klaim-64-2026-09-001",
                "source_row": number,
            }
            for number, programme, rupiah in (
                (2, "JKM", Decimal("42000000.00")),
                (3, "JKK", Decimal("1234567.89")),
            )
        ],
    }


def facts(folder: Path, **more: Any) -> Facts:
    """The facts as the report reads them, nothing hidden."""
    tables = compute(folder, **{**inputs(), **more})
    return facts_of(RELEASE, {name: tables[name] for name in PUBLISHED})


def empty(folder: Path, province: str) -> Facts:
    """The facts of a province that sent nothing: every regency is in them."""
    tables = compute(folder, [], province)
    release = replace(RELEASE, province_code=province)
    return facts_of(release, {name: tables[name] for name in PUBLISHED})


def document(
    found: Facts, edition: Edition = "internal", area: str = "64", **months: Any
) -> Document:
    """The report of one month."""
    shown = public_edition(found) if edition == "public" else found
    return document_of(Months(shown, **months), Revisions(HISTORY), area, edition)


def tables(found: Document) -> dict[str, Table]:
    """Its tables, by the name of their sheet."""
    return {
        block.sheet: block for _, block in found.blocks() if isinstance(block, Table)
    }


def pdf_text(data: bytes) -> str:
    """What a reader of the PDF sees, on one line."""
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))
