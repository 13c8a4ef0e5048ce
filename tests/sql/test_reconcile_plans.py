"""No step of reconcile compares every person with every other one, or sorts texts.

A join on a condition that is no equality, or on two of which one may hold (``a or b``),
looks at every pair of rows. With a thousand persons nobody notices; with millions the
month never ends. Such joins are there only with tables of a few rows. And what finds out
which pairs a steward is shown carries no names and addresses: half a million of them,
sorted with their texts, do not fit the memory of a province of ten times the size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest

from cakupan.core.engine import Session
from cakupan.core.lake import session
from cakupan.core.settings import Settings
from reconcile_case import entry, extract, membership, reconcile, rentan

#: What is made with such a join, and the few rows one side of it has.
FEW_ROWS = {
    "repeated_kpj": "areas, by snapshot_rows",
    "membership_rows": "areas, by snapshot_rows",
    "decided_conflicts": "areas, by snapshot_rows",
    "snapshot_rows": "areas",
    "person_flags": "the one row of slice",
    "stakes": "areas that sent payments",
    "overpayments": "the one rate of a month",
    "denominators": "areas",
}
PAIRWISE = re.compile(
    r"Blockwise Nl Join|Nested Loop Join|Piecewise Merge Join|Ie Join"
)
MADE = re.compile(
    r"create or replace temp table (?P<made>\w+)|create temp table (?P<kept>\w+)"
    r"|copy \(.*/(?P<written>\w+)\.parquet|select count\(\*\) from (?P<read>\w+)",
    re.DOTALL,
)


class _Explained:
    """A session that asks for the plan of every statement before it runs it."""

    def __init__(self, within: Session, plans: dict[str, str]) -> None:
        self._within, self._plans = within, plans

    def __getattr__(self, name: str) -> Any:
        return getattr(self._within, name)

    def execute(self, query: Any, parameters: Any = None) -> Any:
        text = query if isinstance(query, str) else query.query
        made = MADE.search(text)
        if made:
            plan = self._within.execute(f"explain {text}", parameters).fetchall()
            name = str(made[made.lastgroup or 0])
            self._plans[name] = self._plans.get(name, "") + plan[0][1]
        return self._within.execute(query, parameters)


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Plans of the statements of a month, by what they make, write or read."""
    found: dict[str, str] = {}

    @contextmanager
    def explained(settings: Settings) -> Iterator[Any]:
        with session(settings) as opened:
            yield _Explained(opened, found)

    unnumbered = entry(40, nik=None, codes=["NIK_MISSING"])
    with patch("cakupan.reconcile.month.session", explained):
        reconcile(
            tmp_path_factory.mktemp("month"),
            rentan("64.02", *map(entry, range(8)), quarantined=[unnumbered]),
            extract(*map(membership, range(3, 12)), membership(40)),
            is_spark=False,
        )
    return found


def test_only_tables_of_few_rows_are_joined_pair_by_pair(plans: dict[str, str]) -> None:
    assert {"rung_pairs", "candidate_pairs", "discrepancies"} <= plans.keys()
    pairwise = {made for made, plan in plans.items() if PAIRWISE.search(plan)}
    assert pairwise == FEW_ROWS.keys()


def test_pairs_in_doubt_are_found_without_their_texts(plans: dict[str, str]) -> None:
    assert "address" in plans["shown_pairs"]
    assert "address" not in plans["doubts"] + plans["pairs_in_doubt"]
