"""Reading what is published: coverage, reporting and releases."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cakupan.core.database import database_errors
from cakupan.core.errors import UsageError
from cakupan.core.month import CoverageMonth
from cakupan.core.schema import ops
from cakupan.core.schema.core import areas
from cakupan.core.schema.mart import (
    monthly_coverage,
    monthly_reporting,
)

#: The view ``mart.releases``: a release and what was decided about it.
_RELEASES = sa.table(
    "releases",
    sa.column("release_id", sa.Text),
    sa.column("province_code", sa.Text),
    sa.column("coverage_month", sa.Date),
    sa.column("sequence", sa.Integer),
    sa.column("is_latest_released", sa.Boolean),
    schema="mart",
)


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows as the warehouse gave them.

    Attributes:
        columns: names, in order.
        rows: values in the order of ``columns``.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def as_dicts(self) -> list[dict[str, Any]]:
        """One dict per row."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Release:
    """One row of ``ops.releases``; see there for the columns."""

    release_id: str
    province_code: str
    coverage_month: dt.date
    sequence: int
    status: str
    expected_count: int
    present_count: int
    completeness_pct: Decimal
    content_sha256: str
    inputs_hash: str
    files_prefix: str
    released_at: dt.datetime
    supersedes: str | None


def selected(
    engine: sa.Engine, query: sa.Select[Any] | sa.CompoundSelect[Any]
) -> Selection:
    """Run a query of ours.

    Raises:
        OperationalError: the database is away.
    """
    with database_errors(), engine.connect() as connection:
        found = connection.execute(query)
        return Selection(tuple(found.keys()), tuple(tuple(row) for row in found))


def _current(table: sa.Table, month: CoverageMonth) -> sa.Select[Any]:
    """Rows of the current release of every province, the name of the area beside."""
    columns: list[sa.ColumnElement[Any]] = []
    for column in table.columns:
        if column.name == "release_id":
            continue
        columns.append(column)
        if column.name == "area_code":
            columns.append(areas.c.name)
    current = ops.current_releases
    return (
        sa.select(*columns, table.c.release_id)
        .join(current, current.c.release_id == table.c.release_id)
        .outerjoin(areas, areas.c.area_code == table.c.area_code)
        .where(table.c.coverage_month == month.first_day)
    )


