"""What a linkage says about itself: counts, skipped rungs, caps and warnings."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from cakupan.matching.losses import losses
from cakupan.matching.people import Array, People, Rows

_RUNGS = (
    ("nik_equal", ("nik",)),
    ("nik_near", ("nik", "birth_date", "name")),
    ("kpj_equal", ("kpj",)),
)
_NAMELESS = "needs name, or birth_date with address or phone"
_ALWAYS_EQUAL = 0.5


@dataclass(frozen=True, slots=True)
class Side:
    """Rows of one file and what became of them before the comparison."""

    received: int
    used: int
    without_id: int
    repeated: int
    ambiguous: int


@dataclass(frozen=True, slots=True)
class LinkReport:
    """Counts and warnings; no value of any person.

    Attributes:
        left: rows of the left file.
        right: rows of the right file, None in a search for duplicates.
        fields: fields both files have.
        filled: per field, share of rows (left, right) that have a value.
        skipped: rung → why it could not be used.
        warnings: what the reader should know.
        compared: pairs compared in detail.
        block_cap: pairs one blocking value may give, None when nothing was left out.
        blocks_left_out: blocking values left out because of the cap.
        links: links per rule.
        conflicts: equal identity numbers of two persons; never linked.
        doubtful: pairs below the threshold worth a look.
        expected_precision: mean probability of the links.
        threshold: lowest probability of a link.
    """

    left: Side
    right: Side | None
    fields: tuple[str, ...]
    filled: dict[str, tuple[float, float]]
    skipped: dict[str, str]
    warnings: tuple[str, ...] = ()
    compared: int = 0
    block_cap: int | None = None
    blocks_left_out: int = 0
    links: dict[str, int] = field(default_factory=dict)
    conflicts: int = 0
    doubtful: int = 0
    expected_precision: float | None = None
    threshold: float | None = None


def _side(rows: Rows) -> Side:
    return Side(
        rows.received,
        rows.table.num_rows,
        rows.without_id,
        rows.repeated,
        rows.ambiguous,
    )


def field_report(
    people: People,
    left: Rows,
    right: Rows | None,
    left_table: pa.Table,
    right_table: pa.Table | None,
) -> LinkReport:
    """What can be compared, what cannot, and why."""
    codes: dict[str, tuple[Array, Array]] = {
        name: (column.left, column.right) for name, column in people.fields.items()
    }
    if people.names is not None:
        codes["name"] = (people.names.left, people.names.right)
    filled = {
        name: (_filled(first), _filled(second))
        for name, (first, second) in sorted(codes.items())
    }
    warnings = [
        f"{name}: more than half of the rows have the same value; it tells nobody apart"
        for name, sides in sorted(codes.items())
        if name != "sex" and any(_is_dominated(side) for side in sides)
    ]
    files = [("the file" if right is None else "the left file", left)]
    files += [] if right is None else [("the right file", right)]
    warnings += [
        note
        for name in filled
        for (called, rows), coded in zip(files, codes[name], strict=False)
        for note in losses(name, called, rows.table.column(name), coded)
    ]
    other = left_table if right_table is None else right_table
    one_sided = sorted(set(left_table.column_names) ^ set(other.column_names))
    warnings += [f"{name}: only in one of the files" for name in one_sided]
    sides = [left] if right is None else [left, right]
    for rows in sides:
        if rows.without_id:
            warnings.append(f"{rows.without_id} rows without id left out")
        if rows.ambiguous:
            warnings.append(
                f"{rows.ambiguous} rows left out: rows that differ share their id"
            )
        if rows.repeated:
            warnings.append(f"{rows.repeated} exact copies of rows folded")
    number = people.fields.get("nik")
    is_rounded = number is not None and number.is_rounded
    if is_rounded:
        warnings.append(
            "nik: nearly every number of a file ends in 0, as a spreadsheet leaves it; "
            "the last digit is not compared, and no link rests on the number alone"
        )
    usable = {name for name, shares in filled.items() if all(shares)}
    return LinkReport(
        _side(left),
        None if right is None else _side(right),
        tuple(sorted(codes)),
        filled,
        _skipped(usable, is_rounded=is_rounded),
        tuple(warnings),
    )


def _skipped(usable: set[str], *, is_rounded: bool) -> dict[str, str]:
    """Rungs that cannot be used, and why; what the ladder asks of a pair."""
    found = {
        rung: "needs " + ", ".join(name for name in needs if name not in usable)
        for rung, needs in _RUNGS
        if not usable.issuperset(needs)
    }
    if is_rounded:
        found.setdefault("nik_equal", "needs numbers with their last digit")
    at_home = "birth_date" in usable and not usable.isdisjoint({"address", "phone"})
    if "name" not in usable and not at_home:
        found["probabilistic"] = _NAMELESS
    return found


def _filled(codes: Array) -> float:
    return round(float((codes >= 0).mean()), 4) if len(codes) else 0.0


def _is_dominated(codes: Array) -> bool:
    present = codes[codes >= 0]
    return len(present) > 10 and int(np.bincount(present).max()) > _ALWAYS_EQUAL * len(
        present
    )
