"""Benefits of a fixed amount: ``include/reference/benefits.csv``."""

from __future__ import annotations

import csv
from functools import cache

from cakupan.core.resources import include


@cache
def fixed_amounts(programme: str) -> tuple[int, ...]:
    """Amounts a programme pays at once, whole rupiah, the largest first.

    Args:
        programme: ``JKM``; others pay by wage and have none.
    """
    path = include("reference", "benefits.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        amounts = [
            int(row["amount_rupiah"])
            for row in csv.DictReader(stream)
            if row["programme"] == programme
        ]
    return tuple(sorted(amounts, reverse=True))
