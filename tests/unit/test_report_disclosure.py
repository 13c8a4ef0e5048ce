"""Small cells: attacked by enumeration, which knows nothing of how they were hidden."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cakupan.report.disclosure import (
    Attack,
    Key,
    Quantity,
    Relation,
    at_most,
    protect,
    sum_at_least,
    total,
)

LEAST = 3
HIGHEST = 9


def cell(row: int, column: int) -> Key:
    return (f"r{row}", f"c{column}")


def table(values: list[list[int]]) -> tuple[dict[Key, int], list[Relation]]:
    """A table with its margins, and that they are the sums."""
    height, width = len(values), len(values[0])
    found = {
        cell(row, column): values[row][column]
        for row, column in itertools.product(range(height), range(width))
    }
    relations = []
    for row in range(height):
        whole = (f"r{row}", "all")
        found[whole] = sum(values[row])
        relations.append(total(whole, [cell(row, each) for each in range(width)]))
    for column in range(width):
        whole = ("all", f"c{column}")
        found[whole] = sum(line[column] for line in values)
        relations.append(total(whole, [cell(each, column) for each in range(height)]))
    found["all", "all"] = sum(sum(line) for line in values)
    relations.append(
        total(("all", "all"), [(f"r{each}", "all") for each in range(height)])
    )
    relations.append(
        total(("all", "all"), [("all", f"c{each}") for each in range(width)])
    )
    return found, relations


def possible(
    values: dict[Key, int], hidden: frozenset[Key], height: int, width: int
) -> dict[Key, set[int]]:
    """Every value each figure can have, by trying all tables up to HIGHEST."""
    inner = [cell(*at) for at in itertools.product(range(height), range(width))]
    ranges = [range(HIGHEST + 1) if key in hidden else [values[key]] for key in inner]
    grid = np.array(np.meshgrid(*ranges, indexing="ij")).reshape(len(inner), -1)
    columns = dict(zip(inner, grid, strict=True))
    for row in range(height):
        columns[f"r{row}", "all"] = sum(
            columns[cell(row, each)] for each in range(width)
        )
    for column in range(width):
        columns["all", f"c{column}"] = sum(
            columns[cell(each, column)] for each in range(height)
        )
    columns["all", "all"] = grid.sum(axis=0)
    fits = np.ones(grid.shape[1], dtype=bool)
    for key, value in values.items():
        if key not in hidden:
            fits &= columns[key] == value
    return {key: set(found[fits].tolist()) for key, found in columns.items()}


@pytest.mark.parametrize(
    ("height", "width", "together"), [(2, 2, 600), (2, 3, 600), (2, 2, 2), (2, 3, 3)]
)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_no_hidden_cell_can_be_computed(
    height: int, width: int, together: int, data: st.DataObject
) -> None:
    """However few figures are looked at together."""
    line = st.lists(st.integers(0, 6), min_size=width, max_size=width)
    rows = data.draw(st.lists(line, min_size=height, max_size=height))
    values, relations = table(rows)
    quantities = {key: Quantity(value) for key, value in values.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cakupan.report.disclosure._TOGETHER", together)
        hidden = protect(quantities, relations, LEAST)
    assert not [key for key in values if 0 < values[key] < LEAST and key not in hidden]
    found = possible(values, hidden, height, width)
    for key in hidden:
        assert values[key] in found[key]
        wanted = LEAST - 1 if 0 < values[key] < LEAST else 1
        assert max(found[key]) - min(found[key]) >= wanted, (key, rows, sorted(hidden))


def test_one_small_cell_takes_a_second_one_along() -> None:
    """Otherwise the margin less the others is the hidden number."""
    values, relations = table([[2, 20], [30, 40]])
    quantities = {key: Quantity(value) for key, value in values.items()}
    assert protect(quantities, relations, 10) == {
        cell(0, 0), cell(0, 1), cell(1, 0), cell(1, 1)
    }  # fmt: skip


@pytest.mark.parametrize("threshold", [0, 1])
def test_threshold_zero_and_one_hide_nothing(threshold: int) -> None:
    values, relations = table([[1, 2], [3, 4]])
    quantities = {key: Quantity(value) for key, value in values.items()}
    assert protect(quantities, relations, threshold) == frozenset()


def test_large_cells_and_zeros_stay() -> None:
    values, relations = table([[10, 0], [30, 40]])
    quantities = {key: Quantity(value) for key, value in values.items()}
    assert protect(quantities, relations, 10) == frozenset()


def test_bounds_are_an_attack_too() -> None:
    """Three who are part of the hidden: 40 of 43 active leaves 3."""
    quantities = {
        ("registered",): Quantity(43),
        ("active",): Quantity(40),
        ("lapsed",): Quantity(3),
    }
    known = [
        total(("registered",), [("active",), ("lapsed",)]),
        at_most(("active",), ("registered",)),
    ]
    hidden = protect(quantities, known, 10)
    assert ("lapsed",) in hidden
    assert len(hidden) >= 2


def test_overlapping_parts_bound_a_hidden_one() -> None:
    """A province of 100 with regencies of 97 and a hidden one: at least 3."""
    quantities = {("64",): Quantity(100), ("a",): Quantity(97), ("b",): Quantity(5)}
    known = [
        sum_at_least(("64",), [("a",), ("b",)]),
        at_most(("a",), ("64",)),
        at_most(("b",), ("64",)),
    ]
    lowest, highest = Attack(quantities, known, [("b",)]).solve_for(("b",))
    assert (lowest, highest) == (3, 100)


def test_relations_with_a_figure_nobody_shows_say_nothing() -> None:
    quantities = {("a",): Quantity(3), ("b",): Quantity(90)}
    known = [total(("whole",), [("a",), ("b",)])]
    assert protect(quantities, known, 10) == {("a",)}
