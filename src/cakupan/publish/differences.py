"""What a correction moved: two releases of a month, number by number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from cakupan.core.context import Context
from cakupan.core.copy import copy_arrow
from cakupan.core.database import database_errors
from cakupan.core.errors import UsageError
from cakupan.core.lake import quoted_path, reconciled_prefix, run_sql, session
from cakupan.core.month import CoverageMonth
from cakupan.core.schema import ops
from cakupan.core.schema.mart import PUBLISHED, release_differences, release_movements
from cakupan.publish.content import OPERATIONAL
from cakupan.publish.reading import Release, Selection, release_of, selected

COLUMNS = ("table", "area_code", "key", "measure", "before", "after")

MOVEMENT_COLUMNS = tuple(column.name for column in release_movements.columns)[3:]

#: Reconciled tables whose persons are compared.
PEOPLE = ("registry", "participation")

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
    with database_errors(), engine.connect() as connection:
        return Selection(COLUMNS, tuple(_moved(connection, earlier, release_id)))


def movements(engine: sa.Engine, release: Release) -> Selection:
    """Persons who entered, left or changed with a release, as it was noted.

    Args:
        engine: the warehouse.
        release: compared with the release it superseded.

    Returns:
        ``area_code``, ``source``, ``group_code``, ``entered_count``, ``left_count``,
        ``changed_count``; empty for a first release, and where the persons of the
        earlier one are no longer kept.
    """
    table = release_movements
    query = (
        sa.select(*list(table.columns)[3:])
        .where(table.c.release_id == release.release_id)
        .where(table.c.previous_release_id == release.supersedes)
        .order_by(*list(table.columns)[3:6])
    )
    return selected(engine, query)


def note_changes(
    connection: sa.Connection,
    context: Context,
    release_id: str,
    previous: str,
    reconciled: Mapping[str, Path],
) -> None:
    """Keep for good what a release moved against the one it takes the place of.

    Nothing is written when the pair is known. Rows of ``mart.release_movements`` need
    the reconciled tables of the earlier release in the lake; without them, or where
    an earlier version of the program wrote other columns, there are none.

    Args:
        connection: inside the transaction that publishes; both releases are in it.
        context: store of the lake.
        release_id: the release that becomes current.
        previous: the one that was.
        reconciled: Parquet files behind ``release_id``, by table.
    """
    known = connection.scalar(
        sa.select(sa.literal(1))
        .select_from(release_differences)
        .where(release_differences.c.release_id == release_id)
        .where(release_differences.c.previous_release_id == previous)
        .limit(1)
    )
    if known:
        return
    table = ops.releases
    before = connection.execute(
        sa.select(table).where(table.c.release_id == previous)
    ).one()
    pair = {
        "release_id": release_id,
        "previous_release_id": previous,
        "coverage_month": before.coverage_month,
    }
    names = [column.name for column in release_differences.columns][3:]
    _append(
        connection,
        release_differences,
        pair,
        pa.table(
            [
                pa.array(list(values), pa.string())
                for values in zip(
                    *_moved(connection, previous, release_id), strict=True
                )
            ]
            or [pa.array([], pa.string())] * len(names),
            names=names,
        ),
    )
    prefix = reconciled_prefix(
        before.province_code,
        CoverageMonth(before.coverage_month.year, before.coverage_month.month),
        before.inputs_hash,
    )
    people = _movements(context, before.province_code, prefix, reconciled)
    if people is not None:
        _append(connection, release_movements, pair, people)


def _append(
    connection: sa.Connection, table: sa.Table, pair: Mapping[str, Any], rows: pa.Table
) -> None:
    for place, (name, value) in enumerate(pair.items()):
        rows = rows.add_column(place, name, pa.array([value] * rows.num_rows))
    if rows.num_rows:
        copy_arrow(connection, str(table), rows)


def _movements(
    context: Context,
    province: str,
    prefix: str,
    reconciled: Mapping[str, Path],
) -> pa.Table | None:
    """Rows of ``release_movements``; ``None`` where they cannot be known."""
    with ExitStack() as files, session(context.settings) as duck:
        for name in PEOPLE:
            key = f"{prefix}/{name}.parquet"
            if not context.store.exists(key):
                return None
            old = files.enter_context(context.store.local(key))
            if pq.read_schema(old).names != pq.read_schema(reconciled[name]).names:
                return None
            for side, path in (("before", old), ("after", reconciled[name])):
                duck.execute(
                    f"create view {name}_{side} as "
                    f"from read_parquet({quoted_path(path)})"
                )
        run_sql(
            duck,
            "06_publish",
            "release_movements",
            "load.sql",
            parameters={"province_code": province},
        )
        return duck.sql("from release_movements").to_arrow_table()


def _moved(connection: sa.Connection, earlier: str, later: str) -> Iterator[Key]:
    """Changed values of every published table, in the order of table and key."""
    for name, table in PUBLISHED.items():
        old = _only_in(connection, table, earlier, later)
        new = _only_in(connection, table, later, earlier)
        for key in sorted(old.keys() | new.keys()):
            one, other = old.get(key, {}), new.get(key, {})
            for measure in sorted(one.keys() | other.keys()):
                before, after = one.get(measure), other.get(measure)
                if before != after:
                    yield name, key[0], " / ".join(key[1:]), measure, before, after


def _only_in(
    connection: sa.Connection, table: sa.Table, release_id: str, other_id: str
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
        for row in connection.execute(query).mappings()
    }
