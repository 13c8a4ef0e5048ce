"""The engine on files small enough to look through."""

from __future__ import annotations

import random
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from cakupan.matching import blocks
from cakupan.matching.engine import Linkage, link

GIVEN = """
    Slamet Bambang Joko Sugeng Agus Eko Wahyu Sutrisno Heru Budi Rusdi Hasan Zainal
    Taufik Ilham Markus Petrus Yohanes Lawai Bilung Hamzah Rustam Makmur Edi Idrus
"""
SECOND = """
    Santoso Wibowo Prasetyo Utomo Purnomo Setiawan Susanto Kurniawan Widodo Hartono
    Nugroho Hidayat Anshari Fadli Maulana Yusuf Syarif Fauzi Tahir Saleh Mansyur Kadir
    Latif Imang Lirin Juk Njuk Ibau Lencau Permata Surya Bahri Effendi Alamsyah Muliadi
"""


def people(count: int, seed: int = 1) -> list[dict[str, Any]]:
    draw = random.Random(seed)
    given, second = GIVEN.split(), SECOND.split()
    return [
        {
            "id": f"p{number:05d}",
            "nik": f"64{draw.randrange(10**14):014d}",
            "name": f"{draw.choice(given)} {draw.choice(second)}",
            "birth_date": f"{draw.randrange(1960, 2005)}-{draw.randrange(1, 13):02d}-"
            f"{draw.randrange(1, 29):02d}",
            "village_code": f"64.02.{draw.randrange(10, 30)}.2001",
        }
        for number in range(count)
    ]


def renamed(rows: list[dict[str, Any]], prefix: str) -> list[dict[str, Any]]:
    return [{**row, "id": prefix + row["id"][1:]} for row in rows]


def table(rows: list[dict[str, Any]], *without: str) -> pa.Table:
    columns = [name for name in rows[0] if name not in without]
    return pa.table(
        {name: pa.array([row[name] for row in rows], pa.string()) for name in columns}
    )


def run(left: pa.Table, right: pa.Table | None, **options: Any) -> Linkage:
    with duckdb.connect() as connection:
        return link(connection, left, right, **options)


def pairs(found: Linkage) -> set[tuple[str, str]]:
    rows = found.links.to_pylist()
    return {(row["left_id"], row["right_id"]) for row in rows}


def test_equal_numbers_link_in_spite_of_another_spelling() -> None:
    right = people(300)
    left = renamed(right[:100], "q")
    left[0]["name"] = "Sl. " + left[0]["name"].split()[1]
    left[1]["birth_date"] = "1971-01-01"
    found = run(table(left), table(right))
    assert pairs(found) == {(row["id"], "p" + row["id"][1:]) for row in left}
    assert found.report.links == {"nik_equal": 100}


def test_one_number_and_two_persons_is_a_conflict_never_a_link() -> None:
    right = people(300)
    left = renamed(right[:50], "q")
    left[7] |= {"name": "Kristina Devung", "birth_date": "2001-11-30"}
    found = run(table(left), table(right))
    assert ("q00007", "p00007") not in pairs(found)
    assert found.report.conflicts == 1
    doubtful = found.doubtful.to_pylist()
    assert ("q00007", "p00007", "nik_conflict") in {
        (row["left_id"], row["right_id"], row["rule"]) for row in doubtful
    }


def test_a_mistyped_number_with_birth_date_and_name_is_its_own_rung() -> None:
    right = people(300)
    left = renamed(right[:50], "q")
    nik = left[3]["nik"]
    left[3]["nik"] = nik[:8] + nik[9] + nik[8] + nik[10:]
    found = run(table(left), table(right))
    rules = {row["left_id"]: row["rule"] for row in found.links.to_pylist()}
    assert rules["q00003"] == "nik_near"


def test_without_numbers_the_rest_decides() -> None:
    right = people(900)
    left = renamed(right[:300], "q") + renamed(people(200, seed=9), "z")
    for row in left[:60]:
        row["name"] = row["name"].replace("o", "oe", 1)
    found = run(table(left, "nik"), table(right, "nik"))
    truth = {(f"q{number:05d}", f"p{number:05d}") for number in range(300)}
    assert len(pairs(found) & truth) >= 290
    assert len(pairs(found) - truth) <= 3
    assert set(found.report.links) == {"probabilistic"}
    assert found.report.skipped["nik_equal"] == "needs nik"


def test_nobody_is_linked_twice_and_twins_in_name_and_birth_date_stay_apart() -> None:
    right = people(300)
    right.append({**right[0], "id": "p90000", "nik": None})
    left = renamed(right[:50], "q")
    for row in (*left, *right):
        row["nik"] = None
    found = run(table(left), table(right))
    links = pairs(found)
    assert len({a for a, _ in links}) == len(links) == len({b for _, b in links})
    assert not any(a == "q00000" for a, _ in links)  # two equally good partners


@pytest.mark.parametrize("full_pairs", [10**9, 0])
def test_order_of_rows_and_sides_change_nothing(
    full_pairs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "FULL_PAIRS", full_pairs)
    right = people(400)
    left = renamed(right[100:300], "q")
    for row in left[::3]:
        row["nik"] = None
    once = run(table(left), table(right))
    draw = random.Random(3)
    draw.shuffle(left)
    draw.shuffle(right)
    again = run(table(left), table(right))
    assert again.links.equals(once.links)
    assert again.doubtful.equals(once.doubtful)
    turned = run(table(right), table(left))
    assert {(b, a) for a, b in pairs(turned)} == pairs(once)


