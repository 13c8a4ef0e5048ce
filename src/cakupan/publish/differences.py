"""What a correction moved: two releases of a month, number by number."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from cakupan.core.errors import UsageError
from cakupan.core.schema.mart import PUBLISHED
from cakupan.publish.content import OPERATIONAL
from cakupan.publish.reading import Selection, release_of, selected

COLUMNS = ("table", "area_code", "key", "measure", "before", "after")

Key = tuple[Any, ...]


def differences(
    engine: sa.Engine, release_id: str, against: str | None = None
) -> Selection:
    """Every published value that differs between two releases of one month.

    Args:
        engine: the warehouse.
        release_id: the later release.
        against: the earlier one; the release it superseded when ``None``.

    Returns:
        One row per changed value: ``table``, ``area_code``, ``key`` (the rest of the
        grain, e.g. ``BPU / ANY / bpjs_potensi``), ``measure``, ``before`` and ``after``
        as text, ``None`` for no data or no row. Empty for a first release.

    Raises:
        UsageError: a release is not known, or they are of different months.
    """
    after = release_of(engine, release_id)
    earlier = against or after.supersedes
    if earlier is None:
        return Selection(COLUMNS, ())
    before = release_of(engine, earlier)
    if (before.province_code, before.coverage_month) != (
        after.province_code,
        after.coverage_month,
    ):
        raise UsageError(
            "RELEASES_OF_DIFFERENT_MONTHS",
            "The two releases are not of the same province and month.",
            "Compare releases of one month: `mart.releases` lists them.",
        )
    rows: list[Key] = []
    for name, table in PUBLISHED.items():
        old = _only_in(engine, table, before.release_id, after.release_id)
        new = _only_in(engine, table, after.release_id, before.release_id)
        for key in sorted(old.keys() | new.keys()):
            one, other = old.get(key, {}), new.get(key, {})
            rows += [
                (name, key[0], " / ".join(key[1:]), measure, *values)
                for measure in sorted(one.keys() | other.keys())
                if (values := (one.get(measure), other.get(measure)))
                and values[0] != values[1]
            ]
    return Selection(COLUMNS, tuple(rows))


def _only_in(
    engine: sa.Engine, table: sa.Table, release_id: str, other_id: str
) -> dict[tuple[str, ...], dict[str, str | None]]:
    """Rows of one release that the other does not have, as text, by their key."""
    implied = {"release_id", "coverage_month", "area_level", *OPERATIONAL}
    columns = [column for column in table.columns if column.name not in implied]
    shown = sa.select(*columns)
    query = shown.where(table.c.release_id == release_id).except_(
        shown.where(table.c.release_id == other_id)
    )
    keys = [column.name for column in columns if column.primary_key]
    return {
        tuple(str(row[name]) for name in keys): {
            name: None if value is None else str(value)
            for name, value in row.items()
            if name not in keys
        }
        for row in selected(engine, query).as_dicts()
    }
