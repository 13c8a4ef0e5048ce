"""received = accepted + quarantined + rejected, counted without our reader.

The rows of every demo file are counted by ``csv``, openpyxl, pandas and pyarrow; what
must be quarantined, and why, is what the demo put in.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from cakupan.core.area import AreaCode
from cakupan.core.month import CoverageMonth
from cakupan.core.submission import Slot
from cakupan.demo import DemoFile, DemoProvince, generate
from cakupan.rosters.behind import read_behind
from cakupan.rosters.warnings import KINDS, read_warnings
from e2e.home import Home

pytestmark = pytest.mark.slow

LAST = "2026-09"
NOT_DATA = ("JUMLAH", "TOTAL", "NIHIL")
ENCODINGS = {"64.03": "cp1252", "64.08": "utf-8-sig"}


def _cells(file: DemoFile) -> Iterator[list[str]]:
    """The cells of a file as text, read by somebody else's program."""
    path, kinds = file.path, file.path.name.partition(".")[2]
    with path.open("rb") as stream:
        magic = stream.read(4)
    if kinds.endswith("ods"):
        frame = pd.read_excel(path, header=None, dtype=str, engine="odf")
        yield from frame.fillna("").values.tolist()
    elif magic.startswith(b"PK"):  # whatever its name says
        with path.open("rb") as stream:
            book = openpyxl.load_workbook(stream)
            for row in book.worksheets[0].iter_rows(values_only=True):
                yield ["" if cell is None else str(cell) for cell in row]
            book.close()
    else:
        data = path.read_bytes()
        text = (gzip.decompress(data) if magic[:2] == b"\x1f\x8b" else data).decode(
            ENCODINGS.get(str(file.slot.area), "utf-8")
        )
        first = max(text.splitlines()[:5], key=len)
        delimiter = max(",;\t|", key=first.count)
        yield from csv.reader(text.splitlines(), delimiter=delimiter)


def _count(file: DemoFile) -> int:
    """Data rows: below the first wide row, not blank, not a total."""
    if file.path.suffix == ".parquet":
        return int(pq.read_metadata(file.path).num_rows)
    rows = [row for row in _cells(file) if any(cell.strip() for cell in row)]
    header = next(index for index, row in enumerate(rows) if sum(map(bool, row)) >= 3)
    return sum(
        not any(cell.strip().upper() in NOT_DATA for cell in row[:2])
        for row in rows[header + 1 :]
    )


@dataclass(frozen=True)
class Ended:
    home: Home
    files: dict[str, DemoFile]  # by submission
    run: dict[str, Any]
    province: DemoProvince


def _is_wanted(file: DemoFile) -> bool:
    """The whole last month; of the others what it does not show."""
    return (
        str(file.slot.month) == LAST
        or file.is_nil
        or file.slot.dataset in {"penyebut", "target", "bpjs_kepesertaan"}
    )


@pytest.fixture(scope="module")
def ended(
    new_home: Callable[..., Home], tmp_path_factory: pytest.TempPathFactory
) -> Ended:
    home = new_home()
    province = generate(tmp_path_factory.mktemp("demo"), months=3, scale=0.05, seed=11)
    files: dict[str, DemoFile] = {}
    seen: Counter[Slot] = Counter()
    with home.context() as context:
        for file in filter(_is_wanted, province.files):
            key = file.path.relative_to(province.target).as_posix()
            context.store.put(key, file.path, stored_at=file.stored_at)
            seen[file.slot] += 1
            slot = str(file.slot).replace("/", "-")
            files[f"{slot}-{seen[file.slot]:03d}"] = file
    early = home.cli("run", "--stage", "landing", "--stage", "quality", "--json")
    late = home.cli("run", "--month", LAST, "--json").ok()
    assert early.status == 3
    return Ended(home, files, {"early": early.json, "late": late.json}, province)


@pytest.fixture(scope="module")
def results(ended: Ended) -> dict[str, dict[str, Any]]:
    """How each submission ended, by the ledger."""
    columns = (
        "submission_id", "state", "is_nil", "received_count", "accepted_count",
        "quarantined_count", "rejected_count",
    )  # fmt: skip
    rows = ended.home.rows(f"select {', '.join(columns)} from ops.submissions")
    return {row[0]: dict(zip(columns, row, strict=True)) for row in rows}


def test_every_file_was_judged(
    ended: Ended, results: dict[str, dict[str, Any]]
) -> None:
    assert set(results) == set(ended.files)
    for submission, file in ended.files.items():
        assert results[submission]["state"] == file.state, submission
        is_nil = file.is_nil or file.row_count == 0
        assert results[submission]["is_nil"] == is_nil, submission
    told = ended.run["early"]["submissions"]
    assert {one["submission_id"]: one["received"] for one in told} == {
        submission: row["received_count"] for submission, row in results.items()
    }