def test_duplicates_within_one_file() -> None:
    rows = people(400)
    rows += renamed(rows[:40], "q") + renamed(rows[:10], "r")
    for row in rows[400:]:
        row["nik"] = None
        row["name"] = row["name"].upper() + " SE"
    found = pairs(run(table(rows), None))
    expected = {(f"p{n:05d}", f"q{n:05d}") for n in range(40)}
    expected |= {(f"p{n:05d}", f"r{n:05d}") for n in range(10)}
    expected |= {(f"q{n:05d}", f"r{n:05d}") for n in range(10)}
    assert len(found & expected) >= 55
    assert len(found - expected) <= 1


HOSTILE = {
    "every number damaged": {"nik": "6.402E+15"},
    "one number for all": {"nik": "6402010101900001"},
    "all born the same day": {"birth_date": "1990-01-01"},
    "no names": {"name": None},
    "one name for all": {"name": "Siti"},
    "signs for names": {"name": "—·—"},
}


@pytest.mark.parametrize("harm", HOSTILE.values(), ids=HOSTILE.keys())
def test_strangers_are_never_linked_however_damaged(harm: dict[str, Any]) -> None:
    left = [{**row, **harm} for row in renamed(people(500, seed=5), "q")]
    right = [{**row, **harm} for row in people(1500, seed=6)]
    found = run(table(left), table(right))
    assert found.links.num_rows == 0
    assert found.report.warnings or found.report.skipped


def test_values_shared_by_all_do_not_compare_everybody_with_everybody() -> None:
    left = [{**row, "birth_date": "1990-01-01"} for row in renamed(people(3000), "q")]
    right = [{**row, "birth_date": "1990-01-01"} for row in people(3000)]
    found = run(table(left, "nik"), table(right, "nik"))
    assert found.report.compared < 3000 * 3000 / 5
    assert found.report.block_cap is not None
    assert found.report.blocks_left_out > 0


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_hardly_any_rows(rows: int) -> None:
    some = people(max(rows, 1))
    left, right = table(renamed(some, "q"))[:rows], table(some)[:rows]
    found = run(left, right)
    assert found.links.column_names[:4] == [
        "left_id", "right_id", "probability", "rule",
    ]  # fmt: skip
    assert found.links.num_rows <= rows
    assert run(left, None).links.num_rows == 0


def test_ids_that_say_two_things_are_left_out_and_reported() -> None:
    rows = people(100)
    rows.append(dict(rows[0]))  # a copy is folded
    rows.append({**rows[1], "name": "Somebody Else"})
    rows.append({**rows[2], "id": None})
    found = run(table(renamed(people(100), "q")), table(rows))
    assert found.report.right is not None
    assert found.report.right.repeated == 1
    assert found.report.right.ambiguous == 2
    assert found.report.right.without_id == 1
    assert not any(b == "p00001" for _, b in pairs(found))
    assert ("q00000", "p00000") in pairs(found)


def test_columns_of_one_file_only_are_skipped_and_said() -> None:
    right = people(200)
    left = table(renamed(right, "q"), "nik", "village_code")
    found = run(left, table(right))
    assert found.report.fields == ("birth_date", "name")
    assert "nik: only in one of the files" in found.report.warnings
    assert found.links.num_rows >= 195


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        (
            ["6.40201E+15", "6,40201e+15", "6402010101900001"],
            "nik: 2 values of the left file are damaged by a spreadsheet "
            "(6.4E+15) and were not compared; make the column text and export it again",
        ),
        (
            ["6.40201E+15"] * 3,
            "nik: 3 values of the left file are damaged by a spreadsheet "
            "(6.4E+15) and were not compared; make the column text and export it again",
        ),
        (["-", "n/a", "0"], "nik: no usable value in the left file"),
        ([None, None, None], "nik: empty in the left file"),
    ],
)
def test_numbers_that_cannot_be_used_are_said(
    numbers: list[str | None], said: str
) -> None:
    right = table(people(3))
    left = right.set_column(
        right.column_names.index("nik"), "nik", pa.array(numbers, pa.string())
    )
    notes = [note for note in run(left, right).report.warnings if "nik" in note]
    assert notes == [said]


def test_the_evidence_names_fields_and_levels_but_no_value() -> None:
    right = people(200)
    found = run(table(renamed(right, "q")), table(right))
    row = found.links.to_pylist()[0]
    assert row["evidence"] == (
        "name=equal:2;nik=equal;birth_date=equal;village_code=equal"
    )
    assert row["probability"] > 0.999


def test_a_word_longer_than_any_name_is_compared_like_another() -> None:
    people = pa.table(
        {
            "id": ["h", "i"],
            "name": ["ab" * 35_000, "Budi"],
            "birth_date": ["1980-01-10", "1981-02-11"],
        }
    )
    with duckdb.connect() as connection:
        found = link(connection, people, people)
    assert found.report.compared > 0
