"""Rules that look at one value, asked once per value instead of once per row.

A column of readings, defects or flags has few different values, and Great Expectations
needs as long for each expectation whatever it says. So all such rules of a suite become
two expectations about a small table: one row per rule and different value of its column.
Great Expectations judges that table; what it says of a value holds for every row with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cakupan.quality.suite import Rule

_NOT_NULL = "expect_column_values_to_not_be_null"
_NOT_IN_SET = "expect_column_values_to_not_be_in_set"
_IN_SET = "expect_column_values_to_be_in_set"

#: What an empty cell is called; no value of ours is spelled so.
_NOTHING = "\0"


def looks_at_a_value(rule: Rule) -> bool:
    """Whether a rule is one of those this module asks."""
    return rule.type == _NOT_NULL or (
        rule.type in {_NOT_IN_SET, _IN_SET}
        and all(isinstance(value, str | bool) for value in rule.kwargs["value_set"])
    )


@dataclass(frozen=True, slots=True)
class Cells:
    """The different values of some columns, under the rules that look at them.

    Attributes:
        frame: ``forbidden`` and ``allowed``: rule and value as text, one of them empty;
            the index ``cell`` counts from 0.
        expectations: about those two columns.
        places: per cell the rule and the rows of the original frame.
    """

    frame: pd.DataFrame
    expectations: list[dict[str, Any]]
    places: list[tuple[int, Any]]

    def rows(self, failing: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
        """Pairs of rule id and row, from the cells that fail each expectation."""
        for cells in failing:
            for cell in cells:
                rule_id, rows = self.places[cell]
                yield from ((rule_id, int(row)) for row in rows)


def cells_of(frame: pd.DataFrame, rules: Sequence[Rule]) -> Cells:
    """The cells of a frame under the rules that look at a value.

    Args:
        frame: its index are row numbers.
        rules: :func:`looks_at_a_value` holds for each.
    """
    values = {
        column: _values(frame[column]) for column in {r.columns[0] for r in rules}
    }
    said: dict[str, list[str | None]] = {"forbidden": [], "allowed": []}
    sets: dict[str, list[str]] = {"forbidden": [], "allowed": []}
    places: list[tuple[int, Any]] = []
    for rule in rules:
        kind = "allowed" if rule.type == _IN_SET else "forbidden"
        listed = rule.kwargs.get("value_set", (_NOTHING,))
        sets[kind] += [f"{rule.rule_id}={value}" for value in listed]
        for value, rows in values[rule.columns[0]]:
            if value == _NOTHING and rule.type != _NOT_NULL:
                continue  # an empty cell is judged by no list
            for name, cells in said.items():
                cells.append(f"{rule.rule_id}={value}" if name == kind else None)
            places.append((rule.rule_id, rows))
    index = pd.RangeIndex(len(places), name="cell")
    expectations = [
        {"type": kind, "kwargs": {"column": name, "value_set": sorted(sets[name])}}
        for name, kind in (("forbidden", _NOT_IN_SET), ("allowed", _IN_SET))
        if any(said[name])
    ]
    return Cells(pd.DataFrame(said, index=index, dtype=object), expectations, places)


def _values(column: pd.Series[Any]) -> list[tuple[str, Any]]:
    """Each different value of a column as text, with the row numbers that have it."""
    codes, different = pd.factorize(column)
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(-1, len(different) + 1))
    rows = column.index.to_numpy()[order]
    names = [_NOTHING, *(str(value) for value in different)]
    return [
        (name, rows[first:end])
        for name, first, end in zip(names, starts[:-1], starts[1:], strict=True)
        if end > first
    ]