def test_received_is_what_another_program_counts(
    ended: Ended, results: dict[str, dict[str, Any]]
) -> None:
    counted = {submission: _count(file) for submission, file in ended.files.items()}
    assert counted == {
        submission: row["received_count"] for submission, row in results.items()
    }
    assert sum(counted.values()) > 3_000
    for row in results.values():
        assert row["received_count"] == (
            row["accepted_count"] + row["quarantined_count"] + row["rejected_count"]
        )
        assert row["state"] != "refused" or row["rejected_count"] > 0


def test_quarantined_is_what_was_spoiled(
    ended: Ended, results: dict[str, dict[str, Any]]
) -> None:
    held = ended.home.rows(
        "select submission_id, code, count(distinct source_row) from ops.findings "
        "where grade = 'record' and severity = 'critical' group by 1, 2"
    )
    by_file: dict[str, dict[str, int]] = {submission: {} for submission in ended.files}
    for submission, code, rows in held:
        by_file[submission][code] = rows
    planted: Counter[str] = Counter()
    for submission, file in ended.files.items():
        if file.state == "refused":
            continue
        assert by_file[submission] == dict(file.quarantined), submission
        row = results[submission]
        assert row["quarantined_count"] == sum(file.quarantined.values()), submission
        assert row["accepted_count"] == file.accepted_count, submission
        planted.update(file.quarantined)
    assert len(planted) >= 10  # many kinds of mistakes were made


def test_what_is_only_reported_is_reported(ended: Ended) -> None:
    told = dict(
        ended.home.rows(
            "select submission_id || ' ' || code, count(distinct source_row) "
            "from ops.findings where grade = 'record' and severity <> 'critical' "
            "group by 1"
        )
    )
    for submission, file in ended.files.items():
        for code, rows in file.reported.items():
            assert told.get(f"{submission} {code}", 0) >= rows, (submission, code)


def test_no_row_is_in_two_places_and_none_is_lost(
    ended: Ended, results: dict[str, dict[str, Any]]
) -> None:
    """The row numbers of accepted and quarantined are those of the file."""
    with ended.home.context() as context:
        for submission, file in ended.files.items():
            prefix = f"lake/{file.slot}/{submission}"

            def rows(part: str, prefix: str = prefix) -> list[int]:
                key = f"{prefix}/{part}.parquet"
                if not context.store.exists(key):
                    return []
                with context.store.local(key) as path:
                    table = pq.read_table(path, columns=["source_row"])
                    return list(table["source_row"].to_pylist())

            accepted, held, raw = rows("accepted"), rows("quarantined"), rows("raw")
            assert len(accepted) == results[submission]["accepted_count"]
            assert len(held) == results[submission]["quarantined_count"]
            if file.state == "accepted" and raw:
                assert sorted(accepted + held) == sorted(raw), submission
                assert len(set(raw)) == len(raw)


def test_reporting_table_says_the_same(
    ended: Ended, results: dict[str, dict[str, Any]]
) -> None:
    rows = ended.home.cli("status", "--month", LAST, "--json").ok().json["reporting"]
    shown = {
        row["submission_id"]: row["received_count"]
        for row in rows
        if row["submission_id"] and row["state"] != "missing"
    }
    assert len(shown) > 30
    assert shown == {
        submission: results[submission]["received_count"] for submission in shown
    }
    late = {row["dataset"]: row["state"] for row in rows if row["area_code"] == "64.11"}
    assert late["pekerja_rentan"] == late["non_asn"] == "late"
    assert set(late.values()) <= {"late", "nil"}
    assert {row["area_code"] for row in rows if row["state"] == "late"} == {"64.11"}
    published = ended.home.rows(
        "select area_code, dataset, received_count, accepted_count, "
        "quarantined_count, rejected_count from mart.monthly_reporting "
        "where coverage_month = '2026-09-01' and state <> 'missing'"
    )
    for area, dataset, received, *parts in published:
        assert received == sum(parts), (area, dataset)
        assert any(
            row["received_count"] == received
            for submission, row in results.items()
            if submission.startswith(f"{dataset}-{area}-{LAST}")
        )


def test_a_line_of_the_reporting_table_is_traced_to_its_files(ended: Ended) -> None:
    told = ended.home.cli(
        "explain", "-m", LAST, "-a", "64.02", "--table", "reporting",
        "--key", "dataset=pekerja_rentan", "--json",
    ).ok().json  # fmt: skip
    (number,) = told["number"]
    [accepted] = [
        row
        for row in told["rows"]
        if row["state"] == "accepted" and row["revision"] == number["revision"]
    ]
    for counted in ("accepted_count", "quarantined_count", "rejected_count"):
        assert accepted[counted] == number[counted]
    assert accepted["row_count"] == number["received_count"] > 0
    assert accepted["sha256"] in {one["sha256"] for one in told["inputs"]}
    assert any("Batas waktu" in rule for rule in told["rules"])
    assert ended.home.cli(
        "explain", "-m", LAST, "-a", "64.02", "--table", "reporting", "--persons",
        ended.home.folder / "x.xlsx",
    ).status == 2  # fmt: skip


