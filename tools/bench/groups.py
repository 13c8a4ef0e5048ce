"""Whether the engine serves some people worse: recall and precision by group.

Groups are read from the row that is looked for: sex, age, regency, and whether the name
is a single word.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from bench.worlds import World

_THIS_YEAR = 2026


def print_groups(case: str, world: World, links: set[tuple[str, str]]) -> None:
    """One line per group: rows to find, recall, links, precision."""
    partner = dict(world.truth)
    wanted, found, made = Counter[str](), Counter[str](), Counter[str]()
    linked = dict(links)
    for row in world.left.to_pylist():
        for group in _groups(row):
            mine = row["id"]
            wanted[group] += mine in partner
            made[group] += mine in linked
            found[group] += mine in partner and linked.get(mine) == partner[mine]
    for group in sorted(wanted):
        print(
            f"| {case}: {group} | {wanted[group]} "
            f"| {found[group] / max(1, wanted[group]):.4f} | {made[group]} "
            f"| {found[group] / max(1, made[group]):.4f} |",
            flush=True,
        )


def _groups(row: dict[str, Any]) -> list[str]:
    village = (row["village_code"] or "").replace(".", "")
    groups = [
        f"regency {village[:2]}.{village[2:4]}",
        {"P": "women", "L": "men"}.get(row["sex"], "sex unknown"),
        "name of one word" if " " not in row["name"].strip() else "longer name",
    ]
    if row["birth_date"] is None:
        return [*groups, "age unknown"]
    age = _THIS_YEAR - int(row["birth_date"][:4])
    return [*groups, "under 30" if age < 30 else "30 to 49" if age < 50 else "50 up"]
