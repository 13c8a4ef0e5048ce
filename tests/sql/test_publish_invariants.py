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
from cakupan.core.schema.mart import PUBLISHED
from cakupan.publish.invariants import check_marts
from publish_rows import (
    compute,
    denominator,
    member,
    one,
    pick,
    registered,
    sent,
)


@pytest.fixture(scope="module")
def marts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("marts")
    compute(
        folder,
        [sent("bpjs_kepesertaan", "64"), sent("pekerja_rentan", "64.02")],
        participation=[member(1, "64.02"), member(2, "64.71", "lapsed")],
        registry=[
            registered(1, "64.02", village_code="64.02.01.2003"),
            registered(3, "64.02", "not_enrolled"),
        ],
        denominators=[denominator("64.02", "BPU", 3)],
    )
    return folder / "marts"


@pytest.fixture
def connection(marts: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as session:
        for name in PUBLISHED:
            path = quoted_path(marts / f"{name}.parquet")
            session.execute(f"create table {name} as from read_parquet({path})")
        yield session


def test_sound_tables_pass(connection: duckdb.DuckDBPyConnection) -> None:
    check_marts(connection, "64")


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
    ],
)
def test_contradiction_is_found(
    connection: duckdb.DuckDBPyConnection, change: str, code: str
) -> None:
    connection.execute(change)
    with pytest.raises(InvariantBroken) as caught:
        check_marts(connection, "64")
    assert caught.value.code == code
    assert caught.value.exit_status == 4
    assert "Nothing was published" in caught.value.hint


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
