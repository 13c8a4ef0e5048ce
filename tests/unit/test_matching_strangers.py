"""Files of people who are hardly ever one person: no link may be made of strangers."""

from __future__ import annotations

from functools import cache
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from cakupan.demo import people as demo
from cakupan.matching import blocks
from cakupan.matching.engine import Linkage, link

ROWS = 6_000
EVERY = ("nik", "name", "birth_date", "sex", "village_code")


@pytest.fixture(autouse=True)
def fewer_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Candidates enough for the likely pairs, in a fraction of the time."""
    monkeypatch.setattr(blocks, "BUDGET_BASE", 200_000)
    monkeypatch.setattr(blocks, "BUDGET_PER_ROW", 40)


@cache
def strangers() -> tuple[dict[str, Any], ...]:
    """Persons of the synthetic province, each with a NIK that fits the own row."""
    random = np.random.default_rng(7)
    share = demo.split(ROWS, [1 + i % 4 for i in range(len(demo.regencies()))])
    one = demo.people(random, *demo.homes(random, share), np.empty(0, dtype="U16"))
    day = np.array([int(nik[6:8]) for nik in one.nik])
    fits = (day > 40) == one.is_woman
    fits &= day % 40 == np.array([int(str(born)[8:]) for born in one.birth])
    order = random.permutation(np.flatnonzero(fits))
    return tuple(
        {
            "id": f"p{number:05d}",
            "nik": str(one.nik[row]),
            "name": str(one.name[row]),
            "birth_date": str(one.birth[row]),
            "sex": "P" if one.is_woman[row] else "L",
            "village_code": str(one.village[row]),
        }
        for number, row in enumerate(order)
    )


def found_in(
    left: list[dict[str, Any]],
    right: list[dict[str, Any]] | None,
    fields: tuple[str, ...] = EVERY,
) -> Linkage:
    files = [
        pa.table(
            {
                name: pa.array([row[name] for row in rows], pa.string())
                for name in ("id", *fields)
            }
        )
        for rows in (left, right)
        if rows is not None
    ]
    with duckdb.connect() as connection:
        return link(connection, files[0], files[1] if right is not None else None)


def wrong(found: Linkage) -> list[tuple[str, str, str]]:
    """Links of two persons: the ids of one person end alike."""
    return [
        (row["left_id"], row["right_id"], row["evidence"])
        for row in found.links.to_pylist()
        if row["left_id"][1:] != row["right_id"][1:]
    ]


def renamed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "id": "q" + row["id"][1:]} for row in rows]


@pytest.mark.parametrize(
    "fields",
    [EVERY, ("nik", "birth_date")],
    ids=["five fields", "no name"],
)
def test_a_file_without_duplicates_has_none(fields: tuple[str, ...]) -> None:
    assert wrong(found_in(list(strangers()), None, fields)) == []


def test_hardly_any_duplicates_are_found_without_numbers() -> None:
    """What one person looks like is not learned from namesakes."""
    rows = list(strangers())
    found = found_in(rows + renamed(rows[:40]), None, EVERY[1:])
    assert len(wrong(found)) <= 6
    assert found.links.num_rows - len(wrong(found)) >= 39


@pytest.mark.parametrize("common", [0, 40])
def test_files_that_share_nobody_or_few(common: int) -> None:
    rows = list(strangers())
    found = found_in(rows[:2000], renamed(rows[2000 - common :]))
    assert wrong(found) == []
    assert found.links.num_rows == common


@pytest.mark.parametrize("named", ["nobody", "half"])
def test_without_a_name_only_an_equal_number_links(named: str) -> None:
    rows = [dict(row) for row in strangers()]
    for place, row in enumerate(rows):
        if named == "nobody" or place % 2:
            row["name"] = None
    found = found_in(rows[:2500], renamed(rows[1500:]), ("nik", "name", "birth_date"))
    assert wrong(found) == []
    assert found.report.links == {"nik_equal": 1000}
    if named == "nobody":
        assert found.report.skipped["probabilistic"] == (
            "needs name, or birth_date with address or phone"
        )


def test_numbers_a_spreadsheet_rounded_are_noticed_and_not_trusted() -> None:
    rows = [{**row, "nik": row["nik"][:15] + "0"} for row in strangers()]
    right = renamed(rows[500:2000])
    for row in right[-300:]:  # other people of the same day and district
        row["id"], row["name"] = f"{row['id']}x", "Baharuddin Yohanes Simorangkir"
    found = found_in(rows[:2000], right)
    assert wrong(found) == []
    assert found.links.num_rows >= 1190
    assert "nik_equal" not in found.report.links
    assert found.report.skipped["nik_equal"] == "needs numbers with their last digit"
    assert any("ends in 0" in warning for warning in found.report.warnings)


def test_a_few_numbers_that_end_in_0_are_trusted() -> None:
    rows = list(strangers())
    found = found_in(rows[:1000], renamed(rows[:1000]))
    assert found.report.links == {"nik_equal": 1000}


def test_twins_and_siblings_with_neighbouring_numbers_wait_for_somebody() -> None:
    rows = list(strangers())
    left, right = rows[:700], renamed(rows[400:1900])
    for person in left[:40]:
        serial = f"{int(person['nik'][12:]) % 9999 + 1:04d}"
        other = "Kristina" if person["sex"] == "P" else "Kornelius"
        words = [other, *person["name"].split()[1:]]
        nik = person["nik"][:12] + serial
        right.append({**person, "id": f"t{person['id'][1:]}x", "nik": nik,
                      "name": " ".join(words)})  # fmt: skip
    found = found_in(left, right)
    assert wrong(found) == []
    assert found.report.links == {"nik_equal": 300}
    doubtful = {row["right_id"][0] for row in found.doubtful.to_pylist()}
    assert "t" in doubtful


def test_two_numbers_that_fit_their_rows_are_two_persons_however_alike() -> None:
    rows = list(strangers())
    left, right = [dict(row) for row in rows[:500]], renamed(rows[:1500])
    other = left[7]["nik"]
    left[7]["nik"] = f"9171{int(other[4:6]) % 90 + 7:02d}{other[6:12]}0123"
    found = found_in(left, right)
    pair = (left[7]["id"], right[7]["id"])
    assert pair not in {
        (row["left_id"], row["right_id"]) for row in found.links.to_pylist()
    }
    assert pair in {
        (row["left_id"], row["right_id"]) for row in found.doubtful.to_pylist()
    }


def test_a_number_that_contradicts_its_row_is_outweighed_by_the_rest() -> None:
    rows = list(strangers())
    left, right = [dict(row) for row in rows[:500]], renamed(rows[:1500])
    for place in range(20):
        left[place]["nik"] = rows[place + 2000]["nik"]  # somebody else's
    found = found_in(left, right)
    assert wrong(found) == []
    assert found.links.num_rows >= 495
