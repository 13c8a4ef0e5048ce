"""No step of reconcile compares every person with every other one.

A join on a condition that is no equality, or on two of which one may hold (``a or b``),
looks at every pair of rows. With a thousand persons nobody notices; with millions the
month never ends. Such joins are there only with tables of a few rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

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

    def __init__(self, within: Session, found: dict[str, set[str]]) -> None:
        self._within, self._found = within, found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._within, name)

    def execute(self, query: Any, parameters: Any = None) -> Any:
        text = query if isinstance(query, str) else query.query
        made = MADE.search(text)
        if made:
            plan = self._within.execute(f"explain {text}", parameters).fetchall()
            joins = set(PAIRWISE.findall(plan[0][1]))
            self._found.setdefault(str(made[made.lastgroup or 0]), set()).update(joins)
        return self._within.execute(query, parameters)


def test_only_tables_of_few_rows_are_joined_pair_by_pair(tmp_path: Path) -> None:
    found: dict[str, set[str]] = {}

    @contextmanager
    def explained(settings: Settings) -> Iterator[Any]:
        with session(settings) as opened:
            yield _Explained(opened, found)

    unnumbered = entry(40, nik=None, codes=["NIK_MISSING"])
    with patch("cakupan.reconcile.month.session", explained):
        reconcile(
            tmp_path,
            rentan("64.02", *map(entry, range(8)), quarantined=[unnumbered]),
            extract(*map(membership, range(3, 12)), membership(40)),
            is_spark=False,
        )
    assert {"rung_pairs", "candidate_pairs", "discrepancies"} <= found.keys()
    pairwise = {made for made, joins in found.items() if joins}
    assert pairwise == FEW_ROWS.keys()