def coverage_rows(
    engine: sa.Engine,
    month: CoverageMonth,
    *,
    area: str | None = None,
    level: str | None = None,
    segment: str | None = None,
    programme: str | None = None,
) -> Selection:
    """The published coverage of a month.

    Args:
        engine: the warehouse.
        month: coverage month.
        area: this area; together with ``level`` the areas of that level in it.
        level: ``province``, ``regency``, ``district`` or ``village``.
        segment: ``PU``, ``BPU``, ``JAKON``, ``PMI`` or ``ALL``.
        programme: ``ANY``, ``JKK``, ``JKM``, ``JHT``, ``JP`` or ``JKP``.

    Returns:
        Columns of ``mart.monthly_coverage`` and the ``name`` of the area.
    """
    table = monthly_coverage
    query = _current(table, month)
    if area is not None and level is None:
        query = query.where(table.c.area_code == area)
    elif area is not None:
        query = query.where(
            sa.or_(
                table.c.area_code == area,
                table.c.area_code.startswith(f"{area}.", autoescape=True),
            )
        )
    for column, wanted in (
        (table.c.area_level, level),
        (table.c.segment, segment),
        (table.c.programme, programme),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    query = query.order_by(
        table.c.area_code, table.c.segment, table.c.programme, table.c.definition_id
    )
    return selected(engine, query)


def coverage_history(
    engine: sa.Engine, area: str, segment: str, definition: str
) -> Selection:
    """Coverage of an area by one definition in the releases in force, by month."""
    table, current = monthly_coverage, ops.current_releases
    query = (
        sa.select(
            table.c.coverage_month,
            table.c.active_count,
            table.c.eligible_count,
            table.c.coverage_pct,
            table.c.denominator_date,
        )
        .join(
            current,
            sa.and_(
                current.c.release_id == table.c.release_id,
                current.c.coverage_month == table.c.coverage_month,
            ),
        )
        .where(current.c.province_code == area[:2])
        .where(table.c.area_code == area)
        .where(table.c.segment == segment)
        .where(table.c.programme == "ANY")
        .where(table.c.definition_id == definition)
        .order_by(table.c.coverage_month)
    )
    return selected(engine, query)


def released_months(engine: sa.Engine, province: str) -> list[CoverageMonth]:
    """Months of a province that have a release, the latest first."""
    current = ops.current_releases
    query = (
        sa.select(current.c.coverage_month)
        .where(current.c.province_code == province)
        .order_by(current.c.coverage_month.desc())
    )
    return [CoverageMonth.of(row[0]) for row in selected(engine, query).rows]


def latest_covered(engine: sa.Engine, area: str) -> CoverageMonth | None:
    """The last month whose release counts active people of an area, ``None`` for none."""
    table, current = monthly_coverage, ops.current_releases
    counted = (
        sa.exists()
        .where(table.c.release_id == current.c.release_id)
        .where(table.c.area_code == area)
        .where(table.c.programme == "ANY")
        .where(table.c.active_count.is_not(None))
    )
    query = (
        sa.select(current.c.coverage_month)
        .where(current.c.province_code == area[:2])
        .where(counted)
        .order_by(current.c.coverage_month.desc())
        .limit(1)
    )
    rows = selected(engine, query).rows
    return CoverageMonth.of(rows[0][0]) if rows else None


def reporting_rows(engine: sa.Engine, month: CoverageMonth) -> Selection:
    """The published reporting matrix of a month, the ``name`` of the area beside."""
    table = monthly_reporting
    query = _current(table, month).order_by(table.c.area_code, table.c.dataset)
    return selected(engine, query)


def releases(engine: sa.Engine, month: CoverageMonth) -> Selection:
    """Every release of a month, oldest first, as ``mart.releases`` shows it."""
    query: sa.Select[Any] = (
        sa.select(sa.literal_column("*"))
        .select_from(_RELEASES)
        .where(_RELEASES.c.coverage_month == month.first_day)
        .order_by(_RELEASES.c.province_code, _RELEASES.c.sequence)
    )
    return selected(engine, query)


def current_release(
    engine: sa.Engine, province: str, month: CoverageMonth
) -> Release | None:
    """The release in force of a province and month, ``None`` before the first."""
    table, current = ops.releases, ops.current_releases
    query = (
        sa.select(*table.columns)
        .join(current, current.c.release_id == table.c.release_id)
        .where(current.c.province_code == province)
        .where(current.c.coverage_month == month.first_day)
    )
    found = selected(engine, query).as_dicts()
    return Release(**found[0]) if found else None


def releases_of(engine: sa.Engine, province: str) -> Selection:
    """Every release of a province, the latest month and release first."""
    query: sa.Select[Any] = (
        sa.select(sa.literal_column("*"))
        .select_from(_RELEASES)
        .where(_RELEASES.c.province_code == province)
        .order_by(_RELEASES.c.coverage_month.desc(), _RELEASES.c.sequence.desc())
    )
    return selected(engine, query)


def latest_released(
    engine: sa.Engine, province: str, month: CoverageMonth
) -> Release | None:
    """The latest release of a month that is no draft, ``None`` before the first."""
    query = (
        sa.select(*ops.releases.columns)
        .join(_RELEASES, _RELEASES.c.release_id == ops.releases.c.release_id)
        .where(_RELEASES.c.is_latest_released)
        .where(ops.releases.c.province_code == province)
        .where(ops.releases.c.coverage_month == month.first_day)
    )
    found = selected(engine, query).as_dicts()
    return Release(**found[0]) if found else None


def release_of(engine: sa.Engine, release_id: str) -> Release:
    """One release by its number.

    Raises:
        UsageError: there is none.
    """
    table = ops.releases
    query = sa.select(*table.columns).where(table.c.release_id == release_id)
    found = selected(engine, query).as_dicts()
    if not found:
        raise UsageError(
            "RELEASE_UNKNOWN",
            "There is no such release.",
            "`select release_id from mart.releases` lists them.",
        )
    return Release(**found[0])
