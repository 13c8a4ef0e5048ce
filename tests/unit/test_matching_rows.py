"""One row per id: in order, copies folded, contradictions left out."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from cakupan.matching.people import one_row_per_id

# ids and names as sent -> rows kept, without id, folded, ambiguous
CASES: list[tuple[str, list[Any], list[str], tuple[str, int, int, int]]] = [
    ("in order", ["a", "b", "c"], ["x", "y", "z"], ("axbycz", 0, 0, 0)),
    ("out of order", ["c", "a", "b"], ["z", "x", "y"], ("axbycz", 0, 0, 0)),
    ("one row", ["a"], ["x"], ("ax", 0, 0, 0)),
    ("no rows", [], [], ("", 0, 0, 0)),
    ("no id", ["a", None, "b"], ["x", "y", "z"], ("axbz", 1, 0, 0)),
    ("a copy", ["a", "b", "b"], ["x", "y", "y"], ("axby", 0, 1, 0)),
    ("two persons", ["a", "b", "b"], ["x", "y", "z"], ("ax", 0, 0, 2)),
    ("one of each", ["b", "b", "a", "a", None], list("yyxzw"), ("by", 1, 1, 2)),
]


@pytest.mark.parametrize(
    ("ids", "names", "kept"),
    [case[1:] for case in CASES],
    ids=[one[0] for one in CASES],
)
def test_one_row_per_id(
    ids: list[Any], names: list[str], kept: tuple[str, int, int, int]
) -> None:
    table = pa.table(
        {"id": pa.array(ids, pa.string()), "name": pa.array(names, pa.string())}
    )
    found = one_row_per_id(table)
    rows = "".join(row["id"] + row["name"] for row in found.table.to_pylist())
    assert (rows, found.without_id, found.repeated, found.ambiguous) == kept
    assert found.received == len(ids)
