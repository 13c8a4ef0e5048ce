"""A number that contradicts another stops the month; each rule is broken once here."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from cakupan.core.errors import InvariantBroken
from cakupan.core.lake import quoted_path
from cakupan.core.resources import include
from cakupan.core.schema.mart import PUBLISHED
from cakupan.publish.invariants import CHECKS, check_marts
from cakupan.publish.marts import INPUTS
from publish_rows import (
    MONTH,
    compute,
    denominator,
    discrepancy,
    member,
    one,
    person,
    pick,
    registered,
    sent,
)

SLICE = {"coverage_month": MONTH.first_day, "province_code": "64"}
PAID = {
    **SLICE,
    "area_code": "64.02",
    "worker_group": "pekerja_rentan",
    "payer": "apbd_kab",
    "person_id": person(1),
    "total_rupiah": 16_800,
    "submission_id": "bpjs_iuran-64-2026-09-001",
    "source_row": 2,
}
BUDGET = {
    **SLICE,
    "area_code": "64.02",
    "fiscal_year": 2026,
    "worker_group": "pekerja_rentan",
    "payer": "apbd_kab",
    "budgeted_count": 10,
    "budget_rupiah": 2_016_000,
    "realised_rupiah": 504_000,
}
CLAIM = {
    **SLICE,
    "area_code": "64.02",
    "claim_id": person(77),
    "programme": "JKM",
    "paid_rupiah": 42_000_000,
    "is_participant": False,
}


@pytest.fixture(scope="module")
def marts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("marts")
    compute(
        folder,
        [
            sent("bpjs_kepesertaan", "64"),
            sent("pekerja_rentan", "64.02"),
            sent("bpjs_iuran", "64"),
            sent("bpjs_klaim", "64"),
        ],
        participation=[member(1, "64.02"), member(2, "64.71", "lapsed")],
        registry=[
            registered(1, "64.02", village_code="64.02.01.2003"),
            registered(3, "64.02", "not_enrolled"),
        ],
        denominators=[denominator("64.02", "BPU", 3)],
        contributions=[PAID, {**PAID, "area_code": "64.71", "payer": "csr"}],
        budgets=[BUDGET],
        pledges=[
            {**SLICE, "area_code": "64.02", "worker_group": "rt_rw",
             "pledge_rupiah": 1_000, "pledged_count": 1},
        ],
        claims=[CLAIM],
        discrepancies=[
            discrepancy(3, "64.02", "not_enrolled"),
            discrepancy(9, "64.02", "claim_not_participant", rupiah=42_000_000),
        ],
    )  # fmt: skip
    return folder


@pytest.fixture
def connection(marts: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as session:
        for folder, names in (("marts", PUBLISHED), ("reconciled", INPUTS)):
            for name in names:
                path = quoted_path(marts / folder / f"{name}.parquet")
                session.execute(f"create table {name} as from read_parquet({path})")
        session.execute(
            "create table area_levels as from (values ('64', '64'), ('64', '64.02'), "
            "('64', '64.71'), ('64.02', '64.02'), ('64.71', '64.71')) "
            "as of_areas(area_code, part_code)"
        )
        yield session


def test_sound_tables_pass(connection: duckdb.DuckDBPyConnection) -> None:
    check_marts(connection, "64", 2026)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (
            "insert into monthly_reporting from monthly_reporting limit 1",
            "INVARIANT_GRAIN",
        ),
        (
            "update monthly_protection set registered_count = 9",
            "INVARIANT_REGISTERED_PARTITION",
        ),
        (
            "update monthly_protection set review_count = null",
            "INVARIANT_REGISTERED_PARTITION",
        ),
        (
            "update monthly_coverage set grace_count = 1 where area_code = '64.02'",
            "INVARIANT_ACTIVE_PARTS",
        ),
        (
            "update monthly_coverage set membership_count = 0 where active_count > 0",
            "INVARIANT_ACTIVE_PARTS",
        ),
        (
            "update monthly_protection set verified_count = 99",
            "INVARIANT_ACTIVE_PARTS",
        ),
        (
            "update monthly_coverage set lapsed_count = 9 where area_code = '64'",
            "INVARIANT_PROVINCE_AND_REGENCIES",
        ),
        (
            "update monthly_coverage set lapsed_count = 9 where area_code = '64.02'",
            "INVARIANT_PROVINCE_AND_REGENCIES",
        ),
        (
            "delete from monthly_protection where area_level = 'province';"
            "insert into monthly_protection by name select * replace ("
            "'64' as area_code, 'province' as area_level, 1 as registered_count, "
            "0 as unenrolled_count) from monthly_protection where area_code = '64.02'",
            "INVARIANT_PROVINCE_AND_REGENCIES",
        ),
        (
            "update monthly_reporting set accepted_count = 9 where state = 'on_time'",
            "INVARIANT_REPORT_BALANCE",
        ),
        (
            "update monthly_village_coverage set covered_village_count = 99999, "
            "covered_village_pct = null where covered_village_count = 1",
            "INVARIANT_VILLAGE_BOUNDS",
        ),
        (
            "update monthly_coverage set coverage_pct = 33.34 "
            "where coverage_pct = 33.33",
            "INVARIANT_PERCENTAGES",
        ),
        (
            "update monthly_coverage set coverage_pct = 33.32 "
            "where coverage_pct = 33.33",
            "INVARIANT_PERCENTAGES",
        ),
        (
            "update monthly_coverage set coverage_pct = null",
            "INVARIANT_PERCENTAGES",
        ),
        (
            "update monthly_protection set probable_pct = 0.01 where active_count = 1",
            "INVARIANT_PERCENTAGES",
        ),
        (
            "update monthly_coverage set active_count = 2, paid_up_count = 2, "
            "membership_count = 2, coverage_pct = if(eligible_count = 3, 66.67, null) "
            "where area_code in ('64', '64.02') and segment = 'BPU' "
            "and programme = 'JKK'",
            "INVARIANT_SEGMENTS_AND_PROGRAMMES",
        ),
        (
            "insert into monthly_coverage by name select * replace ('lain' as "
            "definition_id, 0 as paid_up_count, 1 as grace_count) "
            "from monthly_coverage where area_code = '64.02' and segment = 'BPU' "
            "and programme = 'ANY'",
            "INVARIANT_SEGMENTS_AND_PROGRAMMES",
        ),
        (
            "update monthly_funding set paid_rupiah = paid_rupiah + 0.01 "
            "where area_code = '64.02' and payer = 'ALL' and worker_group = 'ALL'",
            "INVARIANT_MONEY_ADDS_UP",
        ),
        (
            "update monthly_funding set budgeted_count = 11 "
            "where area_code = '64.02' and payer = 'apbd_kab' "
            "and worker_group = 'pekerja_rentan'",
            "INVARIANT_MONEY_ADDS_UP",
        ),
        (
            "update monthly_funding set paid_rupiah = 16800.01 "
            "where area_code = '64.02' and paid_rupiah = 16800",
            "INVARIANT_MONEY_CONSERVED",
        ),
        ("delete from contributions", "INVARIANT_MONEY_CONSERVED"),
        ("delete from budgets", "INVARIANT_MONEY_CONSERVED"),
        ("delete from pledges", "INVARIANT_MONEY_CONSERVED"),
        ("delete from claims", "INVARIANT_MONEY_CONSERVED"),
        ("update claims set area_code = '65.01'", "INVARIANT_MONEY_CONSERVED"),
        (
            "update registry set expected_rupiah = 16799",
            "INVARIANT_MONEY_CONSERVED",
        ),
        (
            "update monthly_funding set active_count = active_count + 1 "
            "where area_code = '64'",
            "INVARIANT_TABLES_AGREE",
        ),
        (
            "update monthly_village_coverage set registered_count = 3 "
            "where area_code = '64.02'",
            "INVARIANT_TABLES_AGREE",
        ),
        (
            "update monthly_discrepancies set person_count = 0 "
            "where kind = 'not_enrolled'",
            "INVARIANT_TABLES_AGREE",
        ),
        (
            "update monthly_discrepancies set person_count = 1 "
            "where kind = 'double_funded' and area_code = '64'",
            "INVARIANT_TABLES_AGREE",
        ),
        (
            "update monthly_discrepancies set rupiah = 1 where kind = 'ineligible_age'",
            "INVARIANT_TABLES_AGREE",
        ),
        (
            "update monthly_discrepancies set rupiah = 42000001 "
            "where kind = 'claim_not_participant'",
            "INVARIANT_TABLES_AGREE",
        ),
        (
            "update monthly_protection set grace_count = 1; "
            "update monthly_discrepancies set person_count = 1 where kind = 'in_grace'",
            "INVARIANT_TABLES_AGREE",
        ),
    ],
)
def test_contradiction_is_found(
    connection: duckdb.DuckDBPyConnection, change: str, code: str
) -> None:
    connection.execute(change)
    with pytest.raises(InvariantBroken) as caught:
        check_marts(connection, "64", 2026)
    assert caught.value.code == code
    assert caught.value.exit_status == 4
    assert "Nothing was published" in caught.value.hint


def test_every_rule_has_its_file() -> None:
    folder = include("sql", "06_publish", "checks")
    assert {path.stem for path in folder.glob("*.sql")} == set(CHECKS)


RANKS = {"active": 1, "grace_1": 2, "grace_2": 3, "lapsed": 4}
FLAGS = {
    "ANY": None,
    "JKK": "has_jkk",
    "JKM": "has_jkm",
    "JHT": "has_jht",
    "JP": "has_jp",
    "JKP": "has_jkp",
}


def counted_by_hand(
    people: list[dict[str, Any]],
) -> dict[tuple[str, str, str], tuple[int, int, int, int]]:
    """The rule in plain Python: best rank per person, area, segment and programme."""
    best: dict[tuple[str, str, str], dict[str, int]] = defaultdict(dict)
    for row in people:
        place = row.get("village_code") or row["area_code"]
        for length in (2, 5, 8, 13):
            if len(place) < length:
                continue
            for segment in (row["segment"], "ALL"):
                for programme, flag in FLAGS.items():
                    if flag is None or row[flag]:
                        ranks = best[place[:length], segment, programme]
                        who = row["person_id"]
                        rank = RANKS[row["participation_state"]]
                        ranks[who] = min(rank, ranks.get(who, 9))
    return {
        key: tuple(
            sum(rank in wanted for rank in ranks.values())
            for wanted in ({1, 2, 3}, {1}, {2, 3}, {4})
        )  # type: ignore[misc]
        for key, ranks in best.items()
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_counts_equal_a_count_by_hand(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    villages = ["64.02.01.2003", "64.02.02.2001", "64.71.01.1001", None, None]
    people = []
    for number in range(300):
        village = dice.choice(villages)
        area = village[:5] if village else dice.choice(["64.02", "64.03", "64.71"])
        flags = {flag: dice.random() < 0.6 for flag in FLAGS.values() if flag}
        people.append(
            member(
                dice.randrange(80),
                area,
                dice.choice(list(RANKS)),
                segment=dice.choice(["PU", "BPU", "JAKON", "PMI"]),
                village_code=village,
                source_row=number,
                **flags,
            )
        )
    rows = compute(tmp_path, [sent("bpjs_kepesertaan", "64")], participation=people)[
        "monthly_coverage"
    ]
    expected = counted_by_hand(people)
    shown = {
        (row["area_code"], row["segment"], row["programme"]): tuple(
            row[name]
            for name in ("active_count", "paid_up_count", "grace_count", "lapsed_count")
        )
        for row in rows
    }
    assert {key: shown[key] for key in expected} == expected
    assert all(shown[key] == (0, 0, 0, 0) for key in shown.keys() - expected.keys())
    total = sum(
        row["membership_count"]
        for row in pick(rows, area_level="regency", programme="ANY", segment="ALL")
    )
    province = one(rows, area_code="64", programme="ANY", segment="ALL")
    assert province["membership_count"] == total