def test_people_behind_the_funding_of_a_single_payer_are_those_counted(
    ended: Ended,
) -> None:
    month = CoverageMonth.parse(LAST)
    rows = ended.home.rows(
        "select area_code, worker_group, payer, coalesce(registered_count, 0), "
        "coalesce(paid_rupiah, 0) from mart.monthly_funding "
        "where coverage_month = cast(:month as date) and fiscal_year = 2026",
        month=f"{LAST}-01",
    )
    assert len({payer for _, _, payer, *_ in rows}) > 3
    with ended.home.context() as context:
        for area, group, payer, registered, paid in rows:
            where = {"worker_group": group, "payer": payer}
            found = read_behind(context.engine, "funding", month, AreaCode(area), where)
            people = [one.person_id for one in found]
            assert len(set(people)) == len(people)
            listed = [
                one for one in found if (one.detail or "").startswith("seharusnya")
            ]
            assert len(listed) == registered, (area, where)
            assert sum(one.rupiah or 0 for one in found) == paid, (area, where)


@pytest.mark.parametrize(
    ("table", "keys", "measures"),
    [
        (
            "protection",
            ("worker_group", "payer"),
            ("registered_count", "active_count", "lapsed_count", "unenrolled_count",
             "review_count"),
        ),
        ("village_coverage", ("worker_group",), ("registered_count", "active_count")),
        (
            "funding",
            ("fiscal_year", "worker_group", "payer"),
            ("registered_count", "active_count", "double_funded_count"),
        ),
    ],
)  # fmt: skip
def test_people_behind_a_measure_are_as_many_as_it_says(
    ended: Ended, table: str, keys: tuple[str, ...], measures: tuple[str, ...]
) -> None:
    month = CoverageMonth.parse(LAST)
    rows = ended.home.rows(
        f"select area_code, {', '.join((*keys, *measures))} from mart.monthly_{table} "
        "where coverage_month = cast(:month as date) and length(area_code) = 5",
        month=f"{LAST}-01",
    )
    seen = 0
    with ended.home.context() as context:
        for area, *values in rows:
            where = dict(zip(keys, map(str, values), strict=False))
            for measure, count in zip(measures, values[len(keys) :], strict=True):
                if count is None:
                    continue
                found = read_behind(
                    context.engine, table, month, AreaCode(area), where, measure
                )
                if table == "village_coverage" and where["worker_group"] == "ALL":
                    found = tuple({one.person_id: one for one in found}.values())
                assert len(found) == count, (area, where, measure)
                seen += count
    assert seen > 0


def test_whoever_is_warned_is_listed_once(ended: Ended) -> None:
    """A list entry and the participant linked to it are one person."""
    month = CoverageMonth.parse(LAST)
    counts = ended.home.rows(
        "select kind, person_count from mart.monthly_early_warning where area_code = '64' "
        "and worker_group = 'ALL' and coverage_month = cast(:month as date)",
        month=f"{LAST}-01",
    )
    with ended.home.context() as context:
        found = read_warnings(context.engine, month, AreaCode("64"))
    people = Counter(one.kind for one in found.people)
    expected = {kind: count for kind, count in counts if kind in KINDS and count}
    assert sum(expected.values()) > 0
    assert people == expected


def test_money_behind_a_number_is_of_its_payer(ended: Ended) -> None:
    keys = ("--key", "worker_group=pekerja_rentan", "--key", "fiscal_year=2026")
    words = ("explain", "-m", LAST, "-a", "64.07", "--table", "funding", *keys)
    listed = 0
    for payer in ("apbd_kab", "csr"):
        told = ended.home.cli(
            *words, "--key", f"payer={payer}", "--measure", "registered_count", "--json"
        ).ok().json  # fmt: skip
        rows = {row["table_name"]: row["row_count"] for row in told["rows"]}
        assert rows["core.registry"] == told["number"][0]["registered_count"]
        assert payer == "csr" or "core.pledges" not in rows
        listed += rows["core.registry"]
    assert listed > 0


def test_the_refused_file_takes_nothing_with_it(ended: Ended) -> None:
    (release,) = ended.run["late"]["releases"]
    assert (release["month"], release["status"]) == (LAST, "provisional")
    counts = dict(
        ended.home.rows(
            "select area_code, sum(registered_count) from mart.monthly_protection "
            "where coverage_month = '2026-09-01' and worker_group = 'pekerja_rentan' "
            "and area_level = 'regency' group by area_code"
        )
    )
    # nothing is said of the refused one (not zero); its neighbours have people
    assert "64.03" not in counts
    assert len(counts) == 9
    assert min(counts.values()) > 0
