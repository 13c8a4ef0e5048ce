"""The ledger on real PostgreSQL: what is pending, in force, found and recorded."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyarrow as pa
import pytest
import sqlalchemy as sa

from cakupan.core import ledger
from cakupan.core.context import Context
from cakupan.core.errors import InvariantBroken, UsageError
from cakupan.core.findings import (
    FINDING_SCHEMA,
    Finding,
    Grade,
    Severity,
    findings_table,
)
from cakupan.core.ledger_rows import LEDGER, lock
from cakupan.core.month import CoverageMonth
from cakupan.core.settings import Settings
from cakupan.core.store import prepare_store
from cakupan.core.submission import Submission
from cakupan.landing.scan import scan

NIK = "6402014107850001"
SEPTEMBER = CoverageMonth(2026, 9)
OCTOBER = CoverageMonth(2026, 10)
START = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)


@pytest.fixture
def context(settings: Settings, engine: sa.Engine) -> Context:
    return Context(settings, prepare_store(settings), engine)


def _land(context: Context, *slots: str) -> list[Submission]:
    """Land one new file for each slot, in this order."""
    before = len(list(context.store.list("landing/")))
    for number, slot in enumerate(slots, start=before):
        moment = START + dt.timedelta(minutes=number)
        content = f"isi {number}".encode()
        context.store.put(f"landing/{slot}/{number}.csv", content, stored_at=moment)
    return list(scan(context).registered)


def _record(context: Context, found: Submission, **changes: Any) -> None:
    values: dict[str, Any] = {
        "state": "accepted",
        "received_count": 3,
        "accepted_count": 2,
        "quarantined_count": 1,
        "rejected_count": 0,
        "is_nil": False,
        "file_format": "csv",
        "layout": {"format": "csv"},
        "staged_sha256": "a" * 64,
        "findings": findings_table([]),
    }
    values.update(changes)
    ledger.record_result(context.engine, found.submission_id, **values)


REFUSED = {
    "state": "refused",
    "accepted_count": 0,
    "quarantined_count": 0,
    "rejected_count": 3,
}


def test_a_result_is_read_back(context: Context) -> None:
    (found,) = _land(context, "rt_rw/64.02/2026-09")
    findings = [
        Finding("NIK_LENGTH", Grade.RECORD, Severity.CRITICAL, "nik", source_row=12),
        Finding("DATE_INVALID", Grade.RECORD, Severity.CRITICAL, "mulai", source_row=3),
        Finding("SHEETS_IGNORED", Grade.SUBMISSION, Severity.INFO, detail="Lembar2"),
    ]
    moment = dt.datetime(2026, 10, 2, tzinfo=dt.UTC)
    _record(context, found, findings=findings_table(findings), processed_at=moment)
    detail = ledger.details(context.engine, found.submission_id)
    assert detail["state"] == "accepted"
    assert detail["layout"] == {"format": "csv"}
    assert detail["processed_at"] == moment
    assert (detail["received_count"], detail["quarantined_count"]) == (3, 1)
    table = ledger.findings(context.engine, found.submission_id)
    assert table.schema == FINDING_SCHEMA
    assert table["source_row"].to_pylist() == [None, 3, 12]
    assert table.equals(findings_table([findings[2], findings[1], findings[0]]))
    assert ledger.pending(context.engine, ["64"]) == []
    staged = ledger.fingerprints(context.engine, [found])
    assert staged == {found.submission_id: "a" * 64}


def test_a_result_replaces_the_earlier_one(context: Context) -> None:
    (found,) = _land(context, "rt_rw/64.02/2026-09")
    old = Finding("FILE_TIMEOUT", Grade.SUBMISSION, Severity.CRITICAL)
    for _ in range(2):
        _record(context, found, **REFUSED, layout=None, findings=findings_table([old]))
    table = ledger.findings(context.engine, found.submission_id)
    assert table["code"].to_pylist() == ["FILE_TIMEOUT"]
    assert ledger.details(context.engine, found.submission_id)["layout"] is None
    _record(context, found)
    assert ledger.findings(context.engine, found.submission_id).num_rows == 0
    assert ledger.get(context.engine, found.submission_id).state == "accepted"


def test_no_findings_are_an_empty_table(context: Context) -> None:
    table = ledger.findings(context.engine, "tidak-ada")
    assert table.schema == FINDING_SCHEMA
    assert table.num_rows == 0


@pytest.mark.parametrize(
    ("tries", "minutes"), [(1, 1), (2, 2), (3, 4), (7, 60), (90, 60)]
)
def test_what_came_to_no_end_rests_longer_each_time(
    context: Context, tries: int, minutes: int
) -> None:
    found, other = _land(context, "rt_rw/64.02/2026-09", "rt_rw/64.03/2026-09")
    begun = dt.datetime(2026, 10, 2, tzinfo=dt.UTC)
    for _ in range(tries):
        ledger.record_try(context.engine, found.submission_id, begun)

    def due(seconds: int) -> list[Submission]:
        at = begun + dt.timedelta(minutes=minutes, seconds=seconds)
        return ledger.pending(context.engine, ["64"], due_at=at)

    assert due(-1) == [other]
    assert due(0) == [found, other]
    assert ledger.pending(context.engine, ["64"]) == [found, other]


@pytest.mark.parametrize(
    "changes",
    [
        {"received_count": 4},
        {"accepted_count": 4, "quarantined_count": -1},
        {"state": "received"},
        {"state": "duplicate"},
    ],
)
def test_results_that_do_not_balance(context: Context, changes: dict[str, Any]) -> None:
    (found,) = _land(context, "rt_rw/64.02/2026-09")
    with pytest.raises(InvariantBroken, match="COUNTS_UNBALANCED"):
        _record(context, found, **changes)
    assert ledger.get(context.engine, found.submission_id).state == "received"


def test_a_duplicate_has_no_result(context: Context) -> None:
    _land(context, "rt_rw/64.02/2026-09")
    context.store.put("landing/rt_rw/64.02/2026-09/x.csv", b"isi 0")
    (again,) = scan(context).registered
    with pytest.raises(InvariantBroken, match="SUBMISSION_IS_DUPLICATE"):
        _record(context, again)


def test_an_unknown_number(context: Context) -> None:
    for ask in (ledger.get, ledger.details):
        with pytest.raises(UsageError, match="SUBMISSION_UNKNOWN"):
            ask(context.engine, "rt_rw-64.02-2026-09-001")


def test_hostile_text_is_made_plain(context: Context) -> None:
    (found,) = _land(context, "rt_rw/64.02/2026-09")
    finding = Finding(
        "COLUMN_UNKNOWN", Grade.SUBMISSION, Severity.INFO, detail=f"\x00{NIK}\n\\N\t"
    )
    layout = {"columns": [{"header": f"a\x00\ud800{NIK}", "index": 1, "name": None}]}
    _record(context, found, layout=layout, findings=findings_table([finding]))
    table = ledger.findings(context.engine, found.submission_id)
    assert table["detail"].to_pylist() == ["*" * 16 + "\n\\N\t"]
    detail = ledger.details(context.engine, found.submission_id)
    assert detail["layout"]["columns"] == [
        {"header": "a?" + "*" * 16, "index": 1, "name": None}
    ]


def test_what_waits(context: Context) -> None:
    found = _land(
        context,
        "rt_rw/64.02/2026-09",
        "rt_rw/64.02/2026-10",
        "rt_rw/62.01/2026-09",
        "rt_rw/64.02/2026-09",
    )
    assert [one.state for one in found].count("refused") == 1
    september = [found[0], found[3]]
    assert ledger.pending(context.engine, ["64"], [SEPTEMBER]) == september
    assert ledger.pending(context.engine, ["64"], []) == []
    assert ledger.pending(context.engine, ["62"]) == []
    assert ledger.slots_with_pending(context.engine) == [found[0].slot, found[1].slot]
    _record(context, found[1])
    assert ledger.slots_with_pending(context.engine) == [found[0].slot]


def test_what_is_in_force(context: Context) -> None:
    found = _land(
        context,
        "rt_rw/64.02/2026-09",
        "rt_rw/64.71/2026-09",
        "rt_rw/64.02/2026-09",
        "rt_rw/64.02/2026-09",
        "rt_rw/64.02/2026-09",
        "rt_rw/64.71/2026-10",
    )
    assert ledger.in_force(context.engine, "64", SEPTEMBER) == []
    _record(context, found[0])
    _record(context, found[2])
    _record(context, found[3], **REFUSED)

    def ids(month: CoverageMonth) -> list[str]:
        in_force = ledger.in_force(context.engine, "64", month)
        return [one.submission_id[-11:] for one in in_force]

    # the fourth was refused, the fifth waits: the second accepted one stays
    assert ids(SEPTEMBER) == ["2026-09-002"]
    _record(context, found[1])
    _record(context, found[4])
    _record(context, found[5])
    assert ids(SEPTEMBER) == ["2026-09-004", "2026-09-001"]
    assert ids(OCTOBER) == ["2026-10-001"]
    assert ledger.in_force(context.engine, "62", SEPTEMBER) == []


def test_reference_files_stay_in_force_for_later_months(context: Context) -> None:
    found = _land(
        context,
        "penyebut/64/2026-08",
        "penyebut/64/2026-08",
        "penyebut/64/2026-10",
        "target/64/2026-09",
        "rt_rw/64.02/2026-08",
    )
    for one in found:
        _record(context, one)

    def ids(month: CoverageMonth) -> list[str]:
        in_force = ledger.in_force_reference(context.engine, "64", month)
        return [one.submission_id for one in in_force]

    assert ids(CoverageMonth(2026, 7)) == []
    assert ids(SEPTEMBER) == ["penyebut-64-2026-08-002", "target-64-2026-09-001"]
    assert ids(OCTOBER) == [
        "penyebut-64-2026-08-002",
        "penyebut-64-2026-10-001",
        "target-64-2026-09-001",
    ]


def test_months_known_are_those_of_registries_and_extracts(context: Context) -> None:
    found = _land(
        context,
        "rt_rw/64.02/2026-10",
        "bpjs_kepesertaan/64/2026-09",
        "penyebut/64/2026-08",
        "rt_rw/64.02/2026-07",
    )
    _record(context, found[3], **REFUSED)
    assert ledger.months_known(context.engine, "64") == [SEPTEMBER, OCTOBER]
    assert ledger.months_known(context.engine, "62") == []


def test_the_table_of_a_month(context: Context) -> None:
    found = _land(context, "rt_rw/64.71/2026-09", "rt_rw/64.02/2026-09")
    rows = ledger.submissions_table(context.engine, "64", SEPTEMBER)
    ids = [row["submission_id"] for row in rows]
    assert ids == [found[1].submission_id, found[0].submission_id]
    assert rows[0]["received_count"] is None
    assert rows[0]["coverage_month"] == SEPTEMBER.first_day


def test_results_recorded_at_once_leave_one_set_of_findings(context: Context) -> None:
    (found,) = _land(context, "rt_rw/64.02/2026-09")
    findings = findings_table(
        Finding("NIK_LENGTH", Grade.RECORD, Severity.CRITICAL, "nik", row)
        for row in range(2, 502)
    )
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: _record(context, found, findings=findings), range(4)))
    table = ledger.findings(context.engine, found.submission_id)
    assert table["source_row"].to_pylist() == list(range(2, 502))


def test_results_wait_while_files_are_registered(context: Context) -> None:
    (found,) = _land(context, "rt_rw/64.02/2026-09")
    with ThreadPoolExecutor(1) as pool:
        with context.engine.begin() as connection:
            lock(connection, LEDGER)
            result = pool.submit(_record, context, found)
            with pytest.raises(TimeoutError):
                result.result(timeout=0.3)
            state = connection.scalar(sa.text("select state from ops.submissions"))
            assert state == "received"
        result.result(timeout=60)
    assert ledger.get(context.engine, found.submission_id).state == "accepted"


def test_findings_in_another_column_order_and_with_more_columns(
    context: Context,
) -> None:
    (found,) = _land(context, "rt_rw/64.02/2026-09")
    table = findings_table([Finding("NIK_LENGTH", Grade.RECORD, Severity.CRITICAL)])
    odd = table.select(list(reversed(FINDING_SCHEMA.names))).append_column(
        "lain", pa.array(["x"])
    )
    _record(context, found, findings=odd)
    assert ledger.findings(context.engine, found.submission_id).equals(table)
