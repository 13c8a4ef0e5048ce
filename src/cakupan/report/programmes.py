"""What a province has promised: so many people of a group are to be protected."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from cakupan.core.resources import include


@dataclass(frozen=True, slots=True)
class Programme:
    """A promise of a province: so many people of a group are to be protected.

    Attributes:
        province: two-digit code.
        group: worker group.
        name: Indonesian.
        goal_count: persons.
        legal_basis: Indonesian.
        source: where the number is published.
        certainty: V, D, S or U, see ``include/reference/README.md``.
        note: what is not clear, ``""`` for nothing.
    """

    province: str
    group: str
    name: str
    goal_count: int
    legal_basis: str
    source: str
    certainty: str
    note: str


@cache
def programmes() -> tuple[Programme, ...]:
    """``include/reference/programmes.csv``."""
    path = include("reference", "programmes.csv")
    return tuple(
        Programme(
            province=row["province_code"],
            group=row["worker_group"],
            name=row["name"],
            goal_count=int(row["goal_count"]),
            legal_basis=row["legal_basis"],
            source=row["source"],
            certainty=row["certainty"],
            note=row["note"],
        )
        for row in csv.DictReader(path.read_text("utf-8").splitlines())
    )
