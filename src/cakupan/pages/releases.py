"""Releases of a province, and what moved between two of one month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from cakupan.core.schema.mart import release_differences
from cakupan.pages.access import Visitor
from cakupan.pages.reporting import State
from cakupan.publish import queries
from cakupan.publish.reading import Release, Selection, selected

Row = dict[str, Any]

#: Differences shown on one page; the CSV has all of them.
SHOWN = 300


@dataclass(frozen=True, slots=True)
class Comparison:
    """What moved.

    Attributes:
        later: the release that is compared.
        earlier: number of the release it is compared with; ``None`` for a first one.
        differences: rows of ``queries.DIFFERENCE_COLUMNS`` in the visitor's areas, the
            province and large areas first.
        movements: rows of ``queries.MOVEMENT_COLUMNS`` there.
    """

    later: Release
    earlier: str | None
    differences: Selection
    movements: Selection


#: What the approvers say to each other is for people of the province.
_OF_APPROVERS = ("decided_by_name", "decision_note")


def shown(rows: Sequence[Row], visitor: Visitor) -> list[Row]:
    """Rows of ``mart.releases`` for a visitor, with their ``state``.

    Args:
        rows: of one province.
        visitor: a regency sees what was decided and when, not by whom or why.
    """
    hidden = dict.fromkeys(_OF_APPROVERS if visitor.role == "regency" else ())
    return [{**row, **hidden, "state": state_of(row)} for row in rows]


def state_of(row: Mapping[str, Any]) -> State:
    """Draft, in force or replaced.

    The last released one is in force, also while a newer draft waits. A draft never is.
    """
    if row["is_latest_released"]:
        return State("✓", "dirilis, berlaku", "good")
    if row["is_released"]:
        return State("–", "digantikan", "plain")
    if row["approval"] == "rejected":
        return State("✗", "draf, ditolak", "bad")
    if row["is_current"]:
        return State("…", "draf, menunggu persetujuan", "warn")
    return State("–", "draf, digantikan", "plain")


def compare(
    engine: sa.Engine, visitor: Visitor, release_id: str, against: str | None
) -> Comparison:
    """What moved between a release and an earlier one, in the areas of a visitor.

    Args:
        engine: the warehouse.
        visitor: whose areas are shown.
        release_id: the later release.
        against: the earlier one; the release it took the place of when ``None``.

    Raises:
        UsageError: a release is not known, or they are of different months.
    """
    later = queries.release_of(engine, release_id)
    earlier = against or later.supersedes
    if earlier is None:
        empty = Selection(queries.DIFFERENCE_COLUMNS, ())
        return Comparison(later, None, empty, Selection(queries.MOVEMENT_COLUMNS, ()))
    is_noted = earlier == later.supersedes
    found = (
        _noted(engine, release_id, earlier)
        if is_noted
        else queries.differences(engine, release_id, earlier)
    )
    moved = (
        queries.movements(engine, later)
        if is_noted
        else Selection(queries.MOVEMENT_COLUMNS, ())
    )
    return Comparison(
        later, earlier, _of_visitor(found, visitor), _of_visitor(moved, visitor)
    )


def _noted(engine: sa.Engine, release_id: str, earlier: str) -> Selection:
    """Differences as they were written with the release."""
    table = release_differences
    query = (
        sa.select(
            table.c.table_name,
            table.c.area_code,
            table.c.cell_key,
            table.c.measure,
            table.c.before_value,
            table.c.after_value,
        )
        .where(table.c.release_id == release_id)
        .where(table.c.previous_release_id == earlier)
    )
    return Selection(queries.DIFFERENCE_COLUMNS, selected(engine, query).rows)


def _of_visitor(found: Selection, visitor: Visitor) -> Selection:
    place = found.columns.index("area_code")

    def size(row: Sequence[Any]) -> tuple[int, tuple[str, ...]]:
        return len(row[place]), tuple(str(value) for value in row)

    def own() -> Iterator[tuple[Any, ...]]:
        return (row for row in found.rows if visitor.covers(row[place]))

    return Selection(found.columns, tuple(sorted(own(), key=size)))
