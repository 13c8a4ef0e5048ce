"""Cakupan: tiles, map, ranking, trend, down to the village; its CSV; where it is from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from cakupan.core.denominators import NO_DEFINITION
from cakupan.core.month import CoverageMonth
from cakupan.core.names import SEGMENTS
from cakupan.pages import coverage, trend
from cakupan.pages.access import Right
from cakupan.pages.desk import asked_area, asked_month, desk_of, needs
from cakupan.pages.guard import visitor_of
from cakupan.pages.show import page
from cakupan.publish import queries
from cakupan.publish.content import selection_bytes
from cakupan.publish.reading import Selection
from cakupan.publish.wording import why_above_100
from cakupan.report.charts import layout
from cakupan.report.coverage import explained
from cakupan.report.regions import places, shades_of

router = APIRouter()

#: What codes of the tables behind a number are called.
_WORDS = {
    "ANY": "Semua program",
    "active": "aktif, lunas",
    "grace_1": "menunggak 1 bulan",
    "grace_2": "menunggak 2 bulan",
    "lapsed": "berhenti",
}


@router.get("/", dependencies=[needs(Right.SEE)])
def show(request: Request) -> HTMLResponse:
    """One area in one month."""
    view, months = _asked(request)
    points, unit = trend.points_of(view.trend)
    release = next(
        (
            row
            for row in queries.releases(
                desk_of(request).context.engine, view.month
            ).as_dicts()
            if row["is_current"] and row["province_code"] == view.area[:2]
        ),
        None,
    )
    return page(
        request,
        "coverage.html",
        view=view,
        months=months,
        release=release,
        parents=[
            code
            for code in coverage.parents_of(view.area)
            if visitor_of(request).covers(code)
        ],
        level_names=coverage.LEVEL_NAMES,
        inside=coverage.BELOW.get(view.level),
        rank=places({row["area_code"]: row["coverage_pct"] for row in view.rows}),
        segments=SEGMENTS,
        explained={one: explained(one) for one in (*view.definitions, view.definition)},
        tiles=_map(view) if view.level == "province" else [],
        drawing=trend.drawing(points, unit),
        unit=unit,
        breaks=trend.breaks(points),
        gaps=trend.gaps(points),
        newer=_newer(request, view, months),
        lacks=coverage.lacks,
        above_100=why_above_100(),
        no_definition=NO_DEFINITION,
        choice={
            "month": view.month,
            "segment": view.segment,
            "definition": view.definition,
        },
    )


@router.get("/cakupan.csv", dependencies=[needs(Right.SEE)])
def table(request: Request) -> Response:
    """The rows of the page as CSV: the area, its segments, the areas inside."""
    view, _ = _asked(request)
    rows = (*view.tiles, *view.rows)
    shown = Selection(
        coverage.COLUMNS,
        tuple(tuple(row[name] for name in coverage.COLUMNS) for row in rows),
    )
    name = f"cakupan_{view.area}_{view.month}_{view.segment}.csv"
    return Response(
        selection_bytes(shown),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/asal", dependencies=[needs(Right.SEE)])
def origin(request: Request) -> HTMLResponse:
    """Where one published number comes from."""
    area = asked_area(request)
    engine = desk_of(request).context.engine
    month = asked_month(request, _latest(engine, area))
    segment = request.query_params.get("segment") or "ALL"
    chosen = request.query_params.get("definition") or None
    found = queries.explain(engine, month, area, segment, chosen)
    return page(
        request,
        "origin.html",
        area=area,
        month=month,
        segment=SEGMENTS.get(segment, segment),
        found=found,
        days={
            row["definition_id"]: row["denominator_date"]
            for row in found["denominator"]
        },
        explained={
            row["definition_id"]: explained(row["definition_id"])
            for row in found["number"]
        },
        words=_WORDS,
        lacks=coverage.lacks,
        choice={"month": month, "segment": segment, "definition": chosen},
    )


def _asked(request: Request) -> tuple[coverage.View, list[CoverageMonth]]:
    area = asked_area(request)
    engine = desk_of(request).context.engine
    months = queries.released_months(engine, area[:2])
    view = coverage.view_of(
        engine,
        asked_month(request, _latest(engine, area)),
        area,
        months[0] if months else None,
        request.query_params.get("segment"),
        request.query_params.get("definition"),
    )
    return view, months


def _latest(engine: sa.Engine, area: str) -> CoverageMonth | None:
    """The last month with figures of an area; without any, the last released one."""
    found = queries.latest_covered(engine, area)
    return found or next(iter(queries.released_months(engine, area[:2])), None)


def _newer(
    request: Request, view: coverage.View, months: Sequence[CoverageMonth]
) -> CoverageMonth | None:
    """A later release the page did not open on, because it has no figures here."""
    is_asked = bool(request.query_params.get("month"))
    return next((one for one in months[:1] if not is_asked and one > view.month), None)


def _map(view: coverage.View) -> list[dict[str, Any]]:
    """Tiles of a map by rows and columns, a shade from 0 to 4 or none."""
    shares = {row["area_code"]: row["coverage_pct"] for row in view.rows}
    shades = shades_of(shares)
    places = layout(tuple(sorted(shares)))
    return [
        {
            "area": code,
            "column": places[code][0],
            "row": places[code][1],
            "name": places[code][2],
            "shade": shades[code],
            "share": shares[code],
        }
        for code in sorted(shares, key=lambda code: (places[code][1], places[code][0]))
    ]
