"""Participation as validity ranges, beside the month that is being loaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa

from cakupan.core.month import CoverageMonth
from cakupan.core.schema import core
from cakupan.warehouse.partitions import Leaf
from cakupan.warehouse.statements import run_file

_KNOWN_AT = sa.text(
    """
    select greatest(
        clock_timestamp(), max(slices.loaded_at) + interval '1 microsecond'
    )
    from ops.slices as slices
    where slices.province_code = :province
    """
)
_SNAPSHOTS = sa.text(
    """
    select count(*)
    from core.participation_snapshots as known
    where
        known.province_code = :province
        and known.coverage_month = :month
        and known.known_to_at is null
    """
)


def keep_history(
    connection: sa.Connection,
    province: str,
    month: CoverageMonth,
    generation: int,
    participation: Leaf,
    snapshot_areas: Iterable[str] | None,
) -> list[Leaf]:
    """Bring ``core.participation_history`` to what the month now says.

    Must run while no other load of the province does. The result follows from the
    snapshots alone, whatever the order in which they come; only the moments at which
    it became known differ. See ``include/sql/05_warehouse/participation_history``.

    Args:
        connection: inside the transaction of the load.
        province: two-digit Kemendagri code.
        month: coverage month.
        generation: of the load.
        participation: the filled fresh partition of ``core.participation``.
        snapshot_areas: areas the extracts of the month cover, the province for a
            province-wide one, none where nothing was sent: who is absent elsewhere has
            not left. ``None``: the province where there are rows, else none.

    Returns:
        Partitions still to be swapped in.
    """
    fresh = f"{participation.schema}.{participation.fresh}"
    known_at: dt.datetime = connection.execute(
        _KNOWN_AT, {"province": province}
    ).scalar_one()
    if snapshot_areas is None:
        rows = connection.scalar(sa.text(f"select exists (select from {fresh})"))
        snapshot_areas = [province] if rows else []
    areas = [{"area": area} for area in sorted(set(snapshot_areas))]
    key = {"province": province, "month": month.first_day}
    if not areas and not connection.execute(_SNAPSHOTS, key).scalar_one():
        return []
    connection.execute(
        sa.text("create temp table snapshot_areas (area_code text) on commit drop")
    )
    if areas:
        connection.execute(sa.text("insert into snapshot_areas values (:area)"), areas)
    connection.execute(
        sa.text(f"create temp view fresh_participation as select * from {fresh}")
    )
    parameters: dict[str, object] = {
        "province_code": province,
        "coverage_month": month.first_day,
        "known_at": known_at,
    }
    run_file(connection, "participation_snapshots", parameters)
    leaf = Leaf(core.participation_history, province, None, generation)
    made = []
    if leaf.exists(connection):
        run_file(connection, "participation_history", parameters)
    else:
        made.append(leaf)
        leaf.create(connection)
        connection.execute(
            sa.text(
                "create temp view first_history as "
                f"select * from {leaf.schema}.{leaf.fresh}"
            )
        )
        run_file(connection, "participation_history", parameters, "first.sql")
        connection.execute(sa.text("drop view first_history"))
        leaf.add_indexes(connection)
    connection.execute(sa.text("drop view fresh_participation"))
    return made
