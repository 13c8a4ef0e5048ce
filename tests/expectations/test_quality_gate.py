"""The gate: what is accepted, quarantined, refused; and that the counts balance."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cakupan.core.errors import InvariantBroken
from cakupan.core.findings import FINDING_SCHEMA, Finding, Grade, Severity
from cakupan.quality.check import Verdict
from cakupan.quality.columns import nik_prefixes
from expectations.typed_rows import gate, row, slot_of

RAGGED = Finding("ROW_RAGGED", Grade.RECORD, Severity.CRITICAL, "", 4)


def check(
    folder: Path,
    rows: Sequence[dict[str, Any]],
    prior: Sequence[Finding] = (),
    *,
    dataset: str = "pekerja_rentan",
    received: int | None = None,
    limit: int = 0,
) -> Verdict:
    return gate(folder, dataset, rows, prior, received=received, limit=limit)


def numbers(folder: Path, name: str) -> list[int]:
    return pq.read_table(folder / f"{name}.parquet")["source_row"].to_pylist()


def test_a_critical_row_is_quarantined_with_its_codes(tmp_path: Path) -> None:
    rows = [row("pekerja_rentan", n) for n in (1, 2, 3)]
    rows[1].update(nik=None, nik__defect="NIK_LENGTH", nama=None)
    verdict = check(tmp_path, rows)
    assert (verdict.accepted_count, verdict.quarantined_count) == (2, 1)
    assert numbers(tmp_path, "accepted") == [2, 4]
    [held] = pq.read_table(tmp_path / "quarantined.parquet").to_pylist()
    assert held["codes"] == ["NAME_MISSING", "NIK_LENGTH"]
    assert held["kode_desa"] == rows[1]["kode_desa"]
    assert verdict.findings.schema == FINDING_SCHEMA


def test_warnings_let_the_row_go_on(tmp_path: Path) -> None:
    verdict = check(tmp_path, [row("pekerja_rentan", 1, jenis_kelamin="L")])
    assert (verdict.accepted_count, verdict.quarantined_count) == (1, 0)
    assert verdict.findings["code"].to_pylist() == ["NIK_SEX_DIFFERS"]


def test_a_critical_finding_about_the_file_refuses_all_of_it(tmp_path: Path) -> None:
    refusal = Finding("SCHEME_UNDECLARED", Grade.SUBMISSION, Severity.CRITICAL, "nik")
    rows = [row("pekerja_rentan", 1), row("pekerja_rentan", 2, nama=None)]
    verdict = check(tmp_path, rows, [refusal])
    assert verdict.is_refused
    assert (verdict.accepted_count, verdict.quarantined_count) == (0, 0)
    assert verdict.rejected_count == 2
    # all checks ran nevertheless: the sender hears everything at once
    assert "NAME_MISSING" in verdict.findings["code"].to_pylist()
    assert not (tmp_path / "accepted.parquet").exists()


def test_a_row_staging_could_not_type_counts_as_quarantined(tmp_path: Path) -> None:
    rows = [row("pekerja_rentan", 1), row("pekerja_rentan", 2)]
    verdict = check(tmp_path, rows, [RAGGED], received=3)
    assert (verdict.accepted_count, verdict.quarantined_count) == (2, 1)
    assert numbers(tmp_path, "quarantined") == [4]


def test_what_staging_said_is_not_said_twice(tmp_path: Path) -> None:
    rows = [row("pekerja_rentan", n) for n in (1, 2, 3)]
    rows[2]["row__defect"] = "ROW_RAGGED"
    verdict = check(tmp_path, rows, [RAGGED])
    assert verdict.findings["code"].to_pylist().count("ROW_RAGGED") == 1
    assert verdict.quarantined_count == 1


def test_rows_that_got_lost_break_the_invariant(tmp_path: Path) -> None:
    with pytest.raises(InvariantBroken, match="ROWS_DO_NOT_BALANCE"):
        check(tmp_path, [row("pekerja_rentan", 1)], received=2)


def test_a_defect_no_rule_judges_breaks_the_invariant(tmp_path: Path) -> None:
    rows = [row("pekerja_rentan", 1, alamat__defect="NEW_DEFECT")]
    with pytest.raises(InvariantBroken, match="DEFECT_NOT_JUDGED"):
        check(tmp_path, rows)


def test_row_numbers_are_unique(tmp_path: Path) -> None:
    rows = [row("pekerja_rentan", 1), row("pekerja_rentan", 2, source_row=2)]
    with pytest.raises(InvariantBroken, match="SOURCE_ROW_NOT_UNIQUE"):
        check(tmp_path, rows)


@pytest.mark.parametrize("limit", [0, -1], ids=["gx", "bulk"])
def test_no_rows_is_no_error(tmp_path: Path, limit: int) -> None:
    verdict = check(tmp_path, [], limit=limit)
    assert (verdict.accepted_count, len(verdict.findings)) == (0, 0)
    assert numbers(tmp_path, "accepted") == []


def test_one_of_equal_niks_is_kept_and_it_is_a_clean_one(tmp_path: Path) -> None:
    same = row("pekerja_rentan", 1)["nik"]
    rows = [
        row("pekerja_rentan", 1, nama="A", nik=same, nama__defect=None, mulai=None),
        row("pekerja_rentan", 2, nama="B", nik=same),
        row("pekerja_rentan", 3, nama="C", nik=same),
    ]
    rows[0].update(mulai__defect="DATE_INVALID")
    verdict = check(tmp_path, rows)
    assert numbers(tmp_path, "accepted") == [3]
    duplicates = [
        finding["source_row"]
        for finding in verdict.findings.to_pylist()
        if finding["code"] == "DUPLICATE_ROW"
    ]
    assert duplicates == [2, 4]


def test_another_payer_or_segment_is_no_duplicate(tmp_path: Path) -> None:
    kpj = "26000000011"

    def member(number: int, **changes: Any) -> dict[str, Any]:
        return row("bpjs_kepesertaan", number, kpj=kpj, **changes)

    rows = [
        member(1),
        member(2, sumber_iuran="apbd_prov"),  # double funding, judged later
        member(3, segmen="PU"),
        member(4, bulan_iuran_terakhir=dt.date(2026, 5, 1)),
        member(5, sumber_iuran=None),
        member(6, sumber_iuran=None, nama="CONTOH LAIN"),
    ]
    verdict = check(tmp_path, rows, dataset="bpjs_kepesertaan")
    assert verdict.quarantined_count == 2
    # of two that are equally sound the one paid furthest stays
    assert numbers(tmp_path, "quarantined")[0] == 5


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    rows = [
        row("pekerja_rentan", n, jenis_kelamin="L" if n % 3 else "P", umur=n % 90)
        for n in range(1, 400)
    ]

    def digest(limit: int) -> list[str]:
        check(tmp_path, rows, limit=limit)
        return [
            hashlib.sha256((tmp_path / f"{name}.parquet").read_bytes()).hexdigest()
            for name in ("accepted", "quarantined")
        ]

    assert digest(1_000) == digest(0) == digest(0)


def test_a_large_share_of_bad_rows_is_reported(tmp_path: Path) -> None:
    rows = [row("pekerja_rentan", n) for n in range(1, 21)]
    for bad in rows[:3]:
        bad["nama"] = None
    verdict = check(tmp_path, rows)
    [said] = [f for f in verdict.findings.to_pylist() if f["grade"] == "submission"]
    assert said["code"] == "QUARANTINE_SHARE_HIGH"
    assert (said["detail"], said["row_count"]) == ("15,0 %", 3)


@pytest.mark.parametrize("limit", [0, 1_000])
def test_a_file_without_a_usable_row_is_refused(tmp_path: Path, limit: int) -> None:
    """It must not take the place of a good list, nor count as a report."""
    rows = [row("rt_rw", n, nama=None) for n in (1, 2)]
    verdict = check(tmp_path, rows, dataset="rt_rw", limit=limit)
    assert verdict.is_refused
    assert (verdict.accepted_count, verdict.rejected_count) == (0, 2)
    [said] = [f for f in verdict.findings.to_pylist() if f["grade"] == "submission"
              and f["severity"] == "critical"]  # fmt: skip
    assert (said["code"], said["row_count"]) == ("NOTHING_USABLE", 2)
    assert said["detail"] == "2 baris"
    one_good = [*rows, row("rt_rw", 3)]
    assert not check(tmp_path, one_good, dataset="rt_rw", limit=limit).is_refused


def test_a_draft_extract_is_one_finding(tmp_path: Path) -> None:
    rows = [row("bpjs_kepesertaan", n, status_periode="draft") for n in (1, 2, 3)]
    verdict = check(tmp_path, rows, dataset="bpjs_kepesertaan")
    assert verdict.accepted_count == 3
    [said] = verdict.findings.to_pylist()
    assert (said["code"], said["row_count"]) == ("PERIOD_NOT_POSTED", 3)


def test_no_personal_value_in_findings_errors_or_logs(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    canaries = ("6402014107859999", "KENARI NAMA", "Jalan Kenari")
    rows = [
        row(
            "pekerja_rentan",
            number,
            nik=canaries[0],
            nama=canaries[1],
            alamat=canaries[2],
            jenis_kelamin="L",
            umur=90,
        )
        for number in (1, 2, 3)
    ]
    with caplog.at_level(logging.DEBUG):
        verdict = check(tmp_path, rows, limit=1_000)
    rows[0]["alamat__defect"] = "NEW_DEFECT"
    with pytest.raises(InvariantBroken) as error:
        check(tmp_path, rows)
    said = capfd.readouterr()
    seen = " ".join(
        [str(verdict.findings.to_pylist()), str(error.value), caplog.text, *said]
    )
    assert verdict.quarantined_count == 2
    for canary in canaries:
        assert canary not in seen


def test_a_nik_may_start_with_a_retired_code_of_the_area() -> None:
    assert nik_prefixes(slot_of("rt_rw", "64.02").area) == ["6402"]
    assert "9101" in nik_prefixes(slot_of("rt_rw", "93.01").area)
    assert "640701" in nik_prefixes(slot_of("rt_rw", "64.11").area)
