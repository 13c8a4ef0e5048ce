"""Golden cases of ``monthly_reporting`` and ``monthly_discrepancies``."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cakupan.core import due
from cakupan.core.due_exceptions import DueException
from cakupan.core.settings import Settings
from publish_rows import MONTH, compute, discrepancy, one, pick, refused, sent

SHOWN = (
    "state",
    "is_expected",
    "is_refused",
    "revision",
    "received_count",
    "accepted_count",
    "quarantined_count",
    "rejected_count",
)


def shown(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in SHOWN)


def test_every_expected_report_has_a_row(tmp_path: Path) -> None:
    rows = compute(tmp_path, [])["monthly_reporting"]
    assert {row["state"] for row in rows} == {"missing"}
    by_dataset = {
        name: [row["area_code"] for row in pick(rows, dataset=name)]
        for name in {row["dataset"] for row in rows}
    }
    regencies = sorted({row["area_code"] for row in rows} - {"64"})
    assert by_dataset["pekerja_rentan"] == regencies
    assert len(regencies) == 10
    # the three cities have no desa
    assert by_dataset["aparatur_desa"] == regencies[:7]
    assert by_dataset["bpjs_kepesertaan"] == ["64"]
    assert set(by_dataset) == {
        "aparatur_desa", "bpjs_kepesertaan", "non_asn", "pekerja_rentan", "rt_rw",
    }  # fmt: skip


#: 23.59.59 WITA of Monday the 12th: the 10th of October 2026 is a Saturday
LAST_SECOND = dt.datetime(2026, 10, 12, 15, 59, 59, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([sent("rt_rw", "64.02")], ("on_time", True, False, 1, 10, 10, 0, 0)),
        (
            [sent("rt_rw", "64.02", received_at=LAST_SECOND)],
            ("on_time", True, False, 1, 10, 10, 0, 0),
        ),
        (
            [
                sent(
                    "rt_rw",
                    "64.02",
                    received_at=LAST_SECOND + dt.timedelta(seconds=1),
                )
            ],
            ("late", True, False, 1, 10, 10, 0, 0),
        ),
        ([sent("rt_rw", "64.02", 0)], ("nil", True, False, 1, 0, 0, 0, 0)),
        ([refused("rt_rw", "64.02")], ("missing", True, True, 1, 10, 0, 0, 10)),
        # the newer revision replaces the older, whatever the order of the rows
        (
            [
                sent("rt_rw", "64.02", 12, attempt=2),
                sent("rt_rw", "64.02", 10),
            ],
            ("on_time", True, False, 2, 12, 12, 0, 0),
        ),
        # a refused file replaces nothing but is said
        (
            [sent("rt_rw", "64.02"), refused("rt_rw", "64.02", attempt=2)],
            ("on_time", True, True, 1, 10, 10, 0, 0),
        ),
        # a correction takes the refusal away
        (
            [refused("rt_rw", "64.02"), sent("rt_rw", "64.02", 9, attempt=2)],
            ("on_time", True, False, 2, 9, 9, 0, 0),
        ),
        # duplicates and files nobody has looked at say nothing
        (
            [
                sent("rt_rw", "64.02"),
                sent("rt_rw", "64.02", attempt=2, state="duplicate", revision=None),
                sent("rt_rw", "64.02", attempt=3, state="received"),
            ],
            ("on_time", True, False, 1, 10, 10, 0, 0),
        ),
    ],
)
def test_state_of_a_report(
    tmp_path: Path, given: list[dict[str, Any]], expected: tuple[Any, ...]
) -> None:
    rows = compute(tmp_path, given)["monthly_reporting"]
    row = one(rows, area_code="64.02", dataset="rt_rw")
    assert shown(row) == expected
    assert row["due_at"] == LAST_SECOND


def test_due_in_the_time_zone_the_deployment_states(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, timezone="Asia/Jayapura")
    rows = compute(tmp_path, [], settings=settings)["monthly_reporting"]
    row = one(rows, area_code="64", dataset="bpjs_kepesertaan")
    assert row["due_at"] == dt.datetime(2026, 10, 15, 14, 59, 59, tzinfo=dt.UTC)


def test_what_nobody_asked_for_is_shown_too(tmp_path: Path) -> None:
    rows = compute(tmp_path, [sent("penyebut", "64"), sent("non_asn", "64")])
    row = one(rows["monthly_reporting"], dataset="penyebut")
    assert shown(row) == ("on_time", False, False, 1, 10, 10, 0, 0)
    assert row["due_at"] is None
    row = one(rows["monthly_reporting"], dataset="non_asn", area_code="64")
    assert not row["is_expected"]


def test_extracts_of_regencies_are_expected_from_all_of_them(tmp_path: Path) -> None:
    rows = compute(tmp_path, [sent("bpjs_kepesertaan", "64.02")])["monthly_reporting"]
    found = pick(rows, dataset="bpjs_kepesertaan")
    assert len(found) == 10
    assert all(row["is_expected"] for row in found)
    assert [row["area_code"] for row in pick(found, state="on_time")] == ["64.02"]
    # beside an extract of the province they are extras
    rows = compute(
        tmp_path, [sent("bpjs_kepesertaan", "64"), sent("bpjs_kepesertaan", "64.02")]
    )["monthly_reporting"]
    found = pick(rows, dataset="bpjs_kepesertaan")
    assert [(row["area_code"], row["is_expected"]) for row in found] == [
        ("64", True),
        ("64.02", False),
    ]


def test_discrepancies_count_persons_and_rows(tmp_path: Path) -> None:
    marts = compute(
        tmp_path,
        [sent("bpjs_kepesertaan", "64"), sent("pekerja_rentan", "64.02")],
        discrepancies=[
            discrepancy(1, "64.02", "double_registered", rupiah=Decimal(16800)),
            discrepancy(1, "64.03", "double_registered", rupiah=Decimal(16800)),
            discrepancy(None, "64.02", "nik_invalid"),
            discrepancy(None, "64.02", "nik_invalid"),
            discrepancy(2, "64.02", "deceased"),
        ],
    )
    rows = marts["monthly_discrepancies"]

    def of(area: str, kind: str) -> tuple[Any, Any]:
        row = one(rows, area_code=area, kind=kind)
        return row["person_count"], row["rupiah"]

    assert of("64.02", "double_registered") == (1, Decimal(16800))
    assert of("64", "double_registered") == (1, Decimal(33600))
    assert of("64.02", "nik_invalid") == (2, None)
    assert of("64", "deceased") == (1, None)
    assert of("64.02", "not_enrolled") == (0, None)


def test_zero_only_where_the_kind_could_be_seen(tmp_path: Path) -> None:
    def kinds(*submissions: dict[str, Any], area: str) -> set[str]:
        rows = compute(tmp_path, list(submissions))["monthly_discrepancies"]
        return {row["kind"] for row in pick(rows, area_code=area)}

    registry, snapshot = sent("rt_rw", "64.02"), sent("bpjs_kepesertaan", "64")
    own = {"became_asn", "double_registered", "ineligible_age", "nik_invalid"}
    assert kinds(area="64.02") == set()
    assert kinds(registry, area="64.02") == own
    assert kinds(registry, area="64.03") == set()
    assert kinds(registry, area="64") == own
    assert kinds(snapshot, area="64.02") == {"double_funded", "nik_invalid"}
    both = kinds(registry, snapshot, area="64.02")
    assert {"not_enrolled", "lapsed", "in_grace", "identity_conflict"} < both
    assert "covered_by_employer" not in both
    workers = kinds(sent("pekerja_rentan", "64.02"), snapshot, area="64.02")
    assert "covered_by_employer" in workers
    assert "deceased" not in workers
    # a registry here and a snapshot there judge nothing together
    split = kinds(registry, sent("bpjs_kepesertaan", "64.03"), area="64")
    assert "not_enrolled" not in split


def test_who_may_be_late_is_on_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """64.02 may send until Saturday the 17th, 64.03 may not; both came on the 17th."""
    allowed = DueException(
        MONTH, "rt_rw", "64.02", dt.date(2026, 10, 17), "Banjir", "Sekda"
    )
    monkeypatch.setattr(due, "due_exceptions", lambda: (allowed,))
    came = dt.datetime(2026, 10, 17, 15, 59, tzinfo=dt.UTC)
    rows = compute(
        tmp_path,
        [sent("rt_rw", area, received_at=came) for area in ("64.02", "64.03")],
    )["monthly_reporting"]
    states = {
        area: one(rows, area_code=area, dataset="rt_rw") for area in ("64.02", "64.03")
    }
    assert states["64.02"]["state"] == "on_time"
    assert states["64.02"]["due_at"] == dt.datetime(
        2026, 10, 17, 15, 59, 59, tzinfo=dt.UTC
    )
    assert states["64.03"]["state"] == "late"
    other = one(rows, area_code="64.02", dataset="non_asn")
    assert other["due_at"] == states["64.03"]["due_at"]
