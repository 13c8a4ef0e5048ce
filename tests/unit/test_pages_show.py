"""Templates alone: words and figures in Indonesian, whatever the warehouse calls them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest

from cakupan.core.names import GROUPS
from cakupan.pages import releases, show
from cakupan.pages.access import Visitor
from cakupan.publish.reading import Selection
from cakupan.report.regions import places

ANA = Visitor("ana", "analyst", ("64",))
RELEASE = {
    "coverage_month": dt.date(2026, 9, 1),
    "sequence": 2,
    "is_current": True,
    "is_released": True,
    "is_latest_released": True,
    "status": "final",
    "approval": "approved",
    "decided_by_name": None,
    "decided_at": None,
    "decision_note": None,
    "present_count": 36,
    "expected_count": 38,
    "completeness_pct": Decimal("94.74"),
    "released_at": dt.datetime(2026, 10, 12, 15, 59, 59, tzinfo=dt.UTC),
    "release_id": "64-2026-09-0123456789ab",
    "content_sha256": "a" * 64,
    "files_sha256": "b" * 64,
    "supersedes": "64-2026-09-ba9876543210",
}


def text_of(template: str, **values: Any) -> str:
    """What a page says."""
    page = show._templates().get_template(template)
    frame = {"root": "/cakupan/", "visitor": ANA, "role": "", "menu": [],
             "here": ""}  # fmt: skip
    shown = re.sub(r"<[^>]+>", " ", page.render(**frame, **values))
    return " ".join(shown.split())


def release(approval: str, *, is_current: bool, is_latest: bool) -> dict[str, Any]:
    """A row of ``mart.releases``."""
    is_released = approval in {"approved", "not_required"}
    return {
        **RELEASE,
        "approval": approval,
        "is_current": is_current,
        "is_released": is_released,
        "is_latest_released": is_latest,
        "files_sha256": "b" * 64 if is_released else None,
    }


@pytest.mark.parametrize(
    ("approval", "is_current", "is_latest", "words"),
    [
        ("pending", True, False, "draf, menunggu persetujuan"),
        ("pending", False, False, "draf, digantikan"),
        ("rejected", True, False, "draf, ditolak"),
        ("rejected", False, False, "draf, ditolak"),
        ("approved", True, True, "dirilis, berlaku"),
        ("approved", False, True, "dirilis, berlaku"),
        ("approved", False, False, "digantikan"),
        ("not_required", True, True, "dirilis, berlaku"),
        ("not_required", False, False, "digantikan"),
    ],
)
def test_the_state_of_a_release_in_words(
    approval: str, is_current: bool, is_latest: bool, words: str
) -> None:
    """A draft is not in force, the last released one is, whatever came after it."""
    row = release(approval, is_current=is_current, is_latest=is_latest)
    assert releases.state_of(row).word == words
    shown = text_of("releases.html", province="64", releases=releases.shown([row], ANA))
    assert words in shown
    assert approval not in shown
    is_waiting = approval == "pending" and is_current
    assert ("tindakan yang diminta" in shown) is is_waiting
    assert (f"Sidik berkas {'b' * 64}" in shown) is row["is_released"]
    assert f"Sidik isi {'a' * 64}" in shown


def test_a_regency_reads_no_notes_of_the_approvers() -> None:
    row = release("rejected", is_current=True, is_latest=False) | {
        "decided_by_name": "Kepala Dinas",
        "decided_at": dt.datetime(2026, 10, 20, tzinfo=dt.UTC),
        "decision_note": "Angka Berau janggal",
    }
    for role, has_note in (("regency", False), ("analyst", True), ("steward", True)):
        rows = releases.shown([row], Visitor("x", role, ("64",)))
        shown = text_of("releases.html", province="64", releases=rows)
        assert ("Angka Berau janggal" in shown) is has_note, role
        assert ("Kepala Dinas" in shown) is has_note, role
        assert "20 Oktober 2026" in shown
        assert "ditolak" in shown


def test_a_draft_is_approved_where_airflow_asks() -> None:
    page = show._templates().get_template("releases.html")
    html = page.render(
        root="/data/cakupan/", visitor=None, role="", menu=[], here="",
        province="64",
        releases=releases.shown(
            [release("pending", is_current=True, is_latest=False)], ANA
        ),
    )  # fmt: skip
    assert 'href="/data/cakupan/../required_actions?response_received=false"' in html


def test_differences_are_figures_and_not_columns() -> None:
    changed = {
        "table": "monthly_coverage",
        "area_code": "64.02",
        "key": "BPU",
        "measure": "coverage_pct",
        "before": "1047.60",
        "after": None,
    }
    found = type(
        "Found",
        (),
        {
            "later": type("Later", (), RELEASE),
            "earlier": RELEASE["supersedes"],
            "differences": Selection((), ()),
        },
    )
    shown = text_of(
        "differences.html",
        found=found,
        shown=[changed],
        total=1,
        others=[],
        movements=[
            {
                "area_code": "64.02",
                "source": "registry",
                "group_code": "rt_rw",
                "entered_count": 1234,
                "left_count": 0,
                "changed_count": 0,
            }
        ],
        groups=GROUPS,
    )
    assert "1.047,60% –" in shown
    assert "Cakupan kepesertaan" in shown
    assert "Ketua RT dan RW 1.234 0 0" in shown
    for code in ("coverage_pct", "monthly_coverage", "rt_rw"):
        assert code not in shown


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Asia/Makassar", "12 Oktober 2026 23.59 WITA"),
        ("Asia/Jakarta", "12 Oktober 2026 22.59 WIB"),
        ("Asia/Jayapura", "13 Oktober 2026 00.59 WIT"),
    ],
)
def test_instants_are_in_the_local_time_of_the_province(zone: str, shown: str) -> None:
    token = show._ZONE.set(zone)
    try:
        assert show._moment(RELEASE["released_at"]) == shown
    finally:
        show._ZONE.reset(token)


def test_equal_shares_have_one_place() -> None:
    shares = {"a": Decimal("50.00"), "b": Decimal("60.00"), "c": Decimal("50.00"),
              "d": Decimal(0), "e": None}  # fmt: skip
    assert places(shares) == {"b": 1, "a": 2, "c": 2, "d": 4}
