"""What the page Cakupan shows of one area and month, from published rows only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cakupan.core import areas
from cakupan.core.denominators import NO_DEFINITION
from cakupan.core.month import CoverageMonth
from cakupan.core.names import SEGMENTS
from cakupan.pages.trend import with_gaps
from cakupan.publish import queries
from cakupan.report.coverage import in_order

Row = dict[str, Any]

#: Level of the areas inside one of a level.
BELOW = {"province": "regency", "regency": "district", "district": "village"}

LEVEL_NAMES = {
    "province": "Provinsi",
    "regency": "Kabupaten/kota",
    "district": "Kecamatan",
    "village": "Desa/kelurahan",
}

#: Columns of the CSV file, in order.
COLUMNS = (
    "coverage_month",
    "area_code",
    "name",
    "area_level",
    "segment",
    "programme",
    "definition_id",
    "active_count",
    "paid_up_count",
    "grace_count",
    "eligible_count",
    "coverage_pct",
    "target_count",
    "target_pct",
    "denominator_source",
    "denominator_date",
    "denominator_vintage",
    "release_id",
)

#: Segments in which something can be compared, the first with a denominator is shown.
_PREFERRED = ("ALL", "BPU", "PU", "JAKON", "PMI")


@dataclass(frozen=True, slots=True)
class View:
    """One look at the coverage.

    Attributes:
        area: code.
        level: of the area.
        month: coverage month.
        segment: chosen segment.
        definition: chosen denominator; ``tidak_ada`` where there is none.
        definitions: of the segment in this area, the leading ones first.
        tiles: one row per segment of the area, by its leading definition or the chosen.
        rows: areas inside, by the chosen definition; the highest share first.
        missing: areas inside that have no figure by this definition.
        trend: rows of the chosen segment and definition, one for every month from the
            first figure to the last release; a month without figures has none.
    """

    area: str
    level: str
    month: CoverageMonth
    segment: str
    definition: str
    definitions: tuple[str, ...]
    tiles: tuple[Row, ...]
    rows: tuple[Row, ...]
    missing: tuple[str, ...]
    trend: tuple[Row, ...]


def view_of(
    engine: sa.Engine,
    month: CoverageMonth,
    area: str,
    until: CoverageMonth | None = None,
    segment: str | None = None,
    definition: str | None = None,
) -> View:
    """Read what is shown; an unknown segment or definition gives the default one.

    Args:
        engine: the warehouse.
        month: coverage month.
        area: Kemendagri code of any level.
        until: the last month with a release.
        segment: ``None`` for the first that has a denominator.
        definition: of the denominator; ``None`` for the leading one.
    """
    own = queries.coverage_rows(engine, month, area=area, programme="ANY").as_dicts()
    chosen = segment if segment in SEGMENTS else _first_segment(own)
    known = tuple(_definitions(own, chosen))
    by = definition if definition in known else (known or (NO_DEFINITION,))[0]
    level = _level(area)
    inside = BELOW.get(level)
    rows: list[Row] = []
    if inside:
        found = queries.coverage_rows(
            engine, month, area=area, level=inside, segment=chosen, programme="ANY"
        ).as_dicts()
        rows = _ranked(found, by)
    return View(
        area=area,
        level=level,
        month=month,
        segment=chosen,
        definition=by,
        definitions=known,
        tiles=tuple(_tiles(own, by)),
        rows=tuple(rows),
        missing=tuple(
            code
            for code in (areas.children(area, month.last_day) if inside else ())
            if code not in {row["area_code"] for row in rows}
        ),
        trend=tuple(
            with_gaps(
                queries.coverage_history(engine, area, chosen, by).as_dicts(), until
            )
        ),
    )


def lacks(row: Mapping[str, Any]) -> str:
    """Why a row has no share, in words; empty where it has one."""
    if row["coverage_pct"] is not None:
        return ""
    if row["active_count"] is not None:
        return "penyebut belum ada" if row["eligible_count"] is None else "penyebut nol"
    is_known = row["eligible_count"] is not None
    return "data BPJS belum ada" if is_known else "data BPJS dan penyebut belum ada"


def parents_of(area: str) -> list[str]:
    """The areas an area lies in, the province first, and itself."""
    parts = area.split(".")
    return [".".join(parts[: place + 1]) for place in range(len(parts))]


def _level(area: str) -> str:
    return ("province", "regency", "district", "village")[area.count(".")]


def _first_segment(rows: Sequence[Row]) -> str:
    for segment in _PREFERRED:
        if any(one != NO_DEFINITION for one in _definitions(rows, segment)):
            return segment
    return _PREFERRED[0]


def _definitions(rows: Sequence[Row], segment: str) -> list[str]:
    return in_order({row["definition_id"] for row in rows if row["segment"] == segment})


def _tiles(rows: Sequence[Row], definition: str) -> list[Row]:
    tiles = []
    for segment in sorted(SEGMENTS, key=lambda one: one != "ALL"):
        known = _definitions(rows, segment)
        if not known:
            continue
        by = definition if definition in known else known[0]
        tiles.append(
            next(
                row
                for row in rows
                if row["segment"] == segment and row["definition_id"] == by
            )
        )
    return tiles


def _ranked(found: Sequence[Row], definition: str) -> list[Row]:
    """One row per area by one definition; without a share last, then by count."""
    rows = {}
    for row in found:
        code = row["area_code"]
        if row["definition_id"] == definition or (
            row["definition_id"] == NO_DEFINITION and code not in rows
        ):
            rows[code] = row

    def place(row: Row) -> tuple[bool, Decimal, int, str]:
        share = row["coverage_pct"]
        count = row["active_count"]
        return (
            share is None,
            -(share or Decimal(0)),
            -(count if count is not None else -1),
            row["area_code"],
        )

    return sorted(rows.values(), key=place)
